"""Which events have no seal yet, and how do they get one? In the sealer's role, past every request.

An event's id is drawn long before its transaction commits, so ids say nothing of what is complete.
Each seal therefore keeps the snapshot in which it looked: the next one takes exactly the events
whose transaction that snapshot did not see. Whatever commits late is taken as soon as it is seen,
and a transaction that takes long holds nobody up.

A database that was restored from a dump counts its transactions anew. What was sealed before is
then told by its ids: ``highest_id`` was the highest sealed, and up to ``floor_id`` stand events
whose transaction this server cannot have counted yet.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final, NamedTuple

from app import clock
from app.auditing import form
from app.auditing.form import Leaf, Seal
from app.auditing.keys import AuditKey

MOST_EVENTS: Final = 250
"""The most that one seal covers: so many are hashed before requests get their turn again."""
_LOCK: Final = "SELECT pg_try_advisory_xact_lock(hashtextextended('audit seals', 0))"
_WAIT: Final = "SELECT pg_advisory_xact_lock(hashtextextended('audit seals', 0))"
_LAST: Final = """
    SELECT number, digest, snapshot, floor_id, highest_id FROM audit_seals
    ORDER BY number DESC LIMIT 1
"""
_EVENT: Final = ", ".join((*form.EVENT_COLUMNS, "details::text AS details"))
# One statement, hence one snapshot for what it finds and what it says of itself. The two halves are
# apart because each has an index of its own; max(id + 0), because the plain maximum would be looked
# for along the ids, through the whole table.
_UNSEALED: Final = f"""
    SELECT *, pg_current_snapshot()::text AS snapshot,
           (SELECT max(id + 0) FROM audit_events
            WHERE written_in >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint) AS foreign_id
    FROM (
        SELECT {_EVENT} FROM audit_events
        WHERE written_in >= pg_snapshot_xmin($1::text::pg_snapshot)::text::bigint
          AND NOT pg_visible_in_snapshot(written_in::text::xid8, $1::text::pg_snapshot)
          AND id > $2
        UNION ALL
        SELECT {_EVENT} FROM audit_events
        WHERE id > $3 AND id > $2
          AND pg_visible_in_snapshot(written_in::text::xid8, $1::text::pg_snapshot)
    ) AS unsealed
    ORDER BY id
"""  # noqa: S608  the columns are ours
_WRITE: Final = """
    INSERT INTO audit_seals (number, first_id, last_id, events, leaves, previous, digest, key,
                             signature, sealed_at, snapshot, floor_id, highest_id)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
"""


class Last(NamedTuple):
    """The seal before, and how far it looked."""

    number: int
    digest: bytes
    snapshot: str
    floor_id: int
    highest_id: int


_NONE_YET: Final = Last(0, form.GENESIS, "1:1:", -1, -1)


class Sealed(NamedTuple):
    """How many events got how many seals, and the last seal that there is now."""

    events: int
    seals: int
    number: int
    digest: bytes


async def seal(connection: Any, key: AuditKey, *, wait: bool = False) -> Sealed | None:  # noqa: ANN401  asyncpg is untyped
    """Seal whatever has no seal; None if another process is at it, unless told to *wait*."""
    async with speaking_as_sealer(connection):
        if wait:
            await connection.execute(_WAIT)
        elif not await connection.fetchval(_LOCK):
            return None
        row = await connection.fetchrow(_LAST)
        first = last = _NONE_YET if row is None else Last(*row)
        events = 0
        async for batch in _batches(connection, last):
            last = await _write(connection, key, last, batch)
            events += len(batch)
    return Sealed(events, last.number - first.number, last.number, last.digest)


@asynccontextmanager
async def speaking_as_sealer(connection: Any, **how: Any) -> AsyncIterator[None]:  # noqa: ANN401  asyncpg is untyped
    """Open a transaction in the sealer's role."""
    async with connection.transaction(**how):
        await connection.execute("SET LOCAL ROLE subsidy_sealer")
        yield


async def _batches(connection: Any, last: Last) -> AsyncIterator[list[Any]]:  # noqa: ANN401  as above
    batch: list[Any] = []
    found = connection.cursor(
        _UNSEALED, last.snapshot, last.floor_id, last.highest_id, prefetch=MOST_EVENTS
    )
    async for row in found:
        batch.append(row)
        if len(batch) == MOST_EVENTS:
            yield batch
            batch = []
    if batch:
        yield batch


async def _write(connection: Any, key: AuditKey, last: Last, batch: list[Any]) -> Last:  # noqa: ANN401  as above
    leaves = [Leaf(row["id"], form.digest(form.event_line(row))) for row in batch]
    made = Seal(last.number + 1, form.pack(leaves), last.digest, clock.now(), key.fingerprint)
    signature = key.sign(made.statement())
    now = Last(
        made.number,
        form.digest(made.line(signature)),
        batch[0]["snapshot"],
        max(last.floor_id, batch[0]["foreign_id"] or -1),
        max(last.highest_id, leaves[-1].id),
    )
    await connection.execute(
        _WRITE, made.number, leaves[0].id, leaves[-1].id, len(leaves), made.leaves, made.previous,
        now.digest, made.key, signature, made.sealed_at, now.snapshot, now.floor_id, now.highest_id,
    )  # fmt: skip
    return now
