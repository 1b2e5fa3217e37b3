"""What is handed to somebody who trusts nobody here? Events, seals and a signed first line.

A file of lines. The first says which seals follow and how many events, and is signed, so that a
file cut short contradicts it. Then each seal stands before its events.
"""

from collections.abc import AsyncIterator
from datetime import date, datetime, time, timedelta
from typing import Any, Final, NamedTuple

from app import clock
from app.auditing import form
from app.auditing.form import Seal
from app.auditing.keys import AuditKey
from app.auditing.sealing import speaking_as_sealer

# An event is sealed after it was written; an hour allows for two machines' clocks.
_SPAN: Final = """
    SELECT coalesce((SELECT min(number) FROM audit_seals
                     WHERE sealed_at >= $1::timestamptz - interval '1 hour'),
                    (SELECT max(number) + 1 FROM audit_seals), 1) AS first,
           coalesce((SELECT max(number) FROM audit_seals WHERE first_id <= (
                        SELECT max(id) FROM audit_events WHERE at < $2)), 0) AS last
"""
_SEALS: Final = """
    SELECT number, leaves, previous, sealed_at, key, signature, digest, events
    FROM audit_seals WHERE number BETWEEN $1 AND $2 ORDER BY number
"""
_TOTAL: Final = """
    SELECT coalesce(sum(events), 0)::bigint AS events,
           (SELECT digest FROM audit_seals WHERE number = $1 - 1) AS before,
           (SELECT digest FROM audit_seals WHERE number = $2) AS digest
    FROM audit_seals WHERE number BETWEEN $1 AND $2
"""
_EVENT: Final = ", ".join((*form.EVENT_COLUMNS, "details::text AS details"))
_EVENTS: Final = f"SELECT {_EVENT} FROM audit_events WHERE id = ANY ($1) ORDER BY id"  # noqa: S608  the columns are ours


class Period(NamedTuple):
    """From the beginning of one day in Dalian to the end of another."""

    first: date
    last: date

    def moments(self) -> tuple[datetime, datetime]:
        """Return its first moment, and the first after it."""
        midnight = time(tzinfo=clock.SHANGHAI)
        after = self.last + timedelta(days=1)
        return datetime.combine(self.first, midnight), datetime.combine(after, midnight)


async def lines(connection: Any, key: AuditKey, period: Period) -> AsyncIterator[bytes]:  # noqa: ANN401  asyncpg is untyped
    """Yield the lines of an export: every seal that holds an event of the period, whole."""
    async with speaking_as_sealer(connection, isolation="repeatable_read", readonly=True):
        span = await connection.fetchrow(_SPAN, *period.moments())
        first, last = span["first"], max(span["last"], span["first"] - 1)
        yield await _first_line(connection, key, period, (first, last))
        async for row in connection.cursor(_SEALS, first, last, prefetch=10):
            yield Seal(
                row["number"], row["leaves"], row["previous"], row["sealed_at"], row["key"]
            ).line(row["signature"])
            ids = [leaf.id for leaf in form.unpack(row["leaves"])]
            for event in await connection.fetch(_EVENTS, ids):
                yield form.event_line(event)


async def _first_line(
    connection: Any,  # noqa: ANN401  as above
    key: AuditKey,
    period: Period,
    span: tuple[int, int],
) -> bytes:
    total = await connection.fetchrow(_TOTAL, *span)
    members = {
        "export": form.FORMAT,
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "first_seal": span[0],
        "last_seal": span[1],
        "events": total["events"],
        "before": (total["before"] or form.GENESIS).hex(),
        "digest": (total["digest"] or form.GENESIS).hex(),
        "exported_at": form.instant(clock.now()),
        "key": key.fingerprint,
    }
    signature = key.sign(form.canonical(members))
    return form.canonical({**members, "signature": signature.hex()})
