"""Does the database answer? Asked past the pool, which may be taken by those who wait in it."""

import asyncio
import contextlib
from typing import Final

import asyncpg

from app.database import for_asyncpg

_SECONDS: Final = 3.0


class Pulse:
    """Asks on a connection of its own; all who want to know at once are told the one answer."""

    def __init__(self, url: str) -> None:
        self._url = for_asyncpg(url)
        self._asking: asyncio.Task[None] | None = None

    async def feel(self) -> None:
        """Return if the database answers.

        Raises:
            OSError, asyncpg.PostgresError: it does not.
        """
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())
            self._asking.add_done_callback(_seen)
        await asyncio.shield(self._asking)

    async def _ask(self) -> None:
        async with asyncio.timeout(_SECONDS):
            connection = await asyncpg.connect(self._url)
            try:
                await connection.fetchval("SELECT true")
                await connection.close()
            finally:
                connection.terminate()


def _seen(asked: "asyncio.Task[None]") -> None:
    """Take note of an error, since all who wanted to know may have left."""
    with contextlib.suppress(asyncio.CancelledError):
        asked.exception()
