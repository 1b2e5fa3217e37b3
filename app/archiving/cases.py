"""Which case is meant, and who took it out? Asked and recorded as the archivist."""

import json
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid4

import asyncpg

from app import clock
from app.database import for_asyncpg

ROLE: Final = "SET LOCAL ROLE subsidy_archivist; SET LOCAL TIME ZONE 'UTC'"
_FIND: Final = """
    SELECT p.id, p.enterprise_id, p.bureau_code, coalesce(p.receipt, p.id::text) AS name
    FROM plans AS p
    WHERE p.receipt = $1 OR p.id::text = lower($1)
       OR p.id IN (SELECT plan_id FROM claims WHERE receipt = $1 OR id::text = lower($1))
"""
# The enterprise does not see it: its papers may be looked into.
_RECORD: Final = """
    INSERT INTO audit_events (business_day, account_name, role, act, object_kind, object_id,
                              case_id, bureau_code, request_id, address, details)
    VALUES ($1, $2, 'archivist', 'export', 'archives', $3, $4, $5, $6, '', $7)
"""


class ArchiveRefused(RuntimeError):  # noqa: N818  an answer for the person at the terminal
    """The archive cannot be made; the text says why."""


class Case(NamedTuple):
    """A plan with its claims; ``name`` is its receipt, or its id while it has none."""

    id: UUID
    enterprise_id: UUID
    bureau_code: str
    name: str


async def found(connection: Any, asked: str) -> Case:  # noqa: ANN401  asyncpg is untyped
    """Return the case of a receipt number or id, of the plan or of one of its claims.

    Raises:
        ArchiveRefused: there is none.
    """
    row = await connection.fetchrow(_FIND, asked.strip())
    if row is None:
        raise ArchiveRefused(f"there is no plan or claim {asked!r}")
    return Case(*row.values())


async def record(owner_url: str, case: Case, by: str, details: dict[str, object]) -> None:
    """Write the audit event of an export, in a transaction of its own: the other only reads."""
    connection = await asyncpg.connect(for_asyncpg(owner_url))
    try:
        async with connection.transaction():
            await connection.execute(ROLE)
            await connection.execute(
                _RECORD, clock.calendar_day(), by, str(case.id), case.id, case.bureau_code,
                uuid4().hex, json.dumps(details, ensure_ascii=False),
            )  # fmt: skip
    finally:
        await connection.close()
