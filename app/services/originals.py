"""Is the scanned original there? What came by fax or post is keyed in with it (DL-4.2-a, A-32)."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, exists, func, select

from app.actors import Member
from app.errors import MaterialsMissing
from app.models import AssessmentRecord, Evidence, Signature
from app.office import Desk
from app.policy.facts import Material


async def refuse_missing_at_filing(desk: Desk[Member], plan: Row[Any]) -> None:
    """Refuse to submit a keyed-in filing without an original of this submission.

    Raises:
        MaterialsMissing: there is none.
    """
    if plan.keyed_by is not None:
        since = await _signed_at(desk, plan, "keyed_in")
        await _refuse(desk, plan.id, since)


async def refuse_missing_at_claim(desk: Desk[Member], plan: Row[Any]) -> None:
    """Refuse to key a claim in without an original: that of the filing is another paper.

    Raises:
        MaterialsMissing: there is none.
    """
    await _refuse(desk, plan.id, await _signed_at(desk, plan, "approve_plan"))


async def refuse_missing_again(desk: Desk[Member], claim: Row[Any]) -> None:
    """Refuse to key a correction in without the original that came for it.

    Raises:
        MaterialsMissing: there is none.
    """
    if claim.keyed_by is not None:
        since = await desk.db.scalar(
            select(func.max(AssessmentRecord.created_at)).where(
                AssessmentRecord.claim_id == claim.id
            )
        )
        await _refuse(desk, claim.plan_id, since)


async def _signed_at(desk: Desk[Member], plan: Row[Any], step: str) -> datetime | None:
    """Return when the step was signed last, by the wall clock that evidence goes by, too."""
    signed: datetime | None = await desk.db.scalar(
        select(func.max(Signature.created_at)).where(
            Signature.plan_id == plan.id, Signature.step == step
        )
    )
    return signed


async def _refuse(desk: Desk[Member], plan_id: object, since: datetime | None) -> None:
    scanned = exists().where(Evidence.plan_id == plan_id, Evidence.kind == Material.PAPER_ORIGINAL)
    if since is not None:
        scanned = scanned.where(Evidence.created_at > since)
    if not await desk.db.scalar(select(scanned)):
        raise MaterialsMissing(missing=[Material.PAPER_ORIGINAL.value])
