"""An open objection awaits an officer in the work list, and so does what an upheld one obliges."""

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.api.test_assignments import officer
from tests.api.test_notices import two_decided
from tests.api.test_objections import NAMED, TEXT, decide, object_to
from tests.api.test_worklist import only
from tests.refusals import in_vain
from tests.rows import scalar
from tests.world import World

ANEW = {"objection": "异议1号", "reason": "异议成立，予以重新核定"}
DECIDED = {"outcome": "upheld", "reason": "经查属实"}


async def listed(world: World, who: str = "officer1", **query: Any) -> list[tuple[str, str]]:  # noqa: ANN401
    """Return the kinds and steps that wait before the notice closes, the most urgent first."""
    items = (await world.get(who, "/worklist", **query))["items"]
    return [(each["kind"], each["step"]) for each in items]


def held(objection: dict[str, Any], act: str) -> str:
    return f"/worklist/objections/{objection['id']}/{act}"


async def test_an_objection_waits_from_the_day_it_is_lodged_until_it_is_decided(
    world: World,
) -> None:
    await world.published()
    await world.day("2020-04-02")
    objection = await object_to(world, **NAMED)
    item = await only(world)
    assert (item["kind"], item["id"]) == ("objection", objection["id"])
    told = {name: item[name] for name in ("receipt", "step", "state", "duty", "signals", "holder")}
    assert told == {
        "receipt": objection["receipt"], "step": "decide_objection", "state": "open",
        "duty": "approve", "signals": 0, "holder": None,
    }  # fmt: skip
    assert (item["enterprise_name"], item["measure"]) == (world.enterprise["name"], "hourly_sme")
    assert (item["since"], item["due_on"]) == ("2020-04-02", objection["due_on"])
    assert item["due_on"] == "2020-04-10", "five working days; Qingming lies between"
    assert item["amount"] == "360.00"
    await decide(world, objection, "rejected")
    assert await listed(world) == []


async def test_a_late_decision_is_marked_and_counted_the_day_after(world: World) -> None:
    await world.published()
    await object_to(world)
    told = []
    for day in ("2020-04-09", "2020-04-10"):
        await world.day(day)
        item = await only(world, step="decide_objection")
        counts = await world.get("officer1", "/worklist/counts")
        (step,) = (each for each in counts["steps"] if each["step"] == "decide_objection")
        told.append((item["overdue"], step["waiting"], step["overdue"]))
    assert told == [(False, 1, 0), (True, 1, 1)]


async def test_the_list_tells_neither_who_objects_nor_what_he_says(world: World) -> None:
    await world.published()
    await object_to(world, **NAMED)
    for who in ("officer1", "cashier"):
        answer = await world.call(who, "GET", "/worklist")
        assert answer.json()["items"]
        assert not any(word in answer.text for word in (TEXT, *NAMED.values()))
    assert await listed(world, "xigang") == []
    assert (await world.get("xigang", "/worklist/counts"))["waiting"] == 0
    for who in ("enterprise", None):
        assert (await world.call(who, "GET", "/worklist")).status_code in {401, 403}


@pytest.mark.parametrize(
    ("query", "there"),
    [
        ({"step": "decide_objection"}, True), ({"state": "open"}, True),
        ({"duty": "approve"}, True), ({"duty": "review"}, False), ({"duty": "pay"}, False),
        ({"state": "upheld"}, False), ({"hold": "nobody"}, True), ({"hold": "mine"}, False),
        ({"amount_from": "719.99", "amount_to": "720.00"}, True), ({"amount_from": "721"}, False),
        ({"until": "2020-04-09"}, True), ({"until": "2020-04-08"}, False),
        ({"order": "age", "until": "2020-04-01"}, True), ({"signals": True}, False),
    ],
)  # fmt: skip
async def test_it_is_found_by_what_is_asked_of_every_case(
    world: World, query: dict[str, Any], there: bool
) -> None:
    await world.published()
    await object_to(world, lines=[3, 4])
    assert bool(await listed(world, **query)) is there


async def test_an_objection_to_a_whole_notice_is_one_row_for_all_its_claims(
    world: World, owner_url: str, tmp_path: Path
) -> None:
    other = await two_decided(world, owner_url, tmp_path)
    both = [world.claim["id"], other.claim["id"]]
    notice = await world.post("officer2", "/notices", {"claim_ids": both})
    objection = await object_to(world, claim_receipt=None, lines=None)
    item = await only(world)
    assert (item["amount"], item["measure"]) == ("17280.00", "hourly_sme")
    assert item["enterprise_name"] == notice["enterprise_name"]
    assert item["enterprise_name"].endswith("等2家企业")
    taken = await world.post("officer3", held(objection, "take"), {})
    assert taken["holder"] == officer(world, "officer3")
    # What is withdrawn is held no more; the rest still is.
    await other.step("enterprise", "withdraw", {"reason": "不再申请"})
    assert (await only(world, hold="somebody"))["amount"] == "8640.00"
    await decide(world, objection, "upheld")
    item = await only(world)
    assert (item["step"], item["amount"], item["holder"]) == ("redetermine", "8640.00", None)
    await world.post("officer1", f"/claims/{world.claim['id']}/redetermine", ANEW)
    assert await listed(world) == [("claim", "review")]


async def test_an_upheld_objection_waits_until_the_decision_is_made_anew(world: World) -> None:
    await world.published()
    first, second = await object_to(world), await object_to(world, lines=None)
    await world.day("2020-04-03")
    await decide(world, first, "upheld")
    item = await only(world, step="redetermine")
    assert (item["id"], item["state"], item["duty"]) == (first["id"], "upheld", "review")
    assert (item["since"], item["due_on"]) == ("2020-04-03", "2020-04-13")
    assert (await world.get("officer1", f"/objections/{first['id']}"))["redetermine_by"] == (
        "2020-04-13"
    )
    await world.day("2020-04-14")
    assert (await only(world, step="redetermine"))["overdue"] is True
    await decide(world, second, "upheld")
    assert len(await listed(world, step="redetermine")) == 2
    path = f"/claims/{world.claim['id']}/redetermine"
    made = await world.post("officer1", path, ANEW)
    assert await listed(world) == [("claim", "pay"), ("claim", "review")], "one decision, for both"
    # Refused, it leaves the old decision as it was: another is owed, since the same day.
    await world.post("officer2", f"/claims/{made['id']}/reject", {"reason": "核定有误"})
    again = await world.get("officer1", "/worklist", step="redetermine", order="age")
    assert [(each["id"], each["since"]) for each in again["items"]] == [
        (first["id"], "2020-04-03"), (second["id"], "2020-04-14"),
    ]  # fmt: skip
    world.claim = await world.post("officer1", path, ANEW)
    await world.cleared()
    await world.step("officer1", "review")
    await world.step("officer2", "approve")
    assert await listed(world) == [("claim", "publish")]


@pytest.mark.parametrize("outcome", ["rejected", "upheld"])
async def test_a_claim_that_ends_leaves_nothing_to_make_anew(world: World, outcome: str) -> None:
    await world.published()
    first, second = await object_to(world), await object_to(world, lines=[4])
    await decide(world, first, "upheld")
    await world.step("enterprise", "withdraw", {"reason": "不再申请"})
    item = await only(world)
    assert (item["id"], item["amount"]) == (second["id"], "0.00"), "it is to be answered still"
    await decide(world, second, outcome)
    assert await listed(world) == []


async def test_a_decision_made_anew_before_leaves_nothing_to_do(world: World) -> None:
    await world.published()
    objection = await object_to(world)
    await world.post("officer1", f"/claims/{world.claim['id']}/redetermine", ANEW)
    await decide(world, objection, "upheld")
    assert await listed(world) == [("claim", "review")]


async def test_who_holds_an_objection_decides_it_and_nobody_else(
    world: World, owner_url: str
) -> None:
    await world.published()
    objection = await object_to(world)
    # Who reviewed and who approved may not decide it, and so not hold it either.
    for who in ("officer1", "officer2"):
        await in_vain(world, who, held(objection, "take"), "signed_already", {})
        to_him = {"to": officer(world, who)}
        await in_vain(world, "officer3", held(objection, "hand-over"), "not_a_colleague", to_him)
    await in_vain(world, "cashier", held(objection, "take"), "duty_missing", {})
    await in_vain(world, "xigang", held(objection, "take"), "not_found", {})
    await world.post("officer3", held(objection, "take"), {})
    refused = await in_vain(
        world, "officer2", f"/objections/{objection['id']}/decide", "case_held", DECIDED
    )
    assert refused["holder"] == "中山区 经办三"
    await in_vain(world, "officer1", held(objection, "release"), "case_held")
    assert (await world.post("officer3", held(objection, "release")))["holder"] is None
    await world.post("officer3", held(objection, "take"), {})
    await decide(world, objection, "rejected")
    await in_vain(world, "officer3", held(objection, "take"), "not_awaited", {})
    acts = "SELECT string_agg(act, ' ' ORDER BY id) FROM assignments WHERE objection_id IS NOT NULL"
    assert await scalar(owner_url, acts) == "take release take"
    told = await world.get("officer1", f"/claims/{world.claim['id']}/history")
    assert [each["title"] for each in told if each["act"] == "objections.take"] == ["领取办理"] * 2
    seen = await world.get("enterprise", f"/claims/{world.claim['id']}/history")
    assert not [each for each in seen if each["act"] == "objections.take"]


async def test_who_holds_what_was_upheld_makes_the_decision_anew(world: World) -> None:
    await world.published()
    objection = await object_to(world)
    await decide(world, objection, "upheld")
    handed = {"to": officer(world, "officer1"), "reason": "请重新核定"}
    item = await world.post("officer3", held(objection, "hand-over"), handed)
    assert (item["step"], item["holder"]) == ("redetermine", handed["to"])
    path = f"/claims/{world.claim['id']}/redetermine"
    await in_vain(world, "officer2", path, "case_held", ANEW)
    over = {"reason": "原办理人员休假"}
    await world.post("officer2", held(objection, "take"), over)
    await in_vain(world, "officer1", path, "case_held", ANEW)
    await world.post("officer2", path, ANEW)
    await in_vain(world, "officer2", held(objection, "release"), "not_awaited")


async def test_two_take_an_objection_at_once_and_one_has_it(world: World, owner_url: str) -> None:
    await world.published()
    objection = await object_to(world)
    await decide(world, objection, "upheld")
    path = held(objection, "take")
    answers = await asyncio.gather(
        *(world.call(who, "POST", path, json={}) for who in ("officer1", "officer2") * 4)
    )
    codes = Counter(answer.status_code for answer in answers)
    assert codes == {200: 4, 409: 4}, "who has it may ask again"
    assert await scalar(owner_url, "SELECT count(*) FROM assignments") == 1
