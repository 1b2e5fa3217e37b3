"""What may be told of objections? Which lines, on what grounds, what came of it; never by whom."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, bindparam, select, text

from app.actors import Actor, Member
from app.models import Claim, NoticeClaim
from app.office import Desk
from app.policy import masking
from app.schemas.objections import ObjectionOutcome
from app.services import cases

_OF_NOTICE: Final = text("SELECT * FROM told_objections(:notice)").bindparams(bindparam("notice"))


async def of_notice(desk: Desk[Actor], notice_id: UUID) -> list[ObjectionOutcome]:
    """Return the objections to a notice: the decided ones, and those to the caller's own case."""
    rows = await desk.db.execute(_OF_NOTICE, {"notice": notice_id})
    return [ObjectionOutcome(**public(row)) for row in rows]


async def of_claim(desk: Desk[Member], claim_id: UUID) -> list[ObjectionOutcome]:
    """Return the objections that hold, or held, something of a claim, oldest first."""
    await cases.found(desk, Claim, claim_id)
    query = select(NoticeClaim.notice_id).where(NoticeClaim.claim_id == claim_id)
    posted = await desk.db.scalars(query.order_by(NoticeClaim.notice_id))
    return [
        one
        for notice_id in posted.all()
        for one in await of_notice(desk, notice_id)
        if one.claim_id in {None, claim_id}
    ]


def public(row: Row[Any]) -> dict[str, Any]:
    """Return the columns of an objection with every long number in the reason hidden."""
    told = dict(row._mapping)
    if told["reason"] is not None:
        told["reason"] = masking.hide_numbers(told["reason"])
    return told
