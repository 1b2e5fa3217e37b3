"""Evidence files on plans and claims."""

from uuid import UUID

from fastapi import APIRouter, Response

from app.api.deps import AnyMember
from app.api.downloads import DESCRIBED, DOWNLOADED, Asked, Download, headers_only
from app.api.idempotency import KeyedRoute
from app.api.problems import problems
from app.api.uploads import FILE_BODY, ClaimUpload, PlanUpload
from app.errors import (
    BodyTooLarge,
    DutyMissing,
    EvidenceInfected,
    EvidenceLost,
    EvidencePending,
    FileEmpty,
    FileRefused,
    NotFound,
    NotSignedIn,
    RangeRefused,
)
from app.schemas.evidence import EvidenceRead
from app.services import evidence

router = APIRouter(
    prefix="/api/v1",
    tags=["申报材料"],
    route_class=KeyedRoute,
    responses=problems(NotSignedIn, NotFound),
)
_REFUSALS = problems(BodyTooLarge, FileEmpty, FileRefused)
_NOT_SHOWN = problems(EvidenceInfected, EvidencePending)


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
    response_class=Download,
    responses=DOWNLOADED | _NOT_SHOWN | problems(RangeRefused, EvidenceLost, DutyMissing),
)
async def download_evidence(desk: AnyMember, evidence_id: UUID, asked: Asked) -> Response:
    """可用 Range 分段或续传，内容不变则 ETag 不变；每次查看均记入审计，含所查看的范围。"""
    row = await evidence.content(desk, evidence_id)
    part = asked.part_of(row.sha256, row.size)
    content = await evidence.look(desk, row, part.start, part.stop, **part.told)
    return part.answer(row.filename, content)


@router.head(
    "/evidence/{evidence_id}/content",
    summary="材料大小和 ETag",
    response_class=Response,
    responses=DESCRIBED | _NOT_SHOWN,
)
async def head_evidence(desk: AnyMember, evidence_id: UUID) -> Response:
    """不返回内容，因此不记入审计。"""
    row = await evidence.content(desk, evidence_id)
    return headers_only(row.filename, row.sha256, row.size)
