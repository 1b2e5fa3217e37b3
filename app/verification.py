"""Do the books agree? Every balance is compared with its entries, by the database itself."""

from dataclasses import dataclass
from decimal import Decimal

import asyncpg

from app.database import for_asyncpg


@dataclass(frozen=True, slots=True)
class BookDifference:
    """One balance that is not the sum of its entries; ``what`` is the table it stands in."""

    what: str
    whose: str
    balance: Decimal | None
    entries: Decimal


@dataclass(frozen=True, slots=True)
class Verified:
    """How many persons and entries there are, and every difference."""

    persons: int
    entries: int
    differences: list[BookDifference]


async def verify(owner_url: str) -> Verified:
    """Compare all balances with their entries, in one snapshot, as the auditor; nothing changes."""
    connection = await asyncpg.connect(for_asyncpg(owner_url))
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            await connection.execute("SET LOCAL ROLE subsidy_auditor")
            size = await connection.fetchrow("SELECT * FROM ledger_size()")
            found = await connection.fetch("SELECT * FROM ledger_differences()")
    finally:
        await connection.close()
    differences = [BookDifference(*row.values()) for row in found]
    return Verified(size["persons"], size["entries"], differences)
