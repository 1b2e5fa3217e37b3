"""Is the life of every object told in words, to whoever may see the object and to nobody else?"""

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from app.services.act_titles import TITLES
from tests.elsewhere import administer
from tests.objecting import objected
from tests.rare_rows import COLUMNS, RECOVERIES, SIGNALS, put
from tests.simulations import PATH, cap
from tests.world import World

SERVICES = Path(__file__).parents[2] / "app" / "services"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
DOCUMENT = {"document": "文号", "source": "出处"}
RATE = {
    "measure": "skill_upgrade", "key": ["senior"], "amount": "1.00", "certainty": "sample",
    "valid_from": "2021-01-01", **DOCUMENT,
}  # fmt: skip


def titles(history: list[dict[str, Any]]) -> list[str]:
    return [entry["title"] for entry in history]


def test_every_act_that_the_services_record_has_a_title() -> None:
    named = set()
    for file in SERVICES.glob("*.py"):
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "acts.record":
                act, kind = call.args[1:3]
                if isinstance(act, ast.Constant) and isinstance(kind, ast.Constant):
                    named.add(f"{kind.value}.{act.value}")
    assert len(named) > 30
    assert named - set(TITLES) == set()
    assert all(CHINESE.search(title) for title in TITLES.values())


def test_every_object_of_the_api_has_a_history(app: FastAPI) -> None:
    """Whatever is read under its own id; what has no life of its own stands below, with why."""
    within_another = {
        "/policy/clauses/{clause_id}": "the law is not an act of the office",
        "/enterprises/{enterprise_id}/licences/{licence_id}": "told under its enterprise",
        "/uploads/{upload_id}": "a file on its way; the evidence that it becomes has one",
    }
    read = {path.removeprefix("/api/v1") for path, methods in app.openapi()["paths"].items()
            if "get" in methods}  # fmt: skip
    single = {path for path in read if path.endswith("}")} - set(within_another)
    single.discard("/objections/{objection_id}/attachments/{attachment_id}")  # of its objection
    assert {path for path in single if f"{path}/history" not in read} == set()
    assert len(single) > 10


async def test_a_case_and_its_papers_are_told_in_words(world: World) -> None:
    await world.published()
    claim = await world.get("enterprise", f"/claims/{world.claim['id']}/history")
    assert titles(claim) == ["提出补贴申请", "审核通过", "审批同意", "公示"]
    papers = await world.get("officer1", f"/claims/{world.claim['id']}/evidence")
    (roster,) = (each for each in papers if each["kind"] == "roster")
    history = await world.get("enterprise", f"/evidence/{roster['id']}/history")
    assert titles(history) == ["导入花名册"]
    (paper,) = (each for each in papers if each["kind"] == "licence")
    await world.call("officer1", "GET", f"/evidence/{paper['id']}/content")
    history = await world.get("enterprise", f"/evidence/{paper['id']}/history")
    assert titles(history) == ["上传材料", "查看材料"]
    assert history[1]["who"] == "中山区 经办一"
    (batch,) = await world.get("enterprise", f"/plans/{world.plan['id']}/learning-batches")
    history = await world.get("officer1", f"/learning-batches/{batch['id']}/history")
    assert titles(history) == ["导入学习记录"]


async def test_what_is_published_is_told_to_everybody_without_the_officers_name(
    world: World,
) -> None:
    await world.published()
    notice = await world.get("enterprise", f"/claims/{world.claim['id']}/notice")
    site = {"url": "https://rsj.example.gov.cn/1", "screenshot_sha256": "0" * 64}
    await world.post("officer2", f"/notices/{notice['id']}/sites", site)
    platform = await world.post(
        "officer1", "/platforms", {"name": "甲", "kind": "other", "source": "乙"}
    )
    rate = await world.post("centre", "/policy/rates", RATE)
    day = {"kind": "period_ended", "day": "2020-12-31", **DOCUMENT}
    declared = await world.post("centre", "/policy/declarations", day)
    for path, told in (
        (f"/notices/{notice['id']}", ["发布公示", "登记官方网站公示凭证"]),
        (f"/platforms/{platform['id']}", ["登记平台"]),
        (f"/policy/rates/{rate['id']}", ["登记补贴标准"]),
        (f"/policy/declarations/{declared['id']}", ["登记后续文件确定的日期"]),
    ):
        for who in (None, "stranger"):
            history = await world.get(who, f"{path}/history")
            assert titles(history) == told
            assert {(entry["who"], str(entry["details"])) for entry in history} == {("", "{}")}


async def test_what_only_officers_see_has_a_history_that_only_they_see(
    world: World, owner_url: str
) -> None:
    await world.published()
    lodged = await objected(world)
    await world.paid_out()
    await put(owner_url, RECOVERIES, SIGNALS, COLUMNS)
    simulated = await world.post("officer1", PATH, cap("300.00"))
    budget = await world.post(
        "officer2", "/budgets", {"year": 2021, "amount": "1.00", "document": "文号"}
    )
    file = {
        "enterprise_id": world.enterprise["id"], "kind": "extraction", "findings": "套取",
        "amount": "1.00",
    }  # fmt: skip
    violation = await world.post("officer1", "/violations", file)
    concluded = {"conclusion": "属实", "document": "文号"}
    await world.post("officer2", f"/violations/{violation['id']}/establish", concluded)
    claim = f"/claims/{world.claim['id']}"
    (signal, *_) = await world.get("officer1", f"{claim}/signals")
    for path, told in (
        (f"/objections/{lodged['objection_id']}", "提出异议"),
        (f"{PATH}/{simulated['id']}", "提出政策试算"),
        (f"/budgets/{budget['id']}", "登记资金预算"),
        (f"/violations/{violation['id']}", "违规立案"),
    ):
        assert titles(await world.get("officer1", f"{path}/history"))[0] == told
        for who, status in (("enterprise", 403), ("xigang", 404), (None, 401)):
            assert (await world.call(who, "GET", f"{path}/history")).status_code == status
    history = await world.get("officer2", f"/violations/{violation['id']}/history")
    assert titles(history) == ["违规立案", "认定违规"]
    assert await world.get("officer1", f"{claim}/signals/{signal['id']}/history") == []
    wrong = f"/claims/{violation['id']}/signals/{signal['id']}/history"
    assert (await world.call("officer1", "GET", wrong)).status_code == 404


async def test_a_recovery_is_told_to_the_enterprise_that_owes_it(
    world: World, owner_url: str
) -> None:
    await world.paid()
    await put(owner_url, RECOVERIES)
    (demand,) = await world.get("enterprise", f"/claims/{world.claim['id']}/recoveries")
    path = f"/recoveries/{demand['id']}"
    decision = {"kind": "write_off", "reason": "无法追回", "document": "文号"}
    await world.post("officer1", f"{path}/decisions", decision)
    history = await world.get("enterprise", f"{path}/history")
    assert titles(history) == ["决定核销"]
    assert (await world.call("stranger", "GET", f"{path}/history")).status_code == 404


@pytest.mark.parametrize("kind", ["notices", "platforms", "rates", "declarations"])
async def test_the_database_itself_tells_the_public_no_name(
    world: World, owner_url: str, kind: str
) -> None:
    assert world
    with pytest.raises(Exception, match="permission denied"):
        await administer(
            owner_url,
            "SET ROLE subsidy_public",
            f"SELECT account_name FROM audit_events WHERE object_kind = '{kind}'",
        )
