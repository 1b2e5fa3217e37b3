"""Evidence waits for the scanner, supports nothing before it is clean, and nothing loses it."""

import asyncio
import os
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
from fastapi import FastAPI

from app.policy.facts import Material, Scan
from app.scanning import queue
from app.scanning.watch import watching
from app.services import scans
from app.settings import Settings
from tests.clamav import EICAR, FOUND, STREAM_MEGABYTES, Clamd
from tests.databases import Connection, connected
from tests.refusals import problem
from tests.world import World

SECONDS = 30
PDF = b"%PDF-1.7\n"


@pytest.fixture
def settings(settings: Settings, clamd: Clamd) -> Settings:
    """With a scanner, which runs when a test starts it."""
    return settings.model_copy(update={"scanner_url": clamd.url})


async def _files(world: World) -> dict[str, dict[str, Any]]:
    found = await world.get("enterprise", f"/plans/{world.plan['id']}/evidence")
    return {f"{each['kind']} {each['filename']}": each for each in found}


async def _until(
    world: World, wanted: Callable[[dict[str, dict[str, Any]]], bool]
) -> dict[str, dict[str, Any]]:
    """Look until the files are as wanted; the task beside brings them there."""
    deadline = time.monotonic() + SECONDS
    while not wanted(found := await _files(world)):
        assert time.monotonic() < deadline, found
        await asyncio.sleep(0.02)
    return found


def _none_waits(files: dict[str, dict[str, Any]]) -> bool:
    return all(each["scan"] not in {"pending", "not_scanned"} for each in files.values())


async def _add(world: World, kind: str, content: bytes) -> dict[str, Any]:
    path = f"/plans/{world.plan['id']}/evidence"
    told: dict[str, Any] = await world.send("enterprise", path, content, kind=kind)
    return told


async def test_a_filing_waits_for_the_scanner_and_then_goes_its_way(
    world: World, app: FastAPI, clamd: Clamd
) -> None:
    """The roster is scanned, too: the sealed sheet as it was uploaded."""
    clamd.start()
    await world.drafted()
    assert {each["scan"] for each in (await _files(world)).values()} == {"pending"}
    submit = f"/plans/{world.plan['id']}/submit"
    early = problem(await world.call("enterprise", "POST", submit))
    assert early["code"] == "materials_missing"
    assert early["withheld"] == [{"kind": kind, "scan": "pending"} for kind in early["missing"]]
    assert set(early["missing"]) == {
        "licence", "sme_proof", "teaching_plan", "dispatch_agreement", "roster",
    }  # fmt: skip
    async with watching(app.state.office):
        files = await _until(world, _none_waits)
    assert {(each["scan"], each["scan_detail"]) for each in files.values()} == {("clean", None)}
    assert all(each["scanned_at"] for each in files.values())
    await world.post("enterprise", submit)


async def test_what_is_infected_supports_nothing_and_is_shown_to_nobody(
    world: World, app: FastAPI, clamd: Clamd
) -> None:
    clamd.start()
    await world.registered()
    world.plan = await world.post("enterprise", "/plans", world.plan_body())
    await world.send("enterprise", f"/plans/{world.plan['id']}/roster", "roster.xlsx")
    await world.papers({"sme_proof": "sme_proof.pdf", "teaching_plan": "teaching_plan.pdf",
                        "dispatch_agreement": "dispatch_agreement.pdf"})  # fmt: skip
    bad = await _add(world, "licence", PDF + EICAR)
    async with watching(app.state.office):
        files = await _until(world, _none_waits)
        told = files["licence file.bin"]
        assert (told["scan"], told["scan_detail"]) == ("infected", FOUND)
        for who in ("enterprise", "officer1"):
            answer = await world.call(who, "GET", f"/evidence/{bad['id']}/content")
            assert problem(answer)["code"] == "evidence_infected"
            assert EICAR not in answer.content
        submit = f"/plans/{world.plan['id']}/submit"
        refused = problem(await world.call("enterprise", "POST", submit))
        assert refused["withheld"] == [{"kind": "licence", "scan": "infected"}]
        findings = await world.get("enterprise", f"/plans/{world.plan['id']}/findings")
        reasons = [each["reason"] for each in findings if each["outcome"] == "failed"]
        assert "备案材料缺少：营业执照（材料未通过安全检查：检出恶意内容）。" in reasons
        await world.papers({"licence": "licence.jpg"})
        await _until(world, _none_waits)
    await world.post("enterprise", submit)


async def test_rows_of_an_infected_export_support_no_claim(
    world: World, app: FastAPI, clamd: Clamd
) -> None:
    """The export is sealed; the scanner sees what was uploaded, and the claim rests on it."""
    clamd.start()
    async with watching(app.state.office):
        await world.drafted()
        await _until(world, _none_waits)
        await world.post("enterprise", f"/plans/{world.plan['id']}/submit")
        await world.day("2020-03-03")
        await world.post("officer1", f"/plans/{world.plan['id']}/approve", {})
        await world.day("2020-03-30")
        export = "姓名,身份证号,课程,开始时间,结束时间,备注\n".encode() + b",,,,," + EICAR + b"\n"
        path = f"/plans/{world.plan['id']}/learning-batches"
        await world.upload("enterprise", path, export, filename="a.csv", good_rows_only=True)
        await world.send("enterprise", path, "learning_px_class.xlsx")
        await world.papers({"application_form": "application_form.pdf"})
        files = await _until(world, _none_waits)
    infected = [name for name, each in files.items() if each["scan"] == "infected"]
    assert infected == ["learning_export a.csv"]
    body = await world.claim_body()
    refused = problem(await world.call("enterprise", "POST", "/claims", json=body))
    assert refused["withheld"] == [{"kind": "learning_export", "scan": "infected"}]


async def test_files_of_before_the_scanner_are_scanned_when_there_is_one(
    world: World, app: FastAPI, clamd: Clamd, owner: Connection
) -> None:
    await world.drafted()
    await owner.execute("UPDATE evidence SET scan = 'not_scanned'")
    submit = f"/plans/{world.plan['id']}/submit"
    refused = problem(await world.call("enterprise", "POST", submit))
    assert {each["scan"] for each in refused["withheld"]} == {"not_scanned"}
    clamd.start()
    async with watching(app.state.office):
        files = await _until(world, _none_waits)
    assert {each["scan"] for each in files.values()} == {"clean"}


async def test_a_scanner_that_is_away_is_waited_for(
    world: World, app: FastAPI, clamd: Clamd
) -> None:
    """Down at the upload, up, killed, and up again: every file gets its verdict."""
    async with watching(app.state.office):
        await world.drafted()
        assert not _none_waits(await _files(world))
        clamd.start()
        await _until(world, _none_waits)
        clamd.stop()
        await _add(world, "other", PDF + b"came while it was away")
        clamd.start()
        files = await _until(world, _none_waits)
    assert {each["scan"] for each in files.values()} == {"clean"}


@pytest.mark.parametrize("steps", range(5))
async def test_the_service_stops_although_evidence_comes_at_that_moment(
    app: FastAPI, steps: int
) -> None:
    """Whichever step of the loop the end falls on: the task is not left waiting for more."""
    came = app.state.office.evidence_came

    async def run() -> None:
        async with watching(app.state.office):
            async with asyncio.timeout(SECONDS):
                while not came._waiters:  # noqa: ASYNC110  nothing tells that somebody waits
                    await asyncio.sleep(0)
            came.set()
            for _ in range(steps):
                await asyncio.sleep(0)

    ended, _ = await asyncio.wait({asyncio.create_task(run())}, timeout=SECONDS)
    assert ended


async def test_a_stream_over_the_scanners_limit_is_unscannable_with_the_reason(
    world: World, app: FastAPI, clamd: Clamd
) -> None:
    """Whether the limit is met in the stream, by far or by a byte, or in the file."""
    clamd.start()
    await world.drafted()
    limit = STREAM_MEGABYTES << 20
    for length in (4 * limit, limit + 1, limit):
        await _add(world, "other", PDF + os.urandom(length - len(PDF)))
    async with watching(app.state.office):
        await _until(world, _none_waits)
    found = await world.get("enterprise", f"/plans/{world.plan['id']}/evidence")
    large = [each for each in found if each["kind"] == "other"]
    assert [(each["scan"], each["scan_detail"]) for each in large] == [
        ("unscannable", "文件超过检查程序的大小上限（StreamMaxLength）"),
        ("unscannable", "文件超过检查程序的大小上限（StreamMaxLength）"),
        ("unscannable", "文件超过检查程序的大小上限（Heuristics.Limits.Exceeded.MaxFileSize）"),
    ]
    opened = await world.call("officer1", "GET", f"/evidence/{large[-1]['id']}/content")
    assert len(opened.content) == limit


async def test_one_content_gets_one_verdict_wherever_it_was_uploaded(
    world: World, app: FastAPI, clamd: Clamd
) -> None:
    clamd.start()
    await world.drafted()
    for kind in ("courseware", "other"):
        await _add(world, kind, PDF + EICAR)
    async with watching(app.state.office):
        files = await _until(world, _none_waits)
    infected = {name for name, each in files.items() if each["scan"] == "infected"}
    assert infected == {"courseware file.bin", "other file.bin"}
    assert clamd.scans == len(files) - 1


async def test_a_file_whose_process_died_is_taken_again_when_its_time_is_over(
    world: World, app: FastAPI, clamd: Clamd, owner: Connection, service_url: str
) -> None:
    """And not before: somebody may be at it still."""
    clamd.start()
    await world.drafted()
    async with connected(service_url) as process:
        taken = await queue.take(process)
    assert taken is not None
    of_it = "SELECT scan FROM evidence WHERE id = $1"
    async with watching(app.state.office):
        deadline = time.monotonic() + SECONDS
        while await owner.fetchval("SELECT count(*) FROM evidence WHERE scan = 'pending'") > 1:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.02)
        assert await owner.fetchval(of_it, taken.id) == "pending"
        await owner.execute("UPDATE evidence SET scan_after = now() WHERE id = $1", taken.id)
        await _until(world, _none_waits)
    assert await owner.fetchval(of_it, taken.id) == "clean"


async def test_several_processes_share_the_files(world: World, app: FastAPI, clamd: Clamd) -> None:
    """Each file is scanned once, though three look for the next one."""
    clamd.start()
    await world.drafted()
    async with AsyncExitStack() as stack:
        for _ in range(3):
            await stack.enter_async_context(watching(app.state.office))
        files = await _until(world, _none_waits)
    assert clamd.scans == len(files)


async def test_a_file_whose_scan_breaks_waits_longer_and_holds_up_no_other(
    world: World, app: FastAPI, clamd: Clamd, owner: Connection
) -> None:
    """A scanner that dies of a file is no reason to call it anything, or to forget the rest."""

    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    await world.drafted()
    async with watching(app.state.office):
        async with await asyncio.start_server(hang_up, "127.0.0.1", clamd.port):
            tried = "SELECT bool_and(scan_attempts > 0 AND scan_after > now()) FROM evidence"
            deadline = time.monotonic() + SECONDS
            while not await owner.fetchval(tried):
                assert time.monotonic() < deadline
                await asyncio.sleep(0.02)
        assert {each["scan"] for each in (await _files(world)).values()} == {"pending"}
        clamd.start()
        files = await _until(world, _none_waits)
    assert {each["scan"] for each in files.values()} == {"clean"}


async def test_the_scanner_is_reached_by_its_socket_too(
    world: World, app: FastAPI, clamd: Clamd, settings: Settings
) -> None:
    clamd.start()
    office = app.state.office
    by_socket = settings.model_copy(update={"scanner_url": clamd.unix_url})
    object.__setattr__(office, "settings", by_socket)
    await world.drafted()
    async with watching(office):
        files = await _until(world, _none_waits)
    assert {each["scan"] for each in files.values()} == {"clean"}


async def test_before_its_scan_a_file_is_shown_to_its_owner_only(
    world: World, owner: Connection
) -> None:
    await world.drafted()
    (file, *_) = (await _files(world)).values()
    path = f"/evidence/{file['id']}/content"
    assert (await world.call("enterprise", "GET", path)).status_code == 200
    refused = await world.call("officer1", "GET", path)
    assert (problem(refused)["code"], refused.headers["retry-after"]) == ("evidence_pending", "10")
    assert await owner.fetchval("SELECT count(*) FROM audit_events WHERE act = 'read'") == 1


def test_of_a_paper_one_clean_file_will_do_and_of_the_sheets_in_force_all_must_be(
    app: FastAPI,
) -> None:
    """Of several states the worst is told, for that is what the enterprise has to mend."""
    files = [("licence", "infected"), ("licence", "clean"), ("roster", "clean"),
             ("sme_proof", "infected"), ("sme_proof", "pending")]  # fmt: skip
    found = scans.held(app.state.office, files, [("roster", "unscannable")])
    assert found.materials == {Material.LICENCE}
    assert found.withheld == {
        Material.ROSTER: Scan.UNSCANNABLE,
        Material.SME_PROOF: Scan.INFECTED,
    }
