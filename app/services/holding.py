"""Who holds a case that awaits an officer? Nobody else acts on it meanwhile."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, select

from app.actors import Member
from app.errors import CaseHeld
from app.hot import Hot
from app.models import WorklistEntry
from app.office import Desk

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


def held(name: str) -> CaseHeld:
    """Return the refusal that names who holds the case."""
    return CaseHeld(f"该事项由 {name} 办理中。", holder=name)
