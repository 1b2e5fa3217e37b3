"""What can a platform reach with SQL of its own? Its batches and keys, and nothing of a case."""

from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from app.actors import Actor, PlatformSystem
from app.policy.platforms import plain_name
from app.policy.procedure import CLOSED_CLAIMS, ClaimState
from tests.database.callers import REFUSED, seated
from tests.databases import Connection
from tests.pushes import approved, claimed, push, records
from tests.world import World

BATCH = """
    INSERT INTO learning_batches (id, plan_id, enterprise_id, bureau_code, filename, sha256, rows,
                                  rows_with_findings, imported_by, platform_id)
    VALUES ($1, $2, $3, $4, '', $5, 0, 0, $6, $7)
"""
RECORD = """
    INSERT INTO learning_records (batch_id, plan_id, enterprise_id, bureau_code, row, name,
        id_masked, course_number, course, started_at, ended_at, stated_seconds, device, address)
    SELECT $1, $2, $3, $4, 1, '', '', 1, '', now(), now(), 0, '', ''
"""
NAMES = (
    "中国职业培训在线", " 中国 职业培训在线 ", "（中国）职业·培训“在线”", "学习强国 · 技能频道",
    "ＡＢＣ　Online_平台-1", "A\u200bB\u2060C\ufeff", "———", "", "【某】平台。，(x)[y]",
    "\u1680a\u2028b\u0085c\x1fd\xa0e\u3000f\u202fg\u205fh",
)  # fmt: skip


def whose(world: World) -> list[Any]:
    plan = world.plan
    return [UUID(plan["id"]), UUID(plan["enterprise_id"]), plan["bureau_code"]]


@pytest.fixture
def who(callers: dict[str, Actor]) -> PlatformSystem:
    platform = callers["platform"]
    assert isinstance(platform, PlatformSystem)
    return platform


async def test_a_platform_sees_its_own_batches_and_keys_and_no_other_table(
    world: World, callers: dict[str, Actor], service_url: str, owner: Connection
) -> None:
    await approved(world)
    await push(world, records(world)[:3])
    tables = await owner.fetch(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    for account, own in {"platform": 1, "other_platform": 0}.items():
        seen = {}
        async with seated(service_url, callers[account]) as platform:
            for (table,) in tables:
                attempt = platform.transaction()
                await attempt.start()
                try:
                    seen[table] = len(await platform.fetch(f"SELECT FROM {table}"))
                except REFUSED:
                    continue
                finally:
                    await attempt.rollback()
        assert {table: rows for table, rows in seen.items() if rows} == {
            "business_clock": 1, "platforms": 1,
            **({"learning_batches": 1, "pushed_records": 3} if own else {}),
        }  # fmt: skip


async def test_the_functions_tell_a_platform_of_its_own_plans_only(
    world: World, callers: dict[str, Actor], service_url: str, owner: Connection
) -> None:
    await approved(world)
    plan = UUID(world.plan["id"])
    digests = [row[0] for row in await owner.fetch("SELECT id_digest FROM persons")]
    asked = [plan] * len(digests)
    for account, own in {"platform": True, "other_platform": False}.items():
        async with seated(service_url, callers[account]) as platform:
            plans = await platform.fetch("SELECT * FROM plans_for_push($1, $2)", [], [plan])
            people = await platform.fetch("SELECT * FROM trainees_for_push($1, $2)", asked, digests)
            receives = await platform.fetchval("SELECT receives_push($1)", plan)
        assert (len(plans), len(people), receives) == ((1, 24, True) if own else (0, 0, False))
    async with seated(service_url, callers["officer1"]) as officer:
        with pytest.raises(REFUSED):
            await officer.fetch("SELECT * FROM plans_for_push($1, $2)", [], [plan])


async def test_a_platform_pushes_under_its_own_name_only(
    world: World, callers: dict[str, Actor], who: PlatformSystem, service_url: str
) -> None:
    await approved(world)
    row, mine = whose(world), (who.account_id, who.platform_id)
    other = callers["other_platform"]
    assert isinstance(other, PlatformSystem)
    officer = callers["officer1"]
    theirs = (other.account_id, other.platform_id)
    wrong: list[tuple[Actor, tuple[Any, ...]]] = [
        (other, theirs),  # its plan it is not
        (who, (who.account_id, other.platform_id)),
        (who, (other.account_id, who.platform_id)),
        (who, (who.account_id, None)),
        (officer, (who.account_id, who.platform_id)),
        (callers["enterprise"], mine),
    ]
    for caller, said in wrong:
        with pytest.raises(REFUSED):
            async with seated(service_url, caller) as connection:
                await connection.execute(BATCH, uuid4(), *row, b"x", *said)
    async with seated(service_url, who) as connection:
        await connection.execute(BATCH, uuid4(), *row, b"x", *mine)


async def test_rows_come_in_with_their_batch_or_not_at_all(
    world: World, who: PlatformSystem, service_url: str
) -> None:
    """Else a platform could add to what it pushed when the claim is filed already."""
    await approved(world)
    row, mine, batch = whose(world), (who.account_id, who.platform_id), uuid4()
    async with seated(service_url, who) as connection:
        await connection.execute(BATCH, batch, *row, b"x", *mine)
        await connection.execute(RECORD, batch, *row)
    with pytest.raises(REFUSED):
        async with seated(service_url, who) as connection:
            await connection.execute(RECORD, batch, *row)


async def test_nothing_is_pushed_under_a_claim_whatever_is_asked(
    world: World, who: PlatformSystem, service_url: str, owner: Connection
) -> None:
    """The function names the states in which a claim leaves room; here are all that do."""
    await approved(world)
    first = (await push(world, records(world)))["batches"][0]["batch_id"]
    await claimed(world)
    row, mine = whose(world), (who.account_id, who.platform_id)
    replaced = "UPDATE learning_batches SET replaced_by = id WHERE id = $1"
    for statement, values in ((BATCH, (uuid4(), *row, b"x", *mine)), (replaced, (UUID(first),))):
        with pytest.raises(REFUSED):
            async with seated(service_url, who) as connection:
                await connection.execute(statement, *values)
    await owner.execute("SET session_replication_role = replica")
    for state in ClaimState:
        await owner.execute("UPDATE claims SET state = $1", state)
        async with seated(service_url, who) as connection:
            receives = await connection.fetchval("SELECT receives_push($1)", row[0])
        assert receives == (state in {*CLOSED_CLAIMS, ClaimState.RETURNED}), state


async def test_a_key_stands_until_its_batch_is_replaced(
    world: World, who: PlatformSystem, service_url: str
) -> None:
    await approved(world)
    await push(world, records(world)[:1])
    with pytest.raises(REFUSED):
        async with seated(service_url, who) as connection:
            await connection.execute("UPDATE pushed_records SET standing = false")
    with pytest.raises(REFUSED):
        async with seated(service_url, who) as connection:
            await connection.execute("DELETE FROM pushed_records")
    with pytest.raises(asyncpg.UniqueViolationError, match="uq_pushed_records_standing"):
        async with seated(service_url, who) as connection:
            await connection.execute(
                "INSERT INTO pushed_records (batch_id, row, platform_id, enterprise_id,"
                " bureau_code, key, digest) SELECT batch_id, 99, platform_id, enterprise_id,"
                " bureau_code, key, digest FROM pushed_records"
            )


async def test_a_member_puts_no_file_in_the_place_of_what_was_pushed(
    world: World, callers: dict[str, Actor], service_url: str
) -> None:
    await approved(world)
    await push(world, records(world)[:1])
    for caller in ("enterprise", "officer1"):
        async with seated(service_url, callers[caller]) as connection:
            done = await connection.execute("UPDATE learning_batches SET replaced_by = id")
        assert done == "UPDATE 0"


async def test_the_database_compares_names_as_the_catalogue_does(owner: Connection) -> None:
    query = "SELECT compared_name($1)"
    assert [await owner.fetchval(query, name) for name in NAMES] == [plain_name(n) for n in NAMES]


async def test_the_name_of_somebodys_own_site_is_no_strangers(
    world: World, owner: Connection
) -> None:
    await approved(world)
    await owner.execute(
        "UPDATE platforms SET kind = 'own', enterprise_id = (SELECT enterprise_id FROM plans)"
        " WHERE plain_name = '中国职业培训在线'"
    )
    assert (await push(world, records(world)[:1]))["stored"] == 1
    await owner.execute("SET session_replication_role = replica")
    await owner.execute("UPDATE platforms SET enterprise_id = $1 WHERE kind = 'own'", uuid4())
    assert (await push(world, records(world)[1:2]))["refused"] == 1
