"""On which database is measured? A throw-away one that is as durable as a real one."""

import asyncio
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import asyncpg

from app import clock
from app.auditing.keys import new_audit_key
from app.database import SERVICE, prepare_roles
from app.embedded import running
from app.installation import load_reference, migrate
from app.sealing import new_key
from app.tokens import TokenDesk, new_signing_key

OFFICE: Final = "210202"
"""The bureau whose officer reads; it has a tenth of the claims."""
PERSONS: Final = 50
SESSIONS: Final = 27
CLAIMS: Final = 20_000
ISSUER: Final = "dalian-training-subsidy"
_COUNTED: Final = ("ACCOUNT", "ADDRESS", "SEARCH", "UPLOADS")
_FOLDER: Final = Path(__file__).parents[1] / ".data" / "benchmarks"


@dataclass(frozen=True, slots=True)
class Installation:
    """A furnished database, and the environment in which a server finds it."""

    admin_url: str
    sockets: str
    environment: dict[str, str]
    version: str

    def token(self, **claims: str) -> str:
        """Return a token that the service takes, valid for the whole run."""
        desk = TokenDesk(self.environment["SUBSIDY_SIGNING_KEY"], ISSUER, timedelta(hours=1))
        return desk.sign({"jti": "bench", "scope": "", **claims}, clock.now())

    def enterprise_token(self) -> str:
        """Return the token of the enterprise that files."""
        return self.token(
            sub=str(numbered(2, 1)),
            name="测速企业",
            role="enterprise",
            enterprise=str(numbered(1, 1)),
        )

    def officer_token(self) -> str:
        """Return the token of an officer at the bureau of the listed claims."""
        return self.token(sub=str(numbered(2, 2)), name="测速经办", role="district", bureau=OFFICE)

    def centre_token(self) -> str:
        """Return the token of an officer of the provincial centre."""
        who = str(numbered(2, 3))
        return self.token(sub=who, name="测速省中心", role="centre", bureau="LN-PROV")

    def rows(self, query: str, *arguments: object) -> list[Any]:
        """Ask the database as its administrator."""
        return asyncio.run(_fetch(self.admin_url, query, *arguments))


def numbered(kind: int, number: int) -> UUID:
    """Return the id that ``data.sql`` gives to a row."""
    return UUID(f"{kind:08}-0000-7000-8000-{number:012x}")


@contextmanager
def furnished(
    filings: int, *, claims: int = CLAIMS, persons: int = PERSONS
) -> Iterator[Installation]:
    """Provide a database with *claims* to read and *filings* plans to file claims for."""
    shutil.rmtree(_FOLDER, ignore_errors=True)
    try:
        with running(_FOLDER / "postgres") as server:
            admin_url = server.url("postgres")
            asyncio.run(prepare_roles(admin_url, None))
            migrate(admin_url)
            asyncio.run(load_reference(admin_url))
            sizes = {
                "claims": claims, "filings": filings, "persons": persons, "sessions": SESSIONS,
            }  # fmt: skip
            version = asyncio.run(_furnish(admin_url, sizes))
            environment = _environment(server.url("postgres", SERVICE))
            yield Installation(admin_url, str(server.socket_dir), environment, version)
    finally:
        shutil.rmtree(_FOLDER, ignore_errors=True)


def _environment(service_url: str) -> dict[str, str]:
    """Return the settings of a real installation: nothing of a sandbox, but no rates."""
    return {
        "DATABASE_URL": service_url,
        "SUBSIDY_EVIDENCE_URL": (_FOLDER / "evidence").as_uri(),
        "SUBSIDY_ISSUER": ISSUER,
        "SUBSIDY_SIGNING_KEY": new_signing_key(),
        "SUBSIDY_SEALING_KEY": new_key(),
        "SUBSIDY_DIGEST_KEY": new_key(),
        "SUBSIDY_AUDIT_KEY": new_audit_key(),
        # All requests come from one address: how often one may ask is not what is measured.
        **{f"SUBSIDY_RATE_PER_MINUTE_{whose}": "0" for whose in _COUNTED},
    }


async def _furnish(admin_url: str, sizes: dict[str, int]) -> str:
    script = Path(__file__).with_name("data.sql").read_text("utf-8")
    script = re.sub(r"(?<![:\w]):(\w+)", lambda named: str(sizes[named[1]]), script)
    connection = await asyncpg.connect(admin_url)
    try:
        async with connection.transaction():
            await connection.execute(script)
        await connection.execute("VACUUM ANALYZE")
        await connection.execute("CHECKPOINT")
        return str(await connection.fetchval("SHOW server_version"))
    finally:
        await connection.close()


async def _fetch(url: str, query: str, *arguments: object) -> list[Any]:
    connection = await asyncpg.connect(url)
    try:
        return list(await connection.fetch(query, *arguments))
    finally:
        await connection.close()
