"""Do the books agree to the fen where a claim is paid in parts, kept back of, and made anew?"""

from typing import Any

from tests import money
from tests.objecting import REASON
from tests.rows import scalar
from tests.world import World

OBJECTION = {"grounds": "not_trained", "text": "该人员未参加培训"}
WRITTEN = {"objection": "异议〔2020〕3号", "reason": "异议成立"}


async def objected(its: World, line: int) -> str:
    """Somebody objects to one line; return the address of the objection."""
    notice = await its.get("enterprise", f"/claims/{its.claim['id']}/notice")
    body = {**OBJECTION, "claim_receipt": its.claim["receipt"], "lines": [line]}
    lodged = await its.post(None, f"/notices/{notice['id']}/objections", body)
    return f"/objections/{lodged['id']}"


async def books(world: World, owner_url: str) -> list[tuple[str, str]]:
    """The ledger has no difference, and what is left to do is all that parts the sums."""
    assert await scalar(owner_url, "SELECT count(*) FROM ledger_differences()") == 0
    told: dict[str, Any] = await world.get("cashier", "/reconciliation", year=2020)
    assert told["balanced"], told
    return [(each["kind"], each["amount"]) for each in told["differences"]]


async def spent(world: World) -> tuple[str, str]:
    figures = await world.get("cashier", "/budgets", year=2020)
    return figures["reserved"], figures["paid"]


async def test_what_was_paid_before_an_upheld_objection_counts_on_the_new_decision(
    world: World, owner_url: str
) -> None:
    await money.budget(world, "100000.00")
    await world.published()
    old = f"/claims/{world.claim['id']}"
    objection = await objected(world, 3)
    await world.post("officer3", f"{objection}/decide", {"outcome": "upheld", "reason": REASON})
    await world.day("2020-04-10")
    await money.results(world, await money.batch(world))
    assert await books(world, owner_url) == [("objected", "360.00")]
    assert (await world.get("officer1", old))["state"] == "published"

    made = await world.post("officer1", f"{old}/redetermine", WRITTEN)
    assert (made["advanced"], made["to_pay"]) == ("8280.00", "360.00")
    world.claim, new = made, f"/claims/{made['id']}"
    await world.cleared()
    decision = {"number": 3, "kind": "reduce", "amount": "100.00", "reason": "部分参加",
                "reference": "核查记录1号"}  # fmt: skip
    await world.post("officer1", f"{new}/line-decisions", decision)
    await world.step("officer1", "review")
    await world.step("officer2", "approve")
    assert await books(world, owner_url) == [("not_published", "100.00")]
    assert (await world.get("officer1", old))["state"] == "superseded"
    ended = await world.get(None, f"/notices/{await _notice(world, old)}")
    assert ended["entries"][0]["ended"] == "superseded"

    await world.post("officer2", f"{new}/notice")
    assert await _notice(world, new) != await _notice(world, old)
    await world.day("2020-05-06")
    batch = await money.batch(world)
    assert batch["total"] == "100.00"
    await money.results(world, batch)
    assert (await world.get("officer1", new))["state"] == "paid"
    assert await books(world, owner_url) == []
    assert await spent(world) == ("0.00", "8380.00")


async def test_two_payments_of_one_claim_are_both_kept_back_for_a_demand(
    world: World, owner_url: str
) -> None:
    await world.paid()
    demanded = await money.demand(world)
    await money.signed(world, demanded, "offset")
    its = await money.second(world)
    await money.published(its, "2020-04-27", "2020-04-28")
    objection = await objected(its, 1)
    await world.day("2020-05-12")
    first = await money.batch(world, its)
    assert (first["items"][0]["gross"], first["items"][0]["state"]) == ("400.00", "paid")
    assert (await world.get("officer1", f"/claims/{its.claim['id']}"))["held"] == "200.00"
    assert await books(world, owner_url) == [("objected", "200.00")]
    await world.post("officer3", f"{objection}/decide", {"outcome": "rejected", "reason": REASON})
    assert await books(world, owner_url) == [("not_batched", "200.00")]
    second = await money.batch(world, its)
    assert (second["items"][0]["gross"], second["total"]) == ("200.00", "0.00")
    assert (await world.get("officer1", f"/claims/{its.claim['id']}"))["state"] == "paid"
    assert (await world.get("officer1", f"/recoveries/{demanded['id']}"))["open"] == "120.00"
    assert await books(world, owner_url) == []


async def _notice(world: World, claim: str) -> str:
    told: str = (await world.get("enterprise", f"{claim}/notice"))["id"]
    return told
