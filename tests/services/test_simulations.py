"""Does a simulation pay as the office would have, and does its process end with the service?"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

from fastapi import FastAPI

from app.settings import Settings
from tests.database.neighbours import Project, neighbour, reviewed, submitted, workers
from tests.databases import Connection
from tests.simulations import PATH, SECONDS, cap, simulated, until
from tests.world import World

_ROW = """
    INSERT INTO simulations (id, bureau_code, asked_by, asked_by_name, changes, state)
    SELECT $1, '210202', id, name, '[]', 'waiting' FROM accounts WHERE username = 'officer1'
"""
_HOLD = "SELECT pg_advisory_xact_lock(hashtextextended($1::uuid::text, 0))"
# A service that has asked its workshop, and hears nothing more.
_SERVICE = """
import sys
from app.settings import Settings
from app.simulating.workshop import Workshop
Workshop(Settings.model_validate_json(sys.stdin.readline())).wake()
sys.stdin.read()
"""


@asynccontextmanager
async def nobody_reads(owner: Connection) -> AsyncIterator[None]:
    """Keep a simulation from getting any further."""
    async with owner.transaction():
        await owner.execute("LOCK TABLE assessment_lines IN ACCESS EXCLUSIVE MODE")
        yield


def _told(settings: Settings) -> dict[str, str]:
    """The settings as an environment tells them."""
    keys = ("signing_key", "sealing_key", "digest_key", "audit_key")
    return {
        "DATABASE_URL": settings.database_url.get_secret_value(),
        "evidence_url": settings.evidence_url,
        **{name: getattr(settings, name).get_secret_value() for name in keys},
    }


async def test_persons_carry_what_they_would_have_received_from_claim_to_claim(
    world: World, app: FastAPI, owner: Connection
) -> None:
    """Both were filed before one was approved: no stored fact tells of the other 400 yuan."""
    people = workers(world, 3)
    both = [await neighbour(world, app, owner, number) for number in range(2)]
    projects = [Project(week, 40, people) for week in range(2)]
    for its, project in zip(both, projects, strict=True):
        await submitted(its, project)
    await world.day("2020-03-03")
    for its in both:
        its.plan = await its.post("officer1", f"/plans/{its.plan['id']}/approve", {})
    await world.day("2020-03-23")
    for its, project in zip(both, projects, strict=True):
        await reviewed(its, project)
    first, second = both
    for its in (second, first):
        await its.step("officer2", "approve")
    lowered = await simulated(world, "officer1", cap("500.00"))
    assert (lowered["before"], lowered["after"]) == ("2400.00", "1500.00")
    assert [(each["receipt"], each["after"]) for each in lowered["changed"]] == [
        (first.claim["receipt"], "300.00")
    ]
    assert (lowered["persons_losing"], lowered["shares"][0]["lines_losing"]) == (3, 3)
    unchanged = await simulated(world, "officer1", cap("1000.00"))
    assert (unchanged["after"], unchanged["changed"]) == ("2400.00", [])


async def test_who_holds_the_lock_is_at_work_and_without_him_it_was_interrupted(
    world: World, owner: Connection
) -> None:
    row = {"id": str(uuid4())}
    await owner.execute(_ROW, row["id"])
    assert (await world.get("officer1", f"{PATH}/{row['id']}"))["state"] == "waiting"
    await owner.execute("UPDATE simulations SET state = 'running'")
    async with owner.transaction():
        await owner.execute(_HOLD, row["id"])
        assert (await world.get("officer1", f"{PATH}/{row['id']}"))["state"] == "running"
    found = await world.get("officer1", f"{PATH}/{row['id']}")
    assert (found["state"], found["failure"][:4]) == ("failed", "核算中断")
    (listed,) = (await world.get("officer1", PATH))["items"]
    assert (listed["state"], listed["failure"]) == (found["state"], found["failure"])


async def test_the_process_ends_by_itself_when_nothing_waits(
    world: World, service_url: str, owner: Connection
) -> None:
    await world.filed()
    row = {"id": str(uuid4())}
    await owner.execute(_ROW, row["id"])
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "app.simulating", stdin=asyncio.subprocess.PIPE
    )
    assert process.stdin is not None
    order = {"url": service_url, "statement_cache": 0}
    process.stdin.write(f"{json.dumps(order)}\n".encode())
    assert await asyncio.wait_for(process.wait(), SECONDS) == 0
    assert (await world.get("officer1", f"{PATH}/{row['id']}"))["state"] == "done"


async def test_a_stopped_service_stops_its_simulation(
    world: World, app: FastAPI, owner: Connection
) -> None:
    await world.filed()
    async with nobody_reads(owner):
        asked = await world.post("officer1", PATH, cap("300.00"))
        await until(world, "officer1", asked, "running")
        await asyncio.to_thread(app.state.workshop.stop)
        await until(world, "officer1", asked, "failed")


async def test_a_killed_service_takes_its_simulation_with_it(
    world: World, settings: Settings, owner: Connection
) -> None:
    """Nobody could tell the process to end; it sees its pipe closed."""
    await world.filed()
    row = {"id": str(uuid4())}
    await owner.execute(_ROW, row["id"])
    async with nobody_reads(owner):
        service = await asyncio.create_subprocess_exec(
            sys.executable, "-c", _SERVICE, stdin=asyncio.subprocess.PIPE
        )
        assert service.stdin is not None
        service.stdin.write(f"{json.dumps(_told(settings))}\n".encode())
        await until(world, "officer1", row, "running")
        service.kill()
        await until(world, "officer1", row, "failed")
        await service.wait()


async def test_what_waited_when_the_service_stopped_is_computed_when_it_starts(
    world: World, app: FastAPI, owner: Connection
) -> None:
    await world.filed()
    row = {"id": str(uuid4())}
    await owner.execute(_ROW, row["id"])
    async with app.router.lifespan_context(app):
        found = await until(world, "officer1", row, "done")
    assert found["result"]["after"] == "8640.00"


async def test_a_simulation_that_cannot_be_computed_says_so_and_the_next_one_is(
    world: World,
) -> None:
    """A deadline of a million months lies beyond every calendar."""
    await world.filed()
    change = {"key": "claim_deadline_months", "value": 1_000_000, "starts_on": "2020-03-01"}
    asked = await world.post("officer1", PATH, {"changes": [change]})
    after = await simulated(world, "officer1", cap("300.00"))
    failed = await world.get("officer1", f"{PATH}/{asked['id']}")
    assert (failed["state"], failed["failure"][:4], failed["result"]) == (
        "failed",
        "核算出错",
        None,
    )
    assert after["after"] == "7200.00"
