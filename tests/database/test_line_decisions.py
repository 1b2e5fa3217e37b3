"""Does a line bring no more than was decided on it, whoever says what in plain SQL?"""

import asyncpg
import pytest

from app.actors import Actor
from tests.database.callers import REFUSED, become, seated
from tests.database.docket import check, sign
from tests.databases import Connection
from tests.refusals import constraint
from tests.world import World

Callers = dict[str, Actor]
DECIDE = """
    INSERT INTO line_decisions (id, claim_id, enterprise_id, bureau_code, round, number, kind,
                                amount, hours, before, after, reason, reference, officer_id,
                                officer_name, decided_on)
    SELECT gen_random_uuid(), id, enterprise_id, bureau_code, round, 7, $1, $2, $3, 360,
           coalesce($4, 0), '理由', '文号', $5, '', '2020-03-30'
    FROM claims WHERE supersedes IS NULL
"""


async def _decide(
    service: Connection, who: Actor, kind: str, amount: int | None = None, hours: int | None = None
) -> None:
    account = getattr(who, "account_id", None)
    after = 360 if kind == "lift" else amount
    await service.execute(DECIDE, kind, amount, hours, after, account)


async def _approve(service: Connection, world: World, callers: Callers, *hands: str) -> None:
    """Sign and approve the claim as it stands, in the open transaction."""
    for who, step in zip(hands, ("review", "approve"), strict=True):
        await become(service, callers[who])
        await sign(service, world.claim["id"], callers[who], step)
        if step == "review":
            await check(service, world.claim["id"], callers[who])
    for state in ("reviewed", "approved"):
        await service.execute("UPDATE claims SET state = $1", state)


@pytest.fixture
async def filed(world: World) -> World:
    """The sample claim under examination; nothing in it waits to be cleared."""
    await world.filed()
    await world.day("2020-03-31")
    await world.cleared()
    return world


@pytest.mark.parametrize(
    ("kind", "amount", "hours"),
    [("exclude", None, None), ("reduce", 359, None), ("reduce", None, 35)],
)
async def test_a_claim_is_not_approved_above_what_was_decided(
    filed: World,
    service_url: str,
    callers: Callers,
    kind: str,
    amount: int | None,
    hours: int | None,
) -> None:
    """The line was not assessed anew: it still brings 360 yuan for 36 hours."""
    officer = callers["officer1"]
    async with seated(service_url, officer) as service:
        await _decide(service, officer, kind, amount, hours)
    async with constraint() as refused, seated(service_url, officer) as service:
        await _approve(service, filed, callers, "officer2", "officer3")
    assert refused.name == "claims_lines_as_decided"
    async with seated(service_url, officer) as service:
        await _decide(service, officer, "lift")
    async with seated(service_url, officer) as service:
        await _approve(service, filed, callers, "officer2", "officer3")


async def test_who_decided_on_a_line_reviews_and_does_not_approve(
    filed: World, service_url: str, callers: Callers
) -> None:
    officer = callers["officer1"]
    async with seated(service_url, officer) as service:
        await _decide(service, officer, "exclude")
        await _decide(service, officer, "lift")
    async with constraint() as refused, seated(service_url, officer) as service:
        await _approve(service, filed, callers, "officer2", "officer1")
    assert refused.name == "claims_not_by_who_decided"
    async with seated(service_url, officer) as service:
        await _approve(service, filed, callers, "officer1", "officer2")


async def test_only_while_it_is_examined(filed: World, service_url: str, callers: Callers) -> None:
    officer = callers["officer1"]
    await filed.step("officer1", "review")
    async with constraint() as refused, seated(service_url, officer) as service:
        await _decide(service, officer, "exclude")
    assert refused.name == "line_decisions_under_examination"


@pytest.mark.parametrize(
    ("who", "signs_as"),
    [("officer1", "officer2"), ("xigang", "xigang"), ("centre", "centre"),
     ("enterprise", "enterprise"), ("enterprise", "officer1")],
)  # fmt: skip
@pytest.mark.usefixtures("filed")
async def test_an_officer_decides_in_his_own_name_and_at_his_own_bureau(
    owner: Connection, service_url: str, callers: Callers, who: str, signs_as: str
) -> None:
    try:
        async with seated(service_url, callers[who]) as service:
            await _decide(service, callers[signs_as], "exclude")
    except REFUSED:
        pass
    assert await owner.fetchval("SELECT count(*) FROM line_decisions") == 0


@pytest.mark.parametrize("change", [
    "UPDATE line_decisions SET amount = 360",
    "DELETE FROM line_decisions",
    "TRUNCATE line_decisions",
])  # fmt: skip
@pytest.mark.usefixtures("filed")
async def test_what_was_decided_stands_in_the_books(
    owner: Connection, service_url: str, callers: Callers, change: str
) -> None:
    async with seated(service_url, callers["officer1"]) as service:
        await _decide(service, callers["officer1"], "reduce", 100)
    with pytest.raises(REFUSED):
        async with seated(service_url, callers["officer1"]) as service:
            await service.execute(change)
    with pytest.raises(asyncpg.RestrictViolationError):
        await owner.execute(change)


@pytest.mark.parametrize(
    ("kind", "amount", "hours", "name"),
    [
        ("reduce", None, None, "ck_line_decisions_allowed"),
        ("reduce", 10, 10, "ck_line_decisions_allowed"),
        ("exclude", 10, None, "ck_line_decisions_allowed"),
        ("reduce", 361, None, "ck_line_decisions_never_raises"),
        ("raise", 361, None, "ck_line_decisions_kind"),
    ],
)
@pytest.mark.usefixtures("filed")
async def test_a_decision_takes_away_one_thing(
    service_url: str,
    callers: Callers,
    kind: str,
    amount: int | None,
    hours: int | None,
    name: str,
) -> None:
    officer = callers["officer1"]
    async with constraint() as refused, seated(service_url, officer) as service:
        await _decide(service, officer, kind, amount, hours)
    assert refused.name in {name, "ck_line_decisions_allowed"}


async def test_a_returned_claim_is_filed_again_when_every_point_was_answered(
    filed: World, owner: Connection, service_url: str, callers: Callers
) -> None:
    point = {"kind": "line", "place": "7", "how": "请说明"}
    await filed.step("officer1", "return", {"reason": "补正", "points": [point]})
    enterprise = callers["enterprise"]
    again = "UPDATE claims SET state = 'filed', round = round + 1"
    async with constraint() as refused, seated(service_url, enterprise) as service:
        await service.execute(again)
    assert refused.name == "claims_points_answered"
    account = getattr(enterprise, "account_id", None)
    answer = (
        "UPDATE correction_points SET answer = 'explained', explanation = '说明',"
        " answered_on = '2020-03-31', answered_by = $1"
    )
    async with seated(service_url, callers["stranger"]) as service:
        assert await service.execute(answer, account) == "UPDATE 0"
    with pytest.raises(REFUSED):
        async with seated(service_url, enterprise) as service:
            await service.execute("UPDATE correction_points SET how = ''")
    async with seated(service_url, enterprise) as service:
        assert await service.execute(answer, account) == "UPDATE 1"
        assert await service.execute(answer, account) == "UPDATE 0"
        await service.execute(again)
    async with constraint() as refused:
        await owner.execute(answer, account)
    assert refused.name == "correction_points_answered_once"
    kept = await owner.fetchrow("SELECT round, amount, form ->> 'project' FROM claim_rounds")
    assert (kept[0], str(kept[1]), kept[2]) == (1, "8640.00", filed.plan["title"])


@pytest.mark.parametrize("who", ["officer1", "enterprise", "centre", "public"])
@pytest.mark.usefixtures("filed")
async def test_nobody_writes_down_a_round_but_the_database(
    service_url: str, callers: Callers, who: str
) -> None:
    forged = (
        "INSERT INTO claim_rounds SELECT id, enterprise_id, bureau_code, now(), 9, filed_on,"
        " amount, persons, form, '', 7 FROM claims"
    )
    with pytest.raises(REFUSED):
        async with seated(service_url, callers[who]) as service:
            await service.execute(forged)
