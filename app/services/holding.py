"""Who holds a case that awaits an officer? Nobody else acts on it meanwhile."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, or_, select

from app.actors import Member
from app.errors import CaseHeld
from app.hot import Hot
from app.models import NoticeClaim, Objection, WorklistEntry
from app.office import Desk
from app.policy.awaiting import REDETERMINE

_LISTED: Final = Hot(
    select(*WorklistEntry.__table__.c).where(WorklistEntry.case_id == bindparam("id"))
)


async def listed(desk: Desk[Member], case_id: UUID) -> Any:  # noqa: ANN401  a row, or None
    """Return the row of the work list that tells what the case awaits, if it awaits anything."""
    return await _LISTED.row(desk.driver, id=case_id)


async def refuse_held(desk: Desk[Member], case_id: UUID) -> None:
    """Refuse while another officer holds the case.

    Raises:
        CaseHeld: somebody does, and who.
    """
    row = await listed(desk, case_id)
    if row is not None and row.holder not in {None, desk.actor.account_id}:
        raise held(row.holder_name)


async def refuse_held_anew(desk: Desk[Member], claim_id: UUID) -> None:
    """Refuse while another officer holds an objection for which the claim is to be made anew.

    Raises:
        CaseHeld: somebody does, and who.
    """
    query = (
        select(WorklistEntry.holder_name)
        .join(Objection, Objection.id == WorklistEntry.case_id)
        .join(NoticeClaim, NoticeClaim.notice_id == Objection.notice_id)
        .where(
            NoticeClaim.claim_id == claim_id,
            or_(Objection.claim_id.is_(None), Objection.claim_id == claim_id),
            WorklistEntry.step == REDETERMINE.name,
            WorklistEntry.holder != desk.actor.account_id,
        )
    )
    name = await desk.db.scalar(query.limit(1))
    if name is not None:
        raise held(name)


def held(name: str) -> CaseHeld:
    """Return the refusal that names who holds the case."""
    return CaseHeld(f"该事项由 {name} 办理中。", holder=name)
