"""Is a barred enterprise stopped at filing, claim and payment, and told no more than that?"""

from typing import Any

import pytest

from tests import money
from tests.refusals import problem, refused
from tests.world import World

DOCUMENT = "大人社罚〔2020〕1号"
OUT = {"since": "2020-03-01", "document": DOCUMENT, "clause": "LN-3.3-c"}


async def barred(world: World, **days: str) -> dict[str, Any]:
    file = await money.violation(world)
    body = {"from_day": "2020-03-01", "document": DOCUMENT, **days}
    path = f"/violations/{file['id']}/blacklisting"
    listed: dict[str, Any] = await world.post("officer2", path, body)
    return listed


async def lifted(world: World, file: dict[str, Any]) -> None:
    body = {"reason": "已整改并退回", "document": "大人社罚〔2020〕9号"}
    await world.post("officer2", f"/violations/{file['id']}/blacklisting/lift", body)


def told(problem_told: dict[str, Any]) -> dict[str, Any]:
    return {name: problem_told[name] for name in OUT}


async def test_a_barred_enterprise_files_nothing_until_it_is_lifted(world: World) -> None:
    await world.drafted()
    file = await barred(world)
    path = f"/plans/{world.plan['id']}/submit"
    answer = await world.call("enterprise", "POST", path)
    assert not refused(answer, 409, "enterprise_blacklisted")
    assert told(problem(answer)) == OUT
    await lifted(world, file)
    assert (await world.post("enterprise", path))["state"] == "submitted"


async def test_a_barred_enterprise_claims_nothing(world: World) -> None:
    await world.learned()
    await barred(world)
    body = await world.claim_body()
    answer = await world.call("enterprise", "POST", "/claims", json=body)
    assert not refused(answer, 409, "enterprise_blacklisted")
    found = await world.get("enterprise", f"/plans/{world.plan['id']}/findings")
    rule = next(each for each in found if each["rule"] == "not_blacklisted")
    assert rule["outcome"] == "failed"
    assert DOCUMENT in rule["reason"]


async def test_who_is_barred_after_the_review_is_not_approved(world: World) -> None:
    await world.filed()
    await world.cleared()
    await world.step("officer1", "review")
    await barred(world)
    path = f"/claims/{world.claim['id']}/approve"
    answer = await world.call("officer2", "POST", path, json={})
    assert not refused(answer, 409, "assessment_changed")


async def test_a_barred_enterprise_is_paid_nothing_until_the_last_day_has_passed(
    world: World,
) -> None:
    await world.published()
    await world.day("2020-04-10")
    await barred(world, until_day="2020-04-10")
    body = {"claim_ids": [world.claim["id"]]}
    answer = await world.call("cashier", "POST", "/payment-batches", json=body)
    assert not refused(answer, 409, "enterprise_blacklisted")
    assert told(problem(answer)) == OUT
    await world.day("2020-04-13")
    await money.results(world, await money.batch(world))


async def test_the_enterprise_sees_that_it_is_stopped_and_not_the_file(world: World) -> None:
    await world.paid()
    file = await barred(world)
    path = f"/enterprises/{world.enterprise['id']}/blacklisting"
    seen = await world.get("enterprise", path)
    assert seen == {
        "blacklisted": True, "since": "2020-03-01", "until": None, "document": DOCUMENT,
        "clause": "LN-3.3-c",
    }  # fmt: skip
    answer = await world.call("enterprise", "GET", f"/violations/{file['id']}")
    assert not refused(answer, 403, "not_your_role")
    other = await world.call("xigang", "GET", f"/violations/{file['id']}")
    assert not refused(other, 404, "not_found")
    for history in (f"/claims/{world.claim['id']}", f"/enterprises/{world.enterprise['id']}"):
        acts = await world.get("enterprise", f"{history}/history")
        assert not [each for each in acts if "violations" in each["act"]]
    assert (await world.get("officer1", "/violations"))["items"][0]["id"] == file["id"]


async def test_a_violation_takes_two_persons_and_is_established_before_it_has_effects(
    world: World,
) -> None:
    await world.paid()
    body = {
        "enterprise_id": world.enterprise["id"], "kind": "diversion", "amount": "1.00",
        "findings": "挪用补贴资金",
    }  # fmt: skip
    file = await world.post("officer1", "/violations", body)
    path = f"/violations/{file['id']}"
    word = {"conclusion": "属实", "document": "文号"}
    own = await world.call("officer1", "POST", f"{path}/establish", json=word)
    assert not refused(own, 409, "two_persons")
    listing = {"from_day": "2020-04-10", "document": "文号"}
    early = await world.call("officer2", "POST", f"{path}/blacklisting", json=listing)
    assert not refused(early, 409, "violation_not_established")
    lines = [{"number": 1, "amount": "1.00"}]
    demand = {"ground": "fraud", "reason": "挪用", "document": "文号", "lines": lines}
    answer = await world.call(
        "officer2", "POST", f"/claims/{world.claim['id']}/recoveries",
        json={**demand, "violation_id": file["id"]},
    )  # fmt: skip
    assert not refused(answer, 409, "violation_not_established")
    await world.post("officer2", f"{path}/establish", word)
    handed = {"authority": "大连市公安局", "transferred_on": "2020-04-10", "document": "文号"}
    done = await world.post("officer2", f"{path}/transfers", handed)
    assert [each["authority"] for each in done["transfers"]] == ["大连市公安局"]
    late = await world.call(
        "officer2", "POST", f"{path}/transfers", json={**handed, "transferred_on": "2020-04-11"}
    )
    assert not refused(late, 422, "day_to_come")


@pytest.mark.parametrize("kind", ["虚报", "false"])
async def test_only_what_the_notice_names_is_a_violation(world: World, kind: str) -> None:
    await world.registered()
    body = {
        "enterprise_id": world.enterprise["id"], "kind": kind, "amount": "1.00", "findings": "事实",
    }  # fmt: skip
    answer = await world.call("officer1", "POST", "/violations", json=body)
    assert not refused(answer, 422, "invalid_request")
