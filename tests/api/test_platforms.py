"""What officers decide of a platform once counts for every plan, and stays on record."""

from typing import Any

import httpx

from tests.world import World

SITE = "某某技能在线"
ADDRESS = "https://learn.skills.example/class"
BODY = {
    "name": SITE,
    "kind": "other",
    "hosts": ["https://www.Skills.example/"],
    "source": "企业说明",
}
FOUND = {
    "in_china": True, "qualified": True, "creditworthy": True, "public_service": True,
    "remark": "已逐项核对备案和资质", "document": "ICP备案截图",
}  # fmt: skip
BLOCK = {"reason": "学习时长造假", "since": "2020-03-01"}


def channel(**changes: str) -> dict[str, str]:
    return {"kind": "other", "name": SITE, "address": ADDRESS, **changes}


async def entered(world: World, who: str = "officer1", **changes: Any) -> str:  # noqa: ANN401
    return str((await world.post(who, "/platforms", {**BODY, **changes}))["id"])


async def approving(world: World, body: dict[str, Any] | None = None) -> httpx.Response:
    """Ask for the approval of the submitted plan on 3 March."""
    await world.day("2020-03-03")
    path = f"/plans/{world.plan['id']}/approve"
    return await world.call("officer1", "POST", path, json=body or {})


async def test_the_catalogue_is_searched_by_name_and_by_address(world: World) -> None:
    first = await world.get(None, "/platforms", limit=4)
    rest = await world.get(None, "/platforms", limit=4, before=first["next"])
    assert len(first["items"] + rest["items"]) == 6
    assert rest["next"] is None
    await entered(world)
    for search in ("某技能", "“某某” 技能", ADDRESS, "skills.example"):
        (found,) = (await world.get(None, "/platforms", search=search))["items"]
        assert found["name"] == SITE
    (found,) = (await world.get(None, "/platforms", search="http://px.class.com.cn/x"))["items"]
    assert (found["name"], found["kind"]) == ("中国职业培训在线", "listed")
    assert (await world.get(None, "/platforms", search="100%_"))["items"] == []
    assert len((await world.get(None, "/platforms", kind="other"))["items"]) == 1
    assert (await world.get(None, "/platforms", blocked=True))["items"] == []


async def test_what_is_examined_once_is_not_asked_again_and_a_plan_may_still_say_no(
    world: World,
) -> None:
    platform = await entered(world)
    await world.submitted(platform=channel())
    refused = await approving(world)
    assert refused.json()["findings"][0]["rule"] == "platform_qualified"
    await world.post("officer1", f"/platforms/{platform}/examine", FOUND)
    doubted = await approving(world, {"platform_conditions_met": False})
    assert doubted.json()["findings"][0]["outcome"] == "failed"
    approved = await approving(world)
    assert approved.status_code == 200, approved.text
    assert approved.json()["platform_conditions_met"] is True


async def test_an_examination_out_of_date_or_of_another_host_counts_nothing(world: World) -> None:
    platform = await entered(world)
    await world.submitted(platform=channel())
    path = f"/platforms/{platform}"
    await world.post("officer1", f"{path}/examine", {**FOUND, "valid_from": "2020-03-04"})
    assert (await approving(world)).json()["code"] == "findings_block"
    await world.post("officer1", f"{path}/examine", FOUND)
    moved = {"hosts": ["other.example"], "source": "企业来函"}
    told = (await world.call("officer1", "PUT", path, json=moved)).json()
    assert (told["hosts"], told["in_china"], told["examined_on"]) == (["other.example"], None, None)
    assert (await approving(world)).json()["code"] == "findings_block"


async def test_what_was_approved_stays_when_the_examination_ends(world: World) -> None:
    platform = await entered(world)
    await world.post(
        "officer1", f"/platforms/{platform}/examine", FOUND | {"valid_to": "2020-03-03"}
    )
    await world.submitted(platform=channel())
    assert (await approving(world)).status_code == 200
    await world.day("2020-03-30")
    findings = await world.get("officer1", f"/plans/{world.plan['id']}/findings")
    assert {each["rule"]: each["outcome"] for each in findings}["platform_qualified"] == "passed"


async def test_a_blocked_platform_is_refused_by_name_or_host_with_reason_and_day(
    world: World,
) -> None:
    platform = await entered(world)
    await world.post("officer1", f"/platforms/{platform}/block", BLOCK)
    for filed in (
        channel(address="见截图"),
        channel(name="另一名称"),
        channel(kind="own", name="x"),
    ):
        await world.submitted(platform=filed)
        refused = (await approving(world, {"platform_conditions_met": True})).json()
        told = {each["rule"]: each["reason"] for each in refused["findings"]}
        assert "学习时长造假" in told["platform_not_blocked"]
        assert "2020-03-01" in told["platform_not_blocked"]
        await world.post("enterprise", f"/plans/{world.plan['id']}/withdraw", {"reason": "更换"})
        await world.day("2020-03-03")


async def test_a_block_after_the_last_day_of_training_touches_nothing(world: World) -> None:
    platform = await entered(world)
    await world.post("officer1", f"/platforms/{platform}/block", {**BLOCK, "since": "2020-03-28"})
    await world.submitted(platform=channel())
    assert (await approving(world, {"platform_conditions_met": True})).status_code == 200


async def test_a_blocked_platform_is_let_go_by_its_bureau_or_the_centre_and_all_is_on_record(
    world: World,
) -> None:
    platform = f"/platforms/{await entered(world)}"
    await world.post("officer1", f"{platform}/examine", FOUND)
    await world.post("officer1", f"{platform}/block", {"reason": "接到举报"})
    again = await world.call("officer1", "POST", f"{platform}/block", json=BLOCK)
    assert again.json()["code"] == "platform_stands"
    word = {"reason": "举报不实"}
    foreign = await world.call("xigang", "POST", f"{platform}/unblock", json=word)
    assert foreign.json()["code"] == "not_your_role"
    told = await world.post("centre", f"{platform}/unblock", word)
    assert (told["blocked_since"], told["public_service"]) == (None, True)
    history = (await world.get(None, platform))["history"]
    assert [each["act"] for each in history] == ["enter", "examine", "block", "unblock"]
    assert history[2]["details"] == {"reason": "接到举报", "since": "2020-03-02"}
    assert {each["bureau_code"] for each in history} == {"210202", "LN-PROV"}
    idle = await world.call("officer1", "POST", f"{platform}/unblock", json=word)
    assert idle.json()["code"] == "platform_stands"


async def test_an_own_site_is_its_enterprises_and_nobody_elses(world: World) -> None:
    await world.registered()
    site = {"kind": "own", "name": "企业网校", "hosts": ["school.example"]}
    own = await entered(world, enterprise_id=world.enterprise["id"], **site)
    examined = await world.call("officer1", "POST", f"/platforms/{own}/examine", json=FOUND)
    assert examined.json()["code"] == "platform_not_other"
    await world.submitted(platform=channel(kind="own", name="网校", address="school.example"))
    assert (await approving(world)).status_code == 200
    foreign = {**BODY, **site, "name": "别家网校", "enterprise_id": world.enterprise["id"]}
    refused = await world.call("xigang", "POST", "/platforms", json=foreign)
    assert refused.json()["code"] == "not_found"


async def test_an_entry_that_makes_no_sense_is_refused(world: World) -> None:
    await entered(world)
    for changes, code in (
        ({"name": "某某 技能“在线”"}, "platform_known"),
        ({"name": "省略", "hosts": ["com.cn"]}, "invalid_request"),
        ({"name": "省略", "hosts": ["a.example b.example"]}, "invalid_request"),
        ({"name": "省略", "kind": "own"}, "invalid_request"),
        ({"name": "省略", "kind": "listed"}, "not_your_role"),
    ):
        answer = await world.call("officer1", "POST", "/platforms", json={**BODY, **changes})
        assert answer.json()["code"] == code, changes
    await entered(world, "centre", name="新名单平台", kind="listed")
