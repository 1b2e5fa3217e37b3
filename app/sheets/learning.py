"""Who learned what, when and how long? The sessions of a platform's export."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple

from app.policy.writing import folded
from app.sheets import cells, times
from app.sheets.columns import choice
from app.sheets.grid import Grid, read_grid
from app.sheets.guard import Limits
from app.sheets.headers import Header, NamedColumn, fields_named, plain_title
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
_NAMED_UNITS: Final = {"seconds": 1, "minutes": 60, "hours": 3600}
_HOW: Final = "平台用了其他列名的，请用 columns 参数逐列指明，例如 columns=上课日期=started_at。"


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
    """The readable sessions, the faults of the others, and the columns that nobody reads.

    ``columns`` are the titles, as written, of the fields that have a column; ``named`` is what was
    said of them.
    """

    rows: tuple[LearningRow, ...]
    faults: tuple[Fault, ...]
    ignored_columns: tuple[str, ...]
    columns: Mapping[str, str]
    named: Sequence[NamedColumn]


def read_learning(
    content: bytes, filename: str, on: date, limits: Limits, named: Sequence[NamedColumn] = ()
) -> LearningSheet:
    """Return the sessions of an export; *on* is the day on which the IDs must be valid.

    Without a column of durations a session is as long as the clock says; without an end it ends
    after its duration. A row's times are compared once all its cells can be read. *named* tells
    columns that bear none of the usual titles.

    Raises:
        Refusal: the file as a whole cannot be taken, see `app.sheets.refusals`.
    """
    grid = learning_grid(content, filename, limits, named)
    table = Table(grid)
    _check_times_given(table, grid.header, filename)
    names = table.needed("name", cells.name)
    ids = table.needed("resident_id", cells.resident_id_on(on))
    courses = table.needed("course", _COURSE)
    starts = table.needed("started_at", times.moment)
    ends = table.given("ended_at", times.moment, None)
    stated = _stated(table, named)
    devices = table.given("device", _DEVICE, "")
    addresses = table.given("address", _ADDRESS, "")

    _settle(table, starts, ends, stated)
    columns = (names, ids, courses, starts, ends, stated, devices, addresses)
    rows = tuple(map(LearningRow._make, table.readable(*columns)))
    return LearningSheet(rows, table.faults, table.ignored_columns, columns_of(grid.header), named)


def learning_grid(
    content: bytes, filename: str, limits: Limits, named: Sequence[NamedColumn]
) -> Grid:
    """Return the sheet as it stands, with the columns that the usual titles and *named* tell.

    Raises:
        HeaderNotFound: no row names the columns; it says how to name them.
        Refusal: the file as a whole cannot be taken, see `app.sheets.refusals`.
    """
    try:
        return read_grid(content, filename, limits, fields_named("learning", named))
    except HeaderNotFound as unknown:
        raise HeaderNotFound(unknown.detail + _HOW, **unknown.members) from None


def columns_of(header: Header) -> dict[str, str]:
    """Return the titles, as written, of the fields that have a column."""
    return {field: header.titles[field] for field in header.places}


def _check_times_given(table: Table, header: Header, filename: str) -> None:
    if not table.has("ended_at") and not table.has("stated_seconds"):
        missing = [table.title("ended_at"), table.title("stated_seconds")]
        detail = f"{'和'.join(missing)}两列至少要有一列。{_HOW}"
        titles = [*columns_of(header).values(), *header.ignored]
        raise HeaderNotFound(
            detail, found=[], missing=missing, sheet=filename, titles=titles,
            fields=choice("learning"),
        )  # fmt: skip


def _stated(table: Table, named: Sequence[NamedColumn]) -> list[int | None]:
    if not table.has("stated_seconds"):
        return [None] * len(table.numbers)
    written = plain_title(table.title("stated_seconds"))
    for each in named:
        if each.unit and plain_title(each.title) == written:
            return table.needed("stated_seconds", times.duration(_NAMED_UNITS[each.unit]))
    title = folded(table.title("stated_seconds")).strip().lower()
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
