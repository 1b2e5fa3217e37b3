"""Who is on the roster? Its persons, and what is wrong with the rows that cannot be read."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from app.policy.facts import Employment
from app.sheets import cells, times
from app.sheets.grid import read_grid
from app.sheets.guard import Limits
from app.sheets.headers import fields_of
from app.sheets.report import Fault, unreadable
from app.sheets.table import Table

_POST: Final = cells.text(60)
_COMPANY: Final = cells.text(100)


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person. ``row`` is his row in the sheet; texts that are not given are empty."""

    row: int
    name: str
    resident_id: str
    post: str
    employment: Employment
    dispatch_company: str
    dispatch_uscc: str
    frontline: bool | None
    hired_on: date | None
    phone: str


@dataclass(frozen=True, slots=True)
class RosterSheet:
    """The readable rows, the faults of the others, and the columns that nobody reads."""

    rows: tuple[RosterRow, ...]
    faults: tuple[Fault, ...]
    ignored_columns: tuple[str, ...]


def read_roster(content: bytes, filename: str, on: date, limits: Limits) -> RosterSheet:
    """Return the persons of a roster; *on* is the day on which their IDs must be valid.

    Raises:
        Refusal: the file as a whole cannot be taken, see `app.sheets.refusals`.
    """
    table = Table(read_grid(content, filename, limits, fields_of("roster")))
    names = table.needed("name", cells.name)
    ids = table.needed("resident_id", cells.resident_id_on(on))
    posts = table.needed("post", _POST)
    employments = table.needed("employment", cells.employment)
    companies = table.given("dispatch_company", _COMPANY, "")
    codes = table.given("dispatch_uscc", cells.credit_code, "")
    frontline = table.given("frontline", cells.yes_or_no, None)
    hired = table.given("hired_on", times.day, None)
    phones = table.given("phone", cells.phone, "")

    table.blame_repeated(ids)
    _blame_dispatch(table, employments, companies, codes)
    columns = (names, ids, posts, employments, companies, codes, frontline, hired, phones)
    rows = tuple(RosterRow(*row) for row in table.readable(*columns))
    return RosterSheet(rows, table.faults, table.ignored_columns)


def _blame_dispatch(
    table: Table,
    employments: list[Employment | None],
    companies: list[str | None],
    codes: list[str | None],
) -> None:
    """A dispatched person names company and credit code, another names neither (DL-1-d)."""
    for index, employment in enumerate(employments):
        for field, said in (
            ("dispatch_company", companies[index]),
            ("dispatch_uscc", codes[index]),
        ):
            if employment is Employment.DISPATCHED and said == "":
                table.blame(index, field, unreadable("cell_missing"))
            elif employment is Employment.CONTRACT and said:
                table.blame(index, field, unreadable("dispatch_contradiction"))
