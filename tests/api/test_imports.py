"""An import names its columns, may be tried, comes once, and is corrected, not overwritten."""

import io
from typing import Any

import httpx
import openpyxl
import pytest

from tests.sheets.build import xlsx
from tests.world import FILING, World

EXPORT = "learning_px_class.xlsx"
TITLES = ("上课人", "学号", "节目", "进", "出", "看了多少", "机器", "来处")
SAID = (
    "上课人=name", "学号＝身份证号", "节目:course", "进 = 开始学习时间", "出：ended_at",
    "看了多少=stated_seconds/分钟",
)  # fmt: skip


def exported(world: World, titles: tuple[str, ...] = TITLES) -> bytes:
    """Return the sample export under other titles."""
    book = openpyxl.load_workbook(io.BytesIO((world.examples / EXPORT).read_bytes()))
    _, *rows = book.worksheets[0].iter_rows(values_only=True)
    return xlsx([titles, *rows])


def batches(world: World) -> str:
    return f"/plans/{world.plan['id']}/learning-batches"


async def sent(world: World, content: bytes | str, **query: Any) -> httpx.Response:  # noqa: ANN401
    return await world.upload("enterprise", batches(world), content, **query)


def code(answer: httpx.Response) -> str:
    return str(answer.json().get("code", answer.status_code))


async def acts(world: World) -> list[str]:
    history = await world.get("officer1", f"/plans/{world.plan['id']}/history")
    return [each["act"] for each in history]


async def files(world: World) -> list[str]:
    listed = await world.get("enterprise", f"/plans/{world.plan['id']}/evidence")
    return [each["kind"] for each in listed]


async def another_plan(world: World) -> None:
    """The plan is withdrawn, and another like it is approved."""
    await world.post("enterprise", f"/plans/{world.plan['id']}/withdraw", {"reason": "另行备案"})
    await world.approved(title="另一项目")


async def test_unknown_titles_are_refused_with_what_there_is_and_how_to_name_them(
    world: World,
) -> None:
    await world.approved()
    refused = (await sent(world, exported(world))).json()
    assert refused["code"] == "header_not_found"
    assert refused["titles"] == list(TITLES)
    assert {"field": "started_at", "title": "开始学习时间"} in refused["fields"]
    assert "columns=上课日期=started_at" in refused["detail"]


async def test_a_row_of_data_taken_for_a_header_shows_no_id(world: World) -> None:
    await world.approved()
    refused = await sent(world, "张三,220104199503227868,课\n".encode())
    assert refused.json()["code"] == "header_not_found"
    assert "220104199503227868" not in refused.text


async def test_columns_that_are_named_once_are_known_the_next_time(world: World) -> None:
    await world.approved()
    told = (await sent(world, exported(world), columns=SAID)).json()
    assert (told["stored"], told["rows_with_findings"]) == (617, 0)
    assert told["columns"]["started_at"] == "进"
    listed = await world.get("enterprise", "/platforms/columns")
    assert {each["title"]: each["field"] for each in listed["items"]} == {
        "上课人": "name", "学号": "resident_id", "节目": "course", "进": "started_at",
        "出": "ended_at", "看了多少": "stated_seconds",
    }  # fmt: skip
    await another_plan(world)
    again = await sent(world, exported(world))
    assert again.json()["stored"] == 617, again.text
    report = await world.call(
        "enterprise", "GET", f"/learning-batches/{again.json()['batch_id']}/report"
    )
    assert report.status_code == 200


async def test_what_a_bureau_forgets_is_unknown_again_and_old_batches_stay(world: World) -> None:
    await world.approved()
    told = (await sent(world, exported(world), columns=SAID)).json()
    for each in (await world.get("officer1", "/platforms/columns"))["items"]:
        assert each["enterprise_id"] == world.enterprise["id"]
        assert (await world.call("xigang", "DELETE", f"/platforms/columns/{each['id']}")
                ).status_code == 404  # fmt: skip
        gone = await world.call("officer1", "DELETE", f"/platforms/columns/{each['id']}")
        assert gone.json()["removed_on"] == "2020-03-03"
    assert (await world.get("enterprise", "/platforms/columns"))["items"] == []
    report = f"/learning-batches/{told['batch_id']}/report"
    assert (await world.call("enterprise", "GET", report)).status_code == 200
    await another_plan(world)
    assert (await sent(world, exported(world))).json()["code"] == "header_not_found"


async def test_a_named_unit_counts_and_a_new_word_takes_the_place_of_the_old(world: World) -> None:
    await world.approved()
    hours = [*SAID[:-1], "看了多少=stated_seconds/秒"]
    tried = (await sent(world, exported(world), columns=hours, dry_run=True)).json()
    assert tried["stored"] == 617
    await sent(world, exported(world), columns=hours)
    records = await world.get("enterprise", f"/plans/{world.plan['id']}/learning-records")
    assert records[0]["stated_seconds"] == 50
    await another_plan(world)
    await sent(world, exported(world), columns=SAID[-1:])
    records = await world.get("enterprise", f"/plans/{world.plan['id']}/learning-records")
    assert records[0]["stated_seconds"] == 50 * 60
    listed = (await world.get("enterprise", "/platforms/columns"))["items"]
    assert [each["unit"] for each in listed if each["field"] == "stated_seconds"] == ["minutes"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("没有等号", "columns_not_understood"),
        ("进=", "columns_not_understood"),
        ("进=什么", "columns_not_understood"),
        ("进=started_at/秒", "columns_not_understood"),
        ("***=started_at", "columns_not_understood"),
        ("没有这列=started_at", "column_not_found"),
    ],
)
async def test_a_word_on_a_column_that_makes_no_sense_is_refused(
    world: World, said: str, code: str
) -> None:
    await world.approved()
    refused = await sent(world, EXPORT, columns=[said])
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert refused.json()["titles" if code == "column_not_found" else "fields"]
    assert await files(world) == await files(world)
    assert "learning_export" not in await files(world)


async def test_a_dry_run_tells_the_same_and_stores_nothing(world: World) -> None:
    await world.approved()
    tried = (await sent(world, "learning_dirty.xlsx", dry_run=True)).json()
    assert await world.get("enterprise", batches(world)) == []
    assert "learning_export" not in await files(world)
    assert (await acts(world))[-1] == "plans.try_learning"
    stored = (await sent(world, "learning_dirty.xlsx")).json()
    assert (tried.pop("batch_id"), tried.pop("dry_run")) == (None, True)
    assert stored.pop("batch_id")
    assert not stored.pop("dry_run")
    assert tried == stored
    again = await sent(world, "learning_dirty.xlsx", dry_run=True)
    assert again.json()["code"] == "file_already_imported"


async def test_a_dry_run_teaches_nothing(world: World) -> None:
    await world.approved()
    await sent(world, exported(world), columns=SAID, dry_run=True)
    assert (await world.get("enterprise", "/platforms/columns"))["items"] == []


async def test_a_dry_run_of_a_roster_leaves_the_one_that_is_there(world: World) -> None:
    await world.drafted()
    path = f"/plans/{world.plan['id']}"
    before = await world.get("enterprise", f"{path}/trainees")
    tried = await world.send(
        "enterprise", f"{path}/roster", "roster_dirty.xlsx", good_rows_only=True, dry_run=True
    )
    assert (tried["stored"], len(tried["skipped"]), len(tried["trainees"])) == (21, 4, 21)
    assert await world.get("enterprise", f"{path}/trainees") == before
    assert (await files(world)).count("roster") == 1
    assert (await acts(world))[-1] == "plans.try_roster"


async def test_the_same_file_twice_changes_nothing_and_names_the_first(world: World) -> None:
    await world.approved()
    first = (await sent(world, EXPORT)).json()
    before = await acts(world)
    again = (await sent(world, EXPORT)).json()
    assert again["code"] == "file_already_imported"
    assert again["batch_id"] == first["batch_id"]
    assert again["batch_id"] in again["detail"]
    (listed,) = await world.get("enterprise", batches(world))
    assert again["imported_at"][:19] == listed["created_at"][:19]
    assert await acts(world) == before
    assert (await files(world)).count("learning_export") == 1


async def test_a_corrected_file_takes_the_place_of_its_batch_and_both_are_on_record(
    world: World,
) -> None:
    await world.approved()
    first = (await sent(world, "learning_dirty.xlsx")).json()
    second = (await sent(world, EXPORT, replaces=first["batch_id"])).json()
    old, new = await world.get("enterprise", batches(world))
    assert (old["id"], old["replaced_by"]) == (first["batch_id"], second["batch_id"])
    assert (new["id"], new["replaced_by"]) == (second["batch_id"], None)
    history = await world.get("officer1", f"/plans/{world.plan['id']}/history")
    imports = [each["details"] for each in history if each["act"] == "plans.import_learning"]
    assert [each["batch"] for each in imports] == [first["batch_id"], second["batch_id"]]
    assert imports[1]["replaces"] == first["batch_id"]
    for batch in (first, second):
        report = f"/learning-batches/{batch['batch_id']}/report"
        assert (await world.call("enterprise", "GET", report)).status_code == 200
    twice = await sent(world, "learning_dirty.xlsx", replaces=first["batch_id"])
    assert twice.json()["code"] == "not_found"


async def test_what_a_bureau_teaches_is_everybodys_of_the_platform(world: World) -> None:
    """From a plan that came on paper; the enterprise's own word comes before it."""
    await world.registered()
    body = world.plan_body(enterprise_id=world.enterprise["id"], channel="post")
    world.plan = await world.post("officer1", "/plans", body)
    path = f"/plans/{world.plan['id']}"
    await world.send("officer1", f"{path}/roster", "roster.xlsx")
    for kind, name in FILING.items():
        await world.send("officer1", f"{path}/evidence", name, kind=kind)
    await world.send("officer1", f"{path}/evidence", "licence.jpg", kind="paper_original")
    await world.post("officer1", f"{path}/submit")
    await world.day("2020-03-03")
    await world.post("officer2", f"{path}/approve", {})
    wrong = [*SAID[:-1], "看了多少=stated_seconds/秒"]
    told = await world.send("officer1", batches(world), exported(world), columns=wrong)
    assert told["stored"] == 617
    (shared, *_) = (await world.get("stranger", "/platforms/columns"))["items"]
    assert (shared["enterprise_id"], shared["bureau_code"]) == (None, "210202")
    foreign = await world.call("xigang", "DELETE", f"/platforms/columns/{shared['id']}")
    assert code(foreign) == "not_your_role"
    await world.post("officer1", f"{path}/withdraw", {"reason": "另行备案"})
    await world.day("2020-03-03")
    await world.approved(title="另一项目")
    again = (await sent(world, exported(world), columns=SAID[-1:])).json()
    assert again["stored"] == 617
    records = await world.get("enterprise", f"/plans/{world.plan['id']}/learning-records")
    assert records[0]["stated_seconds"] == 50 * 60
