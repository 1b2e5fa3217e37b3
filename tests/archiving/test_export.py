"""An archive holds all of a case, is the same whenever it is made, and says who took it out."""

import json
import os
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from app.archiving.cases import ArchiveRefused
from app.archiving.export import Exported, Opening, export
from app.archiving.sections import SECTIONS
from app.archiving.verify import verify
from app.storage import EvidenceStore
from tests import rare_rows
from tests.api.test_answers import ACCOUNT, ids_of
from tests.databases import connected
from tests.elsewhere import provincial
from tests.objecting import objected
from tests.world import World

BY = "档案员"
ALONE = {"enterprises": 1, "file_keys": 2}
"""Of these there are others': another enterprise, and the keys of the batch's two files."""
Export = Callable[..., Any]


@pytest.fixture
def take(world: World, owner_url: str, tmp_path: Path) -> Export:
    """Export the sample case (or another) to a file of that name."""
    store = EvidenceStore((tmp_path / "evidence").as_uri())

    async def taken(name: str = "case.zip", case: str = "", **more: Any) -> Exported:  # noqa: ANN401
        asked = case or world.claim["receipt"]
        return await export(owner_url, store, asked, tmp_path / name, BY, **more)

    return taken


def members(path: Path) -> dict[str, bytes]:
    """Return the members of an archive by their paths in the bag."""
    with zipfile.ZipFile(path) as archive:
        return {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}


def rows(found: dict[str, bytes], path: str) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = json.loads(found[f"data/{path}"])
    return told


async def test_the_archive_of_a_paid_case_holds_every_row_and_file_and_proves_itself(
    world: World, owner_url: str, take: Export
) -> None:
    await world.published()
    await objected(world)
    await world.paid_out()
    done = await take()
    report = verify(done.path, done.sha256)
    assert report.faults == []
    assert (report.assessments, report.lines, report.notices) == (1, 24, 1)
    found = members(done.path)
    async with connected(owner_url) as owner:
        for section in SECTIONS:
            if section.table == "audit_events":
                continue
            # There is one case in this database: all rows of these tables are its own.
            there = await owner.fetchval(f"SELECT count(*) FROM {section.table}")
            own = ALONE.get(section.table, there)
            assert len(rows(found, section.path)) == own, section.path
    for row in rows(found, "evidence/files.json"):
        uploaded = found[f"data/evidence/{row['id']}{_suffix(row)}"]
        if not row["sealed"]:
            assert uploaded == (world.examples / row["filename"]).read_bytes()
    (letter,) = rows(found, "notices/attachments.json")
    sent = found[f"data/notices/attachments/{letter['id']}.jpg"]
    assert sent == (world.examples / "licence.jpg").read_bytes()
    acts = {(row["object_kind"], row["act"]) for row in rows(found, "audit/events.json")}
    assert {
        ("enterprises", "verify"), ("plans", "approve"), ("claims", "file"), ("claims", "review"),
        ("claims", "approve"), ("claims", "publish"), ("objections", "lodge"),
        ("payment_batches", "make"), ("evidence", "add"),
    } <= acts  # fmt: skip


def _suffix(row: dict[str, Any]) -> str:
    return ".sealed" if row["sealed"] else Path(row["filename"]).suffix


async def test_what_is_rare_is_in_it_too(world: World, owner_url: str, take: Export) -> None:
    """Each section has its rows: none is asked for by a name that finds nothing."""
    await world.published()
    await objected(world)
    await world.paid_out()
    rare = [each for each in rare_rows.ALL if each != rare_rows.ATTACHMENTS]
    await rare_rows.put(owner_url, *rare)
    found = members((await take()).path)
    empty = {section.path for section in SECTIONS if not rows(found, section.path)}
    # Its batch is nobody's, as the row is put there.
    assert empty == {"learning/pushed.json"}


async def test_who_held_an_objection_to_its_notice_is_in_it(world: World, take: Export) -> None:
    await world.published()
    notice = await world.get("enterprise", f"/claims/{world.claim['id']}/notice")
    body = {"grounds": "other", "text": "情况说明"}
    lodged = await world.post(None, f"/notices/{notice['id']}/objections", body)
    await world.post("officer3", f"/worklist/objections/{lodged['id']}/take", {})
    (held,) = rows(members((await take()).path), "claims/assignments.json")
    assert (held["objection_id"], held["claim_id"], held["act"]) == (lodged["id"], None, "take")


async def test_the_same_case_gives_the_same_bytes_by_any_of_its_numbers(
    world: World, take: Export
) -> None:
    await world.paid()
    numbers = [world.claim["receipt"], world.claim["id"], world.plan["receipt"], world.plan["id"]]
    made = [(await take(f"{n}.zip", case)).path.read_bytes() for n, case in enumerate(numbers)]
    assert all(each == made[0] for each in made)


async def test_each_export_is_an_act_in_the_cases_history_with_the_hash(
    world: World, take: Export, tmp_path: Path
) -> None:
    """The enterprise does not see it; the file goes into a folder under the plan's number."""
    await world.paid()
    done = await take(".")
    assert done.path == tmp_path / f"{world.plan['receipt']}.zip"
    path = f"/plans/{world.plan['id']}/history"
    last = (await world.get("officer1", path))[-1]
    assert (last["act"], last["who"], last["role"]) == ("archives.export", BY, "archivist")
    assert last["details"]["sha256"] == done.sha256
    assert "opened" not in last["details"]
    assert "archives.export" not in {each["act"] for each in await world.get("enterprise", path)}


async def test_nothing_sealed_is_readable_unless_it_is_opened_with_a_reason(
    world: World, app: FastAPI, take: Export
) -> None:
    await world.paid()
    ids = ids_of(world.examples)
    plain = (await take("plain.zip")).path.read_bytes()
    assert not [number for number in {*ids, ACCOUNT} if number.encode() in plain]
    office = app.state.office
    done = await take("full.zip", opening=Opening(office, "巡视组调阅"))
    assert verify(done.path).faults == []
    found = members(done.path)
    sheets = {
        row["kind"]: found[f"data/opened/{row['id']}.xlsx"]
        for row in rows(found, "evidence/files.json")
        if row["sealed"]
    }
    assert sheets["learning_export"] == (world.examples / "learning_px_class.xlsx").read_bytes()
    assert sheets["roster"] == (world.examples / "roster.xlsx").read_bytes()
    values = {(row["section"], row["value"]) for row in rows(found, "opened/values.json")}
    assert {("filing/enterprise.json", ACCOUNT), ("money/payments.json", ACCOUNT)} <= values
    last = (await world.get("officer1", f"/plans/{world.plan['id']}/history"))[-1]
    assert last["details"]["opened"] == "巡视组调阅"


async def test_a_person_reads_amounts_course_and_contents_from_the_page(
    world: World, take: Export
) -> None:
    await world.paid()
    found = members((await take()).path)
    page = found["data/index.html"].decode()
    assert "<script" not in page
    assert "<td>已拨付（元）</td><td>8640.00</td>" in page
    assert len(re.findall(r"<td>360\.00</td></tr>", page)) == 24
    assert "<td>合计</td><td></td><td></td><td></td><td></td><td>8640.00</td>" in page
    for path in found:
        if path.startswith("data/") and path != "data/index.html":
            assert path.removeprefix("data/") in page
    for words in ("营业执照", "审核通过", "已拨付", "上传材料", "编制拨付批次"):
        assert words in page


async def test_the_findings_are_told_in_words_with_their_clauses(
    world: World, take: Export
) -> None:
    await world.decided()
    found = members((await take()).path)
    told = {json.dumps(one["stored"]): one for one in rows(found, "assessments/findings.json")}
    lines = rows(found, "assessments/lines.json")
    assert all(json.dumps(one) in told for line in lines for one in line["findings"])
    (edition,) = {row["edition"] for row in rows(found, "assessments/assessments.json")}
    law = json.loads(found[f"data/law/{edition}.json"])
    words = {clause["id"]: clause["text"] for clause in law["clauses"]}
    cited = {clause for one in told.values() for clause in one["clauses"]}
    cited = {each for each in cited if not each.startswith("A-")}  # where the notices are silent
    assert cited
    assert all(words[clause] for clause in cited)
    values = {one["key"]: one["value"] for one in law["parameters"]}
    assert values["rate_per_class_hour"] == "10.00"


async def test_a_plan_without_a_claim_has_an_archive_too(world: World, take: Export) -> None:
    await world.drafted()
    done = await take(case=world.plan["id"])
    assert verify(done.path).faults == []
    assert rows(members(done.path), "claims/claims.json") == []


async def test_another_case_is_no_part_of_it(
    world: World, owner_url: str, take: Export, tmp_path: Path
) -> None:
    await world.paid()
    before = (await take("before.zip")).path.read_bytes()
    other = await provincial(world, owner_url, tmp_path)
    await other.paid()
    assert (await take("after.zip")).path.read_bytes() == before


async def test_what_is_lost_or_altered_goes_into_no_archive(
    world: World, take: Export, tmp_path: Path
) -> None:
    await world.filed()
    path = _altered(tmp_path / "evidence")
    with pytest.raises(ArchiveRefused, match="was altered"):
        await take()
    path.unlink()
    with pytest.raises(ArchiveRefused, match="nothing lies under"):
        await take()
    assert os.listdir(tmp_path) == ["evidence"]  # noqa: PTH208  iterdir would want a thread
    history = await world.get("officer1", f"/plans/{world.plan['id']}/history")
    assert "archives.export" not in {each["act"] for each in history}


def _altered(folder: Path) -> Path:
    """Turn a bit of some file in the store, and return which."""
    path = next(each for each in folder.rglob("*") if each.is_file())
    content = path.read_bytes()
    path.chmod(0o640)
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    return path


async def test_an_archive_overwrites_nothing_and_an_unknown_case_has_none(
    world: World, take: Export, tmp_path: Path
) -> None:
    await world.filed()
    (tmp_path / "case.zip").write_text("mine")
    with pytest.raises(ArchiveRefused, match="exists already"):
        await take()
    assert (tmp_path / "case.zip").read_text() == "mine"
    with pytest.raises(ArchiveRefused, match="no folder"):
        await take("nowhere/case.zip")
    with pytest.raises(ArchiveRefused, match="no plan or claim"):
        await take("other.zip", "SQ2020-210202-9999999")
