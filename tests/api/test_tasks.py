"""Nothing approves itself: each check of a rule is a task, and an officer's own are made by him."""

from typing import Any

import pytest

from tests.refusals import problem
from tests.world import World


async def tasks(world: World) -> dict[str, dict[str, Any]]:
    told = await world.get("officer1", f"/claims/{world.claim['id']}/tasks")
    return {each["code"]: each for each in told["tasks"]}


async def tick(world: World, check: str, outcome: str = "met", remark: str | None = None) -> Any:  # noqa: ANN401
    body = {"check": check, "outcome": outcome, "remark": remark}
    return await world.call("officer1", "POST", f"/claims/{world.claim['id']}/checks", json=body)


async def review(world: World, who: str = "officer1") -> Any:  # noqa: ANN401
    return await world.call(who, "POST", f"/claims/{world.claim['id']}/review", json={})


async def test_every_rule_is_a_task_with_clause_and_words(world: World) -> None:
    await world.filed()
    found = await tasks(world)
    own = [code for code, task in found.items() if task["by"] == "officer"]
    assert own == ["main_business", "evidence_seen"]
    assessed = await world.get("officer1", f"/claims/{world.claim['id']}/assessment")
    rules = {one["rule"] for one in assessed["findings"]}
    rules |= {one["rule"] for line in assessed["lines"] for one in line["findings"]}
    assert set(found) - set(own) == rules
    for task in found.values():
        assert task["title"]
        assert task["text"]
        assert task["clauses"]
        assert task["blocking"] is (task["by"] == "officer")
    assert {found[code]["outcome"] for code in own} == {"officer_needed"}
    assert {task["outcome"] for code, task in found.items() if code not in own} == {"passed"}


async def test_nobody_reviews_before_each_own_check_is_met(world: World) -> None:
    await world.filed()
    refused = problem(await review(world))
    assert refused["code"] == "checks_open"
    assert [each["check"] for each in refused["checks"]] == ["main_business", "evidence_seen"]
    assert (await tick(world, "main_business")).json()["open"] == 1
    assert problem(await review(world))["code"] == "checks_open"
    said = await tick(world, "evidence_seen", "not_met", "签到表缺页")
    assert said.json()["open"] == 1
    (open_one,) = problem(await review(world))["checks"]
    assert (open_one["check"], open_one["outcome"]) == ("evidence_seen", "not_met")
    told = (await tick(world, "evidence_seen", "met", "已补齐")).json()
    assert told["open"] == 0
    assert (await tasks(world))["evidence_seen"]["remark"] == "已补齐"
    assert (await review(world)).json()["state"] == "reviewed"


async def test_a_new_round_asks_again(world: World) -> None:
    await world.filed()
    await world.step("officer1", "review")
    await world.step("officer1", "reassess")
    assert world.claim["round"] == 2
    assert problem(await review(world))["code"] == "checks_open"
    await world.step("officer1", "review")
    assert (await world.step("officer2", "approve"))["state"] == "approved"


@pytest.mark.parametrize(
    ("check", "outcome", "remark", "status", "code"),
    [
        ("platform_conditions", "met", None, 404, "not_found"),
        ("evidence_seen", "not_met", None, 422, "invalid_request"),
        ("everything", "met", None, 422, "invalid_request"),
    ],
)
async def test_what_is_not_asked_or_not_told_is_refused(
    world: World, check: str, outcome: str, remark: str | None, status: int, code: str
) -> None:
    await world.filed()
    answer = await tick(world, check, outcome, remark)
    assert (answer.status_code, problem(answer)["code"]) == (status, code)


async def test_a_check_is_made_under_examination_only(world: World) -> None:
    await world.decided()
    assert problem(await tick(world, "evidence_seen"))["code"] == "wrong_state"


async def test_who_keyed_a_claim_in_does_not_check_it(world: World) -> None:
    await world.learned()
    original = f"/plans/{world.plan['id']}/evidence"
    await world.send("officer1", original, "application_form.pdf", kind="paper_original")
    world.claim = await world.post("officer1", "/claims", await world.claim_body(channel="fax"))
    assert problem(await tick(world, "evidence_seen"))["code"] == "signed_already"
    assert (await world.step("officer2", "review"))["state"] == "reviewed"


async def test_a_finding_that_blocks_is_an_open_task(world: World) -> None:
    await world.learned()
    await world.day("2020-07-15")
    world.claim = await world.post("enterprise", "/claims", await world.claim_body())
    late = (await tasks(world))["claimed_in_time"]
    assert (late["outcome"], late["blocking"]) == ("officer_needed", True)
