"""A platform pushes its records itself: each is answered for, and a key counts once."""

import asyncio
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import structlog

from tests.elsewhere import provincial
from tests.pushes import PATH, approved, attempt, claimed, codes, counts, many, push, records
from tests.refusals import problem
from tests.rows import scalar
from tests.world import World


async def test_pushed_records_pay_the_claim_to_the_fen_as_the_file_does(world: World) -> None:
    await approved(world)
    told = records(world)
    answer = await push(world, told)
    assert counts(answer) == (len(told), 0, 0)
    assert [batch["stored"] for batch in answer["batches"]] == [len(told)]
    await claimed(world)
    assert world.claim["amount"] == "8640.00"
    await world.day("2020-03-31")
    await world.cleared()
    await world.step("officer1", "review")
    assert (await world.step("officer2", "approve"))["state"] == "approved"


async def test_a_pushed_batch_is_traced_as_a_file_is_and_says_where_it_came_from(
    world: World,
) -> None:
    await approved(world)
    answer = await push(world, records(world))
    plan = f"/plans/{world.plan['id']}"
    (batch,) = await world.get("enterprise", f"{plan}/learning-batches")
    assert (batch["id"], batch["source"]) == (answer["batches"][0]["batch_id"], "push")
    assert batch["filename"] == "平台推送：中国职业培训在线"
    rows = await world.get("officer1", f"{plan}/learning-records", limit=3)
    assert [row["key"] for row in rows] == [each["key"] for each in records(world)[:3]]
    progress = await world.get("enterprise", f"{plan}/progress")
    assert sum(each["completed"] for each in progress) == 24
    history = await world.get("enterprise", f"{plan}/history")
    assert ("platform", "plans.push_learning") in {(one["role"], one["act"]) for one in history}
    status = await world.get("platform", PATH)
    assert status["platform"] == "中国职业培训在线"
    assert [each["batch_id"] for each in status["recent"]] == [batch["id"]]


async def test_the_same_sessions_pushed_and_imported_count_once(world: World) -> None:
    await approved(world)
    await push(world, records(world))
    path = f"/plans/{world.plan['id']}/learning-batches"
    await world.send("enterprise", path, "learning_px_class.xlsx")
    await claimed(world)
    assert world.claim["amount"] == "8640.00"


async def test_the_same_record_again_is_known_and_changes_nothing(
    world: World, owner_url: str
) -> None:
    await approved(world)
    told = records(world)
    await push(world, told[:10])
    again = await push(world, told[:12])
    assert counts(again) == (2, 10, 0)
    # Another spelling of the same moment and of the same plan is the same record.
    utc = {**told[0], "plan": world.plan["id"], "started_at": _in_utc(told[0]["started_at"])}
    assert counts(await push(world, [utc, utc])) == (0, 2, 0)
    assert await scalar(owner_url, "SELECT count(*) FROM learning_records") == 12
    await claimed(world)
    # Even when the plan takes no new records any more.
    assert counts(await push(world, told[:12])) == (0, 12, 0)


async def test_a_key_does_not_change_its_content(world: World) -> None:
    await approved(world)
    told = records(world)
    await push(world, told[:1])
    changed = {**told[0], "stated_seconds": 1}
    answer = await push(world, [changed, told[1], {**told[1], "device": "another"}])
    assert (counts(answer), codes(answer)) == (
        (1, 0, 2),
        {0: ["record_key_taken"], 2: ["record_key_taken"]},
    )


async def test_every_bad_record_is_refused_by_itself_and_the_good_ones_are_stored(
    world: World,
) -> None:
    await approved(world)
    good = records(world)[0]
    wrong: list[tuple[Any, str, str | None]] = [
        ({"plan": "BA2020-210202-9999999"}, "plan_unknown", "plan"),
        ({"resident_id": good["resident_id"][:17]}, "identifier_length", "resident_id"),
        ({"name": "张三3"}, "name_characters", "name"),
        ({"started_at": "2020-03-09"}, "time_missing", "started_at"),
        ({"started_at": "昨天"}, "time_unreadable", "started_at"),
        ({"ended_at": "2020-02-30T08:00:00"}, "time_unreadable", "ended_at"),
        ({"ended_at": "2020-03-01T08:00:00"}, "end_before_start", "ended_at"),
        ({"ended_at": "2020-04-01T08:00:00"}, "duration_over_a_day", "ended_at"),
        ({"stated_minutes": 50}, "duration_stated_twice", "stated_minutes"),
        ({"device": "\x00"}, "control_character", "device"),
        ({"stated_seconds": -1}, "record_malformed", "stated_seconds"),
        ({"started_at": 1583712000}, "record_malformed", "started_at"),
        ({"unknown": 1}, "record_malformed", "unknown"),
        ({"key": ""}, "record_malformed", "key"),
        ({"key": f"x{good['resident_id']}"}, "record_key_holds_id", "key"),
    ]
    told: list[Any] = [{**good, "key": f"w{at}", **more} for at, (more, *_) in enumerate(wrong)]
    answer = await push(world, [good, *told, None, "x", [], {}])
    assert counts(answer) == (1, 0, len(told) + 4)
    found = [(item["reasons"][0]["code"], item["reasons"][0]["field"]) for item in answer["items"]]
    assert found[: len(wrong)] == [(code, field) for _, code, field in wrong]
    assert {code for code, _ in found[len(wrong) :]} == {"record_malformed"}
    assert good["resident_id"] not in json.dumps(answer)
    for item in answer["items"]:
        assert all(reason["reason"] and reason["remedy"] for reason in item["reasons"])


async def test_what_does_not_fit_the_plan_is_stored_and_told(world: World) -> None:
    await approved(world)
    good = records(world)
    stranger = {**good[0], "key": "s", "resident_id": "11010519491231002X", "name": "外人"}
    early = {**good[1], "key": "e", "started_at": "2020-03-04T08:00:00"}
    early["ended_at"] = "2020-03-04T08:50:00"
    told = [stranger, {**good[2], "key": "c", "course": "未备案课程"}, early]
    answer = await push(world, told)
    assert (counts(answer), answer["with_findings"]) == ((3, 0, 0), 3)
    expected = {0: ["not_on_roster"], 1: ["course_not_filed"], 2: ["outside_plan_dates"]}
    assert codes(answer) == expected
    assert {item["outcome"] for item in answer["items"]} == {"findings"}
    # Who asks again is told again.
    assert codes(await push(world, told)) == expected


async def test_all_or_nothing_stores_nothing_if_one_is_refused(
    world: World, owner_url: str
) -> None:
    await approved(world)
    told = records(world)[:5]
    answer = await attempt(world, [*told, {**told[0], "plan": "?"}], all_or_nothing=True)
    document = problem(answer)
    assert (answer.status_code, document["code"]) == (422, "records_refused")
    assert [(item["index"], item["key"]) for item in document["items"]] == [(5, told[0]["key"])]
    assert await scalar(owner_url, "SELECT count(*) FROM learning_batches") == 0
    assert counts(await push(world, told, all_or_nothing=True)) == (5, 0, 0)


async def test_a_platform_pushes_to_no_plan_but_those_filed_with_it(world: World) -> None:
    """And another's plan and a draft are as unknown to it as a plan that does not exist."""
    await world.drafted()
    told = records(world)[:1]
    assert codes(await push(world, told)) == {0: ["plan_unknown"]}
    await world.post("enterprise", f"/plans/{world.plan['id']}/submit")
    assert codes(await push(world, told)) == {0: ["plan_not_open"]}
    await world.day("2020-03-03")
    await world.post("officer1", f"/plans/{world.plan['id']}/approve", {})
    foreign = await push(world, told, "other_platform")
    nowhere = await push(world, [{**told[0], "plan": "?"}], "other_platform")
    assert foreign == nowhere
    assert codes(foreign) == {0: ["plan_unknown"]}
    assert counts(await push(world, told)) == (1, 0, 0)


async def test_nothing_new_comes_in_under_a_claim(world: World) -> None:
    await approved(world)
    told = records(world)
    await push(world, told[1:])
    await claimed(world)
    assert codes(await push(world, told[:1])) == {0: ["plan_not_open"]}
    await world.step("officer1", "return", {"reason": "材料不齐"})
    assert counts(await push(world, told[:1])) == (1, 0, 0)


async def test_a_blocked_platform_pushes_nothing_and_is_told_why(world: World) -> None:
    await approved(world)
    (entry,) = [
        each
        for each in (await world.get(None, "/platforms"))["items"]
        if each["name"] == "中国职业培训在线"
    ]
    await world.post("officer1", f"/platforms/{entry['id']}/block", {"reason": "记录造假"})
    answer = await attempt(world, records(world)[:1])
    assert (answer.status_code, problem(answer)["code"]) == (403, "platform_blocked")
    status = await world.get("platform", PATH)
    assert status["blocked_reason"] == "记录造假"


async def test_a_corrected_call_takes_the_place_of_its_batch(world: World, owner_url: str) -> None:
    await approved(world)
    told = records(world)
    wrong = [{**each, "stated_seconds": 60} for each in told]
    first = (await push(world, wrong))["batches"][0]["batch_id"]
    second = await push(world, told, replaces=first)
    assert (counts(second), second["batches"][0]["replaces"]) == ((len(told), 0, 0), first)
    # Whoever lost the answer sends it again.
    assert counts(await push(world, told, replaces=first)) == (0, len(told), 0)
    batches = await world.get("officer1", f"/plans/{world.plan['id']}/learning-batches")
    assert [each["replaced_by"] for each in batches] == [second["batches"][0]["batch_id"], None]
    assert await scalar(owner_url, "SELECT count(*) FROM learning_records") == 2 * len(told)
    await claimed(world)
    assert world.claim["amount"] == "8640.00"


async def test_a_replacement_is_whole_and_of_the_platforms_own(world: World) -> None:
    await approved(world)
    told = records(world)
    first = (await push(world, told[:3]))["batches"][0]["batch_id"]
    partly = await attempt(world, [told[0], {**told[1], "plan": "?"}], replaces=first)
    assert problem(partly)["code"] == "records_refused"
    path = f"/plans/{world.plan['id']}/learning-batches"
    file = "learning_px_class.xlsx"
    by_file = await world.upload("enterprise", path, file, replaces=first)
    assert problem(by_file)["code"] == "not_found"
    imported = (await world.send("enterprise", path, file))["batch_id"]
    for replaced in (imported, world.plan["id"]):
        refused = await attempt(world, told[3:4], replaces=replaced)
        assert problem(refused)["code"] == "batch_not_replaceable"


@pytest.mark.parametrize("key", [None, "one key"])
async def test_the_same_keys_at_once_are_stored_once(
    world: World, owner_url: str, key: str | None
) -> None:
    await approved(world)
    body = {"records": records(world)[:50]}
    headers = {} if key is None else {"Idempotency-Key": key}
    answers = await asyncio.gather(
        *(world.call("platform", "POST", PATH, json=body, headers=headers) for _ in range(6))
    )
    assert {answer.status_code for answer in answers} == {200}
    told = Counter(counts(answer.json()) for answer in answers)
    assert told == ({(50, 0, 0): 6} if key else {(50, 0, 0): 1, (0, 50, 0): 5})
    assert len({json.dumps(answer.json()["items"]) for answer in answers}) == 1
    assert await scalar(owner_url, "SELECT count(*) FROM learning_records") == 50


async def test_one_key_at_once_for_two_plans_is_one_of_them(
    world: World, owner_url: str, tmp_path: Path
) -> None:
    """Whoever comes second is told record by record, and not that the call failed."""
    await approved(world)
    other = await approved(await provincial(world, owner_url, tmp_path))
    here = records(world)[:50]
    there = [{**one, "plan": other.plan["receipt"]} for one in here]
    answers = await asyncio.gather(*(attempt(world, each) for each in (here, there) * 3))
    assert {answer.status_code for answer in answers} == {200}, [each.text for each in answers]
    told = Counter(counts(answer.json()) for answer in answers)
    assert told == {(50, 0, 0): 1, (0, 50, 0): 2, (0, 0, 50): 3}


@pytest.mark.parametrize("number", [5_000, 10_000])
async def test_a_call_has_five_thousand_records_and_ten(world: World, number: int) -> None:
    await approved(world)
    told = many(world, number)
    assert counts(await push(world, told)) == (number, 0, 0)
    assert counts(await push(world, told)) == (0, number, 0)


async def test_more_records_or_bytes_than_a_call_may_have_are_refused(world: World) -> None:
    await approved(world)
    for told in (
        [{"key": str(at)} for at in range(10_001)],
        [{**records(world)[0], "plan": f"P{at}"} for at in range(501)],
    ):
        answer = await attempt(world, told)
        assert (answer.status_code, problem(answer)["code"]) == (413, "too_many_records")
    huge = b'{"records": [' + b" " * (10 * 1024 * 1024) + b"]}"
    answer = await world.call("platform", "POST", PATH, content=huge)
    assert (answer.status_code, problem(answer)["code"]) == (413, "body_too_large")


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"{}", b'{"records": []}', b'{"records": {}}', b'{"records": [], "x": 1}',
     b'{"records": "\xff"}', b"null"],
)  # fmt: skip
async def test_a_body_that_is_no_list_of_records_is_refused(world: World, body: bytes) -> None:
    answer = await world.call("platform", "POST", PATH, content=body)
    assert (answer.status_code, problem(answer)["code"]) == (422, "invalid_request")


async def test_no_resident_id_is_told_or_logged(
    world: World, capfd: pytest.CaptureFixture[str]
) -> None:
    await approved(world)
    told = records(world)
    ids = {each["resident_id"] for each in told}
    bad = [{**told[0], "key": told[0]["resident_id"], told[0]["resident_id"]: 1}]
    bad += [{**told[0], "key": each, "resident_id": f"{each}0"} for each in ids]
    with structlog.testing.capture_logs() as lines:
        answers = [await attempt(world, each) for each in (told, bad, [told[0]["resident_id"]])]
        answers += [await attempt(world, bad, all_or_nothing=True)]
    said = [answer.text for answer in answers] + [str(line) for line in lines]
    everything = "\n".join((*said, *capfd.readouterr()))
    assert [each for each in ids if each in everything] == []


def _in_utc(moment: str) -> str:
    hour = int(moment[11:13])
    assert hour >= 8
    return f"{moment[:11]}{hour - 8:02}{moment[13:19]}Z"
