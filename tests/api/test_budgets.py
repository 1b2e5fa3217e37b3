"""Does a budget stop what it does not cover, and does everybody see by how much?"""

from decimal import Decimal

from tests import money
from tests.refusals import problem, refused
from tests.world import World


async def figures(world: World) -> dict[str, str]:
    told = await world.get("officer1", "/budgets", year=2020)
    return {name: told[name] for name in ("budget", "reserved", "paid", "free")}


async def test_without_a_budget_nothing_is_limited_and_the_answer_says_so(world: World) -> None:
    await world.decided()
    told = await world.get("officer1", "/budgets", year=2020)
    assert (told["limited"], told["budget"], told["free"]) == (False, None, None)
    assert "尚未登记" in told["note"]
    assert told["reserved"] == world.claim["amount"]


async def test_a_claim_above_the_budget_is_refused_with_the_figures_to_the_fen(
    world: World,
) -> None:
    await world.filed()
    await world.day("2020-03-31")
    await world.cleared()
    await world.step("officer1", "review")
    due = Decimal(world.claim["amount"])
    await money.budget(world, str(due - Decimal("0.01")))
    path = f"/claims/{world.claim['id']}/approve"
    answer = await world.call("officer2", "POST", path, json={})
    assert not refused(answer, 409, "budget_exceeded")
    told = problem(answer)
    short = str(due - Decimal("0.01"))
    assert {name: told[name] for name in ("budget", "reserved", "paid", "free", "asked")} == {
        "budget": short, "reserved": "0.00", "paid": "0.00", "free": short, "asked": str(due),
    }  # fmt: skip
    await money.budget(world, str(due))
    await world.step("officer2", "approve")
    assert await figures(world) == {
        "budget": str(due), "reserved": str(due), "paid": "0.00", "free": "0.00",
    }  # fmt: skip


async def test_what_is_refused_or_withdrawn_is_free_again_and_what_is_paid_is_told(
    world: World,
) -> None:
    await money.budget(world, "20000.00")
    await world.decided()
    await world.step("enterprise", "withdraw", {"reason": "不再申请"})
    assert (await figures(world))["free"] == "20000.00"
    world.claim = await world.post("enterprise", "/claims", await world.claim_body())
    await world.cleared()
    await world.step("officer1", "review")
    await money.published(world, "2020-04-01", "2020-04-10")
    due = Decimal(world.claim["amount"])
    await money.results(world, await money.batch(world))
    assert await figures(world) == {
        "budget": "20000.00", "reserved": "0.00", "paid": str(due),
        "free": str(Decimal("20000.00") - due),
    }  # fmt: skip


async def test_a_budget_takes_two_persons_and_covers_what_was_promised(world: World) -> None:
    await world.decided()
    body = {"year": 2020, "amount": "1.00", "document": "文号"}
    entered = await world.post("officer1", "/budgets", body)
    path = f"/budgets/{entered['id']}/confirm"
    assert not refused(await world.call("officer1", "POST", path), 409, "two_persons")
    answer = await world.call("officer2", "POST", path)
    assert not refused(answer, 409, "budget_below_committed")
    assert problem(answer)["reserved"] == world.claim["amount"]
    newer = await money.budget(world, "100000.00")
    assert not refused(await world.call("officer2", "POST", path), 409, "budget_confirmed")
    again = await world.call("officer2", "POST", f"/budgets/{newer['id']}/confirm")
    assert not refused(again, 409, "budget_confirmed")
    assert not refused(
        await world.call("cashier", "POST", "/budgets", json=body), 403, "duty_missing"
    )
    told = await world.get("officer1", "/budgets", year=2020)
    assert [each["amount"] for each in told["history"]] == ["100000.00", "1.00"]
