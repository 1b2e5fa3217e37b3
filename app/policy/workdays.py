"""When does a public notice close? At 24:00 of its last working day (DL-4.3-i, LN-1.3-b, A-20)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

_ONE_DAY: Final = timedelta(days=1)


class CalendarMissing(LookupError):  # noqa: N818  a refusal is the office's word; errors are bugs
    """The calendar does not say whether bureaus work on ``day``; nobody guesses."""

    def __init__(self, day: date) -> None:
        super().__init__(day)
        self.day = day

    def __str__(self) -> str:
        return (
            f"工作日历缺少{self.day.isoformat()}的数据，无法计算工作日。请按国务院办公厅关于"
            f"{self.day.year}年部分节假日安排的通知，在 app/reference/working_days.toml 中补充"
            f"{self.day.year}年后再办理。"
        )


def last_day(
    posted: date,
    working_days: int,
    counts_posting_day: bool,
    is_working_day: Mapping[date, bool],
) -> date:
    """Return the last of the *working_days* days on which a notice posted on *posted* is open.

    Raises:
        CalendarMissing: *is_working_day* lacks one of the days to be counted.
        ValueError: *working_days* is less than 1.
    """
    if working_days < 1:
        raise ValueError("a notice is open for at least one working day")
    day = posted if counts_posting_day else posted + _ONE_DAY
    remaining = working_days - _works(day, is_working_day)
    while remaining:
        day += _ONE_DAY
        remaining -= _works(day, is_working_day)
    return day


def is_closed(last_day: date, today: date) -> bool:
    """Return whether a notice is over: on its last day it is open, the day after it is closed."""
    return today > last_day


def _works(day: date, is_working_day: Mapping[date, bool]) -> bool:
    if day not in is_working_day:
        raise CalendarMissing(day)
    return is_working_day[day]
