"""What does a sheet tell of single people: how they began or were taken on, what they reached?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.policy.kinds import Joined, PersonCategory
from app.sheets import cells, times
from app.sheets.grid import read_grid
from app.sheets.guard import Limits
from app.sheets.headers import VAGUE_TITLES, fields_of, plain_title
from app.sheets.report import Cell, Fault, unreadable
from app.sheets.table import Table

_NUMBER: Final = cells.paper_number(100)
_WORDING: Final = cells.wording(100)
_JOINED: Final = cells.one_of(
    {"newly_hired": Joined.NEWLY_HIRED, "resumed": Joined.RESUMED}, "start_unknown"
)
_CATEGORY: Final = cells.one_of({one.value: one for one in PersonCategory}, "category_unknown")
_PASSED: Final = cells.one_of(
    {"passed": True, "yes": True, "failed": False, "no": False}, "test_unknown"
)

_Readers = dict[str, Callable[[Cell], object]]
FILED: Final[dict[str, _Readers]] = {
    "start": {"start_kind": _JOINED, "start_on": times.day},
    "apprentice": {
        "apprentice_level": cells.level,
        "apprentice_agreement": _NUMBER,
        "apprentice_starts_on": times.day,
        "apprentice_ends_on": times.day,
    },
    "placement": {
        "placement_category": _CATEGORY,
        "placement_certificate": _NUMBER,
        "placement_issued_by": _WORDING,
        "placement_employed_from": times.day,
    },
}
"""What is told before training, group by group: a person has all of a group or nothing of it."""
REACHED: Final[dict[str, _Readers]] = {
    "test": {"test_passed": _PASSED},
    "certificate": {
        "certificate_level": cells.level,
        "certificate_number": _NUMBER,
        "certificate_issued_on": times.day,
    },
}
"""What is told after training."""
_NOTHING: Final = ""


@dataclass(frozen=True, slots=True)
class DetailsRow:
    """One person. ``told`` has the fields of every group that the sheet tells of.

    An empty cell is ``None``; a group without a column in the sheet is not there at all.
    """

    row: int
    name: str
    resident_id: str
    told: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class DetailsSheet:
    """The readable rows, the faults of the others, and the columns that nobody reads.

    ``titles`` are the columns' titles by field, as they stand in the sheet.
    """

    rows: tuple[DetailsRow, ...]
    faults: tuple[Fault, ...]
    ignored_columns: tuple[str, ...]
    titles: Mapping[str, str]


def read_details(content: bytes, filename: str, on: date, limits: Limits) -> DetailsSheet:
    """Return what is told of each person; *on* is the day on which the IDs must be valid.

    Raises:
        Refusal: the file as a whole cannot be taken, see `app.sheets.refusals`.
    """
    table = Table(read_grid(content, filename, limits, fields_of("details")))
    names = table.needed("name", cells.name)
    ids = table.needed("resident_id", cells.resident_id_on(on))
    groups = {name: group for name, group in (FILED | REACHED).items() if _tells(table, group)}
    columns = {
        field: table.given(field, read, _NOTHING)
        for group in groups.values()
        for field, read in group.items()
    }

    table.blame_repeated(ids)
    for group in groups.values():
        _blame_halves(table, {field: columns[field] for field in group})
    if "apprentice" in groups:
        _blame_order(table, columns["apprentice_starts_on"], columns["apprentice_ends_on"])
    rows = tuple(
        DetailsRow(row, name, number, dict(zip(columns, map(_or_none, told), strict=True)))
        for row, name, number, *told in table.readable(names, ids, *columns.values())
    )
    titles = {field: table.title(field) for field in ("name", "resident_id", *columns)}
    return DetailsSheet(rows, table.faults, _ignored(table, columns), titles)


def _tells(table: Table, group: _Readers) -> bool:
    titles = [plain_title(table.title(field)) for field in group if table.has(field)]
    return any(title not in VAGUE_TITLES for title in titles)


def _blame_halves(table: Table, group: Mapping[str, list[object]]) -> None:
    """A person has all of a group or nothing of it; what is missing of it is named."""
    for index in range(len(table.numbers)):
        told = [field for field, column in group.items() if column[index] != _NOTHING]
        for field, column in group.items():
            if told and column[index] == _NOTHING:
                why = unreadable("part_missing", told=table.title(told[0]))
                table.blame(index, field, why)


def _blame_order(table: Table, starts: list[object], ends: list[object]) -> None:
    for index, (start, end) in enumerate(zip(starts, ends, strict=True)):
        if isinstance(start, date) and isinstance(end, date) and end < start:
            table.blame(index, "apprentice_ends_on", unreadable("ends_before_start"))


def _or_none(cell: object) -> object:
    return None if cell == _NOTHING else cell


def _ignored(table: Table, read: Mapping[str, object]) -> tuple[str, ...]:
    vague = (field for group in (FILED | REACHED).values() for field in group)
    untold = tuple(table.title(field) for field in vague if table.has(field) and field not in read)
    return (*table.ignored_columns, *untold)
