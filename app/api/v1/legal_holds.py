"""Legal holds: a case is kept as it is, until another officer lifts the order."""

from uuid import UUID

from fastapi import APIRouter

from app.api.deps import AsOfficer
from app.api.idempotency import KeyedRoute
from app.api.problems import problems
from app.errors import DutyMissing, NotFound, NotSignedIn, NotYourRole, TwoPersons, WrongState
from app.schemas.legal_holds import LegalHoldCreate, LegalHoldLift, LegalHoldRead
from app.services import legal_holds

router = APIRouter(
    prefix="/api/v1/plans/{plan_id}/hold",
    tags=["案件封存"],
    route_class=KeyedRoute,
    responses=problems(NotSignedIn, NotYourRole, NotFound),
)


@router.post("", status_code=201, summary="封存保全案件", responses=problems(DutyMissing))
async def place_hold(desk: AsOfficer, plan_id: UUID, new: LegalHoldCreate) -> LegalHoldRead:
    """因审计、举报核查、诉讼等需要保全的，写明原因和依据文书；方案及其全部申请一并封存。"""
    return await legal_holds.place(desk, plan_id, new)


@router.get("", summary="封存保全情况")
async def list_holds(desk: AsOfficer, plan_id: UUID) -> list[LegalHoldRead]:
    """按先后列出，已解除的也在内；企业看不到。"""
    return await legal_holds.of_plan(desk, plan_id)


@router.post(
    "/{hold_id}/lift",
    summary="解除封存",
    responses=problems(DutyMissing, TwoPersons, WrongState),
)
async def lift_hold(
    desk: AsOfficer, plan_id: UUID, hold_id: UUID, word: LegalHoldLift
) -> LegalHoldRead:
    """由决定封存以外的另一名经办人员办理，写明原因和依据文书。"""
    return await legal_holds.lift(desk, plan_id, hold_id, word)
