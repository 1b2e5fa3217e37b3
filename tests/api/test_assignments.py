"""A taken case is its holder's: the others are told whose, and may take over in writing."""

import base64
import json
from typing import Any

from tests.refusals import problem
from tests.rows import scalar
from tests.world import World


def officer(world: World, name: str) -> str:
    """Return an account's id, as its token says."""
    told = world.tokens[name].split(".")[1]
    who: str = json.loads(base64.urlsafe_b64decode(told + "=="))["sub"]
    return who


def case(world: World, act: str) -> str:
    return f"/worklist/claims/{world.claim['id']}/{act}"


async def code(world: World, who: str, path: str, body: object = None) -> dict[str, Any]:
    return problem(await world.call(who, "POST", path, json={} if body is None else body))


async def test_only_the_holder_acts_until_it_is_released(world: World) -> None:
    await world.filed()
    taken = await world.post("officer1", case(world, "take"), {})
    assert taken["holder"] == officer(world, "officer1")
    refused = await code(world, "officer2", case(world, "take"))
    assert (refused["code"], refused["holder"]) == ("case_held", taken["holder_name"])
    claim = f"/claims/{world.claim['id']}"
    tick = {"check": "evidence_seen", "outcome": "met"}
    for path, body in (
        (f"{claim}/checks", tick),
        (f"{claim}/return", {"reason": "材料不齐"}),
        (f"{claim}/reject", {"reason": "不符合"}),
        (case(world, "release"), {}),
        (case(world, "hand-over"), {"to": officer(world, "officer1")}),
    ):
        assert (await code(world, "officer2", path, body))["code"] == "case_held"
    assert (await world.post("officer1", case(world, "release")))["holder"] is None
    await world.step("officer2", "review")
    assert (await world.get("officer1", "/worklist"))["items"][0]["holder"] is None


async def test_the_enterprise_is_not_held_up(world: World) -> None:
    await world.filed()
    await world.post("officer1", case(world, "take"), {})
    await world.step("enterprise", "withdraw", {"reason": "不再申请"})
    assert (await code(world, "officer1", case(world, "take")))["code"] == "not_awaited"


async def test_nobody_blocks_a_case_for_ever(world: World, owner_url: str) -> None:
    await world.filed()
    await world.post("officer1", case(world, "take"), {})
    over = {"reason": "原办理人员休假"}
    item = await world.post("officer2", case(world, "take"), over)
    assert item["holder"] == officer(world, "officer2")
    back = {"to": officer(world, "officer1"), "reason": "已返岗"}
    assert (await world.post("officer2", case(world, "hand-over"), back))["holder"] == back["to"]
    acts = "SELECT string_agg(act || ':' || coalesce(reason, ''), ' ' ORDER BY id) FROM assignments"
    assert await scalar(owner_url, acts) == "take: take_over:原办理人员休假 hand_over:已返岗"
    told = await world.get("officer1", f"/claims/{world.claim['id']}/history")
    names = [each["act"] for each in told][-3:]
    assert names == ["claims.take", "claims.take_over", "claims.hand_over"]
    seen = await world.get("enterprise", f"/claims/{world.claim['id']}/history")
    assert {each["act"] for each in seen}.isdisjoint(names), "the enterprise is not told"


async def test_a_case_goes_to_a_colleague_with_the_duty_and_to_nobody_else(world: World) -> None:
    await world.filed()
    path = case(world, "hand-over")
    for name in ("cashier", "xigang", "enterprise", "officer1"):
        refused = await code(world, "officer1", path, {"to": officer(world, name)})
        assert refused["code"] == "not_a_colleague", name
    assert (await code(world, "cashier", case(world, "take")))["code"] == "duty_missing"
    item = await world.post("officer1", path, {"to": officer(world, "officer2")})
    assert item["holder"] == officer(world, "officer2")
    mine = await world.get("officer2", "/worklist", hold="mine")
    assert [each["id"] for each in mine["items"]] == [world.claim["id"]]


async def test_a_plan_is_taken_as_a_claim_is(world: World) -> None:
    await world.submitted()
    path = f"/worklist/plans/{world.plan['id']}"
    await world.post("officer1", f"{path}/take", {})
    await world.day("2020-03-03")
    approve = f"/plans/{world.plan['id']}/approve"
    assert (await code(world, "officer2", approve))["code"] == "case_held"
    await world.post("officer1", f"{path}/release")
    await world.post("officer1", f"{path}/hand-over", {"to": officer(world, "officer2")})
    assert (await code(world, "officer1", approve))["code"] == "case_held"
    assert (await world.post("officer2", approve, {}))["state"] == "approved"
    assert (await code(world, "officer1", f"{path}/take"))["code"] == "not_awaited"


async def test_a_hanging_notice_awaits_nobody(world: World) -> None:
    await world.published()
    assert (await code(world, "cashier", case(world, "take")))["code"] == "not_awaited"
    await world.day("2020-04-10")
    assert (await world.post("cashier", case(world, "take"), {}))["step"] == "pay"
