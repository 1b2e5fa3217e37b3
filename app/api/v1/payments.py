"""Payment batches: money to the basic accounts, and what became of it."""

from uuid import UUID

from fastapi import APIRouter

from app.api.deps import AsOfficer
from app.api.idempotency import KeyedRoute
from app.api.problems import problems
from app.api.v1.pages import PageOf
from app.errors import (
    DutyMissing,
    LinesHeld,
    NotFound,
    NoticeOpen,
    NotSignedIn,
    NotYourRole,
    SignedAlready,
    WrongState,
)
from app.schemas.payments import BatchCreate, BatchRead, BatchResults, BatchSummary
from app.schemas.words import Page
from app.services import payments

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
    responses=problems(NoticeOpen, LinesHeld, WrongState, DutyMissing, SignedAlready),
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
    return await payments.record_results(desk, batch_id, said)
