"""What does each column say? Read column by column, so that a file of 100,000 rows stays quick."""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, TypeVar

from app.sheets.cells import is_blank, is_nothing
from app.sheets.grid import Grid, Row
from app.sheets.headers import WORDS
from app.sheets.report import Cell, Fault, Unreadable, fault, unreadable

T = TypeVar("T")
U = TypeVar("U")

_TOTALS: Final = tuple(WORDS["totals"])


class Table:
    """The rows of persons or sessions in a grid, and the faults found in them so far."""

    def __init__(self, grid: Grid) -> None:
        self._header = grid.header
        below = [self._is_total(row) for row in grid.rows]
        self.numbers = [number for number, no in zip(grid.numbers, below, strict=True) if not no]
        self._rows = [row for row, no in zip(grid.rows, below, strict=True) if not no]
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
        place = self._header.places.get(field, -1)
        row = self._rows[index]
        cell = row[place] if 0 <= place < len(row) else ""
        self._faults.append(fault(self.numbers[index], self.title(field), field, cell, why))

    def faulty_rows(self) -> frozenset[int]:
        """Return the numbers of the rows that have a fault."""
        return frozenset(one.row for one in self._faults)

    def readable(self, *columns: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
        """Yield the row number and the cells of *columns* for every row without a fault."""
        faulty = self.faulty_rows()
        for row in zip(self.numbers, *columns, strict=True):
            if row[0] not in faulty:
                yield row

    def _column(
        self, field: str, read_text: Callable[[str], T], read: Callable[[Cell], T]
    ) -> list[T | None]:
        # The same texts come again and again: one person's ID stands in every one of his sessions.
        known: dict[str, T] = {}
        found: list[T | None] = []
        for index, cell in enumerate(self._cells(field)):
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

    def _cells(self, field: str) -> list[Cell]:
        place = self._header.places[field]
        return [row[place] if place < len(row) else "" for row in self._rows]

    def _is_total(self, row: Row) -> bool:
        """Return whether the row is a total or a signature under the table: it names no ID."""
        place = self._header.places["resident_id"]
        if place < len(row) and not is_blank(row[place]):
            return False
        return any(isinstance(cell, str) and _is_below_the_table(cell) for cell in row)


def _is_below_the_table(cell: str) -> bool:
    words = "".join(unicodedata.normalize("NFKC", cell).split())
    before, colon, _ = words.partition(":")
    return words.startswith(_TOTALS) or bool(colon and before in WORDS["footers"])
