"""A service that is killed between an upload and its scan loses neither."""

import time
from pathlib import Path

import httpx

from app.settings import Settings
from tests.clamav import Clamd
from tests.embedded.programs import until
from tests.processes.programs import Program, Start
from tests.world import World

SECONDS = 60


def _environment(settings: Settings, clamd: Clamd) -> dict[str, str]:
    return {
        "DATABASE_URL": settings.database_url.get_secret_value(),
        "SUBSIDY_SIGNING_KEY": settings.signing_key.get_secret_value().strip().replace("\n", "\\n"),
        "SUBSIDY_SEALING_KEY": settings.sealing_key.get_secret_value(),
        "SUBSIDY_DIGEST_KEY": settings.digest_key.get_secret_value(),
        "SUBSIDY_AUDIT_KEY": settings.audit_key.get_secret_value().strip().replace("\n", "\\n"),
        "SUBSIDY_EVIDENCE_URL": settings.evidence_url,
        "SUBSIDY_SCANNER_URL": clamd.url,
        "SUBSIDY_SANDBOX": "true",
    }


def _serving(start: Start, env: dict[str, str]) -> Program:
    program = start("serve", **env)

    def answers() -> bool:
        try:
            return httpx.get(f"{program.url}/api/v1/health").is_success
        except httpx.HTTPError:
            return program.process.poll() is not None

    assert until(answers, SECONDS), program.text
    assert program.process.poll() is None, program.text
    return program


async def test_a_service_killed_before_the_scan_has_the_file_scanned_after_it_starts_again(
    world: World, settings: Settings, clamd: Clamd, start: Start, tmp_path: Path
) -> None:
    env = _environment(settings, clamd)
    first = _serving(start, env)
    async with httpx.AsyncClient(base_url=first.url) as http:
        there = World(http, world.tokens, world.examples)
        await there.drafted()
    first.killed()
    assert list((tmp_path / "evidence").rglob("*"))
    clamd.start()
    second = _serving(start, env)
    async with httpx.AsyncClient(base_url=second.url) as http:
        here = World(http, world.tokens, world.examples, plan=there.plan)
        deadline = time.monotonic() + SECONDS
        while {each["scan"] for each in await _files(here)} != {"clean"}:
            assert time.monotonic() < deadline, await _files(here)
        await here.post("enterprise", f"/plans/{here.plan['id']}/submit")


async def _files(world: World) -> list[dict[str, str]]:
    found: list[dict[str, str]] = await world.get(
        "enterprise", f"/plans/{world.plan['id']}/evidence"
    )
    return found
