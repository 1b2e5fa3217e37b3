"""How is a csv written? So that no program takes a cell for a formula, or for a further line."""

import csv
import io
from collections.abc import Sequence
from typing import Final

_BEGINS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def table(rows: Sequence[Sequence[str]], encoding: str) -> bytes:
    """Return *rows* as a csv of which no cell begins a formula or goes over several lines.

    A bank's program may cut the file at every line's end, within quotation marks or not.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([[no_formula(" ".join(cell.splitlines())) for cell in row] for row in rows])
    return text.getvalue().encode(encoding)


def no_formula(cell: str) -> str:
    """Return *cell* so that no spreadsheet program takes it for a formula."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_BEGINS_A_FORMULA) else cell
