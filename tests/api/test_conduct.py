"""What officers order and find of a class, and what is declared for all, is what the law reads."""

from typing import Any

import asyncpg
import pytest

from app.database import for_asyncpg
from tests.refusals import problem, refused
from tests.world import World

EVERYBODY = {"still_employed": list(range(1, 25))}
HALT = {"from_day": "2020-03-16", "reason": "防疫措施不到位"}
RESUMED = {"to_day": "2020-03-18", "remark": "已整改并复查"}
DOCUMENT = {"document": "示例〔2020〕1号", "source": "市政府网站"}
EVALUATION = {"made_on": "2020-03-28", "made_by": "生产技术部", "result": "抽测24人，全部达标"}


def plan_of(world: World) -> str:
    return f"/plans/{world.plan['id']}"


async def assessed(world: World) -> dict[str, Any]:
    """What a claim would bring today."""
    found: dict[str, Any] = await world.post("enterprise", f"{plan_of(world)}/assess", EVERYBODY)
    return found


def outcome(told: list[dict[str, Any]], rule: str) -> str:
    """Return what the rule found."""
    (found,) = [one["outcome"] for one in told if one["rule"] == rule]
    return str(found)


async def halted(world: World, **halt: str) -> dict[str, Any]:
    path = f"{plan_of(world)}/suspensions"
    found: dict[str, Any] = await world.post("officer1", path, {**HALT, **halt})
    return found


async def resumed(world: World, **word: str) -> dict[str, Any]:
    path = f"{plan_of(world)}/suspensions/resume"
    found: dict[str, Any] = await world.post("officer2", path, {**RESUMED, **word})
    return found


async def declare(world: World, kind: str, day: str | None) -> dict[str, Any]:
    body = {"kind": kind, "day": day, **DOCUMENT}
    found: dict[str, Any] = await world.post("centre", "/policy/declarations", body)
    return found


async def test_nothing_counts_on_suspended_days_and_the_assessment_warns(world: World) -> None:
    """DL-1-c: 1620 minutes become 1115 for the first person, and nobody completed any more."""
    await world.learned()
    before = await assessed(world)
    assert (before["amount"], before["lines"][0]["hours"]) == ("8640.00", 36)
    assert outcome(before["findings"], "class_not_suspended") == "passed"
    await halted(world)
    await resumed(world)
    after = await assessed(world)
    assert (after["amount"], after["lines"][0]["hours"]) == ("0.00", 24)
    assert outcome(after["findings"], "class_not_suspended") == "warned"
    progress = await world.get("officer1", f"{plan_of(world)}/progress")
    assert progress[0]["minutes"] == 1115


async def test_an_open_suspension_lasts_until_the_class_is_resumed(world: World) -> None:
    await world.learned()
    await halted(world)
    stopped = (await assessed(world))["lines"][0]["minutes"]
    told = await resumed(world, to_day="2020-03-16")
    goes_on = (await assessed(world))["lines"][0]["minutes"]
    assert 0 < stopped < goes_on < 1620
    assert told == {
        "id": told["id"], **HALT, "suspended_by_name": "中山区 经办一",
        "to_day": "2020-03-16", "remark": RESUMED["remark"], "resumed_by_name": "中山区 经办二",
    }  # fmt: skip
    assert await world.get("enterprise", f"{plan_of(world)}/suspensions") == [told]
    acts = [each["act"] for each in await world.get("enterprise", f"{plan_of(world)}/history")]
    assert acts[-2:] == ["plans.suspend", "plans.resume"]


async def test_a_class_is_suspended_from_the_business_day_unless_another_is_named(
    world: World,
) -> None:
    await world.approved()
    found = await world.post("officer1", f"{plan_of(world)}/suspensions", {"reason": "现场检查"})
    assert (found["from_day"], found["to_day"]) == ("2020-03-03", None)


async def test_rows_of_suspended_days_say_so_when_they_are_imported(world: World) -> None:
    await world.approved()
    await halted(world)
    await resumed(world)
    await world.day("2020-03-30")
    path = f"{plan_of(world)}/learning-batches"
    done = await world.send("enterprise", path, "learning_px_class.xlsx")
    reasons = {one["rule"] for row in done["findings"] for one in row["findings"]}
    assert (reasons, done["stored"]) == ({"during_suspension"}, 617)
    assert 0 < done["rows_with_findings"] < 617


async def test_a_suspension_after_the_review_is_seen_before_the_approval(world: World) -> None:
    """Nobody signs an unseen figure: the claim is assessed again with the days left out."""
    await world.filed()
    await world.step("officer1", "review")
    await halted(world)
    path = f"/claims/{world.claim['id']}/approve"
    answer = await world.call("officer2", "POST", path, json={})
    assert not refused(answer, 409, "assessment_changed")
    assert (await world.step("officer1", "reassess"))["amount"] == "0.00"


async def test_days_are_not_suspended_once_the_claim_is_decided(world: World) -> None:
    await world.filed()
    await halted(world, from_day="2020-03-25")
    await world.step("officer1", "review")
    await world.step("officer2", "approve")
    for path, body in (("", {**HALT, "from_day": "2020-04-01"}), ("/resume", RESUMED)):
        url = f"{plan_of(world)}/suspensions{path}"
        answer = await world.call("officer1", "POST", url, json=body)
        assert not refused(answer, 409, "wrong_state"), path


@pytest.mark.parametrize(
    ("who", "status", "code"),
    [
        ("enterprise", 403, "not_your_role"),
        ("cashier", 403, "duty_missing"),
        ("xigang", 404, "not_found"),
        ("centre", 404, "not_found"),
    ],
)
async def test_only_an_officer_of_the_bureau_who_reviews_acts_on_a_class(
    world: World, who: str, status: int, code: str
) -> None:
    await world.approved()
    await halted(world)
    for method, path, body in (
        ("POST", "suspensions", HALT),
        ("POST", "suspensions/resume", RESUMED),
        ("POST", "evaluation", EVALUATION),
        ("PUT", "evaluation/due", None),
    ):
        answer = await world.call(who, method, f"{plan_of(world)}/{path}", json=body)
        assert not refused(answer, status, code), path


async def test_a_class_that_is_not_approved_is_neither_suspended_nor_evaluated(
    world: World,
) -> None:
    await world.submitted()
    for path, body in (("suspensions", HALT), ("evaluation", EVALUATION)):
        answer = await world.call("officer1", "POST", f"{plan_of(world)}/{path}", json=body)
        assert not refused(answer, 409, "wrong_state"), path


@pytest.mark.parametrize("from_day", ["2020-03-16", "2020-03-18", "2020-03-10"])
async def test_days_that_are_suspended_already_are_refused(world: World, from_day: str) -> None:
    """An open suspension reaches every later day; the last one of a closed one is still in it."""
    await world.approved()
    await halted(world)
    await resumed(world)
    path = f"{plan_of(world)}/suspensions"
    answer = await world.call("officer1", "POST", path, json={**HALT, "from_day": from_day})
    assert not refused(answer, 409, "class_suspended")
    again = await halted(world, from_day="2020-03-19")
    told = await world.get("officer1", path)
    assert [each["from_day"] for each in told] == ["2020-03-16", "2020-03-19"]
    assert told[-1] == again


async def test_a_class_is_not_resumed_before_it_was_suspended_nor_twice(world: World) -> None:
    await world.approved()
    path = f"{plan_of(world)}/suspensions/resume"
    never = await world.call("officer1", "POST", path, json=RESUMED)
    assert not refused(never, 409, "wrong_state")
    await halted(world)
    early = await world.call("officer1", "POST", path, json={**RESUMED, "to_day": "2020-03-15"})
    assert not refused(early, 422, "resumed_before_suspended")
    await resumed(world, to_day="2020-03-16")
    twice = await world.call("officer1", "POST", path, json=RESUMED)
    assert not refused(twice, 409, "wrong_state")


async def test_the_database_itself_refuses_overlapping_suspensions_and_to_lose_one(
    world: World, owner_url: str
) -> None:
    await world.approved()
    await halted(world)
    await resumed(world)
    copied = """
        INSERT INTO suspensions SELECT (jsonb_populate_record(s, jsonb_build_object(
            'id', gen_random_uuid(), 'from_day', $1::date, 'to_day', $2::date))).*
        FROM suspensions AS s LIMIT 1
    """
    owner = await asyncpg.connect(for_asyncpg(owner_url))
    try:
        day = await owner.fetchrow("SELECT from_day, to_day FROM suspensions")
        with pytest.raises(asyncpg.ExclusionViolationError, match="ex_suspensions_no_overlap"):
            await owner.execute(copied, day["to_day"], day["to_day"])
        with pytest.raises(asyncpg.PostgresError, match="suspensions"):
            await owner.execute("DELETE FROM suspensions")
    finally:
        await owner.close()


async def test_an_evaluation_that_is_due_warns_until_it_is_recorded(world: World) -> None:
    """DL-5.2-b: only where the office asks; made before the end it is none, and is corrected."""
    await world.learned()
    rule, path = "evaluated_after_training", f"{plan_of(world)}/evaluation"
    assert outcome((await assessed(world))["findings"], rule) == "passed"
    asked = await world.call("officer1", "PUT", f"{path}/due")
    assert (asked.status_code, asked.json()["asked_on"]) == (200, "2020-03-30")
    assert outcome((await assessed(world))["findings"], rule) == "warned"
    await world.post("officer1", path, {**EVALUATION, "made_on": "2020-03-20"})
    assert outcome((await assessed(world))["findings"], rule) == "failed"
    told = await world.post("officer2", path, EVALUATION)
    assert told == {"due": True, "asked_on": "2020-03-30", **EVALUATION}
    after = await assessed(world)
    assert (outcome(after["findings"], rule), after["amount"]) == ("passed", "8640.00")
    assert await world.get("enterprise", path) == told
    await world.day("2020-03-31")
    again = await world.call("officer2", "PUT", f"{path}/due")
    assert again.json() == told


async def test_no_evaluation_is_made_on_a_day_to_come(world: World) -> None:
    await world.learned()
    path = f"{plan_of(world)}/evaluation"
    assert not (await world.get("officer1", path))["due"]
    body = {**EVALUATION, "made_on": "2020-03-31"}
    answer = await world.call("officer1", "POST", path, json=body)
    assert not refused(answer, 422, "day_to_come")
    assert (await world.get("officer1", path))["made_on"] is None
    assert (await world.post("officer1", path, {**body, "made_on": "2020-03-30"}))["made_on"]


async def test_a_filed_claim_is_assessed_again_with_what_was_found_and_declared_since(
    world: World,
) -> None:
    await world.filed()
    claim = f"/claims/{world.claim['id']}"
    await world.call("officer1", "PUT", f"{plan_of(world)}/evaluation/due")
    await world.step("officer1", "review")
    await world.step("officer1", "reassess")
    first = await world.get("officer1", f"{claim}/assessment")
    assert outcome(first["findings"], "evaluated_after_training") == "warned"
    await world.post("officer1", f"{plan_of(world)}/evaluation", EVALUATION)
    await world.step("officer1", "review")
    await declare(world, "period_ended", "2020-03-08")
    answer = await world.call("officer2", "POST", f"{claim}/approve", json={})
    assert not refused(answer, 409, "assessment_changed")
    await world.step("officer1", "reassess")
    then = await world.get("officer1", f"{claim}/assessment")
    assert outcome(then["findings"], "evaluated_after_training") == "passed"
    assert outcome(then["findings"], "policy_has_not_ended") == "failed"
    assert then["amount"] == "0.00"


OFFLINE = {
    "measure": "other_workers",
    "mode": "offline",
    "platform": None,
    "courses": [
        {
            "name": "叉车作业", "class_hours": 20, "category": "job_skill", "mode": "offline",
            "delivery": "classroom",
        }
    ],
}  # fmt: skip
LATE = {"starts_on": "2020-07-06", "ends_on": "2020-07-24"}


@pytest.mark.parametrize(
    ("kind", "rule", "plan", "before", "days"),
    [
        ("period_ended", "policy_has_not_ended", {}, "passed",
         {"2020-03-08": "failed", "2020-03-09": "passed"}),
        ("province_extended_to", "provincial_basis_in_force", LATE, "warned",
         {"2020-07-05": "warned", "2020-07-06": "passed"}),
        ("offline_resumed", "online_while_suspended", OFFLINE, "failed",
         {"2020-03-10": "failed", "2020-03-09": "passed"}),
    ],
)  # fmt: skip
async def test_a_declaration_changes_the_finding_it_concerns_and_the_latest_counts(
    world: World,
    kind: str,
    rule: str,
    plan: dict[str, Any],
    before: str,
    days: dict[str, str],
) -> None:
    await world.drafted(**plan)
    path = f"{plan_of(world)}/findings"
    assert outcome(await world.get("enterprise", path), rule) == before
    for day, then in days.items():
        await declare(world, kind, day)
        assert outcome(await world.get("enterprise", path), rule) == then, day
    taken_back = await declare(world, kind, None)
    assert outcome(await world.get("enterprise", path), rule) == before
    told = await world.get(None, "/policy/declarations")
    assert [each["day"] for each in told] == [None, *reversed(days)]
    assert [each["in_force"] for each in told] == [True, False, False]
    assert told[0] == taken_back
    assert taken_back == {
        "id": taken_back["id"], "kind": kind, "day": None, **DOCUMENT, "in_force": True,
    }  # fmt: skip


async def test_only_the_centre_declares(world: World) -> None:
    body = {"kind": "period_ended", "day": "2020-03-08", **DOCUMENT}
    for who in ("officer1", "enterprise"):
        answer = await world.call(who, "POST", "/policy/declarations", json=body)
        assert not refused(answer, 403, "not_your_role"), who
    unfounded = await world.call(
        "centre", "POST", "/policy/declarations", json={**body, "document": ""}
    )
    assert problem(unfounded)["code"] == "invalid_request"
    assert await world.get(None, "/policy/declarations") == []


async def test_the_deviations_of_the_dirty_export_list_what_was_not_as_filed(
    world: World,
) -> None:
    """LN-1.2-b: one row of a course that was not filed, one before the filed dates."""
    await world.learned(export="learning_dirty.xlsx")
    told = await world.get("officer1", f"{plan_of(world)}/deviations")
    found = {one["rule"]: (one["outcome"], one["data"]) for one in told["findings"]}
    assert found == {
        "courses_as_planned": ("warned", {"untaught": "—", "unfiled": "1"}),
        "dates_as_planned": ("warned", {"rows": "1", "day": "2020-03-01"}),
        "people_as_planned": ("passed", {}),
        "hours_as_planned": ("passed", {}),
    }
    assert {each["persons_reached"] for each in told["courses"]} == {24}
    assert {each["learned_hours"] for each in told["persons"]} == {36}
    days = {name: told[name] for name in ("starts_on", "ends_on", "first_day", "last_day")}
    assert days == {
        "starts_on": "2020-03-09", "ends_on": "2020-03-27",
        "first_day": "2020-03-09", "last_day": "2020-03-23",
    }  # fmt: skip
    assert await world.get("enterprise", f"{plan_of(world)}/deviations") == told


async def test_what_was_not_held_is_listed_by_course_and_by_person(world: World) -> None:
    """The class stops for good on its sixth day: one course is never taught, nobody finishes."""
    await world.learned()
    await halted(world, from_day="2020-03-14")
    told = await world.get("officer2", f"{plan_of(world)}/deviations")
    found = {one["rule"]: one["data"] for one in told["findings"] if one["outcome"] == "warned"}
    untaught = [each["name"] for each in told["courses"] if not each["persons"]]
    assert found == {
        "courses_as_planned": {"untaught": "、".join(untaught), "unfiled": "0"},
        "hours_as_planned": {"short": "24", "filed": "36"},
    }
    assert "班组质量管理" in untaught
    first, *_, last = told["courses"]
    assert first == {
        "number": 1, "name": "数控机床安全操作规程", "mode": "online", "filed_hours": 12,
        "taught_hours": 12, "persons": 24, "persons_reached": first["persons_reached"],
    }  # fmt: skip
    assert last == {
        "number": 4, "name": "班组质量管理", "mode": "online", "filed_hours": 8,
        "taught_hours": 0, "persons": 0, "persons_reached": 0,
    }  # fmt: skip
    progress = await world.get("officer1", f"{plan_of(world)}/progress")
    learned = [(each["class_hours"], each["minutes"]) for each in progress]
    listed = [(each["learned_hours"], each["minutes"]) for each in told["persons"]]
    assert listed == learned
    assert all(0 < hours < 36 for hours, _ in listed)


async def test_before_anything_is_learned_everything_is_still_to_be_held(world: World) -> None:
    await world.approved()
    told = await world.get("officer1", f"{plan_of(world)}/deviations")
    assert outcome(told["findings"], "people_as_planned") == "warned"
    assert (told["first_day"], told["last_day"]) == (None, None)
    assert {each["persons"] for each in told["courses"]} == {0}
    assert {each["learned_hours"] for each in told["persons"]} == {0}
    assert len(told["persons"]) == 24


@pytest.mark.parametrize("noun", ["suspensions", "evaluation", "deviations"])
async def test_nothing_of_a_class_is_told_to_strangers(world: World, noun: str) -> None:
    await world.approved()
    for who in ("stranger", "xigang", "centre"):
        answer = await world.call(who, "GET", f"{plan_of(world)}/{noun}")
        assert not refused(answer, 404, "not_found"), who
