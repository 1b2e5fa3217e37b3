"""Which business day is it in Dalian? And what does the wall clock say?"""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

SHANGHAI: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China keeps one time without summer time since 1991: no time zone database is needed."""


def now() -> datetime:
    """Return wall time, aware: for tokens, audit and limits, never for the law."""
    return datetime.now(UTC)


def calendar_day() -> date:
    """Return the day in Dalian by the wall clock: the business day outside the sandbox."""
    return datetime.now(SHANGHAI).date()
