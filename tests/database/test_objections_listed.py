"""Does the database itself keep objections in the work list, whatever the service's role says?"""

import asyncio
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from app.actors import Actor
from tests.api.test_notices import two_decided
from tests.api.test_objections import decide as decide_on
from tests.api.test_objections import object_to
from tests.database.callers import REFUSED, seated
from tests.database.test_objections import Callers, _until_waiting, decide, lodge
from tests.database.test_worklist import account
from tests.databases import Connection
from tests.refusals import constraint
from tests.world import World

_LISTED = "SELECT string_agg(step, ' ' ORDER BY step) FROM worklist WHERE kind = 'objection'"
_HOLD = """
    INSERT INTO assignments (id, objection_id, enterprise_id, bureau_code, step, act, to_id,
                             to_name, officer_id, officer_name, done_on)
    SELECT gen_random_uuid(), case_id, enterprise_id, bureau_code, step, $1, $2, 'x', $3, 'x',
           '2020-04-01'
    FROM worklist WHERE kind = 'objection'
"""
_ANEW = """
    INSERT INTO claims ({columns}) SELECT {columns} FROM (SELECT (jsonb_populate_record(
        NULL::claims, to_jsonb(c) || jsonb_build_object('id', $1::text, 'receipt', $1::text,
        'state', 'filed', 'round', 1, 'supersedes', c.id))).* FROM claims AS c WHERE c.id = $2)
        AS copy
"""


async def _made_anew(service: Connection, officer: Actor, columns: str, claim: str) -> UUID:
    """Make a published decision anew as the service does, but by plain SQL."""
    made = uuid4()
    await service.execute("SELECT FROM claims WHERE id = $1 FOR UPDATE", UUID(claim))
    await service.execute(_ANEW.format(columns=columns), str(made), UUID(claim))
    await service.execute(
        "INSERT INTO redeterminations (claim_id, enterprise_id, bureau_code, supersedes, objection,"
        " reason, officer_id, officer_name, decided_on) SELECT id, enterprise_id, bureau_code,"
        " supersedes, '异议', '理由', $2, '', '2020-04-01' FROM claims WHERE id = $1",
        made, account(officer),
    )  # fmt: skip
    return made


@pytest.fixture
async def columns(owner: Connection) -> str:
    """The columns of a claim that can be copied."""
    names: str = await owner.fetchval(
        "SELECT string_agg(attname, ', ') FROM pg_attribute WHERE attrelid = 'claims'::regclass"
        " AND attnum > 0 AND NOT attisdropped AND attgenerated = ''"
    )
    return names


async def test_whatever_moves_an_objection_moves_its_row(
    world: World, owner: Connection, service_url: str, callers: Callers, columns: str
) -> None:
    """By plain SQL, past the service: lodged, decided, made anew, refused, and made anew again."""
    await world.published()
    seen = []
    for channel, lines in (("public", [3]), ("officer3", None)):
        await lodge(service_url, callers[channel], lines)
        seen.append(await owner.fetchval(_LISTED))
    await owner.execute("DELETE FROM worklist WHERE case_id <> ALL (SELECT id FROM objections)")
    one = await owner.fetchval("SELECT id FROM objections WHERE keyed_by IS NULL")
    async with seated(service_url, callers["officer3"]) as desk:
        await desk.execute(
            "UPDATE objections SET state = 'upheld', reason = '属实', decided_on = '2020-04-08',"
            " decided_by = current_setting('app.account')::uuid, decided_by_name = ''"
            " WHERE id = $1",
            one,
        )
    seen.append(await owner.fetchval(_LISTED))
    async with seated(service_url, callers["officer1"]) as desk:
        made = await _made_anew(desk, callers["officer1"], columns, world.claim["id"])
    seen.append(await owner.fetchval(_LISTED))
    async with seated(service_url, callers["officer2"]) as desk:
        await desk.execute("UPDATE claims SET state = 'rejected' WHERE id = $1", made)
    seen.append(await owner.fetchval(_LISTED))
    async with seated(service_url, callers["officer1"]) as desk:
        await desk.execute("UPDATE claims SET state = 'withdrawn' WHERE supersedes IS NULL")
    seen.append(await owner.fetchval(_LISTED))
    both = "decide_objection redetermine"
    waiting = "decide_objection"
    assert seen == [waiting, f"{waiting} {waiting}", both, waiting, both, waiting]


@pytest.mark.parametrize("first", ["decision", "redetermination"])
async def test_who_decides_and_who_makes_anew_wait_for_each_other(
    world: World, owner: Connection, service_url: str, callers: Callers, columns: str, first: str
) -> None:
    """Whoever comes second sees what the first did: nothing is left in the list that is done."""
    await world.published()
    await lodge(service_url, callers["public"], [3])
    one, three = callers["officer1"], callers["officer3"]

    async def anew() -> None:
        async with seated(service_url, one) as desk:
            await _made_anew(desk, one, columns, world.claim["id"])

    if first == "decision":
        async with seated(service_url, three) as desk:
            await desk.execute(
                "UPDATE objections SET state = 'upheld', reason = '属实', decided_by_name = '',"
                " decided_on = '2020-04-08', decided_by = current_setting('app.account')::uuid"
            )
            second = asyncio.create_task(anew())
            await _until_waiting(service_url, second)
        await second
    else:
        async with seated(service_url, one) as desk:
            await _made_anew(desk, one, columns, world.claim["id"])
            deciding = asyncio.create_task(decide(service_url, three, "upheld"))
            await _until_waiting(service_url, deciding)
        assert await deciding == 1
    assert await owner.fetchval(_LISTED) is None


async def test_of_two_decisions_made_anew_at_once_the_last_takes_the_row_away(
    world: World, owner: Connection, owner_url: str, service_url: str, callers: Callers,
    columns: str, tmp_path: Path,
) -> None:  # fmt: skip
    """Each alone would still see the other's claim waiting, and leave the row for ever."""
    other = await two_decided(world, owner_url, tmp_path)
    both = [world.claim["id"], other.claim["id"]]
    await world.post("officer2", "/notices", {"claim_ids": both})
    await decide_on(world, await object_to(world, claim_receipt=None, lines=None), "upheld")

    async def anew(claim: str) -> None:
        async with seated(service_url, callers["officer2"]) as desk:
            await _made_anew(desk, callers["officer2"], columns, claim)

    async with seated(service_url, callers["officer1"]) as desk:
        await _made_anew(desk, callers["officer1"], columns, both[0])
        second = asyncio.create_task(anew(both[1]))
        await _until_waiting(service_url, second)
        assert await owner.fetchval(_LISTED) == "redetermine"
    await second
    assert await owner.fetchval(_LISTED) is None


async def test_an_objection_goes_to_a_fresh_hand_with_the_duty_only(
    world: World, owner: Connection, service_url: str, callers: Callers
) -> None:
    await world.published()
    await lodge(service_url, callers["public"], [3])
    three = callers["officer3"]
    told = []
    for act, taker, by in (
        ("take", "officer1", "officer1"), ("take", "officer2", "officer2"),
        ("hand_over", "officer1", "officer3"), ("hand_over", "cashier", "officer3"),
        ("hand_over", "xigang", "officer3"), ("take", "officer3", "officer3"),
    ):  # fmt: skip
        async with constraint() as refused, seated(service_url, callers[by]) as desk:
            await desk.execute(_HOLD, act, account(callers[taker]), account(callers[by]))
        told.append(refused.name)
    assert told == [
        *["objections_by_another_hand"] * 2, *["assignments_to_colleague"] * 3, "",
    ]  # fmt: skip
    assert await owner.fetchval("SELECT holder FROM worklist WHERE kind = 'objection'") == (
        account(three)
    )
    for statement in (
        "SELECT list_objection((SELECT id FROM objections))",
        "SELECT list_objections_to((SELECT id FROM claims))",
        "DELETE FROM worklist",
    ):
        with pytest.raises(REFUSED):
            async with seated(service_url, three) as desk:
                await desk.execute(statement)
