"""Every byte of evidence is read again, and what is not as it was uploaded is named."""

import asyncio
import json
import os
import time
from pathlib import Path

import pytest

from app.database import SERVICE
from app.evidence_check import Report, What, check
from app.settings import Settings
from app.storage import EvidenceStore
from tests.databases import connected
from tests.processes import programs
from tests.world import World

PDF = b"%PDF-1.7\n"


async def _checked(owner_url: str, folder: Path) -> Report:
    return await check(owner_url, EvidenceStore((folder / "evidence").as_uri()), 3, _nobody)


def _nobody(_done: int, _total: int) -> None:
    """Nobody looks at the progress."""


async def _stored(owner_url: str, folder: Path, kind: str) -> Path:
    async with connected(owner_url) as owner:
        query = "SELECT encode(sha256, 'hex') FROM evidence WHERE kind = $1"
        name = await owner.fetchval(query, kind)
    (path,) = (folder / "evidence").rglob(name)
    return path


def _aged(path: Path) -> Path:
    """Two hours old: no upload that is about to be recorded."""
    then = time.time() - 7200
    os.utime(path, (then, then))
    return path


async def test_what_was_uploaded_is_read_again_and_found_right(
    world: World, owner_url: str, tmp_path: Path
) -> None:
    """Sealed sheets, too; and the progress is told to the end."""
    await world.filed()
    seen: list[tuple[int, int]] = []
    store = EvidenceStore((tmp_path / "evidence").as_uri())
    report = await check(owner_url, store, 3, lambda done, total: seen.append((done, total)))
    files = [path for path in (tmp_path / "evidence").rglob("*") if path.is_file()]
    assert report.faults == []
    assert (report.files, report.size) == (len(files), sum(path.stat().st_size for path in files))
    assert seen[-1] == (len(files), len(files))


async def test_bank_files_are_no_orphans(world: World, owner_url: str, tmp_path: Path) -> None:
    await world.paid()
    for path in (tmp_path / "evidence").rglob("*"):
        if path.is_file():
            _aged(path)
    report = await _checked(owner_url, tmp_path)
    assert report.faults == []


@pytest.mark.parametrize("kind", ["training_record", "learning_export"])
async def test_one_flipped_byte_is_told_with_the_claim_that_rests_on_it(
    world: World, owner_url: str, tmp_path: Path, kind: str
) -> None:
    await world.filed()
    path = await _stored(owner_url, tmp_path, kind)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    (fault,) = (await _checked(owner_url, tmp_path)).faults
    assert (fault.what, fault.name) == (What.ALTERED, path.name)
    assert fault.plans == (world.plan["receipt"],)
    assert fault.claims == (world.claim["receipt"],)
    assert len(fault.evidence) == 1


async def test_a_missing_file_and_one_of_another_size_are_told(
    world: World, owner_url: str, tmp_path: Path
) -> None:
    """A plan without a claim, too: what is missing now will be asked for then."""
    await world.drafted()
    gone = await _stored(owner_url, tmp_path, "licence")
    gone.unlink()
    longer = await _stored(owner_url, tmp_path, "sme_proof")
    length = longer.stat().st_size
    with longer.open("ab") as file:
        file.write(b"x")
    faults = {each.name: each for each in (await _checked(owner_url, tmp_path)).faults}
    assert faults.keys() == {gone.name, longer.name}
    assert faults[gone.name].what is What.MISSING
    assert faults[longer.name].what is What.WRONG_SIZE
    told = f"{length + 1} bytes lie there, {length} were uploaded"
    assert faults[longer.name].detail == told
    assert {each.plans for each in faults.values()} == {(world.plan["receipt"],)}
    assert {each.claims for each in faults.values()} == {()}


async def test_what_nobody_recorded_is_an_orphan_once_it_is_old_enough(
    world: World, owner_url: str, tmp_path: Path
) -> None:
    """An upload is stored before it is recorded; half of one lies apart and is no content."""
    await world.drafted()
    root = tmp_path / "evidence"
    digest = await EvidenceStore(root.as_uri()).keep(PDF + b"about to be recorded")
    (young,) = root.rglob(digest.hex())
    assert (await _checked(owner_url, tmp_path)).faults == []
    _aged(young)
    stray = root / "notes" / "readme.txt"
    wrong_place = root / "zz" / digest.hex()
    half = root / "incoming" / "half"
    for path in (stray, wrong_place, half):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(PDF)
        _aged(path)
    faults = (await _checked(owner_url, tmp_path)).faults
    assert {each.what for each in faults} == {What.ORPHAN}
    named = {str(path.relative_to(root)) for path in (young, stray, wrong_place)}
    assert {each.name for each in faults} == named


async def test_the_command_reports_in_words_and_as_json_and_ends_with_one(
    world: World, owner_url: str, settings: Settings, tmp_path: Path
) -> None:
    await world.filed()
    env = {"DATABASE_OWNER_URL": owner_url, "SUBSIDY_EVIDENCE_URL": settings.evidence_url}
    right = await asyncio.to_thread(programs.run, "evidence", "verify", **env)
    assert (right.returncode, right.stderr) == (0, "")
    assert right.stdout.splitlines()[-1].endswith(" 0 faults")

    path = await _stored(owner_url, tmp_path, "licence")
    path.unlink()
    report = tmp_path / "report.json"
    ended = await asyncio.to_thread(
        programs.run, "evidence", "verify", "--json", str(report), **env
    )
    assert ended.returncode == 1
    line = next(line for line in ended.stdout.splitlines() if line.startswith("MISSING"))
    assert line == (
        f"MISSING {path.name}: nothing lies there; plans {world.plan['receipt']};"
        f" claims {world.claim['receipt']}"
    )
    told = json.loads(report.read_text("utf-8"))
    (fault,) = told["faults"]
    assert (fault["what"], fault["name"]) == ("missing", path.name)
    assert fault["claims"] == [world.claim["receipt"]]


def test_the_command_names_what_it_needs() -> None:
    ended = programs.run("evidence", "verify")
    assert (ended.returncode, "DATABASE_OWNER_URL" in ended.stderr) == (1, True)
    ended = programs.run("evidence", "verify", DATABASE_OWNER_URL="postgresql://x@localhost/x")
    assert (ended.returncode, "SUBSIDY_EVIDENCE_URL" in ended.stderr) == (1, True)


async def test_it_speaks_as_the_auditor_who_reads_no_name(owner_url: str) -> None:
    async with connected(owner_url) as owner:
        for query in ("SELECT filename FROM evidence", "SELECT title FROM plans",
                      "SELECT form FROM claims", "UPDATE evidence SET scan = 'clean'"):  # fmt: skip
            attempt = owner.transaction()
            await attempt.start()
            await owner.execute("SET LOCAL ROLE subsidy_auditor")
            with pytest.raises(Exception, match="permission denied"):
                await owner.execute(query)
            await attempt.rollback()
        may = "SELECT pg_has_role($1, 'subsidy_auditor', 'MEMBER')"
        assert not await owner.fetchval(may, SERVICE)
