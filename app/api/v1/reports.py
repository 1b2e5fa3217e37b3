"""What is wrong with a sheet, as a workbook with its faults marked; made anew at each asking.

The workbooks hold full IDs, so no answer is kept for an Idempotency-Key; nothing is stored anyway.
"""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Response

from app.api.deps import AnyMember
from app.api.downloads import attached
from app.api.problems import problems
from app.api.uploads import FILE_BODY, Columns, Sheet
from app.errors import (
    BodyTooLarge,
    DutyMissing,
    EvidenceLost,
    NotFound,
    NotSignedIn,
    NotYourRole,
    WrongState,
)
from app.services import reports
from app.sheets.refusals import (
    ColumnNotFound,
    ColumnsNotUnderstood,
    FileNotASheet,
    HeaderNotFound,
    TooManyRows,
)

router = APIRouter(
    prefix="/api/v1", tags=["核对报告"], responses=problems(NotSignedIn, NotFound, NotYourRole)
)
_SHEETS: Final = (WrongState, HeaderNotFound, FileNotASheet, TooManyRows, BodyTooLarge)
_WORKBOOK: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "xlsx 工作簿：汇总和逐行核对",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.post(
    "/plans/{plan_id}/learning-batches/report",
    summary="核对学习记录文件",
    openapi_extra=FILE_BODY,
    response_class=Response,
    responses=_WORKBOOK | problems(*_SHEETS, ColumnsNotUnderstood, ColumnNotFound),
)
async def report_learning(
    file: Sheet, desk: AnyMember, plan_id: UUID, columns: Columns = ()
) -> Response:
    """不导入、不保存：返回原表格，标出无法读取的单元格（红）和与备案不符的行（黄），附原因和处理办法。"""
    return attached(*await reports.of_learning(desk, plan_id, file, columns))


@router.get(
    "/learning-batches/{learning_batch_id}/report",
    summary="已导入批次的核对报告",
    response_class=Response,
    responses=_WORKBOOK | problems(EvidenceLost, DutyMissing),
)
async def report_batch(desk: AnyMember, learning_batch_id: UUID) -> Response:
    """由密封保存的原文件重新生成；含完整证件号码，仅本企业及其经办部门可取，每次均记入审计。"""
    return attached(*await reports.of_batch(desk, learning_batch_id))


@router.post(
    "/plans/{plan_id}/roster/report",
    summary="核对花名册文件",
    openapi_extra=FILE_BODY,
    response_class=Response,
    responses=_WORKBOOK | problems(*_SHEETS),
)
async def report_roster(file: Sheet, desk: AnyMember, plan_id: UUID) -> Response:
    """不导入、不保存：返回原表格，标出无法读取的单元格，附原因和处理办法。"""
    return attached(*await reports.of_roster(desk, plan_id, file))
