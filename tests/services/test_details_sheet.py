"""Details and results come in as a sheet, each at its moment, all of it or nothing."""

import hashlib
import json
from typing import Any

import httpx

from app.policy.facts import Material
from app.sheets.roster import read_roster
from tests.refusals import problem, refused
from tests.rows import contents, scalar
from tests.services.test_measures import advance_body, put, trained
from tests.sheets.build import LIMITS, TODAY, example, xlsx
from tests.world import CLAIM, World

TITLES = (
    "姓名", "身份证号", "入职类型", "入职日期", "培养等级", "培养协议编号", "培养起始日期",
    "培养结束日期", "人员身份类别", "证明编号", "出具单位", "上岗日期", "考核结果", "证书等级",
    "证书编号", "发证日期",
)  # fmt: skip
PEOPLE = [
    (row.name, row.resident_id)
    for row in read_roster(example("roster.xlsx"), "roster.xlsx", TODAY, LIMITS).rows
]
BEGAN = {"入职类型": "新招用", "入职日期": "2020-02-26"}
PASSED = {
    "考核结果": "合格", "证书等级": "四级/中级工", "证书编号": "证-1", "发证日期": "2020-03-28",
}  # fmt: skip
STRANGER = ("钱伟", "110101199003074530")


def row(who: tuple[str, str], **cells: object) -> dict[str, object]:
    return {"姓名": who[0], "身份证号": who[1], **cells}


def sheet(*rows: dict[str, object], titles: tuple[str, ...] = TITLES) -> bytes:
    return xlsx([titles, *([each.get(title, "") for title in titles] for each in rows)])


async def upload(world: World, content: bytes, **query: object) -> httpx.Response:
    path = f"/plans/{world.plan['id']}/details-sheet"
    query.setdefault("filename", "人员情况.xlsx")
    return await world.upload("enterprise", path, content, **query)


async def imported(world: World, content: bytes, **query: object) -> dict[str, Any]:
    answer = await upload(world, content, **query)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def listed(world: World) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = await world.get(
        "enterprise", f"/plans/{world.plan['id']}/details"
    )
    return found


async def test_what_a_sheet_tells_is_stored_like_what_a_program_tells(world: World) -> None:
    """The answer is that of PUT /details and of GET /details, to the last field."""
    await world.drafted()
    agreed = {
        "培养等级": "中级工", "培养协议编号": "学徒-1", "培养起始日期": "2020年4月20日",
        "培养结束日期": "2021/4/19",
    }  # fmt: skip
    placed = {
        "人员身份类别": "建档立卡", "证明编号": "贫-1", "出具单位": "某镇政府",
        "上岗日期": "2020-03-09",
    }  # fmt: skip
    content = sheet(row(PEOPLE[0], **BEGAN), row(PEOPLE[1], **agreed), row(PEOPLE[2], **placed))
    told = await imported(world, content)
    assert (told["stored"], told["unchanged"], told["skipped"]) == (3, 0, [])
    assert told["details"] == await listed(world)
    same = [
        {"number": 1, "start": {"kind": "newly_hired", "on": "2020-02-26"}},
        {
            "number": 2,
            "apprentice": {
                "level": "intermediate", "agreement": "学徒-1",
                "starts_on": "2020-04-20", "ends_on": "2021-04-19",
            },
        },
        {
            "number": 3,
            "placement": {
                "category": "poor_labourer", "certificate": "贫-1", "issued_by": "某镇政府",
                "employed_from": "2020-03-09",
            },
        },
    ]  # fmt: skip
    await put(world, "details", same)
    assert await listed(world) == told["details"]


async def test_a_sheet_is_kept_sealed_and_leaves_an_audit_event(
    world: World, owner_url: str
) -> None:
    await world.drafted()
    content = sheet(row(PEOPLE[0], **BEGAN))
    await imported(world, content)
    plan = f"/plans/{world.plan['id']}"
    kept = (await world.get("enterprise", f"{plan}/evidence"))[-1]
    assert (kept["kind"], kept["filename"]) == (Material.OTHER, "人员情况.xlsx")
    opened = await world.call("enterprise", "GET", f"/evidence/{kept['id']}/content")
    assert opened.content == content
    query = f"SELECT sealed FROM evidence WHERE id = '{kept['id']}'"
    assert await scalar(owner_url, query) is True
    acts = [each["act"] for each in await world.get("enterprise", f"{plan}/history")]
    assert acts.count("plans.import_details") == 1
    written = "SELECT details FROM audit_events WHERE act = 'import_details'"
    digest = hashlib.sha256(content).hexdigest()
    told = json.loads(str(await scalar(owner_url, written)))
    assert told.pop("evidence")
    assert told == {"stored": 1, "skipped": 0, "file_sha256": digest}


async def test_a_faulty_sheet_is_refused_row_by_row_and_nothing_is_stored(
    world: World, owner_url: str
) -> None:
    await world.drafted()
    content = sheet(
        row(PEOPLE[0], **BEGAN),
        row(PEOPLE[1], 入职类型="实习", 入职日期="2020-02-26"),
        row(STRANGER, **BEGAN),
        row(PEOPLE[3], 入职类型="复工"),
        row(("张三", PEOPLE[4][1]), **BEGAN),
    )
    before = await contents(owner_url)
    found = problem(await upload(world, content))
    assert (found["status"], found["code"], found["total"]) == (422, "rows_unreadable", 4)
    assert [(each["row"], each["column"], each["code"]) for each in found["rows"]] == [
        (3, "入职类型", "start_unknown"),
        (4, "身份证号", "not_on_roster"),
        (5, "入职日期", "part_missing"),
        (6, "姓名", "name_differs"),
    ]
    assert STRANGER[1][6:14] not in str(found), "an ID is shown masked"
    assert all(each["reason"] and each["remedy"] for each in found["rows"])
    assert await contents(owner_url) == before
    told = await imported(world, content, good_rows_only=True)
    assert (told["stored"], [each["row"] for each in told["skipped"]]) == (1, [3, 4, 5, 6])
    assert [each["number"] for each in told["details"]] == [1]


async def test_the_same_sheet_comes_again_after_training_with_the_results(world: World) -> None:
    """Filing columns as they are stored are no change; a result is stored beside them."""
    world.plan = {}
    await world.drafted(measure="skill_upgrade")
    filed = [row(who, **BEGAN) for who in PEOPLE]
    await imported(world, sheet(*filed))
    await approved(world)
    again = await imported(world, sheet(*filed))
    assert (again["stored"], again["unchanged"]) == (0, 24)
    await world.day("2020-03-30")
    reached = [filed[0] | PASSED, filed[1] | {"考核结果": "未通过"}, *filed[2:]]
    told = await imported(world, sheet(*reached))
    assert (told["stored"], told["unchanged"]) == (2, 22)
    first, second, third = told["details"][:3]
    assert {each["start_on"] for each in told["details"]} == {"2020-02-26"}
    assert (first["test_passed"], first["certificate_level"]) == (True, "intermediate")
    assert (first["certificate_number"], first["certificate_issued_on"]) == ("证-1", "2020-03-28")
    assert (second["test_passed"], second["certificate_number"]) == (False, None)
    assert third["test_passed"] is None


async def approved(world: World, day: str = "2020-03-03") -> None:
    """The plan at hand is submitted, and approved on that day."""
    plan = f"/plans/{world.plan['id']}"
    world.plan = await world.post("enterprise", f"{plan}/submit")
    await world.day(day)
    world.plan = await world.post("officer1", f"{plan}/approve", {})


async def test_what_the_sheet_does_not_tell_of_stays(world: World) -> None:
    """Another person, and a group without a column, stay; a blank cell of a group empties it."""
    await world.drafted()
    told = [
        {
            "number": number,
            "start": {"kind": "resumed", "on": "2020-02-20"},
            "placement": {
                "category": "hard_to_employ", "certificate": "困", "issued_by": "某中心",
                "employed_from": "2020-03-09",
            },
        }
        for number in (1, 2)
    ]  # fmt: skip
    await put(world, "details", told)
    titles = ("姓名", "身份证号", "入职类型", "复工日期")
    await imported(world, sheet(row(PEOPLE[0]), titles=titles))
    first, second = await listed(world)
    assert (first["start_kind"], first["start_on"]) == (None, None)
    assert first["placement_category"] == "hard_to_employ"
    assert (second["start_kind"], second["start_on"]) == ("resumed", "2020-02-20")


async def test_results_before_approval_are_told_by_their_columns(
    world: World, owner_url: str
) -> None:
    await world.drafted()
    before = await contents(owner_url)
    content = sheet(row(PEOPLE[0], **BEGAN), row(PEOPLE[1], **PASSED))
    found = problem(await upload(world, content))
    assert (found["status"], found["code"], found["state"]) == (409, "wrong_state", "draft")
    assert found["columns"] == ["考核结果", "证书等级", "证书编号", "发证日期"]
    assert found["rows"] == [3]
    assert "submit" in {step["name"] for step in found["possible"]}
    assert await contents(owner_url) == before


async def test_filing_columns_are_fixed_with_the_filing(world: World, owner_url: str) -> None:
    """Changed or added after submission, they are told; half of the sheet is not stored."""
    await trained(world, "skill_upgrade")
    before = await contents(owner_url)
    changed = row(PEOPLE[0], **{**BEGAN, "入职日期": "2020-02-25"})
    found = problem(await upload(world, sheet(changed, row(PEOPLE[1], **PASSED))))
    assert (found["status"], found["code"]) == (409, "details_fixed")
    assert (found["columns"], found["rows"]) == (["入职日期"], [2])
    assert found["state"] == "approved"
    assert await contents(owner_url) == before
    # Left empty they are no change; what was filed stays.
    told = await imported(world, sheet(row(PEOPLE[0], 考核结果="合格")))
    assert (told["stored"], told["details"][0]["start_kind"]) == (1, "newly_hired")


async def test_a_submitted_plan_takes_neither(world: World) -> None:
    await world.submitted()
    late = await upload(world, sheet(row(PEOPLE[0], **BEGAN)))
    assert not refused(late, 409, "details_fixed")
    early = await upload(world, sheet(row(PEOPLE[0], **PASSED)))
    assert not refused(early, 409, "wrong_state")
    assert (await imported(world, sheet(row(PEOPLE[0]))))["stored"] == 0


async def test_results_are_fixed_with_the_claim(world: World) -> None:
    """Until the claim is returned for correction; the same results again are no change."""
    await trained(world, "skill_upgrade")
    await world.day("2020-03-30")
    plan = f"/plans/{world.plan['id']}"
    await world.send("enterprise", f"{plan}/learning-batches", "learning_px_class.xlsx")
    await world.papers({**CLAIM, "certificate_copy": "training_record.pdf"})
    await imported(world, sheet(row(PEOPLE[0], **PASSED)))
    world.claim = await world.post("enterprise", "/claims", await world.claim_body())
    assert world.claim["amount"] == "2000.00"
    other = sheet(row(PEOPLE[0], **{**PASSED, "证书编号": "证-2"}))
    found = problem(await upload(world, other))
    assert (found["code"], found["columns"]) == ("details_fixed", ["证书编号"])
    assert (await imported(world, sheet(row(PEOPLE[0], **PASSED))))["unchanged"] == 1
    claimed = world.plan
    later = {"starts_on": "2020-04-13", "ends_on": "2020-04-30"}
    await world.drafted(measure="skill_upgrade", title="另一项目", **later)
    await approved(world, "2020-03-31")
    assert (await imported(world, other))["stored"] == 1, "a claim fixes its own plan only"
    world.plan = claimed
    await world.step("officer1", "return", {"reason": "证书编号有误"})
    assert (await imported(world, other))["stored"] == 1


async def test_an_advance_fixes_no_results(world: World) -> None:
    await trained(world, "skill_upgrade")
    path = f"/plans/{world.plan['id']}/advance"
    world.claim = await world.post("enterprise", path, await advance_body(world))
    assert (await imported(world, sheet(row(PEOPLE[0], **PASSED))))["stored"] == 1


async def test_a_bureau_imports_the_sheet_of_a_case_that_came_on_paper(world: World) -> None:
    """DL-4.2-a: what came by fax or post is keyed in by the bureau, sheets included."""
    await world.registered()
    body = world.plan_body(channel="fax", enterprise_id=world.enterprise["id"])
    world.plan = await world.post("officer1", "/plans", body)
    path = f"/plans/{world.plan['id']}"
    await world.send("officer1", f"{path}/roster", "roster.xlsx")
    content = sheet(row(PEOPLE[0], **BEGAN))
    told = await world.send("officer1", f"{path}/details-sheet", content, filename="a.xlsx")
    assert told["stored"] == 1


async def test_a_sheet_on_anothers_plan_finds_nothing(world: World) -> None:
    await world.drafted()
    path = f"/plans/{world.plan['id']}/details-sheet"
    content = sheet(row(PEOPLE[0], **BEGAN))
    stranger = await world.upload("stranger", path, content, filename="a.xlsx")
    assert not refused(stranger, 404, "not_found")
    officer = await world.upload("officer1", path, content, filename="a.xlsx")
    assert not refused(officer, 403, "not_your_role")
    nobody = await world.call(None, "POST", path, content=content, params={"filename": "a.xlsx"})
    assert not refused(nobody, 401, "not_signed_in")


async def test_a_sheet_beyond_the_limit_of_a_body_is_taken_up_to_the_limit_of_sheets(
    world: World,
) -> None:
    """A JSON body ends at 2 MB, a sheet at 20 MB: pictures in a workbook weigh."""
    await world.drafted()
    csv = f"姓名,身份证号,入职类型,入职日期\n{','.join(PEOPLE[0])},复工,2020-02-26\n"
    large = (csv + ("," * 190 + "\n") * 12_000).encode()
    assert len(large) > 2 << 20
    assert (await imported(world, large, filename="人员情况.csv"))["stored"] == 1
