"""What would other figures have cost? Asked by a bureau, computed apart from the requests."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Select, case, func, insert, literal_column, select

from app.actors import Officer
from app.errors import NotFound, ParameterRefused
from app.models import Simulation, new_id
from app.models.simulations import FAILED, HELD, RUNNING, WAITING
from app.office import Desk
from app.policy import whatif
from app.schemas.simulations import SimulationCreate, SimulationRead, SimulationSummary
from app.schemas.words import Page
from app.services import acts, pages

_INTERRUPTED: Final = "interrupted"
_TOLD: Final = "核算中断（服务停止或进程中止），请重新提出。"

# A simulation whose process is gone runs no more, whatever its row says: nobody holds its lock.
_IS_LEFT: Final = func.pg_try_advisory_xact_lock_shared(literal_column(HELD))
_STATE: Final = case(
    (Simulation.state != RUNNING, Simulation.state), (_IS_LEFT, _INTERRUPTED), else_=RUNNING
).label("state")
_RESULT: Final = Simulation.__table__.c.result
_SUMMARY: Final = [
    _STATE if column.name == "state" else column
    for column in Simulation.__table__.c
    if column is not _RESULT
]


async def ask(desk: Desk[Officer], new: SimulationCreate) -> SimulationRead:
    """Put a simulation in the queue; it covers what the bureau may ask about.

    Raises:
        ParameterRefused: no parameter has that name, or the value is none that it can take.
    """
    changes = [each.model_dump(mode="json") for each in new.changes]
    for number, each in enumerate(new.changes):
        try:
            whatif.read(each.key, each.value, each.starts_on)
        except whatif.UnfitChange as unfit:
            raise ParameterRefused(number=number) from unfit
    asked = new_id()
    await desk.db.execute(
        insert(Simulation).values(
            id=asked,
            bureau_code=desk.actor.bureau,
            asked_by=desk.actor.account_id,
            asked_by_name=desk.actor.name,
            changes=changes,
            state=WAITING,
        )
    )
    of_bureau = acts.Case(None, None, desk.actor.bureau)
    await acts.record(desk, "ask", "simulations", asked, of_bureau, changes=changes)
    return await read(desk, asked)


async def read(desk: Desk[Officer], simulation_id: UUID) -> SimulationRead:
    """Return a simulation of the bureau as it stands.

    Raises:
        NotFound: there is none, or it is another's.
    """
    query = select(*_SUMMARY, _RESULT).where(Simulation.id == simulation_id)
    rows = await _rows(desk, query)
    if not rows:
        raise NotFound
    return SimulationRead.model_validate(_told(rows[0]))


async def listed(desk: Desk[Officer], place: pages.Place) -> Page[SimulationSummary]:
    """Return a page of the bureau's simulations, newest first."""
    query = select(*_SUMMARY)
    if place.before is not None:
        query = query.where(Simulation.id < place.before)
    rows = await _rows(desk, query.order_by(Simulation.id.desc()).limit(place.limit + 1))
    return pages.page([SimulationSummary.model_validate(_told(row)) for row in rows], place)


async def _rows(desk: Desk[Officer], query: Select[*tuple[Any, ...]]) -> list[Row[Any]]:
    """Return the rows; where one looks interrupted, look again: it may just have ended well."""
    rows = list(await desk.db.execute(query))
    if any(row.state == _INTERRUPTED for row in rows):
        rows = list(await desk.db.execute(query))
    return rows


def _told(row: Row[Any]) -> dict[str, Any]:
    told = dict(row._mapping)
    if row.state == _INTERRUPTED:
        told |= {"state": FAILED, "failure": _TOLD}
    return told
