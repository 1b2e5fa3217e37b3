"""Until when does a test wait? Until the database says that something waits for a lock."""

import asyncio
from typing import Any

from tests.databases import Connection

_WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND usename = 'subsidy_service' AND wait_event_type = 'Lock'
"""
_SECONDS = 20


async def until_waiting(owner: Connection, *tasks: "asyncio.Task[Any]") -> None:
    """Wait until each of the tasks has a transaction of the service wait for somebody's lock."""
    async with asyncio.timeout(_SECONDS):
        while await owner.fetchval(_WAITING) < len(tasks):
            assert not any(task.done() for task in tasks), "it did not wait"
            await asyncio.sleep(0.01)
            # Within a transaction one would see the same picture again.
            await owner.execute("SELECT pg_stat_clear_snapshot()")
