"""Does what runs beside the requests end with them, whatever it makes of its cancellation?"""

import asyncio
from contextlib import suppress

import pytest
import structlog

from app import background
from app.background import at_most, beside

pytestmark = pytest.mark.timeout(30)


async def test_a_cancellation_that_is_lost_is_told_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "_AGAIN_SECONDS", 0.01)
    lost = 0

    async def deaf() -> None:
        nonlocal lost
        while lost < 2:
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(60)
            lost += 1
        await asyncio.sleep(60)

    async with beside(deaf()):
        await asyncio.sleep(0)
    assert lost == 2


async def test_what_failed_meanwhile_is_told_at_the_end() -> None:
    async def failing() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        async with beside(failing()):
            await asyncio.sleep(0)


async def test_what_never_ends_is_left_and_named() -> None:
    async def endless() -> None:
        await asyncio.Event().wait()

    with structlog.testing.capture_logs() as lines:
        await at_most(0.01, endless(), "closing connections")
    assert [line["what"] for line in lines] == ["closing connections"]


async def test_what_is_done_in_time_is_done_and_what_fails_fails() -> None:
    async def failing() -> None:
        raise LookupError

    await at_most(30, asyncio.sleep(0), "")
    with pytest.raises(LookupError):
        await at_most(30, failing(), "")
