"""Does every event get exactly one seal, however late its transaction ends, and by whomever?"""

import asyncio

import asyncpg
import pytest

from app.auditing import form, watch
from app.auditing.keys import AuditKey
from app.settings import Settings
from tests.auditing.conftest import Desk
from tests.database.callers import seated
from tests.databases import Connection, connected
from tests.world import World

WRITE = """
    INSERT INTO audit_events (business_day, account_name, role, act, object_kind, object_id,
                              request_id, address)
    VALUES ('2020-03-02', '', 'sign_in', $1, 'accounts', '', '', '')
"""


async def write(connection: Connection, act: str) -> None:
    await connection.execute("SET LOCAL ROLE subsidy_sign_in")
    await connection.execute(WRITE, act)


async def sealed_ids(owner: Connection) -> list[int]:
    rows = await owner.fetch("SELECT leaves FROM audit_seals ORDER BY number")
    return [leaf.id for (leaves,) in rows for leaf in form.unpack(leaves)]


async def until_sealed(owner: Connection) -> None:
    while not await sealed_ids(owner):  # noqa: ASYNC110  another process may be the one that seals
        await asyncio.sleep(0.01)


async def event_ids(owner: Connection) -> list[int]:
    return [row["id"] for row in await owner.fetch("SELECT id FROM audit_events ORDER BY id")]


async def test_every_event_of_the_sample_case_is_sealed_once_and_the_chain_holds(
    world: World, owner: Connection, desk: Desk
) -> None:
    await world.filed()
    assert await desk.seal() > 10
    assert await desk.seal() == 0, "what is sealed is not sealed again"
    await world.step("officer1", "return", {"reason": "材料不齐"})
    assert await desk.seal() == 1
    assert await sealed_ids(owner) == await event_ids(owner)
    first, second = await owner.fetch("SELECT * FROM audit_seals ORDER BY number")
    assert (first["previous"], second["previous"]) == (form.GENESIS, first["digest"])


async def test_an_event_that_commits_late_is_sealed_as_soon_as_it_is_seen_and_delays_nobody(
    owner: Connection, service_url: str, desk: Desk
) -> None:
    async with connected(service_url) as late, connected(service_url) as prompt:
        slow = late.transaction()
        await slow.start()
        await write(late, "late")
        async with prompt.transaction():
            await write(prompt, "prompt")
        assert await desk.seal() == 1, "an open transaction delays nobody"
        async with prompt.transaction():
            await write(prompt, "after")
        assert await desk.seal() == 1
        await slow.commit()
        assert await desk.seal() == 1, "what commits late is not skipped"
        assert await desk.seal() == 0
    acts = dict(await owner.fetch("SELECT id, act FROM audit_events"))
    assert [acts[each] for each in await sealed_ids(owner)] == ["prompt", "after", "late"]
    assert [acts[each] for each in sorted(acts)] == ["late", "prompt", "after"]


async def test_what_is_rolled_back_leaves_a_gap_in_the_ids_and_none_in_the_chain(
    owner: Connection, service_url: str, desk: Desk
) -> None:
    async with connected(service_url) as connection:
        async with connection.transaction():
            await write(connection, "first")
        undone = connection.transaction()
        await undone.start()
        await write(connection, "undone")
        await undone.rollback()
        async with connection.transaction():
            await write(connection, "second")
    assert await desk.seal() == 2
    low, high = await sealed_ids(owner)
    assert high == low + 2


async def test_many_writers_and_several_sealers_at_once_seal_each_event_once(
    owner: Connection, settings: Settings, service_url: str, key: AuditKey, desk: Desk
) -> None:
    writing = 6

    async def writes() -> None:
        async with connected(service_url) as connection:
            for number in range(40):
                async with connection.transaction():
                    await write(connection, str(number))
                    await connection.execute("SELECT pg_sleep(random() / 500)")

    async def seals(done: asyncio.Event) -> None:
        async with watch.connected(settings) as connection:
            while not done.is_set():
                await watch.seal(connection, key)
                await asyncio.sleep(0)

    done = asyncio.Event()
    sealers = [asyncio.create_task(seals(done)) for _ in range(3)]
    await asyncio.gather(*(writes() for _ in range(writing)))
    done.set()
    await asyncio.gather(*sealers)
    await desk.seal()
    assert sorted(await sealed_ids(owner)) == await event_ids(owner)
    assert len(await event_ids(owner)) == writing * 40
    numbers = await owner.fetchval("SELECT array_agg(number ORDER BY number) FROM audit_seals")
    assert numbers == list(range(1, len(numbers) + 1))


async def test_a_backlog_is_cut_into_seals_in_one_go(
    owner: Connection, service_url: str, desk: Desk
) -> None:
    async with connected(service_url) as connection, connection.transaction():
        await connection.execute("SET LOCAL ROLE subsidy_sign_in")
        await connection.executemany(WRITE, [(str(number),) for number in range(600)])
    assert await desk.seal() == 600
    sizes = await owner.fetch("SELECT events FROM audit_seals ORDER BY number")
    assert [row["events"] for row in sizes] == [250, 250, 100]
    assert await desk.seal() == 0


async def test_a_database_restored_from_a_dump_goes_on_being_sealed(
    owner: Connection, service_url: str, desk: Desk
) -> None:
    """Its server counts transactions anew: those of the dump seem to lie in the future."""
    async with connected(service_url) as connection:
        async with connection.transaction():
            await write(connection, "sealed before the dump")
        await desk.seal()
        async with connection.transaction():
            await write(connection, "dumped without a seal")
        now = await owner.fetchval("SELECT pg_current_xact_id()::text::bigint")
        await owner.execute(
            "ALTER TABLE audit_events DISABLE TRIGGER USER;"
            " ALTER TABLE audit_seals DISABLE TRIGGER USER;"
            " UPDATE audit_events SET written_in = written_in + 1000000;"
            f" UPDATE audit_seals SET snapshot = '{now + 999_998}:{now + 999_998}:';"
            " ALTER TABLE audit_seals ENABLE TRIGGER USER;"
            " ALTER TABLE audit_events ENABLE TRIGGER USER"
        )
        async with connection.transaction():
            await write(connection, "written after the restore")
        assert await desk.seal() == 2
        assert await desk.seal() == 0
        slow = connection.transaction()
        await slow.start()
        await write(connection, "late")
        async with connected(service_url) as other, other.transaction():
            await write(other, "prompt")
        assert await desk.seal() == 1
        await slow.commit()
        assert await desk.seal() == 1
    assert sorted(await sealed_ids(owner)) == await event_ids(owner)


async def test_the_sealer_reads_events_and_writes_seals_and_does_nothing_else(
    service_url: str, desk: Desk
) -> None:
    async with connected(service_url) as connection, connection.transaction():
        await write(connection, "act")
    await desk.seal()
    for statement in (
        "INSERT INTO audit_events DEFAULT VALUES",
        "UPDATE audit_events SET act = ''",
        "DELETE FROM audit_events",
        "UPDATE audit_seals SET number = 7",
        "DELETE FROM audit_seals",
        "SELECT FROM accounts",
        "SELECT FROM claims",
        "SELECT FROM persons",
    ):
        async with seated(service_url, None) as connection:
            await connection.execute("SET LOCAL ROLE subsidy_sealer")
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
            await connection.execute("ROLLBACK; BEGIN")


@pytest.mark.parametrize("table", ["audit_events", "audit_seals"])
@pytest.mark.parametrize("change", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.parametrize("how", ["administrator", "owner", "while replicating"])
async def test_nobody_changes_or_deletes_an_event_or_a_seal(
    owner: Connection, service_url: str, desk: Desk, table: str, change: str, how: str
) -> None:
    """Not the owner, and not the administrator himself, even where triggers are laid aside."""
    async with connected(service_url) as connection, connection.transaction():
        await write(connection, "act")
    await desk.seal()
    if how == "owner":
        await owner.execute("SET ROLE subsidy_owner")
    if how == "while replicating":
        await owner.execute("SET session_replication_role = replica")
    column = {"audit_events": "act", "audit_seals": "key"}[table]
    with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
        await owner.execute(change.format(table, column, column))


async def test_who_writes_an_event_does_not_say_when_nor_in_which_transaction(
    owner: Connection, service_url: str
) -> None:
    forged = WRITE.replace("address)", "address, at, written_in)")
    forged = forged.replace("'', '')", "'', '', $2, 1)")
    async with connected(service_url) as connection, connection.transaction():
        await connection.execute("SET LOCAL ROLE subsidy_sign_in")
        at = await connection.fetchval("SELECT now() - interval '1 year'")
        await connection.execute(forged, "forged", at)
        truth = await connection.fetchrow(
            "SELECT now() AS at, pg_current_xact_id()::text::bigint AS written_in"
        )
    assert await owner.fetchrow("SELECT at, written_in FROM audit_events") == truth


async def test_the_running_service_seals_by_itself_and_stops_at_once(
    settings: Settings, owner: Connection, service_url: str, key: AuditKey
) -> None:
    often = settings.model_copy(update={"audit_seal_seconds": 0.05})
    async with asyncio.timeout(20), watch.sealing(often, key), watch.sealing(often, key):
        async with connected(service_url) as connection, connection.transaction():
            await write(connection, "act")
        await until_sealed(owner)
    assert len(await sealed_ids(owner)) == 1


async def test_sealing_goes_on_after_the_database_was_away(
    settings: Settings, owner: Connection, service_url: str, key: AuditKey
) -> None:
    often = settings.model_copy(update={"audit_seal_seconds": 0.05})
    ended = (
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE usename = 'subsidy_service' AND datname = current_database()"
    )
    async with asyncio.timeout(20), watch.sealing(often, key):
        while not await owner.fetchval(ended):  # noqa: ASYNC110  nothing tells when it connects
            await asyncio.sleep(0.01)
        async with connected(service_url) as connection, connection.transaction():
            await write(connection, "act")
        await until_sealed(owner)


async def test_the_health_check_tells_how_long_events_wait_for_their_seal(
    world: World, owner: Connection, desk: Desk
) -> None:
    health = await world.get(None, "/health")
    assert health["audit_unsealed_seconds"] == 0
    await world.registered()
    assert (await world.get(None, "/health"))["audit_unsealed_seconds"] > 0
    await desk.seal()
    health = await world.get(None, "/health")
    assert (health["audit_unsealed_seconds"], health["audit_late"]) == (0, False)
    assert health["audit_sealed_at"]
    await world.day("2020-03-05")
    await owner.execute(
        "ALTER TABLE audit_events DISABLE TRIGGER USER;"
        " UPDATE audit_events SET at = at - interval '10 minutes'"
    )
    assert (await world.get(None, "/health"))["audit_late"] is True
