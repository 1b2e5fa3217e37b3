"""Signals: what does not fit in a claim, for the officers who examine it."""

from uuid import UUID

from fastapi import APIRouter

from app.api.deps import AsOfficer
from app.api.idempotency import KeyedRoute
from app.api.problems import problems
from app.errors import (
    DutyMissing,
    NotFound,
    NotSignedIn,
    NotYourRole,
    SignalCleared,
    SignedAlready,
    WrongState,
)
from app.schemas.signals import Clearance, SignalRead
from app.services import signals

router = APIRouter(
    prefix="/api/v1/claims/{claim_id}/signals",
    tags=["疑点核查"],
    route_class=KeyedRoute,
    responses=problems(NotSignedIn, NotYourRole, NotFound),
)


@router.get("", summary="疑点")
async def list_signals(desk: AsOfficer, claim_id: UUID) -> list[SignalRead]:
    """提出申请、补正或重新核算时自动比对，只供经办人员核查，企业不可见；疑点不影响核算金额。"""
    return await signals.of_claim(desk, claim_id)


@router.post(
    "/{signal_id}/clear",
    summary="核销疑点",
    responses=problems(WrongState, DutyMissing, SignedAlready, SignalCleared),
)
async def clear_signal(
    desk: AsOfficer, claim_id: UUID, signal_id: UUID, word: Clearance
) -> SignalRead:
    """由有审核职责的人员写明核实情况；本轮疑点全部核销后方可审批，核销人员不得审批。"""
    return await signals.clear(desk, claim_id, signal_id, word)
