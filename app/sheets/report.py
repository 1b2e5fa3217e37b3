"""What is wrong with which cell, and how is it mended? The answer row by row."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from app.policy.identifiers import InvalidIdentifier, explain, normalize
from app.policy.masking import mask_resident_id
from app.sheets.refusals import RowsUnreadable

Cell = int | float | str | bool | time | date | datetime | timedelta

_TEXTS: Final[dict[str, dict[str, str]]] = tomllib.loads(
    Path(__file__).with_name("faults.toml").read_text("utf-8"),
)
_RESIDENT_ID: Final = re.compile(r"\d{17}[\dXx]|\d{15,}")
_WHOLE_RESIDENT_ID: Final = re.compile(r"\d{15}|\d{17}[\dX]")
_SHOWN: Final = 40
_ROWS_IN_A_PROBLEM: Final = 500


class Unreadable(Exception):  # noqa: N818  a cell that cannot be read is data, not an error
    """A cell cannot be read: stable code, reason and remedy."""

    def __init__(self, code: str, reason: str, remedy: str) -> None:
        super().__init__(code)
        self.code = code
        self.reason = reason
        self.remedy = remedy


def unreadable(code: str, **data: int | str) -> Unreadable:
    """Return what is wrong under *code*; *data* fills its texts."""
    texts = _TEXTS[code]
    return Unreadable(code, texts["reason"].format(**data), texts["remedy"])


def unreadable_identifier(invalid: InvalidIdentifier) -> Unreadable:
    """Return what an invalid identifier means for its cell."""
    return Unreadable(f"identifier_{invalid.code}", *explain(invalid.code))


@dataclass(frozen=True, slots=True)
class Fault:
    """One cell that cannot be read.

    ``row`` is the row in the sheet as a spreadsheet program numbers it, ``column`` the title as it
    stands in the sheet, ``field`` the stable name of the field. ``value`` never shows a full
    resident ID, whichever column it stands in.
    """

    row: int
    column: str
    field: str
    value: str
    code: str
    reason: str
    remedy: str


def fault(row: int, column: str, field: str, cell: Cell, why: Unreadable) -> Fault:
    """Return the fault of *cell*, fit to be shown and stored."""
    value = shown(cell, is_id=field == "resident_id")
    return Fault(row, column, field, value, why.code, why.reason, why.remedy)


def refuse_faults(faults: Iterable[Fault]) -> None:
    """Refuse a sheet that has any faults; its problem lists the first ones and counts all.

    Raises:
        RowsUnreadable: there are faults.
    """
    rows = [asdict(one) for one in faults]
    if rows:
        detail = f"共有 {len(rows)} 处无法读取。"
        raise RowsUnreadable(detail, rows=rows[:_ROWS_IN_A_PROBLEM], total=len(rows))


def shown(cell: Cell, *, is_id: bool = False) -> str:
    """Return a cell, short and printable, with every resident ID in it masked."""
    if isinstance(cell, int | float):
        # As the spreadsheet program shows it: 2.10114E+17 tells what went wrong, and not who.
        return f"{cell:.6G}"
    text = "".join(
        mark if mark.isprintable() else "\N{REPLACEMENT CHARACTER}" for mark in str(cell)
    )
    if is_id or _WHOLE_RESIDENT_ID.fullmatch(normalize(text)):
        return mask_resident_id(text)[:_SHOWN]
    return _RESIDENT_ID.sub(lambda found: mask_resident_id(found[0]), text)[:_SHOWN]
