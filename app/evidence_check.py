"""Is every file still the one that was uploaded? What is stored is hashed again and compared.

The database is read some rows at a time, with no transaction open while bytes flow, and a bounded
number of files is read at once, a chunk of each: memory does not grow with the store. Nothing is
changed.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, NamedTuple

import asyncpg

from app import clock
from app.database import for_asyncpg
from app.errors import EvidenceLost
from app.storage import EvidenceStore

_ROWS_AT_ONCE: Final = 500
_YOUNG: Final = timedelta(hours=1)
"""An upload is stored before it is recorded: what is younger than this is no orphan yet."""

_ROLE: Final = "SET LOCAL ROLE subsidy_auditor"
_FILES: Final = """(
    SELECT sha256, size, sealed FROM evidence
    UNION ALL SELECT sha256, size, false FROM licences
    UNION ALL SELECT sha256, size, false FROM objection_attachments
    UNION ALL SELECT kept, NULL, true
    FROM payment_batches, unnest(ARRAY[xlsx_kept, csv_kept]) AS kept WHERE kept IS NOT NULL
) AS files"""
_TOTAL: Final = f"SELECT count(DISTINCT sha256) FROM {_FILES}"  # noqa: S608  our own words
# A sealed sheet's size is that of what was uploaded, not of what lies there; its hash is enough.
_CONTENTS: Final = f"""
    SELECT sha256, array_agg(DISTINCT size) FILTER (WHERE NOT sealed) AS sizes
    FROM {_FILES} WHERE sha256 > $1 GROUP BY sha256 ORDER BY sha256 LIMIT $2
"""  # noqa: S608  as above
_KNOWN: Final = f"SELECT sha256 FROM {_FILES} WHERE sha256 = ANY ($1::bytea[])"  # noqa: S608  as above
_RESTING: Final = """
    SELECT array_agg(DISTINCT v.id::text) AS evidence,
           array_agg(DISTINCT p.receipt) AS plans,
           array_agg(DISTINCT c.receipt) FILTER (WHERE c.receipt IS NOT NULL) AS claims
    FROM evidence AS v
    JOIN plans AS p ON p.id = v.plan_id
    LEFT JOIN claims AS c ON c.plan_id = v.plan_id
    WHERE v.sha256 = $1
"""


class What(StrEnum):
    """What is wrong with a content."""

    MISSING = "missing"
    ALTERED = "altered"
    WRONG_SIZE = "wrong size"
    ORPHAN = "orphan"


class Fault(NamedTuple):
    """One thing that is wrong: under which name in the store, and what rests on it.

    ``evidence`` are ids, ``plans`` and ``claims`` receipt numbers; an orphan supports none.
    """

    what: What
    name: str
    detail: str
    evidence: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()


@dataclass(slots=True)
class Report:
    """How much was read again, and every fault."""

    files: int = 0
    size: int = 0
    faults: list[Fault] = field(default_factory=list)


Progress = Callable[[int, int], None]


async def check(owner_url: str, store: EvidenceStore, at_once: int, progress: Progress) -> Report:
    """Read every recorded content again, then look for what nobody recorded.

    *at_once* files are read at the same time. *progress* is told the files done and all there are.
    """
    connection = await asyncpg.connect(for_asyncpg(owner_url))
    try:
        report = Report()
        (total,) = (await _ask(connection, _TOTAL))[0]
        async for rows in _recorded(connection):
            for fault in await _read_again(store, rows, at_once, report):
                report.faults.append(await _with_cases(connection, fault))
            progress(report.files, total)
        async for orphan in _orphans(connection, store, clock.now() - _YOUNG):
            report.faults.append(orphan)
    finally:
        await connection.close()
    return report


async def _recorded(connection: Any) -> AsyncIterator[list[Any]]:  # noqa: ANN401  asyncpg is untyped
    last = b""
    while rows := await _ask(connection, _CONTENTS, last, _ROWS_AT_ONCE):
        yield rows
        last = rows[-1]["sha256"]


async def _read_again(
    store: EvidenceStore, rows: list[Any], at_once: int, report: Report
) -> list[tuple[bytes, What, str]]:
    """Return the faults of these contents, in their order."""
    places = asyncio.Semaphore(at_once)

    async def one(row: Any) -> tuple[What, str] | None:  # noqa: ANN401  a record of asyncpg
        async with places:
            fault = await _compare(store, row["sha256"], row["sizes"] or [], report)
            report.files += 1
            return fault

    found = await asyncio.gather(*map(one, rows))
    return [(row["sha256"], *fault) for row, fault in zip(rows, found, strict=True) if fault]


async def _compare(
    store: EvidenceStore, sha256: bytes, sizes: list[int], report: Report
) -> tuple[What, str] | None:
    digest = hashlib.sha256()
    try:
        lying = await store.size(sha256)
        if any(size != lying for size in sizes):
            recorded = ", ".join(map(str, sizes))
            return What.WRONG_SIZE, f"{lying} bytes lie there, {recorded} were uploaded"
        async for chunk in store.part(sha256, 0, lying):
            await asyncio.to_thread(digest.update, chunk)
    except EvidenceLost:
        return What.MISSING, "nothing lies there"
    report.size += lying
    if digest.digest() != sha256:
        return What.ALTERED, f"what lies there has the SHA-256 {digest.hexdigest()}"
    return None


async def _with_cases(
    connection: Any,  # noqa: ANN401  asyncpg is untyped
    fault: tuple[bytes, What, str],
) -> Fault:
    sha256, what, detail = fault
    (row,) = await _ask(connection, _RESTING, sha256)
    resting = [tuple(row[name] or ()) for name in ("evidence", "plans", "claims")]
    return Fault(what, sha256.hex(), detail, *resting)


async def _orphans(
    connection: Any,  # noqa: ANN401  asyncpg is untyped
    store: EvidenceStore,
    before: datetime,
) -> AsyncIterator[Fault]:
    """Yield what lies in the store and is named by no row."""
    async for entries in store.listed():
        digests = [entry.sha256 for entry in entries if entry.sha256 is not None]
        known = {row["sha256"] for row in await _ask(connection, _KNOWN, digests)}
        for entry in entries:
            if entry.sha256 not in known and entry.modified < before:
                yield Fault(What.ORPHAN, entry.name, f"{entry.size} bytes that no row names")


async def _ask(connection: Any, query: str, *values: object) -> list[Any]:  # noqa: ANN401  as above
    """Return the rows of *query*, in a transaction as short as that."""
    async with connection.transaction(readonly=True):
        await connection.execute(_ROLE)
        rows: list[Any] = await connection.fetch(query, *values)
    return rows
