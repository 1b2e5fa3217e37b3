"""Which row names the columns, and which column is which field? Found by the usual titles."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from app.policy.writing import folded
from app.sheets.refusals import HeaderNotFound
from app.sheets.report import Cell, shown

_DATA: Final[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text("utf-8"),
)
WORDS: Final[Mapping[str, frozenset[str]]] = {
    name: frozenset(words) for name, words in (_DATA["words"] | _DATA["skipped"]).items()
}
VAGUE_TITLES: Final = frozenset(_DATA["vague"]["titles"])
"""Titles, as they are compared, that other columns of an enterprise bear, too."""

_FIRST_ROWS: Final = 20
_SEEN: Final = 60
# A duration in class hours is none: that title must not become 学习时长.
_BRACKETS: Final = re.compile(r"[(\[【〔<{](?!课时|学时).*?[)\]】〕>}]")
_LONGEST_TITLE: Final = 200
_MARKS: Final = re.compile(r"[\s*:：、。.\u200b-\u200f\ufeff]+")


@dataclass(frozen=True, slots=True)
class Field:
    """A field a sheet may carry: its usual title, and all titles as they are compared."""

    name: str
    required: bool
    usual: str
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Header:
    """Where each field stands.

    ``places`` are column indexes; ``titles`` are as written in the sheet, and the usual ones for
    fields that have no column; ``ignored`` are the titles of columns that nobody reads.
    """

    row: int
    places: Mapping[str, int]
    titles: Mapping[str, str]
    ignored: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NamedColumn:
    """Somebody's word that the column under *title* (as written) is a field.

    ``unit`` is that of a bare number: seconds, minutes or hours; empty where the title tells.
    """

    title: str
    field: str
    unit: str = ""


def fields_named(kind: str, named: Sequence[NamedColumn]) -> tuple[Field, ...]:
    """Return the fields of a *kind* of sheet under the titles that somebody gave them, too.

    A given title comes before the usual ones, and belongs to no other field; of two words on one
    title the earlier counts.
    """
    given: dict[str, str] = {}
    for each in named:
        given.setdefault(plain_title(each.title), each.field)
    return tuple(
        replace(
            field,
            titles=(
                *(title for title, name in given.items() if name == field.name),
                *(title for title in field.titles if title not in given),
            ),
        )
        for field in fields_of(kind)
    )


@cache
def fields_of(kind: str) -> tuple[Field, ...]:
    """Return the fields of a *kind* of sheet: ``roster``, ``learning`` or ``details``."""
    return tuple(
        Field(
            name,
            entry.get("required", False),
            entry["titles"][0],
            tuple(map(plain_title, entry["titles"])),
        )
        for name, entry in _DATA[kind].items()
    )


def plain_title(cell: Cell) -> str:
    """Return a title as it is compared: bare of width, blanks, brackets, marks and case."""
    # The beginning tells what it is, and a hundred thousand open brackets are no title.
    text = folded(str(cell)[:_LONGEST_TITLE])
    return _MARKS.sub("", _BRACKETS.sub("", text)).casefold()


def find_header(rows: Sequence[Sequence[Cell]], fields: Sequence[Field]) -> Header | None:
    """Return the first of the first rows that names every required field."""
    for number, row in enumerate(rows[:_FIRST_ROWS], 1):
        places = _places(row, fields)
        if not _missing(places, fields):
            titles = {field.name: field.usual for field in fields}
            titles |= {name: str(row[place]).strip() for name, place in places.items()}
            taken = set(places.values())
            rest = (str(cell).strip() for place, cell in enumerate(row) if place not in taken)
            return Header(number, places, titles, tuple(filter(None, rest)))
    return None


def header_not_found(
    rows: Sequence[Sequence[Cell]], fields: Sequence[Field], sheet: str
) -> HeaderNotFound:
    """Return the refusal, told from the row that comes nearest to a header."""
    candidates = [_places(row, fields) for row in rows[:_FIRST_ROWS]]
    best = max(candidates, key=len, default={})
    missing = [field.usual for field in _missing(best, fields)]
    found = [field.usual for field in fields if field.name in best]
    detail = f"前{_FIRST_ROWS}行中没有一行同时写有所需各列，缺少：{'、'.join(missing)}。"
    row = rows[candidates.index(best)] if best else max(rows[:_FIRST_ROWS], key=_words, default=())
    return HeaderNotFound(
        detail,
        found=found,
        missing=missing,
        sheet=sheet,
        titles=titles_in(row),
        fields=[{"field": field.name, "title": field.usual} for field in fields],
    )


def titles_in(row: Sequence[Cell]) -> list[str]:
    """Return the words of a row that may be its header, fit to be shown."""
    return [shown(cell) for cell in row if isinstance(cell, str) and cell.strip()][:_SEEN]


def _words(row: Sequence[Cell]) -> int:
    return len(titles_in(row))


def _places(row: Sequence[Cell], fields: Sequence[Field]) -> dict[str, int]:
    plain: dict[str, int] = {}
    for place, cell in enumerate(row):
        plain.setdefault(plain_title(cell), place)
    found = {
        field.name: next((plain[title] for title in field.titles if title in plain), None)
        for field in fields
    }
    return {name: place for name, place in found.items() if place is not None}


def _missing(places: Mapping[str, int], fields: Sequence[Field]) -> list[Field]:
    return [field for field in fields if field.required and field.name not in places]
