"""Does what was paid wrongly come back: in parts, kept back of payments, or signed off by two?"""

from typing import Any

from tests import money
from tests.refusals import problem, refused
from tests.rows import scalar
from tests.services.test_measures import advanced, certified
from tests.world import World

FREED = "SELECT sum(-used) FROM ledger_entries WHERE kind = 'reverse'"
COUNTED = "SELECT sum(-counted) FROM ledger_entries WHERE kind = 'reverse'"
SUBSIDISED = "SELECT count(*) FROM project_subsidies WHERE NOT released"


async def part(world: World, demanded: dict[str, Any], amount: str, reference: str) -> Any:  # noqa: ANN401
    body = {"amount": amount, "paid_on": "2020-04-10", "bank_reference": reference}
    return await world.call(
        "cashier", "POST", f"/recoveries/{demanded['id']}/instalments", json=body
    )


async def test_an_error_comes_back_in_parts_and_frees_cap_count_and_project(
    world: World, owner_url: str
) -> None:
    """A-34: the persons whose money came back whole may be subsidised again."""
    await world.paid()
    demanded = await money.demand(world)
    assert (demanded["amount"], demanded["open"]) == ("720.00", "720.00")
    assert (demanded["due_on"], demanded["overdue"]) == ("2020-05-10", False)
    told = (await part(world, demanded, "700.00", "回单1")).json()
    assert (told["open"], told["state"]) == ("20.00", "demanded")
    assert await scalar(owner_url, FREED) is None, "nothing is free before all came back"
    assert not refused(await part(world, demanded, "20.01", "回单2"), 409, "more_than_demanded")
    assert not refused(await part(world, demanded, "1.00", "回单1"), 409, "bank_reference_known")
    told = (await part(world, demanded, "20.00", "回单2")).json()
    assert (told["state"], told["open"], len(told["instalments"])) == ("repaid", "0.00", 2)
    assert await scalar(owner_url, FREED) == 720
    assert await scalar(owner_url, COUNTED) == 2
    assert await scalar(owner_url, SUBSIDISED) == 22
    assert not refused(await part(world, demanded, "1.00", "回单3"), 409, "wrong_state")


async def test_a_fraud_frees_nothing(world: World, owner_url: str) -> None:
    await world.paid()
    path = f"/claims/{world.claim['id']}/recoveries"
    body = {
        "ground": "fraud", "reason": "虚报", "document": "文号",
        "lines": [{"number": 1, "amount": "360.00"}],
    }  # fmt: skip
    answer = await world.call("officer2", "POST", path, json=body)
    assert not refused(answer, 422, "invalid_request")
    file = await money.violation(world)
    demanded = await money.demand(world, "fraud", violation_id=file["id"])
    await part(world, demanded, "720.00", "回单1")
    assert (
        await scalar(owner_url, "SELECT sum(amount) FROM ledger_entries WHERE ground = 'fraud'")
        == 720
    )
    assert await scalar(owner_url, FREED) == 0
    assert await scalar(owner_url, COUNTED) == 0
    assert await scalar(owner_url, SUBSIDISED) == 24


async def test_no_more_is_demanded_than_was_paid_for_a_person(world: World) -> None:
    await world.paid()
    await money.demand(world)
    path = f"/claims/{world.claim['id']}/recoveries"
    for lines, code in (
        ([{"number": 3, "amount": "360.01"}], "more_than_paid"),
        ([{"number": 1, "amount": "0.01"}], "more_than_paid"),
        ([{"number": 99, "amount": "1.00"}], "persons_unknown"),
        ([{"number": 3, "amount": "1.00"}] * 2, "persons_unknown"),
    ):
        body = {"ground": "error", "reason": "差错", "document": "文号", "lines": lines}
        answer = await world.call("officer2", "POST", path, json=body)
        assert problem(answer)["code"] == code
    early = await world.call("cashier", "POST", path, json=body)
    assert not refused(early, 403, "duty_missing")


async def test_a_demand_is_kept_back_of_the_next_payment_and_both_are_booked(
    world: World, owner_url: str
) -> None:
    """600.00 are due, 720.00 are demanded: nothing is transferred, 120.00 stay open."""
    await world.paid()
    demanded = await money.demand(world)
    its = await money.second(world)
    await money.signed(world, demanded, "offset")
    await money.published(its, "2020-04-27", "2020-05-12")
    made = await money.batch(world, its)
    (payment,) = made["items"]
    assert (payment["amount"], payment["offset_amount"], payment["gross"]) == (
        "0.00", "600.00", "600.00",
    )  # fmt: skip
    assert (payment["state"], made["total"]) == ("paid", "0.00")
    told = await world.get("enterprise", f"/recoveries/{demanded['id']}")
    assert (told["open"], told["state"], told["overdue"]) == ("120.00", "demanded", True)
    assert [each["kind"] for each in told["instalments"]] == ["offset"]
    books = await world.get("cashier", "/reconciliation", year=2020)
    assert (books["balanced"], books["kept_back"]) == (True, "600.00")
    assert await scalar(owner_url, "SELECT count(*) FROM ledger_differences()") == 0


async def test_what_is_kept_back_of_a_payment_that_fails_is_open_again(world: World) -> None:
    await world.paid()
    demanded = await money.demand(world, lines=[{"number": 1, "amount": "100.00"}])
    its = await money.second(world)
    await money.signed(world, demanded, "offset")
    await money.published(its, "2020-04-27", "2020-05-12")
    path = f"/recoveries/{demanded['id']}"
    made = await money.batch(world, its)
    assert (made["total"], made["items"][0]["offset_amount"]) == ("500.00", "100.00")
    assert (await world.get("enterprise", path))["open"] == "0.00"
    assert not refused(await part(world, demanded, "1.00", "回单"), 409, "more_than_demanded")
    await money.results(world, made, "failed")
    assert (await world.get("enterprise", path))["open"] == "100.00"
    again = await money.batch(world, its)
    await money.results(world, again)
    told = await world.get("enterprise", path)
    assert (told["state"], told["bank_reference"]) == ("repaid", again["receipt"])


async def test_a_rest_is_written_off_by_two_and_nothing_is_free(
    world: World, owner_url: str
) -> None:
    await world.paid()
    demanded = await money.demand(world)
    await part(world, demanded, "100.00", "回单1")
    path = f"/recoveries/{demanded['id']}/decisions"
    body = {"kind": "write_off", "reason": "企业已注销", "document": "文号"}
    without = await world.call("officer1", "POST", path, json={**body, "document": None})
    assert not refused(without, 422, "invalid_request")
    decided = await world.post("officer1", path, body)
    second = f"{path}/{decided['decisions'][0]['id']}/countersign"
    assert not refused(await world.call("officer1", "POST", second), 409, "two_persons")
    done = await world.post("officer2", second)
    assert (done["state"], done["open"]) == ("written_off", "0.00")
    assert not refused(await part(world, demanded, "1.00", "回单2"), 409, "wrong_state")
    assert await scalar(owner_url, FREED) is None


async def test_an_advance_that_no_claim_settles_is_recalled_after_the_last_day(
    world: World,
) -> None:
    await advanced(world)
    path = f"/claims/{world.claim['id']}/recall"
    body = {"reason": "逾期未申请补贴", "document": "文号"}
    answer = await world.call("officer2", "POST", path, json=body)
    assert not refused(answer, 409, "recall_too_early")
    last_day = problem(answer)["last_day"]
    await world.day(last_day)
    again = await world.call("officer2", "POST", path, json=body)
    assert not refused(again, 409, "recall_too_early")
    await world.day("2020-07-01")
    demanded = await world.post("officer2", path, body)
    assert (demanded["ground"], demanded["amount"]) == ("recall", "24000.00")
    twice = await world.call("officer2", "POST", path, json=body)
    assert not refused(twice, 409, "more_than_paid")


async def test_an_advance_is_not_recalled_once_its_claim_is_filed(world: World) -> None:
    await advanced(world)
    advance = world.claim["id"]
    await certified(world)
    world.claim = await world.post("enterprise", "/claims", await world.claim_body())
    await world.day("2020-07-01")
    body = {"reason": "逾期未申请补贴", "document": "文号"}
    answer = await world.call("officer2", "POST", f"/claims/{advance}/recall", json=body)
    assert not refused(answer, 409, "more_than_paid")
