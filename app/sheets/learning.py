"""Who learned what, when and how long? The sessions of a platform's export."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple

from app.sheets import cells, times
from app.sheets.grid import read_grid
from app.sheets.guard import Limits
from app.sheets.headers import fields_of
from app.sheets.refusals import HeaderNotFound
from app.sheets.report import Fault, unreadable
from app.sheets.table import Table

_COURSE: Final = cells.text(200)
_DEVICE: Final = cells.text(200)
_ADDRESS: Final = cells.text(200)
_NONE: Final = timedelta()
_LONGEST: Final = timedelta(days=1)
_MIDNIGHT: Final = time()

# The unit of a bare number stands at the end of the column's title; without one it is minutes.
# A title such as (时:分:秒) tells a form, not a unit.
_UNIT: Final = re.compile(
    r"(?<![:时分])(?:(?P<s>秒数?|\(s(?:ec)?)|(?P<m>分钟?数?|\(min)|(?P<h>小时数?|\(h))[)】\]]?$",
)
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600}


class LearningRow(NamedTuple):
    """One session on the wall clock of Shanghai; ``stated_seconds`` is what the record claims."""

    row: int
    name: str
    resident_id: str
    course: str
    started_at: datetime
    ended_at: datetime
    stated_seconds: int
    device: str
    address: str


@dataclass(frozen=True, slots=True)
class LearningSheet:
    """The readable sessions, the faults of the others, and the columns that nobody reads."""

    rows: tuple[LearningRow, ...]
    faults: tuple[Fault, ...]
    ignored_columns: tuple[str, ...]


def read_learning(content: bytes, filename: str, on: date, limits: Limits) -> LearningSheet:
    """Return the sessions of an export; *on* is the day on which the IDs must be valid.

    Without a column of durations a session is as long as the clock says; without an end it ends
    after its duration. A row's times are compared once all its cells can be read.

    Raises:
        Refusal: the file as a whole cannot be taken, see `app.sheets.refusals`.
    """
    table = Table(read_grid(content, filename, limits, fields_of("learning")))
    _check_times_given(table, filename)
    names = table.needed("name", cells.name)
    ids = table.needed("resident_id", cells.resident_id_on(on))
    courses = table.needed("course", _COURSE)
    starts = table.needed("started_at", times.moment)
    ends = table.given("ended_at", times.moment, None)
    stated = _stated(table)
    devices = table.given("device", _DEVICE, "")
    addresses = table.given("address", _ADDRESS, "")

    _settle(table, starts, ends, stated)
    columns = (names, ids, courses, starts, ends, stated, devices, addresses)
    rows = tuple(map(LearningRow._make, table.readable(*columns)))
    return LearningSheet(rows, table.faults, table.ignored_columns)


def _check_times_given(table: Table, filename: str) -> None:
    if not table.has("ended_at") and not table.has("stated_seconds"):
        missing = [table.title("ended_at"), table.title("stated_seconds")]
        detail = f"{'和'.join(missing)}两列至少要有一列。"
        raise HeaderNotFound(detail, found=[], missing=missing, sheet=filename)


def _stated(table: Table) -> list[int | None]:
    if not table.has("stated_seconds"):
        return [None] * len(table.numbers)
    title = unicodedata.normalize("NFKC", table.title("stated_seconds")).strip().lower()
    unit = _UNIT.search(title)
    seconds = _SECONDS[unit.lastgroup or "m"] if unit else _SECONDS["m"]
    return table.needed("stated_seconds", times.duration(seconds))


def _settle(
    table: Table,
    starts: list[datetime | None],
    ends: list[datetime | None],
    stated: list[int | None],
) -> None:
    """Fill in what follows from the other times, in place, and blame what cannot be."""
    faulty = table.faulty_rows()
    for index, (start, end, seconds) in enumerate(zip(starts, ends, stated, strict=True)):
        if start is None or table.numbers[index] in faulty:
            continue
        if end is None and seconds is None:
            table.blame(index, "ended_at", unreadable("end_unknown"))
            continue
        span = timedelta(seconds=seconds or 0) if end is None else end - start
        if span < _NONE:
            table.blame(index, "ended_at", unreadable("end_before_start"))
        elif span > _LONGEST:
            table.blame(index, "ended_at", unreadable("duration_over_a_day"))
        elif not span and start.time() == _MIDNIGHT and seconds:
            table.blame(index, "started_at", unreadable("time_missing"))
        if end is None:
            ends[index] = start + span
        if seconds is None:
            stated[index] = int(span.total_seconds())
