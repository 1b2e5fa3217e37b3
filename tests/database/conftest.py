"""Who can sit down at the database, and which cases are there?"""

import pytest

from app.actors import Actor
from tests.database.callers import accounts
from tests.database.docket import Docket
from tests.databases import Connection
from tests.world import World


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
