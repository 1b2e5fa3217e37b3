"""Does the service answer, and its database? Asked past the pool, which may be taken by waiters."""

import asyncio
import contextlib
import math
from typing import Final

import asyncpg

from app import clock
from app.access import beginning
from app.actors import Visitor
from app.database import for_asyncpg
from app.schemas.law import Health
from app.settings import Settings

_SECONDS: Final = 3.0
_LAG: Final = "SELECT sealed_at, oldest FROM audit_lag()"
_LATE_ROUNDS: Final = 6
_LATE_SECONDS: Final = 60
"""An event that waits longer than so many rounds of sealing, and so long, is late."""


class Pulse:
    """Asks on a connection of its own; all who want to know at once are told the one answer."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._asking: asyncio.Task[Health] | None = None

    async def feel(self) -> Health:
        """Tell that the database answers, and how far the sealing of audit events is behind.

        Raises:
            OSError, asyncpg.PostgresError: it does not.
        """
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())
            self._asking.add_done_callback(_seen)
        return await asyncio.shield(self._asking)

    async def _ask(self) -> Health:
        url = for_asyncpg(self._settings.database_url.get_secret_value())
        async with asyncio.timeout(_SECONDS):
            connection = await asyncpg.connect(url)
            try:
                await connection.execute(beginning(Visitor()))
                lag = await connection.fetchrow(_LAG)
                await connection.close()
            finally:
                connection.terminate()
        return self._told(lag)

    def _told(self, lag: asyncpg.Record) -> Health:
        oldest, every = lag["oldest"], self._settings.audit_seal_seconds
        waiting = 0.0 if oldest is None else max((clock.now() - oldest).total_seconds(), 0.0)
        return Health(
            status="ok",
            sandbox=self._settings.sandbox,
            audit_sealed_at=lag["sealed_at"],
            audit_unsealed_seconds=math.ceil(waiting),
            audit_late=waiting > max(_LATE_ROUNDS * every, _LATE_SECONDS),
        )


def _seen(asked: "asyncio.Task[Health]") -> None:
    """Take note of an error, since all who wanted to know may have left."""
    with contextlib.suppress(asyncio.CancelledError):
        asked.exception()
