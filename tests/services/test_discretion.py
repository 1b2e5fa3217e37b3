"""A rule "in principle" is set aside by an officer, in writing, for one case; no other rule is."""

from typing import Any

from tests.world import World

WRITTEN = {"reason": "疫情封控期间无法按期申报", "reference": "中山人社纪要〔2020〕7号"}


def _finding(assessment: dict[str, Any], rule: str) -> dict[str, Any]:
    return next(each for each in assessment["findings"] if each["rule"] == rule)


async def _late(world: World) -> str:
    """File the sample claim the day after its three months are over; return its path."""
    await world.learned()
    await world.day("2020-06-28")
    world.claim = await world.post("enterprise", "/claims", await world.claim_body())
    return f"/claims/{world.claim['id']}"


async def test_a_late_claim_waits_for_a_decision_and_then_goes_on(world: World) -> None:
    path = await _late(world)
    before = await world.get("enterprise", f"{path}/assessment")
    assert _finding(before, "claimed_in_time")["effect"] == "needs_decision"
    refused = await world.call("officer1", "POST", f"{path}/review", json={})
    assert (refused.status_code, refused.json()["code"]) == (409, "findings_block")
    decision = {"rule": "claimed_in_time", **WRITTEN}
    claim = await world.post("officer2", f"{path}/overrides", decision)
    assert claim["amount"] == "8640.00"
    after = await world.get("enterprise", f"{path}/assessment")
    assert _finding(after, "claimed_in_time")["effect"] == "warns"
    (told,) = await world.get("enterprise", f"{path}/overrides")
    assert (told["rule"], told["reference"]) == ("claimed_in_time", WRITTEN["reference"])
    await world.step("officer1", "review")
    assert (await world.step("officer2", "approve"))["state"] == "approved"


async def test_nothing_else_is_set_aside(world: World) -> None:
    path = await _late(world)
    decision = {"rule": "still_employed_at_claim", **WRITTEN}
    answer = await world.call("officer2", "POST", f"{path}/overrides", json=decision)
    assert (answer.status_code, answer.json()["code"]) == (409, "rule_binds")
    assert await world.get("officer2", f"{path}/overrides") == []


async def test_a_decision_needs_its_words_its_duty_and_its_time(world: World) -> None:
    path = await _late(world)
    decision = {"rule": "claimed_in_time", **WRITTEN}
    for missing in ("reason", "reference"):
        body = {key: value for key, value in decision.items() if key != missing}
        assert (await world.call("officer2", "POST", f"{path}/overrides", json=body)).is_error
    cashier = await world.call("cashier", "POST", f"{path}/overrides", json=decision)
    assert cashier.json()["code"] == "duty_missing"
    await world.post("officer2", f"{path}/overrides", decision)
    await world.step("officer1", "review")
    late = await world.call("officer2", "POST", f"{path}/overrides", json=decision)
    assert (late.status_code, late.json()["code"]) == (409, "wrong_state")
