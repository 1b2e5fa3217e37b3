"""When are events sealed? Every few seconds, by whichever process is first.

Nothing is kept in memory: whatever happens to the task or to the service, the database knows what
has no seal. A failed round is tried again, and its age is told by the health check meanwhile.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

import asyncpg
import structlog

from app.auditing.keys import AuditKey
from app.auditing.sealing import Sealed, seal
from app.background import beside
from app.database import for_asyncpg
from app.settings import Settings

_CLOSE_SECONDS: Final = 2
_log = structlog.get_logger()


@asynccontextmanager
async def sealing(settings: Settings, key: AuditKey) -> AsyncIterator[None]:
    """Have events sealed meanwhile."""
    async with beside(run(settings, key)):
        yield


async def run(settings: Settings, key: AuditKey) -> None:
    """Seal until cancelled."""
    while True:
        try:
            async with connected(settings) as connection:
                while True:
                    done = await seal(connection, key)
                    if not settings.sandbox:
                        tell(done)
                    await asyncio.sleep(settings.audit_seal_seconds)
        except Exception as error:  # noqa: BLE001  whatever it is: the events wait, and so do we
            _log.exception("sealing was interrupted", exc_info=error)
        await asyncio.sleep(settings.audit_seal_seconds)


def tell(done: Sealed | None) -> None:
    """Log a new seal: the log lies elsewhere, so a chain that was cut off later contradicts it."""
    if done is not None and done.seals:
        _log.info("events sealed", events=done.events, seal=done.number, digest=done.digest.hex())


@asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[Any]:
    """Open a connection of one's own, beside the pool of the requests."""
    connection = await asyncpg.connect(
        for_asyncpg(settings.database_url.get_secret_value()),
        statement_cache_size=settings.database_statement_cache,
        server_settings={"timezone": "UTC"},
    )
    try:
        yield connection
    finally:
        with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
            await asyncio.shield(connection.close(timeout=_CLOSE_SECONDS))
