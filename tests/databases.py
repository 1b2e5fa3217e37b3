"""How are databases made for tests, and taken away? By the server's administrator."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import asyncpg
from sqlalchemy.engine import make_url

from app.database import for_asyncpg

Connection = Any  # asyncpg has no types


def database(url: str, name: str) -> str:
    """Return the URL of another database on the same server."""
    return make_url(for_asyncpg(url)).set(database=name).render_as_string(hide_password=False)


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Connection]:
    """Provide a connection."""
    connection = await asyncpg.connect(for_asyncpg(url))
    try:
        yield connection
    finally:
        await connection.close()


async def execute(url: str, *statements: str) -> None:
    """Execute statements, each in a transaction of its own."""
    async with connected(url) as connection:
        for statement in statements:
            await connection.execute(statement)


class Follower:
    """The administrator's connection to a database, which may be made anew meanwhile."""

    def __init__(self, url: str) -> None:
        self._url = for_asyncpg(url)
        self._connection: Connection = None

    async def connect(self) -> None:
        """Connect, or connect again."""
        self._connection = await asyncpg.connect(self._url)

    async def close(self) -> None:
        """Leave the database."""
        await self._connection.close()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  whatever a connection has
        return getattr(self._connection, name)


@dataclass
class Made:
    """A database that was made: the first transaction that may write there, and who follows it."""

    name: str
    since: int
    followers: list[Follower] = field(default_factory=list)


async def make_copy(admin: Connection, template: str, name: str) -> Made:
    """Copy a database."""
    # By files: the pages of a hundred tables that hold next to nothing are no more than the files.
    await admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    return Made(name, await next_writer(admin))


async def next_writer(admin: Connection) -> int:
    """Return the number of the next transaction that writes anywhere on the server."""
    number: int = await admin.fetchval(
        "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
    )
    return number
