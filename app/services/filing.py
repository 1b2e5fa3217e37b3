"""How is a plan submitted, and how does the bureau decide on it?"""

from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, select, text

from app.actors import EnterpriseUser, Member, Officer
from app.errors import (
    CalendarOccupied,
    EnterpriseNotVerified,
    MaterialsMissing,
    PlanDatesPassed,
    RosterEmpty,
)
from app.models import Claim, Plan
from app.office import Desk
from app.policy import assessment
from app.policy.explanation import effect_of
from app.policy.facts import ClaimFacts, Material, PlanFacts
from app.policy.materials import missing_at_filing
from app.policy.measures import occupies_calendar
from app.policy.procedure import CLOSED_CLAIMS, PlanState
from app.policy.rulebook import Effect
from app.schemas.findings import FindingRead
from app.schemas.plans import PlanApproval, PlanRead
from app.schemas.words import Reason
from app.services import (
    blacklist,
    cases,
    enterprises,
    facts,
    law,
    originals,
    people,
    plans,
)

_OCCUPY: Final = text("SELECT occupy_calendar(:plan_id)")
_RELEASE: Final = text("SELECT release_calendar(:plan_id)")


async def submit(desk: Desk[Member], plan_id: UUID) -> PlanRead:
    """Submit a draft or a corrected plan for the bureau's examination.

    Raises:
        EnterpriseNotVerified: it signed up itself, and no bureau accepted its credit code yet.
        EnterpriseBlacklisted, RosterEmpty, MaterialsMissing, CalendarOccupied, WrongState: as
            named.
    """
    plan = await cases.found(desk, Plan, plan_id, lock=True)
    move = cases.may(desk, Plan, plan, "submit")
    applicant = await enterprises.found(desk, plan.enterprise_id)
    if isinstance(desk.actor, EnterpriseUser) and await enterprises.is_unshown(desk, applicant):
        raise EnterpriseNotVerified
    case, occupied = await _case(desk, plan)
    blacklist.refuse(case)
    if not case.persons:
        raise RosterEmpty
    refuse_missing(missing_at_filing(case.plan, code=plan.measure), case.plan)
    await originals.refuse_missing_at_filing(desk, plan)
    _refuse_occupied(occupied)
    await cases.advance(desk, Plan, plan, move, submitted_on=desk.today, remark=None)
    return await plans.read(desk, plan_id)


async def findings(desk: Desk[Member], plan_id: UUID) -> list[FindingRead]:
    """Return what the law says of the filing, were it approved today."""
    plan = await cases.found(desk, Plan, plan_id)
    case, _ = await _case(desk, plan)
    applied = law.of(plan.ends_on)
    found = assessment.review_filing(_approved_on(case, desk), applied)
    return [FindingRead.of(finding) for finding in found]


async def approve(desk: Desk[Officer], plan_id: UUID, word: PlanApproval) -> PlanRead:
    """Approve the filing: from tomorrow its people may learn, and its dates are theirs.

    Raises:
        EnterpriseNotVerified: the registration was not accepted yet.
        PlanDatesPassed: training would have begun before.
        FindingsBlock, CalendarOccupied, WrongState, SignedAlready: as named.
    """
    plan = await cases.found(desk, Plan, plan_id, lock=True)
    move = cases.may(desk, Plan, plan, "approve")
    if (await enterprises.found(desk, plan.enterprise_id)).state != "verified":
        raise EnterpriseNotVerified
    if desk.today >= plan.starts_on:
        raise PlanDatesPassed
    case = await _refuse_findings(desk, plan, word)
    platform = case.plan.platform
    await cases.advance(
        desk,
        Plan,
        plan,
        move,
        approved_on=desk.today,
        # What the catalogue said on this day is what the claim will rest on.
        platform_conditions_met=platform.conditions_met if platform else None,
        remark=word.remark,
    )
    if occupies_calendar(plan.measure, law.of(plan.ends_on)):
        await desk.db.execute(_OCCUPY, {"plan_id": plan_id})
    return await plans.read(desk, plan_id)


async def return_for_correction(desk: Desk[Officer], plan_id: UUID, word: Reason) -> PlanRead:
    """Return the filing with the reason."""
    plan = await cases.found(desk, Plan, plan_id, lock=True)
    move = cases.may(desk, Plan, plan, "return")
    await cases.advance(desk, Plan, plan, move, remark=word.reason)
    return await plans.read(desk, plan_id)


async def withdraw(desk: Desk[Member], plan_id: UUID, word: Reason) -> PlanRead:
    """Withdraw the filing; its dates are free again.

    Raises:
        WrongState: a claim was filed on it.
    """
    plan = await cases.found(desk, Plan, plan_id, lock=True)
    move = cases.may(desk, Plan, plan, "withdraw")
    await _refuse_claimed(desk, plan_id)
    await cases.advance(desk, Plan, plan, move, remark=word.reason)
    if plan.state == PlanState.APPROVED:
        await desk.db.execute(_RELEASE, {"plan_id": plan_id})
    return await plans.read(desk, plan_id)


def refuse_missing(missing: tuple[Material, ...], plan: PlanFacts) -> None:
    """Refuse while materials are missing, and name them; of withheld files also why.

    Raises:
        MaterialsMissing: some are.
    """
    if missing:
        named: dict[str, Any] = {"missing": [material.value for material in missing]}
        withheld = [
            {"kind": material.value, "scan": plan.withheld[material].value}
            for material in missing
            if material in plan.withheld
        ]
        if withheld:
            named["withheld"] = withheld
        raise MaterialsMissing(**named)


async def _case(desk: Desk[Member], plan: Row[Any]) -> tuple[ClaimFacts, list[dict[str, object]]]:
    applied = law.of(plan.ends_on)
    rows = await people.persons(desk, plan.id, plan.measure, applied)
    persons = tuple(people.person(row, employed=frozenset(), left={}) for row in rows)
    occupied = [
        {"number": row.number, "name": row.name, "reason": "该人员在所报日期内日程已被占用"}
        for row in rows
        if row.occupied and occupies_calendar(plan.measure, applied)
    ]
    return await facts.of_plan(desk, plan, persons, 0), occupied


async def _refuse_findings(desk: Desk[Officer], plan: Row[Any], word: PlanApproval) -> ClaimFacts:
    """Return the facts on which the filing is approved.

    Raises:
        FindingsBlock, CalendarOccupied: as named.
    """
    case, occupied = await _case(desk, plan)
    _refuse_occupied(occupied)
    approved = _approved_on(_ticked(case, word), desk)
    found = assessment.review_filing(approved, law.of(plan.ends_on))
    blocking = [one for one in found if effect_of(one) is Effect.BLOCKS]
    if blocking:
        raise cases.blocked(blocking)
    return approved


def _approved_on(case: ClaimFacts, desk: Desk[Member]) -> ClaimFacts:
    return replace(case, plan=replace(case.plan, approved_on=case.plan.approved_on or desk.today))


def _ticked(case: ClaimFacts, word: PlanApproval) -> ClaimFacts:
    """Return the facts with the officer's tick on a self-chosen platform (DL-3.2-b).

    Without one what the catalogue says of the platform stands.
    """
    platform = case.plan.platform
    if platform is None or word.platform_conditions_met is None:
        return case
    ticked = replace(platform, conditions_met=word.platform_conditions_met)
    return replace(case, plan=replace(case.plan, platform=ticked))


def _refuse_occupied(occupied: list[dict[str, object]]) -> None:
    if occupied:
        raise CalendarOccupied(trainees=occupied)


async def _refuse_claimed(desk: Desk[Member], plan_id: UUID) -> None:
    claim = (
        await desk.db.execute(
            select(Claim.state).where(Claim.plan_id == plan_id, Claim.state.not_in(CLOSED_CLAIMS))
        )
    ).first()
    if claim is not None:
        raise cases.wrong_state(Claim, claim.state, "该项目已提出补贴申请。")
