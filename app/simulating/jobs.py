"""Which simulation is next, and how far is it? Two connections: one reads, the other tells.

Whoever computes a simulation holds its advisory lock in the transaction in which he reads, so that
a simulation whose process is gone is known at once, and never waits for a clock.
"""

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

import asyncpg
import structlog

from app.database import for_asyncpg
from app.models.simulations import HELD
from app.policy import whatif
from app.policy.whatif import WhatIf
from app.simulating.computing import Progress, compute

_ROLE: Final = "SELECT set_config('role', 'subsidy_simulator', true)"
# Else a query under way would hold the lock of a process that is gone until it has its answer.
_NOTICE: Final = "SELECT set_config('client_connection_check_interval', '1s', true)"
_OF_BUREAU: Final = "SELECT set_config('app.bureau', $1, true)"
_ANY: Final = "SELECT EXISTS (SELECT FROM simulations WHERE state = 'waiting')"
_NEXT: Final = """
    SELECT id, bureau_code, changes::text AS changes FROM simulations
    WHERE state = 'waiting' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
"""
_HOLD: Final = "SELECT pg_advisory_xact_lock({}) FROM (VALUES ($1::uuid)) AS held (id)"
_BEGIN: Final = "UPDATE simulations SET state = 'running' WHERE id = $1"
_PROGRESS: Final = "UPDATE simulations SET lines_done = $2, lines_total = $3 WHERE id = $1"
_DONE: Final = """
    UPDATE simulations SET state = 'done', result = $2::jsonb, finished_at = now() WHERE id = $1
"""
_FAILED: Final = """
    UPDATE simulations SET state = 'failed', failure = $2, finished_at = now() WHERE id = $1
"""
_TELL_SECONDS: Final = 0.5
_TOLD: Final = "核算出错：假设的值可能不合适；原因已记入服务日志。"
_log = structlog.get_logger()


class Job(NamedTuple):
    """A simulation to compute."""

    id: UUID
    bureau: str
    changes: str

    def what_if(self) -> WhatIf:
        """Return its changes, to pay the claims under."""
        return WhatIf(
            whatif.read(each["key"], each["value"], date.fromisoformat(each["starts_on"]))
            for each in json.loads(self.changes)
        )


async def is_anything_waiting(connection: Any) -> bool:  # noqa: ANN401  asyncpg is untyped
    """Tell whether a simulation waits to be computed, as one does whose service was stopped."""
    async with _simulating(connection):
        return bool(await connection.fetchval(_ANY))


async def work_through(url: str, statement_cache: int) -> None:
    """Compute simulations until none waits; one that fails is told so, and the next is taken."""
    reading, telling = [
        await asyncpg.connect(for_asyncpg(url), statement_cache_size=statement_cache)
        for _ in range(2)
    ]
    try:
        while await _one(reading, telling):
            pass
    finally:
        await reading.close()
        await telling.close()


async def _one(reading: Any, telling: Any) -> bool:  # noqa: ANN401  asyncpg is untyped
    """Compute the next simulation; return whether there was one."""
    async with reading.transaction(isolation="repeatable_read", readonly=True):
        job = await _taken(reading, telling)
        if job is None:
            return False
        await reading.execute(f"{_ROLE}; {_NOTICE}")
        await reading.fetchval(_OF_BUREAU, job.bureau)
        try:
            result = await compute(reading, job.what_if(), _teller(telling, job))
        except Exception as error:  # noqa: BLE001  whatever it is: the asker is told of it
            _log.exception("simulation failed", simulation=str(job.id), exc_info=error)
            await _tell(telling, _FAILED, job.id, _TOLD)
        else:
            await _tell(telling, _DONE, job.id, result.model_dump_json())
    return True


async def _taken(reading: Any, telling: Any) -> Job | None:  # noqa: ANN401  asyncpg is untyped
    """Return the next simulation, from now on running: the lock is held before anybody is told."""
    async with _simulating(telling):
        row = await telling.fetchrow(_NEXT)
        if row is None:
            return None
        await reading.fetchval(_HOLD.format(HELD), row["id"])
        await telling.execute(_BEGIN, row["id"])
    return Job(*row)


def _teller(telling: Any, job: Job) -> Progress:  # noqa: ANN401  asyncpg is untyped
    """Return what tells the progress, but not more often than somebody would look."""
    told = 0.0

    async def tell(done: int, total: int) -> None:
        nonlocal told
        if done == total or time.monotonic() - told >= _TELL_SECONDS:
            told = time.monotonic()
            await _tell(telling, _PROGRESS, job.id, done, total)

    return tell


async def _tell(telling: Any, statement: str, *values: object) -> None:  # noqa: ANN401  as above
    async with _simulating(telling):
        await telling.execute(statement, *values)


@asynccontextmanager
async def _simulating(connection: Any) -> AsyncIterator[None]:  # noqa: ANN401  asyncpg is untyped
    """Open a transaction in the simulator's role."""
    async with connection.transaction():
        await connection.execute(_ROLE)
        yield
