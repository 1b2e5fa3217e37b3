"""What may an officer decide otherwise? A rule "in principle", for one case, in writing."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select, update

from app.actors import Member, Officer
from app.errors import DutyMissing, NotFound, RuleBinds
from app.models import Claim, OverrideRecord, new_id
from app.office import Desk
from app.policy import discretion
from app.policy.facets import Override
from app.policy.kinds import Purpose
from app.policy.measures import asks_for_requirements
from app.policy.procedure import STATES_ZH, ClaimState, Duty
from app.schemas.claims import (
    ClaimRead,
    OverrideCreate,
    OverrideRead,
    RequirementsFound,
)
from app.services import acts, assessments, cases, claims


async def decide(desk: Desk[Officer], claim_id: UUID, new: OverrideCreate) -> ClaimRead:
    """Set a rule "in principle" aside for one case; the claim is assessed again with it.

    Raises:
        RuleBinds: the rule is not one "in principle": nobody may set it aside.
        WrongState: the claim is not under examination.
        DutyMissing: the officer does not approve.
    """
    claim = await cases.found(desk, Claim, claim_id, lock=True)
    _refuse(desk, claim, Duty.APPROVE)
    override = Override(new.rule, desk.actor.name, new.reason, new.reference, new.person)
    try:
        discretion.permitted(override)
    except discretion.NotInPrinciple as binds:
        raise RuleBinds from binds
    await _record(desk, claim, new)
    _, before = await assessments.again(desk, claim)
    overrides = (*before.facts.overrides, override)
    await assessments.assess_with(desk, claim_id, before, overrides=overrides)
    return await claims.read(desk, claim_id)


async def find_requirements(
    desk: Desk[Officer], claim_id: UUID, found: RequirementsFound
) -> ClaimRead:
    """Find whether a class meets the requirements of government-subsidised training (DL-2.4-c).

    Raises:
        WrongState: the claim is not under examination.
        DutyMissing: the officer does not review.
        NotFound: nothing of the kind is asked of this claim.
    """
    claim = await cases.found(desk, Claim, claim_id, lock=True)
    _refuse(desk, claim, Duty.REVIEW)
    if claim.kind != Purpose.CLAIM or not asks_for_requirements(claim.measure):
        raise NotFound("该申请不需要此项认定：只有企校订单培训需要（DL-2.4-c）。")
    await acts.record(
        desk, "find_requirements", "claims", claim.id, acts.Case.of(claim), **found.model_dump()
    )
    _, before = await assessments.again(desk, claim)
    await desk.db.execute(
        update(Claim).where(Claim.id == claim_id).values(requirements_met=found.met)
    )
    await assessments.assess_with(desk, claim_id, before, requirements_met=found.met)
    return await claims.read(desk, claim_id)


async def of_claim(desk: Desk[Member], claim_id: UUID) -> list[OverrideRead]:
    """Return what was decided otherwise in a case, oldest first."""
    await cases.found(desk, Claim, claim_id)
    rows = await desk.db.execute(
        select(*OverrideRecord.__table__.c)
        .where(OverrideRecord.claim_id == claim_id)
        .order_by(OverrideRecord.id)
    )
    return [OverrideRead.model_validate(row) for row in rows]


def _refuse(desk: Desk[Officer], claim: Row[Any], duty: Duty) -> None:
    if duty not in desk.actor.duties:
        raise DutyMissing
    if claim.state != ClaimState.FILED:
        raise cases.wrong_state(
            Claim,
            claim.state,
            f"当前状态为「{STATES_ZH[claim.state]}」，只能在审核前作出此项决定。",
        )


async def _record(desk: Desk[Officer], claim: Row[Any], new: OverrideCreate) -> None:
    case = acts.Case.of(claim)
    await desk.db.execute(
        insert(OverrideRecord).values(
            id=new_id(),
            claim_id=case.id,
            enterprise_id=case.enterprise_id,
            bureau_code=case.bureau_code,
            round=claim.round,
            officer_id=desk.actor.account_id,
            officer_name=desk.actor.name,
            decided_on=desk.today,
            **new.model_dump(),
        )
    )
    await acts.record(desk, "decide_otherwise", "claims", claim.id, case, **new.model_dump())
