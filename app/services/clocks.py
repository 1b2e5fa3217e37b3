"""When does a step of a case begin, and by which day is it to be done? Stored with the case."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncEngine

from app.actors import Member
from app.errors import NoPolicyInForce
from app.models import Claim, Plan
from app.office import Desk
from app.policy import awaiting
from app.policy.awaiting import Awaited, Clock
from app.policy.procedure import ClaimState, PlanState
from app.services import deadlines, law

_SPAN: Final = timedelta(days=60)
_RETURNED: Final = frozenset({PlanState.RETURNED, ClaimState.RETURNED})
_ABSENT: Final[Mapping[date, bool]] = {}

# The calendar of the weeks ahead, as each database told it on its last business day: a filing asks
# for it, and it changes once a year.
_KNOWN: Final[WeakKeyDictionary[AsyncEngine, tuple[date, Mapping[date, bool]]]] = (
    WeakKeyDictionary()
)


async def of_case(
    desk: Desk[Member], table: type[Plan] | type[Claim], row: Row[Any], target: str, begins: object
) -> dict[str, Any]:
    """Return the columns of the clock of a case that goes from where *row* stands to *target*.

    Returned to the enterprise it stands still, and goes on when the case is filed again.
    """
    name = table.__tablename__
    step = awaiting.awaited(name, target)
    if step is not None:
        used = row.step_days_used if row.state in _RETURNED else 0
        return await begun(desk, step, begins if isinstance(begins, date) else desk.today, used)
    if target not in _RETURNED:
        return _columns(awaiting.NO_CLOCK)
    was = Clock(row.step_began_on, row.due_on, row.step_days_used)
    first = min(was.began_on or desk.today, desk.today)
    days = _ABSENT if first == desk.today else await deadlines.known_days(desk, first, desk.today)
    return _columns(awaiting.stopped(was, desk.today, days))


async def of_filing(desk: Desk[Member]) -> dict[str, Any]:
    """Return the columns of the clock of a claim that is filed today."""
    step = awaiting.awaited("claims", ClaimState.FILED)
    return _columns(awaiting.NO_CLOCK) if step is None else await begun(desk, step, desk.today, 0)


async def begun(desk: Desk[Member], step: Awaited, begins_on: date, used: int) -> dict[str, Any]:
    """Return the columns of the clock of a step; without a calendar or a law it has no due day."""
    try:
        applied = law.of(desk.today)
    except NoPolicyInForce:
        return _columns(Clock(begins_on, None, used))
    days = await _ahead(desk)
    return _columns(awaiting.started(step, begins_on, used, applied, days))


def _columns(clock: Clock) -> dict[str, Any]:
    return {
        "step_began_on": clock.began_on,
        "due_on": clock.due_on,
        "step_days_used": clock.used,
    }


async def _ahead(desk: Desk[Member]) -> Mapping[date, bool]:
    known = _KNOWN.get(desk.office.engine)
    if known is None or known[0] != desk.today:
        known = (desk.today, await deadlines.known_days(desk, desk.today, desk.today + _SPAN))
        _KNOWN[desk.office.engine] = known
    return known[1]
