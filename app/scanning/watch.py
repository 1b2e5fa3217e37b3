"""When is evidence scanned? As soon as it came, or the scanner is back, or the service is.

Nothing is kept in memory: whatever happens to the task, to the scanner or to the service, the
database knows which files wait.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

import asyncpg
import structlog

from app.background import beside
from app.database import for_asyncpg
from app.errors import EvidenceLost
from app.office import Office
from app.policy.facts import Scan
from app.scanning import clamd, queue
from app.scanning.clamd import ScanBroken, ScannerAway, Verdict
from app.services import contents

_SOONEST, _LATEST = 0.05, 2.0
"""Seconds until the next look when nothing waits: the longer nothing comes, the longer."""
_FIRST_RETRY, _LAST_RETRY = 0.5, 30.0
"""Seconds until the scanner is tried again that was away: the longer it is, the longer."""
_MOST_ATTEMPTS: Final = 12
_GIVEN_UP: Final = "检查程序多次中断"
_log = structlog.get_logger()


@asynccontextmanager
async def watching(office: Office) -> AsyncIterator[None]:
    """Have evidence scanned meanwhile, if there is a scanner."""
    url = office.settings.scanner_url
    if url is None:
        yield
        return
    async with beside(Watch(office, url).run()):
        yield


class Watch:
    """The task: scans one file after the other, and waits for the next."""

    def __init__(self, office: Office, url: str) -> None:
        self._office, self._url = office, url
        self._retry = _FIRST_RETRY

    async def run(self) -> None:
        """Scan until cancelled."""
        while True:
            try:
                await self._with_connection()
            except ScannerAway as away:
                _log.warning("no scanner answers", reason=str(away), again_in=self._retry)
            except Exception as error:  # noqa: BLE001  whatever it is: the files wait, and so do we
                _log.exception("scanning was interrupted", exc_info=error)
            await asyncio.sleep(self._retry)
            self._retry = min(self._retry * 2, _LAST_RETRY)

    async def _with_connection(self) -> None:
        settings = self._office.settings
        connection = await asyncpg.connect(
            for_asyncpg(settings.database_url.get_secret_value()),
            statement_cache_size=settings.database_statement_cache,
        )
        try:
            await self._scan_what_comes(connection)
        finally:
            await asyncio.shield(connection.close())

    async def _scan_what_comes(self, connection: Any) -> None:  # noqa: ANN401  asyncpg is untyped
        idle = _SOONEST
        while True:
            taken = await queue.take(connection)
            if taken is not None:
                await self._scan(connection, taken)
                continue
            came = self._office.evidence_came
            # Not wait_for: in Python 3.11 it loses a cancellation that comes with the event.
            with suppress(TimeoutError):
                async with asyncio.timeout(idle):
                    await came.wait()
            # It is told before its transaction ends: so we look again soon, and then again.
            idle = _SOONEST if came.is_set() else min(idle * 2, _LATEST)
            came.clear()

    async def _scan(self, connection: Any, taken: queue.Taken) -> None:  # noqa: ANN401  as above
        try:
            async with _held(connection, taken):
                verdict = await self._verdict(taken)
        except (ScanBroken, EvidenceLost) as broken:
            _log.warning("a scan broke", evidence=str(taken.id), reason=str(broken))
            if taken.attempts < _MOST_ATTEMPTS:
                await queue.try_later(connection, taken)
                return
            verdict = Verdict(Scan.UNSCANNABLE, _GIVEN_UP)
        except BaseException:
            await asyncio.shield(queue.put_back(connection, taken))
            raise
        await queue.say(connection, taken, verdict)
        self._retry = _FIRST_RETRY
        if verdict.scan is not Scan.CLEAN:
            _log.warning("evidence is not clean", evidence=str(taken.id), **verdict._asdict())

    async def _verdict(self, taken: queue.Taken) -> Verdict:
        stored = contents.Stored(taken.sha256, taken.size, taken.sealed, taken.key_sealed)
        return await clamd.verdict(self._url, contents.read(self._office, stored))


@asynccontextmanager
async def _held(connection: Any, taken: queue.Taken) -> AsyncIterator[None]:  # noqa: ANN401  as above
    """Keep the file from being taken by others, however long its scan takes."""

    async def keep() -> None:
        while True:
            await asyncio.sleep(queue.LEASE_SECONDS / 3)
            await queue.hold(connection, taken)

    async with beside(keep()):
        yield
