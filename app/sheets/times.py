"""Which day, which moment, how long? Dates, times and durations as sheets write them.

Moments are naive: the wall clock of Shanghai. Everything is rounded to the nearest whole second,
because a spreadsheet keeps 08:00 as 0.33333 of a day and a minute lost is a course not completed.

A duration of two parts ("01:30") is refused, never guessed: between hours and minutes, and minutes
and seconds, lies a factor of sixty in public money. A time *cell* is not ambiguous.
"""

import math
import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from typing import Final

from app.policy.writing import folded
from app.sheets.report import Cell, unreadable

_SERIAL_ZERO: Final = datetime(1899, 12, 30)  # noqa: DTZ001  day 0 of a spreadsheet's calendar
_FIRST_YEAR: Final = 1950
_LAST_YEAR: Final = 2099
_LAST_SERIAL: Final = 73_050
_DAY: Final = 86_400
_HALF_A_SECOND: Final = timedelta(microseconds=500_000)
_SHANGHAI: Final = timezone(timedelta(hours=8))

_DATE: Final = r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?"
_CLOCK: Final = r"(\d{1,2})[:时点](\d{1,2})分?(?::?(\d{1,2})(?:\.\d+)?秒?)?"
_WRITTEN_DAY: Final = re.compile(_DATE + r"(?:[ T]00?:00(?::00(?:\.0+)?)?)?")
_COMPACT_DAY: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_WRITTEN_MOMENT: Final = re.compile(
    _DATE
    + r"[ T,]*(上午|下午|凌晨|中午|晚上|am|pm)? ?"
    + _CLOCK
    + r" ?(am|pm)?(z|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
_COMPACT_MOMENT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})[ T]?(\d{2})(\d{2})(\d{2})")
_AFTER_NOON: Final = frozenset({"下午", "晚上", "中午", "pm"})
_BEFORE_NOON: Final = frozenset({"上午", "凌晨", "am"})

_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?")
_PARTS: Final = re.compile(r"(-?)(\d{1,3}):(\d{1,2}):(\d{1,2}(?:\.\d+)?)")
_TWO_PARTS: Final = re.compile(r"-?\d{1,4}:\d{1,2}")
_IN_WORDS: Final = re.compile(
    r"(?:(\d+(?:\.\d+)?)(?:小时|时|个小时|h|hours?))?"
    r"(?:(\d+(?:\.\d+)?)(?:分钟|分|min|mins|minutes?|m|'|′))?"
    r"(?:(\d+(?:\.\d+)?)(?:秒钟|秒|s|sec|seconds?|\"|″))?",
)


def day(cell: Cell) -> date:
    """Return the day of a date cell, a written date or a spreadsheet's serial number."""
    found = _day(cell)
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise unreadable("date_out_of_range")
    return found


def moment(cell: Cell) -> datetime:
    """Return the moment of a date cell or a written date and time.

    A cell with a date and no time is midnight: the parser gives 2020-03-09 00:00:00 as such.
    """
    found = cell if isinstance(cell, datetime) else _moment(cell)
    if found.microsecond:
        found = (found + _HALF_A_SECOND).replace(microsecond=0)
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise unreadable("date_out_of_range")
    return found


def duration(unit: int) -> Callable[[Cell], int]:
    """Return the reader of durations in whole seconds; a bare number counts *unit* seconds."""

    def read(cell: Cell) -> int:
        seconds = _seconds(cell, unit)
        if seconds < 0:
            raise unreadable("duration_negative")
        if seconds > _DAY:
            raise unreadable("duration_over_a_day")
        return seconds

    return read


def _day(cell: Cell) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, bool | time | timedelta):
        raise unreadable("date_unreadable")
    written = _plain(cell)
    if match := _WRITTEN_DAY.fullmatch(written) or _COMPACT_DAY.fullmatch(written):
        return _clocked(match.groups()[:3]).date()
    return _serial(written, "date_unreadable").date()


def _moment(cell: Cell) -> datetime:
    if isinstance(cell, date):
        return datetime.combine(cell, time())
    if isinstance(cell, bool | time | timedelta):
        raise unreadable("time_unreadable")
    written = _plain(cell)
    if match := _COMPACT_MOMENT.fullmatch(written):
        return _clocked(match.groups())
    if match := _WRITTEN_MOMENT.fullmatch(written):
        year, month, number, before, hour, minute, second, after, zone = match.groups()
        hour = _on_24_hours(int(hour), (before or after or "").lower())
        found = _clocked((year, month, number, hour, minute, second or "0"))
        return _in_shanghai(found, zone) if zone else found
    if _WRITTEN_DAY.fullmatch(written) or _COMPACT_DAY.fullmatch(written):
        raise unreadable("time_missing")
    return _serial(written, "time_unreadable")


def _plain(cell: str | float) -> str:
    if isinstance(cell, int | float):
        return f"{cell:.10f}".rstrip("0").rstrip(".") if math.isfinite(cell) else ""
    text = folded(cell).strip().lstrip("'")
    return re.sub(r"\s+", " ", text)


def _clocked(parts: tuple[str, ...]) -> datetime:
    year, month, number, *clock = map(int, parts)
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise unreadable("date_out_of_range")
    hour, minute, second = clock or (0, 0, 0)
    try:
        start = datetime(year, month, number)  # noqa: DTZ001  the wall clock of Shanghai
    except ValueError:
        raise unreadable("date_does_not_exist") from None
    midnight_after = (hour, minute, second) == (24, 0, 0)
    if not midnight_after and (hour > 23 or minute > 59 or second > 59):  # noqa: PLR2004  a clock
        raise unreadable("time_unreadable")
    return start + timedelta(hours=hour, minutes=minute, seconds=second)


def _on_24_hours(hour: int, half: str) -> str:
    if half in _AFTER_NOON and 1 <= hour < 12:  # noqa: PLR2004  a clock
        return str(hour + 12)
    return "0" if half in _BEFORE_NOON and hour == 12 else str(hour)  # noqa: PLR2004  a clock


def _in_shanghai(found: datetime, zone: str) -> datetime:
    offset = "+00:00" if zone.lower() == "z" else zone
    try:
        aware = datetime.fromisoformat(f"{found:%Y-%m-%dT%H:%M:%S}{offset}")
    except ValueError:
        raise unreadable("time_unreadable") from None
    return aware.astimezone(_SHANGHAI).replace(tzinfo=None)


def _serial(written: str, code: str) -> datetime:
    if not _NUMBER.fullmatch(written) or not 0 < float(written) <= _LAST_SERIAL:
        raise unreadable(code)
    return _SERIAL_ZERO + timedelta(days=float(written))


def _seconds(cell: Cell, unit: int) -> int:
    match cell:
        case bool():
            raise unreadable("duration_unreadable")
        case int() | float():
            return _rounded(cell * unit)
        case timedelta():
            return _rounded(cell.total_seconds())
        case time():
            whole = cell.hour * 3600 + cell.minute * 60 + cell.second
            return _rounded(whole + cell.microsecond / 1_000_000)
        case datetime() | date():
            # A time cell of more than a day arrives as a moment of January 1900.
            early = cell.year <= _SERIAL_ZERO.year + 1
            raise unreadable("duration_over_a_day" if early else "duration_unreadable")
    return _written_seconds(cell, unit)


def _written_seconds(cell: str, unit: int) -> int:
    written = folded(cell).replace(" ", "").strip().lstrip("'").lower()
    if _NUMBER.fullmatch(written):
        return _rounded(float(written) * unit)
    if match := _PARTS.fullmatch(written):
        hours, minutes, seconds = map(float, match.groups()[1:])
        if minutes >= 60 or seconds >= 60:  # noqa: PLR2004  a clock
            raise unreadable("duration_unreadable")
        total = _rounded(hours * 3600 + minutes * 60 + seconds)
        return -total if match[1] else total
    if _TWO_PARTS.fullmatch(written):
        raise unreadable("duration_ambiguous")
    match = _IN_WORDS.fullmatch(written)
    if not written or not match:
        raise unreadable("duration_unreadable")
    hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return _rounded(hours * 3600 + minutes * 60 + seconds)


def _rounded(seconds: float) -> int:
    if not math.isfinite(seconds):
        raise unreadable("duration_unreadable")
    return round(seconds)
