"""What became of the payments of a batch? The bank's or finance side's sheet, row by row."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final
from uuid import UUID

from app.policy.money import yuan
from app.sheets import cells
from app.sheets.grid import read_grid
from app.sheets.guard import Limits
from app.sheets.headers import fields_of
from app.sheets.report import Cell, Fault, unreadable
from app.sheets.table import Table

_REASON: Final = cells.wording(1000)
_REFERENCE: Final = cells.paper_number(100)
_OUTCOME: Final = cells.one_of({"paid": "paid", "unpaid": "failed"}, "outcome_unknown")
_MARKS: Final = re.compile(r"[\s,，￥¥元]")


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One payment; ``amount`` is what the sheet says of it, if it does. Empty texts say nothing."""

    row: int
    payment_id: UUID
    outcome: str
    bank_reference: str
    reason: str
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class ResultsSheet:
    """The readable rows, the faults of the others, and the columns that nobody reads."""

    rows: tuple[ResultRow, ...]
    faults: tuple[Fault, ...]
    ignored_columns: tuple[str, ...]
    title: str


def read_results(content: bytes, filename: str, _on: date, limits: Limits) -> ResultsSheet:
    """Return the results of payments.

    Raises:
        Refusal: the file as a whole cannot be taken, see `app.sheets.refusals`.
    """
    grid = read_grid(content, filename, limits, fields_of("results"))
    table = Table(grid, key="payment_id")
    ids = table.needed("payment_id", _payment)
    outcomes = table.needed("outcome", _OUTCOME)
    references = table.given("bank_reference", _REFERENCE, "")
    reasons = table.given("reason", _REASON, "")
    amounts = table.given("amount", _amount, None)
    for index, (outcome, reason) in enumerate(zip(outcomes, reasons, strict=True)):
        if outcome == "failed" and reason == "":
            table.blame(index, "reason", unreadable("reason_missing"))
        elif outcome == "paid" and reason:
            table.blame(index, "reason", unreadable("reason_of_paid"))
    table.blame_repeated(ids, "payment_id", "payment_twice")
    rows = tuple(
        ResultRow(*row) for row in table.readable(ids, outcomes, references, reasons, amounts)
    )
    return ResultsSheet(rows, table.faults, table.ignored_columns, table.title("payment_id"))


def _payment(cell: Cell) -> UUID:
    try:
        return UUID(str(cell).strip().lstrip("'"))
    except ValueError:
        raise unreadable("payment_unknown") from None


def _amount(cell: Cell) -> Decimal:
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        raise unreadable("amount_unreadable")
    try:
        # A spreadsheet's number is binary: its shortest decimal is what the sheet shows.
        return yuan(_MARKS.sub("", str(cell)))
    except (InvalidOperation, ValueError):
        raise unreadable("amount_unreadable") from None
