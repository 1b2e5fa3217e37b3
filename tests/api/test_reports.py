"""The dirty samples get the reports they deserve, cell by cell, and nothing is stored for it."""

import io
from datetime import datetime
from typing import Any
from urllib.parse import quote

import httpx
import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from tests.sheets.build import DATA, xlsx
from tests.world import World

RED, AMBER = "FFFFC7CE", "FFFFEB9C"
EIGHT = datetime(2020, 3, 9, 8, 0, 30)  # noqa: DTZ001  a cell has no zone
LEARNING = [
    "姓名",
    "身份证号",
    "课程名称",
    "开始学习时间",
    "结束学习时间",
    "有效学习时长（分钟）",
    "备注",
]


def sheets(answer: httpx.Response) -> tuple[dict[str, Any], Worksheet]:
    """Return the counts by code of the first sheet, and the second sheet."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer.headers["content-type"] == "application/octet-stream"
    assert "no-store" in answer.headers["cache-control"]
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    summary, rows = book.worksheets
    counted = {row[1]: row[3] for row in summary.iter_rows(values_only=True) if row[3] is not None}
    assert counted.pop("代码") == "处数"
    return counted, rows


def marks(sheet: Worksheet) -> dict[str, tuple[str, str]]:
    """Return, by cell, its colour and its comment; the remark column is left out."""
    found = {}
    for row in sheet.iter_rows(max_col=sheet.max_column - 1):
        for cell in row:
            colour = cell.fill.fgColor.rgb if cell.fill.fill_type else ""
            if colour or cell.comment:
                found[cell.coordinate] = (colour, cell.comment.text if cell.comment else "")
    return found


def original(world: World, name: str) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(world.examples / name, data_only=True)
    return list(book.worksheets[0].iter_rows(values_only=True))


async def events(world: World) -> list[str]:
    history = await world.get("officer1", f"/plans/{world.plan['id']}/history")
    return [each["act"] for each in history]


async def nothing_stored(world: World) -> bool:
    path = f"/plans/{world.plan['id']}"
    kinds = {each["kind"] for each in await world.get("enterprise", f"{path}/evidence")}
    batches = await world.get("enterprise", f"{path}/learning-batches")
    return "learning_export" not in kinds and batches == []


async def test_the_dirty_export_shows_each_misfit_in_its_cell(world: World) -> None:
    await world.approved()
    path = f"/plans/{world.plan['id']}/learning-batches"
    answer = await world.upload("enterprise", f"{path}/report", "learning_dirty.xlsx")
    counted, sheet = sheets(answer)
    assert counted == {
        "overlaps_other_session": 1, "outside_plan_dates": 1, "not_on_roster": 1,
        "course_not_filed": 1, "more_than_the_clock": 1,
    }  # fmt: skip
    rows = original(world, "learning_dirty.xlsx")
    header = rows[0]
    told = marks(sheet)
    where = {
        624: "开始", 625: "开始", 626: "身份证", 627: "课程", 628: "时长",
    }  # fmt: skip
    assert len(told) == 5
    for row, title in where.items():
        (cell,) = [each for each in told if each[1:] == str(row)]
        assert title in header[sheet[cell].column - 1], cell
        colour, comment = told[cell]
        assert colour == AMBER
        assert comment
        assert comment.splitlines()[0] in sheet.cell(row, len(header) + 1).value
    copied = [row[:-1] for row in sheet.iter_rows(values_only=True)]
    assert copied == rows
    assert sheet.cell(1, len(header) + 1).value == "核对意见"
    assert await nothing_stored(world)
    assert (await events(world))[-1] == "plans.report_learning"


async def test_the_dirty_roster_shows_each_fault_in_its_cell(world: World) -> None:
    await world.registered()
    world.plan = await world.post("enterprise", "/plans", world.plan_body())
    path = f"/plans/{world.plan['id']}"
    answer = await world.upload("enterprise", f"{path}/roster/report", "roster_dirty.xlsx")
    counted, sheet = sheets(answer)
    assert sum(counted.values()) == 4
    told = marks(sheet)
    rows = original(world, "roster_dirty.xlsx")
    assert {cell[1:]: colour for cell, (colour, _) in told.items()} == dict.fromkeys(
        ("15", "18", "20", "30"), RED
    )
    assert "数字" in told[next(cell for cell in told if cell.endswith("15"))][1]
    assert "第4行" in told[next(cell for cell in told if cell.endswith("30"))][1]
    assert [row[:-1] for row in sheet.iter_rows(values_only=True)] == rows
    assert await world.get("enterprise", f"{path}/trainees") == []
    assert await world.get("enterprise", f"{path}/evidence") == []


async def test_a_clean_csv_gives_a_workbook_without_a_mark(world: World) -> None:
    await world.approved("plan_own_site.json")
    path = f"/plans/{world.plan['id']}/learning-batches"
    file = "learning_own_site_gbk.csv"
    counted, sheet = sheets(await world.upload("enterprise", f"{path}/report", file))
    assert counted == {}
    assert marks(sheet) == {}
    lines = (world.examples / file).read_bytes().decode("gb18030").splitlines()
    assert sheet.max_row == len(lines)
    assert sheet["A2"].value == lines[1].split(",")[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


async def test_a_stored_batch_is_reported_from_its_sealed_original(world: World) -> None:
    await world.approved()
    path = f"/plans/{world.plan['id']}/learning-batches"
    checked = sheets(await world.upload("enterprise", f"{path}/report", "learning_dirty.xlsx"))
    batch = await world.send("enterprise", path, "learning_dirty.xlsx")
    report = f"/learning-batches/{batch['batch_id']}/report"
    for who in ("enterprise", "officer1"):
        counted, sheet = sheets(await world.call(who, "GET", report))
        assert counted == checked[0]
        assert marks(sheet) == marks(checked[1])
    for stranger in ("stranger", "xigang", "centre"):
        assert (await world.call(stranger, "GET", report)).status_code == 404
    looks = [act for act in await events(world) if act == "learning_batches.report"]
    assert len(looks) == 2


async def test_no_cell_becomes_a_formula_and_odd_texts_stay_texts(world: World) -> None:
    await world.approved()
    odd = [
        "=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "http://example.org", "{=A1}",
        "<r><t>x</t></r>", "<r>&broken", "x" * 40_000, "\U0001f600" * 3, "  blank ",
    ]  # fmt: skip
    rows = [["张三", '=HYPERLINK("http://x")', "=A1", EIGHT, "@x", "-1", each] for each in odd]
    lines = [LEARNING, *rows]
    csv = "\n".join(",".join(f'"{str(cell).replace(chr(34), chr(34) * 2)}"' for cell in row)
                    for row in lines)  # fmt: skip
    path = f"/plans/{world.plan['id']}/learning-batches/report"
    answer = await world.upload("enterprise", path, csv.encode(), filename="=odd.csv")
    counted, sheet = sheets(answer)
    assert sum(counted.values()) >= 3 * len(odd)
    kinds = {cell.data_type for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    shown = [sheet.cell(2 + number, 7).value for number in range(len(odd))]
    kept = [each for number, each in enumerate(odd) if number not in {6, 7, 8}]
    assert [each for number, each in enumerate(shown) if number not in {6, 7, 8}] == kept
    assert shown[6] == " <r><t>x</t></r>"
    assert shown[8].startswith("x" * 16_000)
    assert "截断" in shown[8]
    told = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    assert told["B1"].value == "=odd.csv"
    assert told["B1"].data_type == "s"


async def test_values_of_every_type_come_back_as_they_were(world: World) -> None:
    await world.approved()
    row = ["张三", 2.2e17, "课程", EIGHT, EIGHT, 50.5, True]
    path = f"/plans/{world.plan['id']}/learning-batches/report"
    counted, sheet = sheets(await world.upload("enterprise", path, xlsx([LEARNING, row])))
    assert counted["id_typed_as_number"] == 1
    assert [cell.value for cell in sheet[2]][:-1] == row
    assert marks(sheet)["B2"][0] == RED


async def test_a_file_that_is_no_sheet_has_no_report(world: World) -> None:
    await world.approved()
    path = f"/plans/{world.plan['id']}/learning-batches/report"
    for content, code in ((b"%PDF-1.7", "file_not_a_sheet"), (b"a,b\n1,2\n", "header_not_found")):
        answer = await world.upload("enterprise", path, content)
        assert answer.json()["code"] == code


async def test_an_old_workbook_is_reported_as_a_new_one(world: World) -> None:
    await world.registered()
    world.plan = await world.post("enterprise", "/plans", world.plan_body())
    path = f"/plans/{world.plan['id']}/roster/report"
    content = (DATA / "roster.xls").read_bytes()
    answer = await world.upload("enterprise", path, content, filename="花名册.xls")
    counted, sheet = sheets(answer)
    assert quote("花名册-核对报告.xlsx") in answer.headers["content-disposition"]
    assert counted == {}
    assert sheet["A1"].value
