"""An officer excludes or reduces a line in writing; both figures are told, and none is raised."""

from typing import Any

import pytest

from app.replay import replay
from tests.refusals import in_vain
from tests.world import World

WRITTEN = {"reason": "经核实由他人代学", "reference": "核查记录〔2020〕7号"}


def exclude(number: int, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"number": number, "kind": "exclude", **WRITTEN, **more}


def reduce(number: int, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"number": number, "kind": "reduce", **WRITTEN, **more}


async def decide(world: World, body: dict[str, Any], who: str = "officer1") -> dict[str, Any]:
    path = f"/claims/{world.claim['id']}/line-decisions"
    told: dict[str, Any] = await world.post(who, path, body)
    return told


async def figures(world: World) -> dict[str, Any]:
    claim = f"/claims/{world.claim['id']}"
    told = await world.get("enterprise", f"{claim}/assessment")
    lines = {line["number"]: line for line in told["lines"]}
    amount = (await world.get("enterprise", claim))["amount"]
    assert amount == told["amount"]
    return {"amount": amount, "persons": told["persons_paid"], "lines": lines}


async def test_the_enterprise_sees_both_figures_the_reason_and_the_way_to_object(
    world: World,
) -> None:
    await world.filed()
    made = await decide(world, exclude(7))
    assert (made["before"], made["after"], made["in_force"]) == ("360.00", "0.00", True)
    await decide(world, reduce(8, amount="100.00"))
    now = await figures(world)
    assert (now["amount"], now["persons"]) == ("8020.00", 23)
    finding = now["lines"][7]["findings"][-1]
    assert (finding["rule"], finding["effect"]) == ("line_excluded", "excludes")
    assert "360.00 元" in finding["reason"]
    reduced = now["lines"][8]["findings"][-1]
    assert (reduced["data"]["before"], reduced["data"]["after"]) == ("360.00", "100.00")
    seen = await world.get("enterprise", f"/claims/{world.claim['id']}/line-decisions")
    assert [each["number"] for each in seen] == [7, 8]
    assert "中山区" in seen[0]["decided_by"]
    assert "经办一" not in str(seen), "the office decides; who did it stands in the history"
    ways = await world.get("enterprise", f"/claims/{world.claim['id']}/remedies")
    assert (ways["decided_on"], [each["code"] for each in ways["ways"]]) == (None, ["statement"])


async def test_a_later_decision_takes_the_place_of_the_earlier_and_a_lift_of_both(
    world: World,
) -> None:
    await world.filed()
    await decide(world, exclude(7))
    again = await decide(world, reduce(7, amount="300.00"))
    assert (again["before"], again["after"]) == ("360.00", "300.00")
    lifted = await decide(world, {"number": 7, "kind": "lift", **WRITTEN})
    assert (lifted["before"], lifted["after"], lifted["in_force"]) == ("300.00", "360.00", False)
    assert (await figures(world))["amount"] == "8640.00"
    seen = await world.get("officer1", f"/claims/{world.claim['id']}/line-decisions")
    assert [each["in_force"] for each in seen] == [False, False, False]
    path = f"/claims/{world.claim['id']}/line-decisions"
    lift = {"number": 7, "kind": "lift", **WRITTEN}
    await in_vain(world, "officer1", path, "nothing_taken_away", lift)


async def test_class_hours_below_the_filed_ones_are_training_not_completed(world: World) -> None:
    await world.filed()
    made = await decide(world, reduce(3, hours=30))
    assert (made["hours"], made["after"]) == (30, "0.00")
    line = (await figures(world))["lines"][3]
    assert line["hours"] == 30
    assert {each["rule"] for each in line["findings"] if each["effect"] == "excludes"} == {
        "completed"
    }


@pytest.mark.parametrize(
    ("who", "body", "code"),
    [
        ("officer1", reduce(7, amount="360.00"), "nothing_taken_away"),
        ("officer1", reduce(7, amount="400.00"), "nothing_taken_away"),
        ("officer1", reduce(7, hours=36), "nothing_taken_away"),
        ("officer1", exclude(99), "persons_unknown"),
        ("officer1", reduce(7), "invalid_request"),
        ("officer1", reduce(7, amount="0.00"), "invalid_request"),
        ("officer1", reduce(7, amount="10.00", hours=3), "invalid_request"),
        ("officer1", exclude(7, amount="10.00"), "invalid_request"),
        ("officer1", {**exclude(7), "reason": ""}, "invalid_request"),
        ("officer1", {**exclude(7), "reference": ""}, "invalid_request"),
        ("cashier", exclude(7), "duty_missing"),
        ("enterprise", exclude(7), "not_your_role"),
        ("xigang", exclude(7), "not_found"),
    ],
)
async def test_what_raises_nothing_says_nothing_or_is_not_his_to_decide(
    world: World, who: str, body: dict[str, Any], code: str
) -> None:
    await world.filed()
    path = f"/claims/{world.claim['id']}/line-decisions"
    await in_vain(world, who, path, code, body)
    assert (await figures(world))["amount"] == "8640.00"


async def test_who_decides_may_review_but_not_approve(world: World) -> None:
    await world.filed()
    await world.day("2020-03-31")
    await world.cleared()
    await decide(world, exclude(7), "officer2")
    await world.step("officer2", "review")
    path = f"/claims/{world.claim['id']}"
    late = await world.call("officer1", "POST", f"{path}/line-decisions", json=exclude(8))
    assert late.json()["code"] == "wrong_state"
    await world.post("officer1", f"{path}/reassess")
    await world.cleared()
    await world.step("officer1", "review")
    await in_vain(world, "officer2", f"{path}/approve", "signed_already")
    assert (await world.step("officer3", "approve"))["amount"] == "8280.00"


async def test_it_stands_when_the_claim_comes_back_until_it_is_lifted(world: World) -> None:
    await world.filed()
    await decide(world, exclude(7))
    await world.step("officer1", "return", {"reason": "请补充材料"})
    body = await world.claim_body()
    del body["plan_id"]
    await world.step("enterprise", "resubmit", body)
    assert (await figures(world))["amount"] == "8280.00"
    await decide(world, {"number": 7, "kind": "lift", **WRITTEN})
    assert (await figures(world))["amount"] == "8640.00"


async def test_what_is_paid_is_what_was_decided_and_it_replays(
    world: World, owner_url: str
) -> None:
    await world.filed()
    await world.day("2020-03-31")
    await world.cleared()
    await decide(world, exclude(7))
    await decide(world, reduce(8, amount="100.00"))
    await decide(world, reduce(9, hours=20))
    await world.step("officer1", "review")
    await world.step("officer2", "approve")
    notice = await world.post("officer2", f"/claims/{world.claim['id']}/notice")
    assert notice["amount"] == "7660.00"
    assert len(notice["lines"]) == 22
    ways = await world.get("enterprise", f"/claims/{world.claim['id']}/remedies")
    assert (ways["decided_on"], len(ways["ways"])) == ("2020-03-31", 3)
    report = await replay(owner_url, 1, lambda *_: None)
    assert (report.assessments, report.differences) == (4, [])
