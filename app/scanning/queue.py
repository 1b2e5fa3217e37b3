"""Which file is scanned next, and what was said of it? In the scanner's own role.

A file is taken by putting off when it may be taken again, for as long as somebody is at it: no
transaction is open while bytes flow, several processes share the work, and the file of a process
that died is taken again by itself.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import product
from typing import Any, Final, NamedTuple
from uuid import UUID

from app.policy.facts import Scan
from app.scanning.clamd import Verdict

LEASE_SECONDS: Final = 30
_FIRST_DELAY, _LONGEST_DELAY = 2, 900

_ROLE: Final = "SET LOCAL ROLE subsidy_scanner"
_TABLES: Final = {"evidence": "sealed", "objection_attachments": "false"}
"""Where files wait, and whether they lie sealed."""
_TAKE: Final = """
    UPDATE {table}
    SET scan_after = now() + make_interval(secs => $2), scan_attempts = scan_attempts + 1
    WHERE id = (
        SELECT id FROM {table} WHERE scan = $1 AND scan_after <= now()
        ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
    )
    RETURNING '{table}', id, sha256, size, {sealed},
        (SELECT k.key_sealed FROM file_keys AS k WHERE k.sha256 = {table}.sha256), scan_attempts
"""
_PUT_OFF: Final = "UPDATE {table} SET scan_after = now() + make_interval(secs => $2) WHERE id = $1"
_PUT_BACK: Final = """
    UPDATE {table} SET scan_after = now(), scan_attempts = scan_attempts - 1 WHERE id = $1
"""
# The same content is the same wherever it was uploaded; always in one order, so that two never wait
# for each other.
_SAY: Final = """
    UPDATE {table}
    SET scan = $2, scan_detail = $3, scanned_at = now(), scan_after = now(), scan_attempts = 0
    WHERE id IN (SELECT id FROM {table} WHERE sha256 = $1 ORDER BY id FOR UPDATE)
"""


class Taken(NamedTuple):
    """A file that nobody else scans for a while; ``attempts`` counts this one, too."""

    table: str
    id: UUID
    sha256: bytes
    size: int
    sealed: bool
    key_sealed: bytes | None
    attempts: int


async def take(connection: Any) -> Taken | None:  # noqa: ANN401  asyncpg is untyped
    """Return the next file: what came lately first, then what came before there was a scanner."""
    async with _scanning(connection):
        for scan, (table, sealed) in product((Scan.PENDING, Scan.NOT_SCANNED), _TABLES.items()):
            take_one = _TAKE.format(table=table, sealed=sealed)
            row = await connection.fetchrow(take_one, scan.value, LEASE_SECONDS)
            if row is not None:
                return Taken(*row)
    return None


async def hold(connection: Any, taken: Taken) -> None:  # noqa: ANN401  asyncpg is untyped
    """Keep a file for another while."""
    async with _scanning(connection):
        await connection.execute(_PUT_OFF.format(table=taken.table), taken.id, LEASE_SECONDS)


async def try_later(connection: Any, taken: Taken) -> None:  # noqa: ANN401  asyncpg is untyped
    """Leave a file whose scan broke, for longer each time."""
    delay = min(_FIRST_DELAY**taken.attempts, _LONGEST_DELAY)
    async with _scanning(connection):
        await connection.execute(_PUT_OFF.format(table=taken.table), taken.id, delay)


async def put_back(connection: Any, taken: Taken) -> None:  # noqa: ANN401  asyncpg is untyped
    """Give a file back as if it had not been taken."""
    async with _scanning(connection):
        await connection.execute(_PUT_BACK.format(table=taken.table), taken.id)


async def say(connection: Any, taken: Taken, verdict: Verdict) -> None:  # noqa: ANN401  as above
    """Write what the scanner said of a content, wherever it was uploaded."""
    async with _scanning(connection):
        for table in _TABLES:
            said = (taken.sha256, verdict.scan.value, verdict.detail)
            await connection.execute(_SAY.format(table=table), *said)


@asynccontextmanager
async def _scanning(connection: Any) -> AsyncIterator[None]:  # noqa: ANN401  asyncpg is untyped
    async with connection.transaction():
        await connection.execute(_ROLE)
        yield
