"""Who wins when everybody spends at once? Never more than the budget, and nothing twice."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

import asyncpg
import pytest

from tests import money
from tests.database.callers import seated
from tests.database.docket import Case, Docket
from tests.databases import Connection, connected
from tests.world import World

EIGHT = 8


async def _budget(docket: Docket, amount: str) -> None:
    """A budget of 2020 in force; the fund is that of the copied claims."""
    await docket.owner.execute(
        """
        INSERT INTO budgets (id, bureau_code, fund, document, entered_by_name, year, amount,
                             entered_by, entered_on)
        SELECT $1, '210202', (SELECT fund FROM claims LIMIT 1), '文号', '', 2020, $2, $3,
               '2020-03-02'
        """,
        uuid4(), Decimal(amount), docket.officers[0].account_id,  # type: ignore[union-attr]
    )  # fmt: skip
    await docket.owner.execute(
        "UPDATE budgets SET confirmed_by = $1, confirmed_by_name = '', confirmed_on = '2020-03-02'"
        " WHERE confirmed_on IS NULL",
        docket.officers[1].account_id,  # type: ignore[union-attr]
    )


async def _approve(docket: Docket, url: str, case: Case) -> str:
    try:
        async with seated(url, docket.officers[0]) as service:
            await docket.approve(service, case)
    except asyncpg.CheckViolationError as refused:
        return str(refused.constraint_name)
    return "approved"


async def _books(owner: Connection) -> tuple[Decimal, Decimal, int]:
    row = await owner.fetchrow(
        "SELECT (SELECT sum(used) FROM budget_slices) AS used,"
        " (SELECT coalesce(sum(to_pay), 0) FROM claims WHERE state = 'approved') AS approved,"
        " (SELECT count(*) FROM ledger_differences()) AS differences"
    )
    return tuple(row)


@pytest.mark.parametrize(
    ("budget", "approved"), [("1000.00", 8), ("700.00", 7), ("350.00", 3), ("99.99", 0)]
)
async def test_eight_approvals_at_once_never_exceed_the_budget(
    docket: Docket, service_url: str, budget: str, approved: int
) -> None:
    """Even the last free fen is spent, wherever it lies: no slice keeps it from a claim."""
    people = await docket.people(EIGHT)
    cases = [await docket.claim({person: Decimal(100)}) for person in people]
    await _budget(docket, budget)
    ended = Counter(await asyncio.gather(*(_approve(docket, service_url, case) for case in cases)))
    refused = {"budgets_not_exceeded": EIGHT - approved} if approved < EIGHT else {}
    assert ended == Counter({"approved": approved, **refused} if approved else refused)
    used, sums, differences = await _books(docket.owner)
    assert (used, sums, differences) == (approved * 100, approved * 100, 0)


async def test_who_approves_does_not_wait_for_another_approval_of_the_bureau(
    docket: Docket, service_url: str
) -> None:
    """A budget is no hot row: all eight hold their reservations at once, uncommitted."""
    people = await docket.people(EIGHT)
    cases: Sequence[Case] = [await docket.claim({person: Decimal(10)}) for person in people]
    await _budget(docket, "100000.00")
    done = asyncio.Barrier(EIGHT)

    async def approve(case: Case) -> None:
        async with seated(service_url, docket.officers[0]) as service:
            await docket.approve(service, case)
            await done.wait()

    async with asyncio.timeout(20):
        await asyncio.gather(*(approve(case) for case in cases))
    assert (await _books(docket.owner))[:2] == (80, 80)


async def test_a_released_claim_gives_back_what_it_took_of_each_slice(
    docket: Docket, service_url: str
) -> None:
    people = await docket.people(2)
    first, second = [await docket.claim({person: Decimal(900)}) for person in people]
    await _budget(docket, "1000.00")
    assert await _approve(docket, service_url, first) == "approved"
    assert await _approve(docket, service_url, second) == "budgets_not_exceeded"
    async with seated(service_url, docket.officers[0]) as service:
        await docket.release(service, first)
    assert await _approve(docket, service_url, second) == "approved"
    assert await _books(docket.owner) == (900, 900, 0)


async def test_two_batches_at_once_pay_a_claim_once(world: World) -> None:
    await world.published()
    await world.day("2020-04-10")
    body = {"claim_ids": [world.claim["id"]]}
    answers = await asyncio.gather(
        *(world.call("cashier", "POST", "/payment-batches", json=body) for _ in range(4))
    )
    assert Counter(each.status_code for each in answers) == {201: 1, 409: 3}


async def test_two_batches_at_once_keep_a_demand_back_once(world: World, owner_url: str) -> None:
    await world.paid()
    demanded = await money.demand(world)
    one = await money.second(world, week=6)
    other = await money.second(replace(world, plan={}, claim={}), week=7)
    await money.signed(world, demanded, "offset")
    for its in (one, other):
        await its.step("officer2", "approve")
        await its.post("officer2", f"/claims/{its.claim['id']}/notice")
    await world.day("2020-05-20")
    made = await asyncio.gather(*(money.batch(world, its) for its in (one, other)))
    kept = [Decimal(batch["items"][0]["offset_amount"]) for batch in made]
    assert sorted(kept) == [Decimal(120), Decimal(600)]
    for batch in made:
        if batch["items"][0]["state"] == "sent":
            await money.results(world, batch)
    told = await world.get("officer1", f"/recoveries/{demanded['id']}")
    assert told["state"] == "repaid"
    async with connected(owner_url) as owner:
        assert await owner.fetch("SELECT * FROM ledger_differences()") == []


async def test_one_batch_keeps_a_demand_back_of_two_payments(world: World) -> None:
    await world.paid()
    demanded = await money.demand(world)
    one = await money.second(world, week=6)
    other = await money.second(replace(world, plan={}, claim={}), week=7)
    await money.signed(world, demanded, "offset")
    for its in (one, other):
        await its.step("officer2", "approve")
        await its.post("officer2", f"/claims/{its.claim['id']}/notice")
    await world.day("2020-05-20")
    made = await money.batch(world, one, other)
    assert made["total"] == "480.00"
    open_ones = [each for each in made["items"] if each["state"] == "sent"]
    await money.results(world, {**made, "items": open_ones})
    told = await world.get("officer1", f"/recoveries/{demanded['id']}")
    assert (told["state"], len(told["instalments"])) == ("repaid", 2)
