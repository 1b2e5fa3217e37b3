"""Killed with -9 between the act and its answer, the service still acts once and answers once."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest

from app.database import for_asyncpg
from app.settings import Settings
from tests.elsewhere import administer
from tests.embedded.programs import until
from tests.processes.programs import Program, Start
from tests.rows import scalar
from tests.world import World

KEY = {"Idempotency-Key": "3d3c3d9c-52f2-4b2f-9d52-2c5d9a3a7c11"}
_WAITS = """
CREATE FUNCTION wait_here() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(4711);
    RETURN NEW;
END
$$;
CREATE {kind} TRIGGER wait_here AFTER INSERT ON plans {when} FOR EACH ROW
    EXECUTE FUNCTION wait_here()
"""
IN_THE_ACT = _WAITS.format(kind="", when="")
IN_THE_COMMIT = _WAITS.format(kind="CONSTRAINT", when="DEFERRABLE INITIALLY DEFERRED")
WAITING = """
    SELECT EXISTS (SELECT FROM pg_locks AS l JOIN pg_database AS d ON d.oid = l.database
                   WHERE NOT l.granted AND l.locktype = 'advisory'
                     AND d.datname = current_database())
"""


@pytest.fixture
async def holder(owner_url: str) -> AsyncIterator[asyncpg.Connection]:
    """Who holds the lock for which the triggers wait."""
    connection = await asyncpg.connect(for_asyncpg(owner_url))
    await connection.execute("SELECT pg_advisory_lock(4711)")
    yield connection
    await connection.close()


def _serving(start: Start, settings: Settings) -> Program:
    signing, audit = (
        key.get_secret_value().strip().replace("\n", "\\n")
        for key in (settings.signing_key, settings.audit_key)
    )
    env = {
        "DATABASE_URL": settings.database_url.get_secret_value(),
        "SUBSIDY_SIGNING_KEY": signing,
        "SUBSIDY_SEALING_KEY": settings.sealing_key.get_secret_value(),
        "SUBSIDY_DIGEST_KEY": settings.digest_key.get_secret_value(),
        "SUBSIDY_AUDIT_KEY": audit,
        "SUBSIDY_EVIDENCE_URL": settings.evidence_url,
        "SUBSIDY_SANDBOX": "true",
    }
    program = start("serve", **env)

    def answers() -> bool:
        try:
            return httpx.get(f"{program.url}/api/v1/health").is_success
        except httpx.HTTPError:
            return program.process.poll() is not None

    assert until(answers, 90), program.text
    assert program.process.poll() is None, program.text
    return program


@pytest.mark.parametrize(
    ("trigger", "replayed"),
    [(IN_THE_ACT, None), (IN_THE_COMMIT, "true")],
    ids=["in the act", "in the commit"],
)
async def test_what_was_cut_by_a_kill_is_done_once_when_it_is_sent_again(
    world: World,
    settings: Settings,
    owner_url: str,
    holder: asyncpg.Connection,
    start: Start,
    trigger: str,
    replayed: str | None,
) -> None:
    await world.registered()
    await administer(owner_url, trigger)
    first = _serving(start, settings)
    second = _serving(start, settings)
    body = world.plan_body()

    async def sent(program: Program) -> httpx.Response:
        async with httpx.AsyncClient(base_url=program.url, timeout=60) as http:
            there = World(http, world.tokens, world.examples)
            return await there.call("enterprise", "POST", "/plans", json=body, headers=KEY)

    lost = asyncio.create_task(sent(first))
    while not await holder.fetchval(WAITING):
        assert not lost.done(), lost.result()
    first.killed()
    with contextlib.suppress(httpx.HTTPError):
        await lost
        pytest.fail("nobody was there to answer")
    await holder.execute("SELECT pg_advisory_unlock(4711)")
    again = await sent(second)
    assert (again.status_code, again.headers.get("idempotency-replayed")) == (201, replayed)
    once_more = await sent(second)
    assert (once_more.content, once_more.headers["idempotency-replayed"]) == (again.content, "true")
    assert await scalar(owner_url, "SELECT count(*) FROM plans") == 1
    drafted = "SELECT count(*) FROM audit_events WHERE act = 'draft'"
    assert await scalar(owner_url, drafted) <= 1
