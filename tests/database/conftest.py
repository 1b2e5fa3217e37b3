"""Who looks into the database beside the service, and who can sit down at it?"""

from collections.abc import AsyncIterator

import pytest

from app.actors import Actor
from tests.database.callers import Connection, accounts, connected
from tests.database.docket import Docket
from tests.world import World


@pytest.fixture
async def owner(owner_url: str) -> AsyncIterator[Connection]:
    """A connection of the administrator to this test's database."""
    async with connected(owner_url) as connection:
        yield connection


@pytest.fixture
async def callers(owner_url: str) -> dict[str, Actor]:
    """Everybody who has an account, by user name, and the desks without one."""
    return await accounts(owner_url)


@pytest.fixture
async def docket(world: World, owner: Connection, callers: dict[str, Actor]) -> Docket:
    """Cases beside the sample case, which is filed; nothing is booked yet."""
    await world.filed()
    # Of a claim of the docket no payment is made: test_payments.py tries what is paid in full.
    await owner.execute("ALTER TABLE claims DISABLE TRIGGER paid_in_full")
    return Docket(owner, (callers["officer1"], callers["officer2"]), callers["cashier"])
