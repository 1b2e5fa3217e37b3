"""Payment batches: money to the basic accounts, and what became of it."""

from typing import Final
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from app.api.deps import AsOfficer
from app.api.downloads import named
from app.api.idempotency import KeyedRoute
from app.api.problems import problems
from app.api.uploads import FILE_BODY, Sheet
from app.api.v1.pages import PageOf
from app.errors import (
    BatchWithoutFile,
    BodyTooLarge,
    BudgetExceeded,
    DutyMissing,
    EnterpriseBlacklisted,
    EnterpriseNotVerified,
    LinesHeld,
    NotFound,
    NoticeOpen,
    NotSignedIn,
    NotYourRole,
    SignedAlready,
    WrongState,
)
from app.schemas.claims import HistoryEntry
from app.schemas.payments import (
    BatchCreate,
    BatchRead,
    BatchResults,
    BatchSummary,
    ResultsImport,
)
from app.schemas.words import Page
from app.services import bank_files, payments, results
from app.sheets.refusals import FileNotASheet, HeaderNotFound, RowsUnreadable, TooManyRows

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

router = APIRouter(
    prefix="/api/v1/payment-batches",
    tags=["拨付"],
    route_class=KeyedRoute,
    responses=problems(NotSignedIn, NotYourRole, NotFound),
)


@router.post(
    "",
    status_code=201,
    summary="编制拨付批次",
    responses=problems(
        NoticeOpen,
        LinesHeld,
        WrongState,
        DutyMissing,
        SignedAlready,
        EnterpriseNotVerified,
        EnterpriseBlacklisted,
        BudgetExceeded,
    ),
)
async def make_batch(desk: AsOfficer, new: BatchCreate) -> BatchRead:
    """公示期满的次日起，由拨付岗位编制；一个申请一笔，全部列入或全部不列入；有异议的部分不列入。"""
    return await payments.make_batch(desk, new)


@router.get("", summary="批次列表")
async def list_batches(desk: AsOfficer, page: PageOf) -> Page[BatchSummary]:
    """本部门的拨付批次。"""
    return await payments.listed(desk, page)


@router.get("/{batch_id}", summary="批次明细")
async def read_batch(desk: AsOfficer, batch_id: UUID) -> BatchRead:
    """批次合计和各笔拨付。"""
    return await payments.read(desk, batch_id)


@router.post(
    "/{batch_id}/results", summary="登记拨付结果", responses=problems(WrongState, DutyMissing)
)
async def record_results(desk: AsOfficer, batch_id: UUID, said: BatchResults) -> BatchRead:
    """成功即办结；失败须写明原因，更正后可重新列入批次。"""
    await results.record(desk, batch_id, said.results)
    return await payments.read(desk, batch_id)


@router.post(
    "/{batch_id}/results/file",
    summary="导入拨付结果",
    openapi_extra=FILE_BODY,
    responses=problems(
        WrongState,
        DutyMissing,
        RowsUnreadable,
        HeaderNotFound,
        FileNotASheet,
        TooManyRows,
        BodyTooLarge,
    ),
)
async def import_results(file: Sheet, desk: AsOfficer, batch_id: UUID) -> ResultsImport:
    """上传填好“拨付结果”的批次文件（xlsx、xls 或 csv）。

    有任何错误时逐行列出且不登记任何一笔；已登记且一致的不重复登记，可以重复上传。
    """
    return await results.import_sheet(desk, batch_id, file)


@router.get(
    "/{batch_id}/file.xlsx",
    summary="下载批次文件",
    response_class=Response,
    responses=problems(DutyMissing, BatchWithoutFile)
    | {200: {"content": {XLSX: {}}, "description": "拨付清单"}},
)
async def download_workbook(desk: AsOfficer, batch_id: UUID) -> Response:
    """含完整账号，仅拨付岗位可以下载，每次下载记入审计；填写结果后可直接导入。"""
    name, content = await bank_files.opened(desk, await payments.found(desk, batch_id), "xlsx")
    return _file(name, content, XLSX)


@router.get(
    "/{batch_id}/file.csv",
    summary="下载银行文件",
    response_class=Response,
    responses=problems(DutyMissing, BatchWithoutFile)
    | {200: {"content": {"text/csv": {}}, "description": "GB18030 编码的 csv"}},
)
async def download_bank_file(desk: AsOfficer, batch_id: UUID) -> Response:
    """银行批量代付用的 csv（GB18030 编码），权限和审计同上。"""
    name, content = await bank_files.opened(desk, await payments.found(desk, batch_id), "csv")
    return _file(name, content, "text/csv; charset=gb18030")


@router.get("/{batch_id}/history", summary="批次办理记录")
async def read_history(desk: AsOfficer, batch_id: UUID) -> list[HistoryEntry]:
    """编制、下载和导入结果的记录。"""
    return await payments.history(desk, batch_id)


def _file(name: str, content: bytes, media_type: str) -> Response:
    return Response(content, media_type=media_type, headers={"Content-Disposition": named(name)})
