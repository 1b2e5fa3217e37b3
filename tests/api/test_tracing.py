"""A paid yuan leads to the rows and the cells it came from, and an altered row is told."""

import asyncio
import csv
import hashlib
import io
from typing import Any

import openpyxl
import pytest
from fastapi import FastAPI
from sqlalchemy import event

from app.sheets.written import no_formula
from tests.elsewhere import administer
from tests.services.test_measures import advanced, certified
from tests.world import World

UNGUARDED = "SET session_replication_role = replica"
"""Lays triggers aside: only who owns the database can, and this is what the trace is for."""
FIRST_ROW = """(SELECT r.id FROM learning_records AS r JOIN trainees AS t ON t.id = r.trainee_id
    WHERE t.number = 7 ORDER BY r.id LIMIT 1)"""


async def sources(world: World, who: str, number: int = 7) -> dict[str, Any]:
    found: dict[str, Any] = await world.get(
        who, f"/claims/{world.claim['id']}/lines/{number}/sources"
    )
    return found


async def original_is_whole(world: World, file: dict[str, Any], who: str = "officer1") -> bytes:
    """The download of a traced file is the very file that was imported; return it."""
    answer = await world.call(who, "GET", f"/evidence/{file['evidence_id']}/content")
    assert hashlib.sha256(answer.content).hexdigest() == file["sha256"]
    return answer.content


def roster_ids(world: World) -> list[str]:
    sheet = openpyxl.load_workbook(world.examples / "roster.xlsx").worksheets[0]
    return [str(row[2]) for row in sheet.iter_rows(min_row=3, values_only=True) if row[2]]


@pytest.mark.parametrize("who", ["officer1", "enterprise"])
async def test_a_paid_yuan_leads_to_the_cells_of_the_file(world: World, who: str) -> None:
    """The original is downloaded, and each row of it really holds the time that counted."""
    await world.paid()
    told = await sources(world, who)
    assert told["intact"], told["differences"]
    (file,) = told["files"]
    original = await original_is_whole(world, file, who)
    sheet = openpyxl.load_workbook(io.BytesIO(original)).worksheets[0]
    assert len(told["sessions"]) > 20
    for session in told["sessions"]:
        cells = [cell.value for cell in sheet[session["row"]]]
        name, number, course, start, end, minutes = cells[:6]
        assert (name, course) == (told["name"], session["course"])
        assert number[:6] + "*" * 10 + number[-2:] == told["id_masked"]
        assert f"{start.isoformat()}+08:00" == session["started_at"]
        assert f"{end.isoformat()}+08:00" == session["ended_at"]
        assert str(start.date()) == session["day"]
        assert minutes * 60 == session["stated_seconds"]
        assert session["batch_id"] == file["batch_id"]
        assert session["filename"] == file["filename"] == "learning_px_class.xlsx"
    assert file["imported_by"]
    assert file["business_day"] == "2020-03-30"


async def test_the_sums_add_up_by_hand(world: World) -> None:
    """Seconds to minutes, minutes to class hours, class hours to yuan, persons to the payment."""
    await world.paid()
    told = await sources(world, "officer1")
    decided, sessions = told["decided"], told["sessions"]
    seconds = sum(each["counted_seconds"] for each in sessions)
    assert seconds == sum(each["counted_seconds"] for each in told["courses"]) == 97200
    assert (decided["minutes"], decided["hours"]) == (seconds // 60, seconds // 2700) == (1620, 36)
    assert (decided["gross"], decided["payable"]) == ("360.00", "360.00")
    assert {"DL-2.3-e", "DL-2.3-f"} <= set(decided["clauses"])
    for step in ("97200 ÷ 60 = 1620", "2700 秒 = 36 课时", "36 课时 × 10.00 元 = 360.00 元"):
        assert any(step in each for each in told["arithmetic"]), (step, told["arithmetic"])
    (payment,) = told["claim"]["payments"]
    assert (payment["state"], payment["paid_on"], payment["amount"]) == (
        "paid", "2020-04-10", "8640.00",
    )  # fmt: skip
    assert payment["batch_receipt"].startswith("BF2020-210202-")
    assert told["claim"]["notice"]["posted_on"] == "2020-04-01"
    assert [each["step"] for each in told["claim"]["signatures"]] == ["review", "approve", "pay"]
    paid = await world.get("officer1", f"/payments/{payment['id']}/sources")
    assert sum(int(each["payable"][:-3]) for each in paid["lines"]) == 8640
    again = await world.call("officer1", "GET", paid["lines"][6]["sources"].removeprefix("/api/v1"))
    assert again.json() == told


async def test_why_a_session_counts_less_is_told_at_it(world: World) -> None:
    await world.learned("learning_dirty.xlsx")
    world.claim = await world.post("enterprise", "/claims", await world.claim_body())
    found: dict[str, int] = {}
    for number in range(1, 25):
        told = await sources(world, "enterprise", number)
        assert told["intact"], told["differences"]
        assert sum(each["counted_seconds"] for each in told["sessions"]) == 97200
        for session in told["sessions"]:
            for reason in session["reasons"]:
                found[reason["rule"]] = found.get(reason["rule"], 0) + 1
                assert session["counted_seconds"] < session["stated_seconds"]
                assert reason["reason"]
                assert reason["clauses"]
    assert found["overlaps_other_session"]
    assert found["course_not_filed"]


async def test_a_batch_replaced_since_does_not_hide_what_was_decided_on(world: World) -> None:
    await world.filed()
    (first,) = await world.get("officer1", f"/plans/{world.plan['id']}/learning-batches")
    await world.step("officer1", "return", {"reason": "请更正学习记录"})
    before = await sources(world, "officer1")
    path = f"/plans/{world.plan['id']}/learning-batches"
    new = await world.send("enterprise", path, "learning_dirty.xlsx", replaces=first["id"])
    told = await sources(world, "officer1")
    assert told["intact"]
    assert told["sessions"] == before["sessions"]
    assert [each["batch_id"] for each in told["files"]] == [first["id"]]
    assert told["files"][0]["replaced_by"] == new["batch_id"]
    await original_is_whole(world, told["files"][0])
    body = await world.claim_body()
    del body["plan_id"]
    await world.step("enterprise", "resubmit", body)
    told = await sources(world, "officer1")
    assert told["intact"], told["differences"]
    assert [each["batch_id"] for each in told["files"]] == [new["batch_id"]]
    assert told["decided"]["assessment_number"] == 2
    await original_is_whole(world, told["files"][0])


async def test_a_replaced_row_altered_since_is_told(world: World, owner_url: str) -> None:
    """A rejected claim rests on the first import for ever, though another took its place."""
    await world.filed()
    await world.step("officer2", "reject", {"reason": "不符合条件"})
    path = f"/plans/{world.plan['id']}/learning-batches"
    (first,) = await world.get("officer1", path)
    await world.send("enterprise", path, "learning_dirty.xlsx", replaces=first["id"])
    assert (await sources(world, "officer1"))["intact"]
    forged = f"UPDATE learning_records SET stated_seconds = 60 WHERE id = {FIRST_ROW}"
    await administer(owner_url, UNGUARDED, forged)
    told = await sources(world, "officer1")
    assert [each["difference"] for each in told["sessions"] if each["difference"]] == ["altered"]


@pytest.mark.parametrize(
    ("forgery", "difference", "words"),
    [
        ("UPDATE learning_records SET stated_seconds = 60", "altered", "记录已被改动"),
        ("UPDATE learning_records SET course_number = 2 + course_number", "altered", "改动"),
        ("DELETE FROM learning_records", "missing", "已没有对应的记录"),
    ],
)
async def test_an_altered_row_is_told(
    world: World, owner_url: str, forgery: str, difference: str, words: str
) -> None:
    await world.paid()
    before = await sources(world, "officer1")
    await administer(owner_url, UNGUARDED, f"{forgery} WHERE id = {FIRST_ROW}")
    told = await sources(world, "officer1")
    assert not told["intact"]
    (sentence,) = told["differences"]
    assert words in sentence
    (altered,) = [each for each in told["sessions"] if each["difference"]]
    assert altered["difference"] == difference
    was = before["sessions"][0]
    assert altered == told["sessions"][0]
    for figure in ("started_at", "ended_at", "stated_seconds", "counted_seconds"):
        assert altered[figure] == was[figure]
    if difference == "altered":
        assert f"learning_px_class.xlsx 第 {was['row']} 行" in sentence
        assert altered["now"] != {key: was[key] for key in altered["now"]}
    assert (await sources(world, "officer1", 8))["intact"]


async def test_a_pushed_row_is_traced_to_the_platforms_own_key(
    world: World, owner_url: str
) -> None:
    """It came in no file: the platform is asked by its key."""
    await world.paid()
    keys = """INSERT INTO pushed_records
        (batch_id, row, platform_id, enterprise_id, bureau_code, key, digest)
        SELECT r.batch_id, r.row, b.platform_id, r.enterprise_id, r.bureau_code, 'key-' || r.row, ''
        FROM learning_records AS r JOIN learning_batches AS b ON b.id = r.batch_id"""
    pushed = "UPDATE learning_batches SET platform_id = (SELECT id FROM platforms LIMIT 1)"
    await administer(owner_url, UNGUARDED, pushed, keys)
    for who in ("officer1", "enterprise"):
        told = await sources(world, who)
        assert told["files"][0]["platform_id"]
        assert [each["key"] for each in told["sessions"]] == [
            f"key-{each['row']}" for each in told["sessions"]
        ]
    sheet = await world.call("officer1", "GET", f"/claims/{world.claim['id']}/sources")
    rows = list(csv.DictReader(io.StringIO(sheet.content.decode("utf-8-sig"))))
    assert all(row["平台记录编号"] == f"key-{row['原文件行号']}" for row in rows)


async def test_a_row_slipped_in_is_told(world: World, owner_url: str) -> None:
    await world.paid()
    columns = (
        "batch_id, plan_id, enterprise_id, bureau_code, row, trainee_id, name, id_masked,"
        " course_number, course, started_at, ended_at, stated_seconds, device, address"
    )
    await administer(
        owner_url,
        UNGUARDED,
        f"INSERT INTO learning_records ({columns})"
        f" SELECT {columns} FROM learning_records WHERE id = {FIRST_ROW}",
    )
    told = await sources(world, "officer1")
    assert [each["difference"] for each in told["sessions"] if each["difference"]] == ["added"]
    assert told["sessions"][-1]["counted_seconds"] == 0
    assert "不在决定所依据的学习之内" in told["differences"][0]


@pytest.mark.parametrize(
    "forgery", ["minutes = minutes + 45", "hours = 40", "gross = 400", "payable = 350"]
)
async def test_an_altered_decision_is_told(world: World, owner_url: str, forgery: str) -> None:
    """The stored facts are counted once more: whoever raised a figure did not raise them all."""
    await world.paid()
    where = "WHERE number = 7"
    await administer(owner_url, UNGUARDED, f"UPDATE assessment_lines SET {forgery} {where}")
    told = await sources(world, "officer1")
    assert not told["intact"]
    assert "重新计算为" in told["differences"][0]


async def test_nobody_traces_anothers_money(world: World) -> None:
    await world.paid()
    claim = f"/claims/{world.claim['id']}"
    (payment,) = await world.get("enterprise", f"{claim}/payments")
    paths = (f"{claim}/lines/1/sources", f"{claim}/sources", f"/payments/{payment['id']}/sources")
    for path in paths:
        for who in ("stranger", "xigang", "centre"):
            answer = await world.call(who, "GET", path)
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path
        assert (await world.call(None, "GET", path)).status_code == 401
        assert (await world.call("enterprise", "GET", path)).is_success
    for number in ("25", "2147483648", "0", "x"):
        answer = await world.call("officer1", "GET", f"{claim}/lines/{number}/sources")
        assert answer.status_code in {404, 422}


async def test_the_sheet_of_the_whole_claim_says_the_same(world: World) -> None:
    await world.paid()
    answer = await world.call("officer1", "GET", f"/claims/{world.claim['id']}/sources")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''SQ2020")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    told = await sources(world, "officer1")
    mine = [row for row in rows if row["序号"] == "7"]
    assert [int(row["计入（秒）"]) for row in mine] == [
        each["counted_seconds"] for each in told["sessions"]
    ]
    assert [int(row["原文件行号"]) for row in mine] == [each["row"] for each in told["sessions"]]
    assert sum(int(row["计入（秒）"]) for row in rows) == 24 * 97200
    assert {row["原文件SHA-256"] for row in rows} == {told["files"][0]["sha256"]}
    assert not any(row["不一致"] for row in rows)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@A1", "\t=1"])
def test_no_cell_of_the_sheet_is_a_formula(text: str) -> None:
    """A name or a file's name comes from outside, and is opened in a spreadsheet program."""
    assert no_formula(text) == f"'{text}"
    assert no_formula("张三") == "张三"


async def test_the_whole_claim_is_read_without_a_query_per_person(
    world: World, app: FastAPI
) -> None:
    await world.paid()
    sent: list[str] = []
    engine = app.state.office.engine.sync_engine
    event.listen(engine, "before_cursor_execute", lambda *given: sent.append(given[2]))
    await world.call("officer1", "GET", f"/claims/{world.claim['id']}/sources")
    assert 0 < len(sent) < 10


async def test_an_advance_and_what_it_leaves_are_traced(world: World) -> None:
    """An advance rests on rates, not on sessions; the claim that settles it rests on both."""
    await advanced(world)
    told = await sources(world, "officer1")
    assert (told["sessions"], told["intact"]) == ([], True)
    assert any("2000.00 元 × 预拨比例 0.50 = 1000.00 元" in each for each in told["arithmetic"])
    await certified(world)
    world.claim = await world.post("enterprise", "/claims", await world.claim_body())
    told = await sources(world, "officer1")
    assert told["intact"], told["differences"]
    assert told["decided"]["payable"] == "2000.00"
    assert any("标准 2000.00 元计，为 2000.00 元" in each for each in told["arithmetic"])
    assert told["sessions"]
    assert (told["claim"]["advanced"], told["claim"]["to_pay"]) == ("24000.00", "24000.00")


async def test_no_answer_holds_a_whole_number(world: World) -> None:
    await world.paid()
    claim = f"/claims/{world.claim['id']}"
    (payment,) = await world.get("enterprise", f"{claim}/payments")
    answers = await asyncio.gather(
        world.call("officer1", "GET", f"{claim}/sources"),
        world.call("officer1", "GET", f"/payments/{payment['id']}/sources"),
        *(world.call("officer1", "GET", f"{claim}/lines/{number}/sources") for number in (1, 24)),
    )
    account = "".join(world.enterprise_body()["account_number"].split())
    for answer in answers:
        assert answer.is_success
        assert not [each for each in (*roster_ids(world), account) if each in answer.text]
