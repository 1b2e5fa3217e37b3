"""On which day do so many working days end? By the calendar of the state's working days."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select

from app.actors import Actor
from app.errors import CalendarUnknown
from app.models import CalendarDay
from app.office import Desk
from app.policy import workdays

# A working week has five days of seven, and the longest holidays of a year fit in the rest.
_DAYS_PER_WORKING_DAY: Final = 3
_HOLIDAYS: Final = 30


async def known_days(desk: Desk[Actor], first: date, last: date) -> Mapping[date, bool]:
    """Return of each known day from *first* to *last* whether bureaus work on it."""
    found = await desk.db.execute(
        select(CalendarDay.day, CalendarDay.working).where(CalendarDay.day.between(first, last))
    )
    return {row.day: row.working for row in found}


async def last_day(desk: Desk[Actor], working_days: int, *, counts_today: bool = False) -> date:
    """Return the last of the *working_days* days that begin today, or tomorrow.

    Raises:
        CalendarUnknown: the working days of the period are not known.
    """
    span = timedelta(days=_DAYS_PER_WORKING_DAY * working_days + _HOLIDAYS)
    known = await known_days(desk, desk.today, desk.today + span)
    try:
        return workdays.last_day(desk.today, working_days, counts_today, known)
    except workdays.CalendarMissing as missing:
        raise CalendarUnknown(str(missing)) from missing
