"""On which day do so many working days end? By the calendar of the state's working days."""

from datetime import date, timedelta
from typing import Final

from sqlalchemy import select

from app.actors import Actor
from app.errors import CalendarUnknown
from app.models import CalendarDay
from app.office import Desk
from app.policy import workdays

_CALENDAR_SPAN: Final = timedelta(days=60)


async def last_day(desk: Desk[Actor], working_days: int, *, counts_today: bool = False) -> date:
    """Return the last of the *working_days* days that begin today, or tomorrow.

    Raises:
        CalendarUnknown: the working days of the period are not known.
    """
    days = await desk.db.execute(
        select(CalendarDay.day, CalendarDay.working).where(
            CalendarDay.day.between(desk.today, desk.today + _CALENDAR_SPAN)
        )
    )
    known = {row.day: row.working for row in days}
    try:
        return workdays.last_day(desk.today, working_days, counts_today, known)
    except workdays.CalendarMissing as missing:
        raise CalendarUnknown(str(missing)) from missing
