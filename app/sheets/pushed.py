"""Which session does a pushed record tell? Read as a row of a platform's export would be."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta, timezone
from typing import Any, Final

from app.policy.identifiers import normalize
from app.schemas.pushes import PushReason, RecordCreate
from app.sheets import cells
from app.sheets.learning import LearningRow
from app.sheets.report import Unreadable, unreadable

_SHANGHAI: Final = timezone(timedelta(hours=8))
_FIRST_YEAR: Final = 1950
_LAST_YEAR: Final = 2099
_HALF_A_SECOND: Final = timedelta(microseconds=500_000)
_NONE: Final = timedelta()
_LONGEST: Final = timedelta(days=1)
_MIDNIGHT: Final = time()
_DATE_ONLY: Final = len("2020-03-09")
_MINUTE: Final = 60
_MOST: Final = 12

Readers = Mapping[str, Callable[[str], Any]]
"""By field: how its text is read."""


def readers(on: date) -> Readers:
    """Return the readers of a call that came on the day *on*; what was read is remembered."""
    short = cells.text(200)
    return {
        "name": _once(cells.name),
        "resident_id": _once(cells.resident_id_on(on)),
        "course": _once(short),
        "device": _once(short),
        "address": _once(short),
        "started_at": _moment,
        "ended_at": _moment,
    }


def read_record(record: RecordCreate, row: int, by: Readers) -> LearningRow | PushReason:
    """Return the session of a record, or what is wrong with it."""
    told: dict[str, Any] = {}
    field = ""
    try:
        for field, read in by.items():
            told[field] = read(getattr(record, field))
        seconds = _seconds(record, told["started_at"], told["ended_at"])
    except Unreadable as why:
        return PushReason(code=why.code, field=field, reason=why.reason, remedy=why.remedy)
    return LearningRow(row=row, stated_seconds=seconds, **told)


def holds_identity(record: RecordCreate) -> bool:
    """Tell whether the key contains the resident ID of its record, or most of one mistyped."""
    number, key = normalize(record.resident_id), normalize(record.key)
    return any(number[at : at + _MOST] in key for at in range(len(number) - _MOST + 1))


def _seconds(record: RecordCreate, start: datetime, end: datetime) -> int:
    span = end - start
    stated = record.stated_seconds
    if record.stated_minutes is not None:
        stated = round(record.stated_minutes * _MINUTE)
    if span < _NONE:
        raise unreadable("end_before_start")
    if span > _LONGEST:
        raise unreadable("duration_over_a_day")
    if not span and start.time() == _MIDNIGHT and stated:
        raise unreadable("time_missing")
    return int(span.total_seconds()) if stated is None else stated


def _moment(text: str) -> datetime:
    """Return an ISO 8601 moment on the wall clock of Shanghai, to the nearest second."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise unreadable("time_unreadable") from None
    if len(text) <= _DATE_ONLY:
        raise unreadable("time_missing")
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise unreadable("date_out_of_range")
    if found.tzinfo is not None:
        found = found.astimezone(_SHANGHAI).replace(tzinfo=None)
    if found.microsecond:
        found = (found + _HALF_A_SECOND).replace(microsecond=0)
    return found


def _once(read: Callable[..., str]) -> Callable[[str], str]:
    known: dict[str, str] = {}

    def again(text: str) -> str:
        found = known.get(text)
        if found is None:
            found = known[text] = read(text)
        return found

    return again
