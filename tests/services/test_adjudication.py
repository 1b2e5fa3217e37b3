"""Does a case go right where it does not go straight: returned, changed, refused, failed?"""

from typing import Any

import pytest

from tests.databases import Connection
from tests.world import CLAIM, FILING, World

REASON = {"reason": "材料需要补正"}


async def _problem(world: World, who: str, path: str, body: object = None) -> dict[str, Any]:
    """Make a request that must be refused, and return the problem."""
    answer = await world.call(who, "POST", path, json={} if body is None else body)
    assert answer.is_client_error, answer.text
    document: dict[str, Any] = answer.json()
    return document


async def _refused(world: World, who: str, step: str, body: object = None) -> str:
    code: str = (await _problem(world, who, f"/claims/{world.claim['id']}/{step}", body))["code"]
    return code


async def _amounts(world: World) -> dict[int, str]:
    found = await world.get("officer1", f"/claims/{world.claim['id']}/assessment")
    return {line["number"]: line["payable"] for line in found["lines"]}


async def _failed_rules(world: World, number: int) -> set[tuple[str, str]]:
    found = await world.get("enterprise", f"/claims/{world.claim['id']}/assessment")
    line = next(line for line in found["lines"] if line["number"] == number)
    return {(one["rule"], one["outcome"]) for one in line["findings"] if one["outcome"] != "passed"}


async def test_a_claim_filed_again_is_a_new_round_and_needs_new_signatures(world: World) -> None:
    await world.filed()
    await world.step("officer1", "review")
    returned = await world.step("officer2", "return", REASON)
    assert (returned["state"], returned["round"], returned["remark"]) == (
        "returned", 1, REASON["reason"],
    )  # fmt: skip
    body = await world.claim_body()
    del body["plan_id"]
    again = await world.step("enterprise", "resubmit", body)
    assert (again["state"], again["round"], again["amount"]) == ("filed", 2, "8640.00")
    assert await _refused(world, "officer2", "approve") == "wrong_state"
    await world.step("officer2", "review")
    assert await _refused(world, "officer2", "approve") == "signed_already"
    assert (await world.step("officer1", "approve"))["state"] == "approved"


async def test_nobody_approves_a_figure_that_changed_since_the_review(
    world: World, owner: Connection
) -> None:
    """The balances moved: the officer is told whose figure, and assessing again mends it."""
    await world.filed()
    await world.step("officer1", "review")
    await owner.execute("SET session_replication_role = replica")  # no entry stands behind it
    await owner.execute(
        "INSERT INTO year_balances SELECT person_id, 'hourly_sme', 2020, 1000, 800 FROM trainees"
        " WHERE plan_id = $1 AND number = 3",
        world.plan["id"],
    )
    path = f"/claims/{world.claim['id']}/approve"
    refused = await _problem(world, "officer2", path)
    assert refused["code"] == "assessment_changed"
    assert refused["changed"] == [{"number": 3, "reviewed": "360.00", "now": "200.00"}]
    again = await world.step("officer1", "reassess")
    assert (again["state"], again["round"], again["amount"]) == ("filed", 2, "8480.00")
    assert (await _amounts(world))[3] == "200.00"
    await world.step("officer1", "review")
    assert (await world.step("officer2", "approve"))["amount"] == "8480.00"
    used = await owner.fetch("SELECT used, count(*) FROM year_balances GROUP BY used ORDER BY used")
    assert [(str(row["used"]), row["count"]) for row in used] == [("360.00", 23), ("1000.00", 1)]


@pytest.mark.parametrize(("who", "step"), [("officer1", "reject"), ("enterprise", "withdraw")])
async def test_a_closed_claim_gives_back_what_it_reserved(
    world: World, owner: Connection, who: str, step: str
) -> None:
    """Money, count and project are free again, so the same training may be claimed anew."""
    await world.decided()
    assert await owner.fetchval("SELECT sum(used) FROM year_balances") == 8640
    await world.step(who, step, REASON)
    assert await owner.fetchval("SELECT sum(used) FROM year_balances") == 0
    assert await owner.fetchval("SELECT sum(counted) FROM period_balances") == 0
    world.claim = await world.post("enterprise", "/claims", await world.claim_body())
    assert world.claim["amount"] == "8640.00"
    await world.step("officer1", "review")
    assert (await world.step("officer2", "approve"))["state"] == "approved"


async def test_a_failed_payment_is_paid_again_once(world: World) -> None:
    await world.published()
    await world.day("2020-04-10")
    claims = {"claim_ids": [world.claim["id"]]}
    batch = await world.post("cashier", "/payment-batches", claims)
    payment = {"payment_id": batch["items"][0]["id"]}
    failed = [{**payment, "outcome": "failed", "reason": "账户已销户"}]
    path = f"/payment-batches/{batch['id']}/results"
    await world.post("cashier", path, {"results": failed})
    assert (await world.get("enterprise", f"/claims/{world.claim['id']}"))["state"] == "published"
    late = await _problem(world, "cashier", path, {"results": [{**payment, "outcome": "paid"}]})
    assert late["code"] == "wrong_state"

    second = await world.post("cashier", "/payment-batches", claims)
    assert (await _problem(world, "cashier", "/payment-batches", claims))["code"] == "wrong_state"
    paid = [{"payment_id": second["items"][0]["id"], "outcome": "paid"}]
    await world.post("cashier", f"/payment-batches/{second['id']}/results", {"results": paid})
    tried = await world.get("enterprise", f"/claims/{world.claim['id']}/payments")
    assert [each["state"] for each in tried] == ["failed", "paid"]
    assert (await _problem(world, "cashier", "/payment-batches", claims))["code"] == "wrong_state"


async def test_a_claim_that_findings_block_cannot_be_reviewed(world: World) -> None:
    """Nothing was learned, so nothing is payable; the officer may return or reject it."""
    await world.approved()
    await world.day("2020-03-30")
    await world.papers(CLAIM)
    world.claim = await world.post("enterprise", "/claims", await world.claim_body())
    assert world.claim["amount"] == "0.00"
    refused = await _problem(world, "officer1", f"/claims/{world.claim['id']}/review")
    assert refused["code"] == "findings_block"
    assert "claimed_after_completion" in {each["rule"] for each in refused["findings"]}
    assert (await world.step("officer1", "reject", REASON))["state"] == "rejected"


async def test_who_left_and_who_is_not_confirmed_bring_nothing(world: World) -> None:
    """LN-F-c2b: the leaver is excluded; of whom nothing is said, nothing can be judged."""
    employed = [number for number in range(1, 25) if number not in {5, 7}]
    left = [{"number": 5, "left_on": "2020-03-28"}]
    await world.filed(still_employed=employed, left=left)
    assert world.claim["amount"] == "7920.00"
    assert await _failed_rules(world, 5) == {("still_employed_at_claim", "failed")}
    assert await _failed_rules(world, 7) == {("still_employed_at_claim", "no_data")}
    amounts = await _amounts(world)
    assert {number for number, amount in amounts.items() if amount == "0.00"} == {5, 7}
    found = await world.get("enterprise", f"/claims/{world.claim['id']}/assessment")
    clauses = {
        clause["id"] if isinstance(clause, dict) else clause
        for one in found["lines"][4]["findings"]
        if one["rule"] == "still_employed_at_claim"
        for clause in one["clauses"]
    }
    assert "LN-F-c2b" in clauses


async def test_a_withdrawn_plan_frees_the_calendar_of_its_people(world: World) -> None:
    await world.approved()
    first = world.plan["id"]
    world.plan = await world.post("enterprise", "/plans", world.plan_body(title="第二个项目"))
    await world.send("enterprise", f"/plans/{world.plan['id']}/roster", "roster.xlsx")
    await world.papers(FILING)
    submit = f"/plans/{world.plan['id']}/submit"
    occupied = await _problem(world, "enterprise", submit)
    assert occupied["code"] == "calendar_occupied"
    assert len(occupied["trainees"]) == 24
    await world.post("enterprise", f"/plans/{first}/withdraw", REASON)
    assert (await world.post("enterprise", submit))["state"] == "submitted"
    approved = await world.post("officer2", f"/plans/{world.plan['id']}/approve", {})
    assert approved["state"] == "approved"


async def test_a_plan_with_a_claim_is_not_withdrawn(world: World) -> None:
    await world.filed()
    path = f"/plans/{world.plan['id']}/withdraw"
    assert (await _problem(world, "enterprise", path, REASON))["code"] == "wrong_state"
