"""Demands: what is to come back, what came, what is kept back and what is written off."""

from uuid import UUID

from fastapi import APIRouter

from app.api.deps import AnyMember, AsOfficer
from app.api.idempotency import KeyedRoute
from app.api.problems import problems
from app.errors import (
    DayToCome,
    DutyMissing,
    MoreThanDemanded,
    MoreThanPaid,
    NotEstablished,
    NotFound,
    NotSignedIn,
    NotYourRole,
    PersonsUnknown,
    RecallTooEarly,
    ReferenceKnown,
    TwoPersons,
    WrongState,
)
from app.schemas.advances import (
    DecisionCreate,
    Instalment,
    Recall,
    RecoveryCreate,
    RecoveryRead,
)
from app.services import claims, demands, recoveries

router = APIRouter(
    prefix="/api/v1",
    tags=["追回"],
    route_class=KeyedRoute,
    responses=problems(NotSignedIn, NotYourRole, NotFound),
)


@router.post(
    "/claims/{claim_id}/recoveries",
    status_code=201,
    summary="要求退回",
    responses=problems(WrongState, DutyMissing, MoreThanPaid, PersonsUnknown, NotEstablished),
)
async def demand(desk: AsOfficer, claim_id: UUID, new: RecoveryCreate) -> RecoveryRead:
    """就已拨付的申请逐人要求退回：核算差错退回后恢复额度和次数，违规骗取的不恢复（A-34）。"""
    return await demands.make(desk, claim_id, new)


@router.post(
    "/claims/{claim_id}/recall",
    status_code=201,
    summary="收回预拨款",
    responses=problems(WrongState, DutyMissing, RecallTooEarly, MoreThanPaid),
)
async def recall(desk: AsOfficer, claim_id: UUID, word: Recall) -> RecoveryRead:
    """预拨后逾期未申请补贴的，全额收回；claim_id 为预拨申请。"""
    return await demands.recall(desk, claim_id, word)


@router.get("/claims/{claim_id}/recoveries", summary="该申请的退款通知")
async def list_recoveries(desk: AnyMember, claim_id: UUID) -> list[RecoveryRead]:
    """含分次退回、抵扣和核销情况。"""
    await claims.read(desk, claim_id)
    return await recoveries.of_claim(desk, claim_id)


@router.get("/recoveries/{recovery_id}", summary="退款通知")
async def read_recovery(desk: AnyMember, recovery_id: UUID) -> RecoveryRead:
    """应退回金额、期限、已退回和尚未退回的金额。"""
    return await recoveries.read(desk, recovery_id)


@router.post(
    "/recoveries/{recovery_id}/instalments",
    status_code=201,
    summary="登记退回款项",
    responses=problems(WrongState, DutyMissing, MoreThanDemanded, ReferenceKnown, DayToCome),
)
async def record_instalment(desk: AsOfficer, recovery_id: UUID, part: Instalment) -> RecoveryRead:
    """可以分次退回；退足后自动办结，核算差错的随即恢复人员额度和次数。"""
    return await recoveries.pay(desk, recovery_id, part)


@router.post(
    "/recoveries/{recovery_id}/decisions",
    status_code=201,
    summary="决定抵扣或核销",
    responses=problems(WrongState, DutyMissing),
)
async def decide(desk: AsOfficer, recovery_id: UUID, new: DecisionCreate) -> RecoveryRead:
    """第一签：抵扣该企业后续拨付，或核销尚未退回的部分；另一人会签后生效。"""
    return await recoveries.decide(desk, recovery_id, new)


@router.post(
    "/recoveries/{recovery_id}/decisions/{decision_id}/countersign",
    summary="会签",
    responses=problems(WrongState, DutyMissing, TwoPersons),
)
async def countersign(desk: AsOfficer, recovery_id: UUID, decision_id: UUID) -> RecoveryRead:
    """第二签，须为另一名有审批职责的人员。"""
    return await recoveries.countersign(desk, recovery_id, decision_id)
