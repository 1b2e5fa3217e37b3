"""By when is something to be done? So many working days on, by the calendar of the bureaus."""

from datetime import date, timedelta
from typing import Final

from sqlalchemy import select

from app.actors import Actor
from app.errors import CalendarUnknown
from app.models import CalendarDay
from app.office import Desk
from app.policy import workdays

_SPAN_PER_DAY: Final = 3
_HOLIDAYS: Final = 30


async def last_day(desk: Desk[Actor], working_days: int) -> date:
    """Return the last of so many working days after today.

    Raises:
        CalendarUnknown: the working days of the period are not known.
    """
    until = desk.today + timedelta(days=_SPAN_PER_DAY * working_days + _HOLIDAYS)
    rows = await desk.db.execute(
        select(CalendarDay.day, CalendarDay.working).where(
            CalendarDay.day.between(desk.today, until)
        )
    )
    known = {row.day: row.working for row in rows}
    try:
        return workdays.last_day(desk.today, working_days, False, known)  # noqa: FBT003  not today
    except workdays.CalendarMissing as missing:
        raise CalendarUnknown(str(missing)) from missing
