"""Deciding on a claim: line by line, a third signature, points to mend, and decisions made anew."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path

from app.api.deps import AnyMember, AsOfficer
from app.api.idempotency import KeyedRoute
from app.api.problems import problems
from app.errors import (
    CaseHeld,
    DutyMissing,
    NoPolicyInForce,
    NotFound,
    NothingTakenAway,
    NotSignedIn,
    NotYourRole,
    PersonsUnknown,
    RedeterminationOpen,
    SignedAlready,
    WrongState,
)
from app.schemas.claims import ClaimRead
from app.schemas.deciding import (
    LineDecisionCreate,
    LineDecisionRead,
    PointRead,
    RedeterminationRead,
    RedetermineCreate,
    RemediesRead,
    RoundChanges,
    SignaturesRead,
)
from app.schemas.words import Remarked
from app.services import (
    correcting,
    line_decisions,
    redetermining,
    remedies,
    rounds,
    signing,
)

router = APIRouter(
    prefix="/api/v1/claims/{claim_id}",
    tags=["审核决定"],
    route_class=KeyedRoute,
    responses=problems(NotSignedIn, NotYourRole, NotFound),
)
_BY_OFFICER = problems(WrongState, DutyMissing, SignedAlready)


@router.post(
    "/line-decisions",
    status_code=201,
    summary="对单个人员作核减决定",
    responses=_BY_OFFICER | problems(NothingTakenAway, PersonsUnknown),
)
async def decide_line(desk: AsOfficer, claim_id: UUID, new: LineDecisionCreate) -> LineDecisionRead:
    """审核前剔除或核减一人，写明理由和依据；只减不增，随即重新核算。决定人可以审核，不得审批。"""
    return await line_decisions.decide(desk, claim_id, new)


@router.get("/line-decisions", summary="核减决定")
async def list_line_decisions(desk: AnyMember, claim_id: UUID) -> list[LineDecisionRead]:
    """全部核减决定：核减前后的金额、理由、依据、作出决定的部门，以及是否仍然有效。"""
    return await line_decisions.of_claim(desk, claim_id)


@router.post("/countersign", summary="会签", responses=_BY_OFFICER)
async def countersign_claim(desk: AsOfficer, claim_id: UUID, word: Remarked) -> ClaimRead:
    """金额超过限额的，审批后由第三名审批人员会签，方可公示和拨付。"""
    return await signing.countersign(desk, claim_id, word)


@router.get("/signatures", summary="签署情况", responses=problems(NoPolicyInForce))
async def list_signatures(desk: AnyMember, claim_id: UUID) -> SignaturesRead:
    """各轮已签署的环节，以及本轮尚待签署的环节。"""
    return await signing.of_claim(desk, claim_id)


@router.get("/correction-points", summary="补正事项")
async def list_correction_points(desk: AnyMember, claim_id: UUID) -> list[PointRead]:
    """逐项列出何处、如何补正、期限，以及企业的答复。"""
    return await correcting.points(desk, claim_id)


@router.get("/rounds/{round_number}/changes", summary="补正前后对比")
async def read_round_changes(
    desk: AnyMember,
    claim_id: UUID,
    round_number: Annotated[int, Path(ge=1, le=100_000, description="轮次；与上一轮比较")],
) -> RoundChanges:
    """人员、金额、材料和申请表栏目逐项对比。"""
    return await rounds.changes(desk, claim_id, round_number)


@router.post(
    "/redetermine",
    status_code=201,
    summary="重新核定",
    responses=_BY_OFFICER
    | problems(WrongState, SignedAlready, CaseHeld, RedeterminationOpen, NothingTakenAway),
)
async def redetermine_claim(desk: AsOfficer, claim_id: UUID, new: RedetermineCreate) -> ClaimRead:
    """异议成立的，作出新的决定取代原决定；原决定、公示和拨付记录不作涂改，差额多退少补。"""
    return await redetermining.redetermine(desk, claim_id, new)


@router.get("/redeterminations", summary="重新核定情况")
async def list_redeterminations(desk: AnyMember, claim_id: UUID) -> list[RedeterminationRead]:
    """该申请被何决定取代，或取代何决定，及其理由。"""
    return await redetermining.of_claim(desk, claim_id)


@router.get("/remedies", summary="不服决定的救济途径", responses=problems(NoPolicyInForce))
async def read_remedies(desk: AnyMember, claim_id: UUID) -> RemediesRead:
    """决定日期、理由，以及陈述申辩、行政复议、行政诉讼的机关和期限。"""
    return await remedies.of_claim(desk, claim_id)
