"""Under which key is everything sealed? Puts it under the newest, online and in small steps.

Whatever is stopped in the middle is simply begun again: what is done already is passed over. Rows
are locked in the order of their keys, as everybody locks persons, and never many at once.
"""

from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import asyncpg
from cryptography.exceptions import InvalidTag

from app.database import for_asyncpg
from app.errors import EvidenceLost
from app.installation import DatabaseUnusable
from app.sealing import FILE_KEY, Sealer
from app.services import acts, enterprises, objections, own_account, rosters, second_factors
from app.storage import EvidenceStore

_ROLE: Final = "SET LOCAL ROLE subsidy_resealer"
_ROUNDS: Final = 5
"""Processes that still seal with an older key write meanwhile: so often it is looked again."""


class Column(NamedTuple):
    """A sealed column: of which table, found by which key, sealed for which purpose."""

    table: str
    key: str
    column: str
    purpose: str

    @property
    def name(self) -> str:
        """The column as it is told."""
        return f"{self.table}.{self.column}"


SEALED: Final = (
    Column("persons", "id", "id_sealed", rosters.ID),
    Column("enterprises", "id", "account_sealed", enterprises.SEAL),
    Column("payments", "id", "account_sealed", enterprises.SEAL),
    Column("objections", "id", "said_sealed", objections.SEAL),
    Column("accounts", "id", "email_sealed", own_account.EMAIL_SEAL),
    Column("second_factors", "account_id", "secret_sealed", second_factors.SEAL),
    Column("file_keys", "sha256", "key_sealed", FILE_KEY),
)
_KEYLESS: Final = """
    SELECT DISTINCT ON (f.sha256) f.sha256, f.enterprise_id, f.bureau_code
    FROM (SELECT sha256, enterprise_id, bureau_code FROM evidence WHERE sealed
          UNION ALL SELECT xlsx_kept, NULL, bureau_code FROM payment_batches
          UNION ALL SELECT csv_kept, NULL, bureau_code FROM payment_batches) AS f
    WHERE f.sha256 IS NOT NULL
      AND NOT EXISTS (SELECT FROM file_keys AS k WHERE k.sha256 = f.sha256)
    ORDER BY f.sha256 LIMIT $1 OFFSET $2
"""
_ENTER_KEY: Final = """
    INSERT INTO file_keys (sha256, enterprise_id, bureau_code, key_sealed)
    VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING
"""


@dataclass(slots=True)
class Report:
    """How much was put under the newest key, by column, and what could not be opened."""

    done: Counter[str] = field(default_factory=Counter)
    faults: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Resealer:
    """Puts everything under the sealer's first key, *at_once* rows in a transaction."""

    connection: Any  # asyncpg has no types
    sealer: Sealer
    store: EvidenceStore
    at_once: int
    progress: Callable[[str, int], None]

    async def run(self) -> Report:
        """Put everything under the newest key, whatever others write meanwhile."""
        report = Report()
        await self._refuse_another_digest_key()
        await self._give_keys(report)
        for _ in range(_ROUNDS):
            for column in SEALED:
                await self._reseal(column, report)
            if not await self._left():
                break
        async with _as_sealer(self.connection):
            await acts.record_command(
                self.connection, "sealer", "reseal", "keys", self.sealer.version,
                rows=dict(report.done), faults=len(report.faults),
            )  # fmt: skip
        return report

    async def versions(self) -> dict[str, dict[int, int]]:
        """Return of every sealed column how many rows bear which version."""
        found = {}
        async with _as_sealer(self.connection):
            for one in SEALED:
                rows = await self.connection.fetch(
                    f"SELECT get_byte({one.column}, 0), count(*) FROM {one.table}"  # noqa: S608  ours
                    f" WHERE {one.column} IS NOT NULL GROUP BY 1 ORDER BY 1"
                )
                found[one.name] = {row[0]: row[1] for row in rows}
            keyless = await self.connection.fetch(_KEYLESS, None, 0)
        return {**found, "files without a key of their own": {0: len(keyless)} if keyless else {}}

    async def _refuse_another_digest_key(self) -> None:
        """Compare with a person known by now: under another key everybody would be unknown."""
        known = "SELECT id_digest, id_sealed FROM persons WHERE get_byte(id_sealed, 0) = ANY ($1)"
        async with _as_sealer(self.connection):
            row = await self.connection.fetchrow(f"{known} LIMIT 1", self.sealer.versions)
        with suppress(InvalidTag):
            number = row and self.sealer.open(row["id_sealed"], rosters.ID)
            if row and self.sealer.digest(number, rosters.ID) != row["id_digest"]:
                message = "SUBSIDY_DIGEST_KEY is not the key that persons are known by"
                raise DatabaseUnusable(message)

    async def _left(self) -> int:
        versions = await self.versions()
        return sum(
            rows
            for name in (one.name for one in SEALED)
            for version, rows in versions[name].items()
            if version != self.sealer.version
        )

    async def _reseal(self, column: Column, report: Report) -> None:
        last = None
        while rows := await self._batch(column, last, report):
            last = rows[-1][column.key]
            self.progress(column.name, report.done[column.name])

    async def _batch(self, column: Column, last: object, report: Report) -> list[Any]:
        """Reseal the next rows in a transaction of their own, and return them."""
        kind = "bytea" if column.key == "sha256" else "uuid"
        table, key, sealed = column.table, column.key, column.column
        waiting = (
            f"SELECT {key}, {sealed} FROM {table} WHERE substr({sealed}, 1, 1) <> $1"  # noqa: S608  ours
            f" AND ($2::{kind} IS NULL OR {key} > $2) ORDER BY {key} LIMIT $3 FOR NO KEY UPDATE"
        )
        put = (
            f"UPDATE {table} SET {sealed} = u.sealed"  # noqa: S608  as above
            f" FROM unnest($1::{kind}[], $2::bytea[]) AS u (key, sealed) WHERE {key} = u.key"
        )
        version = bytes([self.sealer.version])
        async with _as_sealer(self.connection):
            rows: list[Any] = await self.connection.fetch(waiting, version, last, self.at_once)
            anew = {}
            for row in rows:
                try:
                    anew[row[key]] = self.sealer.reseal(row[sealed], column.purpose)
                except InvalidTag:
                    report.faults.add(f"{column.name} {_told(row[key])}")
            await self.connection.execute(put, list(anew), list(anew.values()))
        report.done[column.name] += len(anew)
        return rows

    async def _give_keys(self, report: Report) -> None:
        """Write down the keys of files from before they had their own: those of their versions."""
        passed = 0
        while True:
            async with _as_sealer(self.connection):
                rows = await self.connection.fetch(_KEYLESS, self.at_once, passed)
            if not rows:
                return
            for row in rows:
                key = await self._key_of(row["sha256"])
                if key is None:
                    report.faults.add(f"file {_told(row['sha256'])}")
                    passed += 1
                    continue
                async with _as_sealer(self.connection):
                    await self.connection.execute(_ENTER_KEY, *row, key)

    async def _key_of(self, sha256: bytes) -> bytes | None:
        try:
            (version,) = b"".join([bytes(part) async for part in self.store.part(sha256, 0, 1)])
            return self.sealer.key_of_file(version)
        except (EvidenceLost, KeyError):
            return None


@asynccontextmanager
async def resealer(
    owner_url: str,
    sealer: Sealer,
    store: EvidenceStore,
    at_once: int,
    progress: Callable[[str, int], None],
) -> AsyncIterator[Resealer]:
    """Open a connection of the administrator to reseal by."""
    connection = await asyncpg.connect(for_asyncpg(owner_url))
    try:
        yield Resealer(connection, sealer, store, at_once, progress)
    finally:
        await connection.close()


@asynccontextmanager
async def _as_sealer(connection: Any) -> AsyncIterator[None]:  # noqa: ANN401  as above
    async with connection.transaction():
        await connection.execute(_ROLE)
        yield


def _told(key: object) -> str:
    return key.hex() if isinstance(key, bytes) else str(key)
