"""How does a test ask for a simulation and wait until it is computed?"""

import asyncio
import time
from typing import Any

from tests.world import World

PATH = "/policy/simulations"
SECONDS = 60


def cap(yuan: str, starts_on: str = "2020-03-01") -> dict[str, Any]:
    """The body that asks what another yearly cap would have cost."""
    change = {"key": "cap_per_person_year", "value": yuan, "starts_on": starts_on}
    return {"changes": [change]}


async def until(world: World, who: str, asked: dict[str, Any], *states: str) -> dict[str, Any]:
    """Look until the simulation is in one of the states; another process brings it there."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        found: dict[str, Any] = await world.get(who, f"{PATH}/{asked['id']}")
        if found["state"] in states:
            return found
        await asyncio.sleep(0.02)
    raise AssertionError(found)


async def simulated(world: World, who: str, body: dict[str, Any]) -> dict[str, Any]:
    """Ask, wait to the end, and return the result."""
    asked = await world.post(who, PATH, body)
    found = await until(world, who, asked, "done", "failed")
    assert found["state"] == "done", found["failure"]
    result: dict[str, Any] = found["result"]
    return result
