"""What an operator types, and what it takes: flat memory, and never more rights than to read."""

import asyncio
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from app.__main__ import commands
from app.archiving.cases import ROLE
from app.database import SERVICE
from app.sealing import new_key
from app.settings import Settings
from app.storage import EvidenceStore
from tests.databases import connected
from tests.world import World

ROOT = Path(__file__).parents[2]
LARGE = 60 * 1024 * 1024
BOUND = 45
"""Megabytes: some chunks on their way; the file read whole would cost 60 at least."""
SECONDS = 90
_MEASURED = """
import sys
from pathlib import Path
from app.__main__ import main
sys.argv = ["subsidy", *sys.argv[1:]]
try:
    main()
finally:
    status = Path("/proc/self/status").read_text()
    sys.stderr.write(status[status.index("VmHWM"):].splitlines()[0])
"""
_ANOTHER = """
    INSERT INTO evidence (id, plan_id, enterprise_id, bureau_code, kind, filename, media_type, size,
                          sha256, sealed, uploaded_by)
    SELECT gen_random_uuid(), plan_id, enterprise_id, bureau_code, 'other', '录像.mp4', 'video/mp4',
           $1, $2, false, uploaded_by
    FROM evidence WHERE kind = 'licence'
"""


async def _said(*words: str, **env: str | None) -> Result:
    return await asyncio.to_thread(CliRunner(env=env).invoke, commands, ["archive", *words])


async def test_a_case_is_exported_and_verified_from_the_terminal(
    world: World, owner_url: str, settings: Settings, tmp_path: Path
) -> None:
    await world.paid()
    env = {"DATABASE_OWNER_URL": owner_url, "SUBSIDY_EVIDENCE_URL": settings.evidence_url}
    case = ("export", world.claim["receipt"], "--to", str(tmp_path), "--by", "档案员")
    done = await _said(*case, **env)
    assert done.exit_code == 0, done.output
    path = tmp_path / f"{world.plan['receipt']}.zip"
    sha256 = re.findall(r"SHA-256 ([0-9a-f]{64})", done.output)[0]
    without = dict.fromkeys(env, None)
    right = await _said("verify", str(path), "--sha256", sha256, **without)
    assert (right.exit_code, right.output.splitlines()[-1]) == (0, f"SHA-256 {sha256}")
    assert "1 assessments, 24 lines, 1 notices, 0 faults" in right.output
    again = await _said(*case, **env)
    assert (again.exit_code, "exists already" in again.output) == (1, True)
    _turn_a_bit(path)
    wrong = await _said("verify", str(path), **without)
    assert wrong.exit_code == 1
    assert (
        "is not what manifest-sha256.txt says" in wrong.output or "cannot be read" in wrong.output
    )


def _turn_a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


async def test_what_is_sealed_is_opened_for_a_reason_only(
    world: World, owner_url: str, settings: Settings, tmp_path: Path
) -> None:
    """A wrong key opens nothing, and leaves no archive."""
    await world.filed()
    case = ("export", world.claim["receipt"], "--to", str(tmp_path), "--by", "档案员")
    refused = await _said(*case, "--full")
    assert (refused.exit_code, "--reason" in refused.output) == (1, True)
    refused = await _said(*case, "--reason", "调阅")
    assert (refused.exit_code, "--full" in refused.output) == (1, True)
    env = {
        "DATABASE_OWNER_URL": owner_url,
        "DATABASE_URL": settings.database_url.get_secret_value(),
        "SUBSIDY_EVIDENCE_URL": settings.evidence_url,
        "SUBSIDY_SIGNING_KEY": settings.signing_key.get_secret_value(),
        "SUBSIDY_AUDIT_KEY": settings.audit_key.get_secret_value(),
        "SUBSIDY_SEALING_KEY": new_key(),
        "SUBSIDY_DIGEST_KEY": settings.digest_key.get_secret_value(),
    }
    full = (*case, "--full", "--reason", "巡视组调阅")
    wrong = await _said(*full, **env)
    assert (wrong.exit_code, "does not open" in wrong.output) == (1, True), wrong.exception
    assert os.listdir(tmp_path) == ["evidence"]  # noqa: PTH208  iterdir would want a thread
    env["SUBSIDY_SEALING_KEY"] = settings.sealing_key.get_secret_value()
    done = await _said(*full, **env)
    assert done.exit_code == 0, done.output
    last = (await world.get("officer1", f"/plans/{world.plan['id']}/history"))[-1]
    assert last["details"]["opened"] == "巡视组调阅"


async def test_memory_does_not_grow_with_the_evidence(
    world: World, owner_url: str, settings: Settings, tmp_path: Path
) -> None:
    """60 MB of evidence cost some chunks more than none, to export and to verify."""
    await world.filed()
    env = {"DATABASE_OWNER_URL": owner_url, "SUBSIDY_EVIDENCE_URL": settings.evidence_url}

    async def measured(name: str) -> list[int]:
        path = str(tmp_path / name)
        case = ("export", world.claim["receipt"], "--to", path, "--by", "档案员")
        return [
            await asyncio.to_thread(_megabytes, "archive", *words, **env)
            for words in (case, ("verify", path))
        ]

    before = await measured("small.zip")
    content = b"\0\0\0 ftypisom" + os.urandom(LARGE)
    sha256 = await EvidenceStore(settings.evidence_url).keep(content)
    async with connected(owner_url) as owner:
        await owner.execute(_ANOTHER, len(content), sha256)
    after = await measured("large.zip")
    assert (tmp_path / "large.zip").stat().st_size > LARGE
    grown = [more - less for more, less in zip(after, before, strict=True)]
    assert max(grown) < BOUND, (before, after)


def _megabytes(*arguments: str, **env: str) -> int:
    """Run a command to its end, and return how much memory it held at most."""
    ended = subprocess.run(
        [sys.executable, "-c", _MEASURED, *arguments], env={**os.environ, **env}, cwd=ROOT,
        capture_output=True, text=True, timeout=SECONDS, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return int(ended.stderr.rpartition("VmHWM:")[2].split()[0]) // 1024


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT FROM persons",
        "SELECT FROM accounts",
        "SELECT FROM uploads",
        "UPDATE evidence SET scan = 'clean'",
        "UPDATE claims SET remark = ''",
        "UPDATE legal_holds SET lifted_on = '2020-01-01'",
        "DELETE FROM evidence",
        "DELETE FROM plans",
        "INSERT INTO legal_holds DEFAULT VALUES",
    ],
)
async def test_the_archivist_reads_cases_and_does_nothing_else(
    owner_url: str, statement: str
) -> None:
    async with connected(owner_url) as owner, owner.transaction():
        await owner.execute(ROLE)
        with pytest.raises(Exception, match="permission denied"):
            await owner.execute(statement)


async def test_the_service_cannot_become_the_archivist(owner_url: str) -> None:
    """Nor does the archivist record anything but its own acts."""
    async with connected(owner_url) as owner:
        may = "SELECT pg_has_role($1, 'subsidy_archivist', 'MEMBER')"
        assert not await owner.fetchval(may, SERVICE)
        async with owner.transaction():
            await owner.execute(ROLE)
            with pytest.raises(Exception, match="row-level security"):
                await owner.execute(
                    "INSERT INTO audit_events (business_day, account_name, role, act, object_kind,"
                    " object_id, request_id, address) VALUES ('2020-01-01', '', '', 'approve',"
                    " 'claims', '', '', '')"
                )
