"""How does work run beside the requests, and end with them? In any case, and soon."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Final

import structlog

_AGAIN_SECONDS: Final = 1.0
_log = structlog.get_logger()


@asynccontextmanager
async def beside(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Have work done meanwhile, and cancel what is not done at the end.

    A cancellation can be lost in what a library awaits, so it is told until it is heard.
    """
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        while not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=_AGAIN_SECONDS)
        if not task.cancelled():
            task.result()


async def at_most(seconds: float, work: Coroutine[Any, Any, None], title: str) -> None:
    """Wait for work to be done, but no longer; what is not done is told, and left."""
    task = asyncio.create_task(work)
    done, _ = await asyncio.wait({task}, timeout=seconds)
    if not done:
        task.cancel()
        _log.warning("not done in time", what=title, seconds=seconds)
        return
    await task
