"""Evidence files on plans and claims."""

from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from app.api.deps import AnyMember
from app.api.idempotency import KeyedRoute
from app.api.problems import problems
from app.api.uploads import FILE_BODY, ClaimUpload, PlanUpload
from app.errors import BodyTooLarge, FileEmpty, FileRefused, NotFound, NotSignedIn
from app.schemas.evidence import EvidenceRead
from app.services import evidence

router = APIRouter(
    prefix="/api/v1",
    tags=["申报材料"],
    route_class=KeyedRoute,
    responses=problems(NotSignedIn, NotFound),
)
_REFUSALS = problems(BodyTooLarge, FileEmpty, FileRefused)


@router.post(
    "/plans/{plan_id}/evidence",
    status_code=201,
    summary="上传备案或申请材料",
    openapi_extra=FILE_BODY,
    responses=_REFUSALS,
)
async def add_plan_evidence(file: PlanUpload, desk: AnyMember, plan_id: UUID) -> EvidenceRead:
    """边上传边计算 SHA-256；同一文件重复上传只登记一次。"""
    return await evidence.add_to_plan(desk, plan_id, file)


@router.get("/plans/{plan_id}/evidence", summary="材料清单")
async def list_plan_evidence(desk: AnyMember, plan_id: UUID) -> list[EvidenceRead]:
    """该培训项目的全部材料。"""
    return await evidence.of_plan(desk, plan_id)


@router.post(
    "/claims/{claim_id}/evidence",
    status_code=201,
    summary="为申请补充材料",
    openapi_extra=FILE_BODY,
    responses=_REFUSALS,
)
async def add_claim_evidence(file: ClaimUpload, desk: AnyMember, claim_id: UUID) -> EvidenceRead:
    """退回补正时补充材料。"""
    return await evidence.add_to_claim(desk, claim_id, file)


@router.get("/claims/{claim_id}/evidence", summary="申请材料清单")
async def list_claim_evidence(desk: AnyMember, claim_id: UUID) -> list[EvidenceRead]:
    """申请所依据的全部材料，含备案材料。"""
    return await evidence.of_claim(desk, claim_id)


@router.get("/evidence/{evidence_id}", summary="材料信息")
async def read_evidence(desk: AnyMember, evidence_id: UUID) -> EvidenceRead:
    """文件名、大小和 SHA-256。"""
    return await evidence.read(desk, evidence_id)


@router.get(
    "/evidence/{evidence_id}/content",
    summary="下载材料",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/octet-stream": {}}, "description": "文件内容"}},
)
async def download_evidence(desk: AnyMember, evidence_id: UUID) -> StreamingResponse:
    """每次查看均记入审计。"""
    file, content = await evidence.open_content(desk, evidence_id)
    return StreamingResponse(
        content,
        media_type="application/octet-stream",
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.filename)}",
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )
