"""How is a returned claim filed again? Every point answered, assessed anew, signed anew."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row

from app.actors import Member
from app.models import Claim, Plan
from app.office import Desk
from app.policy import materials
from app.policy.facts import Purpose
from app.schemas.claims import ClaimRead, ClaimResubmit
from app.services import (
    assessments,
    blacklist,
    cases,
    claiming,
    claims,
    correcting,
    filing,
    kept,
    line_decisions,
    originals,
    signals,
)


async def resubmit(desk: Desk[Member], claim_id: UUID, again: ClaimResubmit) -> ClaimRead:
    """File a returned claim again: assessed anew, and all signatures are to be given anew.

    What officers decided on single lines stands until they lift it.

    Raises:
        PointsOpen: a point to mend was not answered.
        WrongState, CommitmentsMissing, MaterialsMissing, PersonsUnknown: as named.
    """
    known = await cases.found(desk, Claim, claim_id)
    # The plan before the claim, as whoever imports records or orders something for the class.
    plan = await cases.found(desk, Plan, known.plan_id, lock=True)
    row = await cases.found(desk, Claim, claim_id, lock=True)
    move = cases.may(desk, Claim, row, "resubmit")
    claiming.refuse_uncommitted(plan, again.commitments)
    await correcting.answer(desk, row, again.points)
    purpose = Purpose(row.kind)
    accepted, held = len(set(again.commitments.accepted)), await _held(desk, row)
    done = await assessments.of_plan(desk, plan, again, accepted, purpose, held)
    if purpose is Purpose.CLAIM:
        filing.refuse_missing(materials.missing_at_claim(done.facts), done.facts.plan)
        await originals.refuse_missing_again(desk, row)
    blacklist.refuse(done.facts)
    columns = await claiming.filed(desk, plan, again.commitments, done)
    await cases.advance(desk, Claim, row, move, **columns)
    await kept.store(desk, claim_id, done)
    await signals.look(desk, claim_id, plan.id, done)
    await claiming.narrow_calendar(desk, plan, done)
    return await claims.read(desk, claim_id)


async def _held(desk: Desk[Member], claim: Row[Any]) -> dict[str, Any]:
    """Return the facts that a resubmission does not change."""
    decisions = await line_decisions.in_force(desk, claim.id)
    if claim.supersedes is None:
        return {"decisions": decisions}
    # A decision made anew is judged by the day of the claim, whatever day it is returned.
    before = kept.CLAIM_FACTS.validate_python(
        {**(await kept.latest(desk, claim.id)).facts, "persons": ()}
    )
    return {
        "decisions": decisions,
        "claimed_on": before.claimed_on,
        "overrides": before.overrides,
        "requirements_met": claim.requirements_met,
    }
