"""In which order is locked what one decides on together? In one that all deciders keep."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from sqlalchemy import text

from app.actors import Officer
from app.hot import Hot
from app.office import Desk

# Only those that wait for their approval: another's decision, whose place one of them takes, is
# locked after the persons.
_CLAIMS: Final = Hot(
    text(
        "SELECT id FROM claims WHERE id = ANY (:ids) AND state = 'reviewed' ORDER BY id FOR UPDATE"
    )
)
_PERSONS: Final = Hot(text("SELECT lock_persons_of(:ids)"))
_BUDGETS: Final = Hot(text("SELECT lock_budgets_of(:ids)"))


async def for_approval(desk: Desk[Officer], claim_ids: Iterable[UUID]) -> None:
    """Lock reviewed claims, then all their persons, then the limited budgets they take from.

    A single approval locks in this order, too; so who approves many never waits in a circle with
    anybody else (docs/decisions/0003).
    """
    ids = list(claim_ids)
    for statement in (_CLAIMS, _PERSONS, _BUDGETS):
        await statement.rows(desk.driver, ids=ids)
