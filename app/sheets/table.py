"""What does each column say? Read column by column, so that a file of 100,000 rows stays quick."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from itertools import compress
from typing import Any, Final, TypeVar

from app.policy.writing import folded
from app.sheets.cells import is_blank, is_nothing
from app.sheets.grid import Grid, Row
from app.sheets.headers import WORDS
from app.sheets.report import Cell, Fault, Unreadable, fault, unreadable

T = TypeVar("T")
U = TypeVar("U")

_TOTALS: Final = tuple(WORDS["totals"])


class Table:
    """The rows of persons or sessions in a grid, and the faults found in them so far.

    A row without a *key* may be a total or a signature under the table.
    """

    def __init__(self, grid: Grid, key: str = "resident_id") -> None:
        self._header = grid.header
        place = grid.header.places[key]
        kept = [not is_blank(row[place]) or not _is_below_the_table(row) for row in grid.rows]
        self.numbers = list(compress(grid.numbers, kept))
        self._rows = list(compress(grid.rows, kept))
        self._faults: list[Fault] = []

    @property
    def ignored_columns(self) -> tuple[str, ...]:
        """The titles of columns that nobody reads."""
        return self._header.ignored

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The faults, by row and then by column."""
        places = self._header.places
        return tuple(sorted(self._faults, key=lambda one: (one.row, places.get(one.field, 0))))

    def has(self, field: str) -> bool:
        """Return whether the sheet has a column for *field*."""
        return field in self._header.places

    def title(self, field: str) -> str:
        """Return the column's title as it stands in the sheet; the usual one without a column."""
        return self._header.titles[field]

    def needed(self, field: str, read: Callable[[Cell], T]) -> list[T | None]:
        """Return the column of *field*; a blank cell is a fault. A faulty cell is ``None``."""

        def filled(text: str) -> T:
            if is_blank(text):
                raise unreadable("cell_missing")
            return read(text)

        return self._column(field, filled, read)

    def given(self, field: str, read: Callable[[Cell], T], absent: U) -> list[T | U | None]:
        """Return the column of *field*, *absent* where nothing is said. A faulty cell is None."""
        if not self.has(field):
            return [absent] * len(self._rows)
        return self._column(field, lambda text: absent if is_nothing(text) else read(text), read)

    def blame(self, index: int, field: str, why: Unreadable) -> None:
        """Record that the cell of *field* in the row at *index* is at fault."""
        cell = self._rows[index][self._header.places[field]] if self.has(field) else ""
        self._faults.append(fault(self.numbers[index], self.title(field), field, cell, why))

    def blame_repeated(
        self,
        ids: Sequence[Hashable],
        field: str = "resident_id",
        code: str = "same_person_twice",
    ) -> None:
        """Record that a person, or whatever *field* names, stands in a row above already."""
        first: dict[Hashable, int] = {}
        for index, number in enumerate(ids):
            if number is None:
                continue
            row = first.setdefault(number, self.numbers[index])
            if row != self.numbers[index]:
                self.blame(index, field, unreadable(code, row=row))

    def faulty_rows(self) -> frozenset[int]:
        """Return the numbers of the rows that have a fault."""
        return frozenset(one.row for one in self._faults)

    def readable(self, *columns: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
        """Return the row number and the cells of *columns* of every row without a fault."""
        faulty = self.faulty_rows()
        good = [number not in faulty for number in self.numbers]
        return compress(zip(self.numbers, *columns, strict=True), good)

    def _column(
        self, field: str, read_text: Callable[[str], T], read: Callable[[Cell], T]
    ) -> list[T | None]:
        # The same texts come again and again: one person's ID stands in every one of his sessions.
        known: dict[str, T] = {}
        found: list[T | None] = []
        place = self._header.places[field]
        for index, cell in enumerate([row[place] for row in self._rows]):
            try:
                if not isinstance(cell, str):
                    found.append(read(cell))
                    continue
                if cell not in known:
                    known[cell] = read_text(cell)
                found.append(known[cell])
            except Unreadable as why:
                found.append(None)
                self.blame(index, field, why)
        return found


def _is_below_the_table(row: Row) -> bool:
    """Return whether a row without an ID is a total, or a signature under the table."""
    for cell in row:
        words = "".join(folded(str(cell)).split())
        before, colon, _ = words.partition(":")
        if words.startswith(_TOTALS) or (colon and before in WORDS["footers"]):
            return True
    return False
