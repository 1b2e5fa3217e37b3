"""Learning records, searched; and the way from a paid yuan back to their rows and files."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response

from app.api.deps import AnyMember
from app.api.downloads import named
from app.api.problems import problems
from app.errors import NotFound, NotSignedIn
from app.schemas.searching import RecordSearch, RecordsFound
from app.schemas.tracing import LineSources, PaymentSources
from app.services import searching, traced_sheet, tracing

router = APIRouter(prefix="/api/v1", tags=["追溯"], responses=problems(NotSignedIn, NotFound))
Number = Annotated[int, Path(ge=1, le=2**31 - 1, description="花名册序号", examples=[1])]


@router.post("/learning-records/search", summary="查询学习记录")
async def search_records(desk: AnyMember, asked: RecordSearch) -> RecordsFound:
    """按人、项目、课程、日期、批次查询；企业只见本企业，经办部门只见本部门。按身份证号查询记入审计。"""
    return await searching.search(desk, asked)


@router.get("/claims/{claim_id}/lines/{number}/sources", summary="一人补贴的来源")
async def trace_line(desk: AnyMember, claim_id: UUID, number: Number) -> LineSources:
    """从金额到逐次学习记录和原文件，一次列全：条款、计算过程、拨付、公示、导入人；与现存记录不一致的逐条指出。"""
    return await tracing.of_line(desk, claim_id, number)


@router.get(
    "/claims/{claim_id}/sources",
    summary="整个申请的来源（CSV）",
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}, "description": "每次学习一行"}},
)
async def trace_claim(desk: AnyMember, claim_id: UUID) -> Response:
    """逐人逐次列出学习记录、计入秒数和原文件行号，可用表格软件打开。"""
    receipt, sheet = await traced_sheet.of_claim(desk, claim_id)
    headers = {"Content-Disposition": named(f"{receipt}.csv")}
    return Response(sheet, media_type="text/csv", headers=headers)


@router.get("/payments/{payment_id}/sources", summary="一笔拨付的来源")
async def trace_payment(desk: AnyMember, payment_id: UUID) -> PaymentSources:
    """该笔拨付的申请、批次和逐人金额，附各人来源的地址。"""
    return await tracing.of_payment(desk, payment_id)
