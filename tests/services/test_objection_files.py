"""What comes with an objection is scanned as evidence is, and nobody is handed what is infected."""

import asyncio
from typing import Any

import pytest
from fastapi import FastAPI

from app.scanning.watch import watching
from app.settings import Settings
from tests.clamav import EICAR, FOUND, Clamd
from tests.database.callers import REFUSED
from tests.databases import Connection, connected
from tests.refusals import problem
from tests.world import CLAIM, World

SECONDS = 30
PDF = b"%PDF-1.7\n"
OBJECTION = {"grounds": "other", "text": "公示名单中有人未参加培训。"}


@pytest.fixture
def settings(settings: Settings, clamd: Clamd) -> Settings:
    """With a scanner, which runs when a test starts it."""
    return settings.model_copy(update={"scanner_url": clamd.url})


async def _objected(world: World, *files: bytes) -> str:
    """Return the path of an objection to the published sample claim, with these files."""
    notice = await world.get("enterprise", f"/claims/{world.claim['id']}/notice")
    lodged = await world.post(None, f"/notices/{notice['id']}/objections", OBJECTION)
    path = f"/objections/{lodged['id']}"
    for number, content in enumerate(files):
        answer = await world.call(
            None, "POST", f"{path}/attachments", content=content,
            params={"filename": f"file{number}.pdf"}, headers={"Objection-Token": lodged["token"]},
        )  # fmt: skip
        assert answer.status_code == 201, answer.text
    return path


async def _published(world: World, app: FastAPI) -> None:
    """The sample claim is published, and all its files are scanned."""
    async with watching(app.state.office):
        await world.drafted()
        await _scanned(world, f"/plans/{world.plan['id']}/evidence", "enterprise")
        world.plan = await world.post("enterprise", f"/plans/{world.plan['id']}/submit")
        await world.day("2020-03-03")
        world.plan = await world.post("officer1", f"/plans/{world.plan['id']}/approve", {})
        await world.day("2020-03-30")
        path = f"/plans/{world.plan['id']}"
        await world.send("enterprise", f"{path}/learning-batches", "learning_px_class.xlsx")
        await world.papers(CLAIM)
        await _scanned(world, f"{path}/evidence", "enterprise")
    world.claim = await world.post("enterprise", "/claims", await world.claim_body())
    await world.day("2020-03-31")
    await world.cleared()
    await world.step("officer1", "review")
    await world.step("officer2", "approve")
    await world.post("officer2", f"/claims/{world.claim['id']}/notice")


async def _scanned(world: World, path: str, who: str) -> list[dict[str, Any]]:
    async with asyncio.timeout(SECONDS):
        while True:
            told = await world.get(who, path)
            files: list[dict[str, Any]] = told["files"] if isinstance(told, dict) else told
            if all(each["scan"] not in {"pending", "not_scanned"} for each in files):
                return files
            await asyncio.sleep(0.02)


async def test_an_infected_attachment_is_handed_to_nobody_and_a_clean_one_is(
    world: World, app: FastAPI, clamd: Clamd
) -> None:
    clamd.start()
    await _published(world, app)
    path = await _objected(world, PDF, PDF + EICAR)
    waiting = (await world.get("officer1", path))["files"]
    assert [each["scan"] for each in waiting] == ["pending", "pending"]
    for each in waiting:
        early = await world.call("officer1", "GET", f"{path}/attachments/{each['id']}")
        assert problem(early)["code"] == "evidence_pending"
    async with watching(app.state.office):
        clean, bad = await _scanned(world, path, "officer1")
    assert (clean["scan"], bad["scan"], bad["scan_detail"]) == ("clean", "infected", FOUND)
    answer = await world.call("officer1", "GET", f"{path}/attachments/{clean['id']}")
    assert (answer.status_code, answer.content) == (200, PDF)
    refused = await world.call("officer1", "GET", f"{path}/attachments/{bad['id']}")
    assert problem(refused)["code"] == "evidence_infected"
    assert EICAR not in refused.content


async def test_nobody_but_the_scanner_says_that_an_attachment_is_clean(
    world: World, app: FastAPI, clamd: Clamd, owner: Connection, service_url: str
) -> None:
    clamd.start()
    await _published(world, app)
    await _objected(world, PDF)
    clean = "UPDATE objection_attachments SET scan = 'clean', scanned_at = now()"
    for role in ("subsidy_public", "subsidy_district", "subsidy_sweeper"):
        async with connected(service_url) as service:
            await service.execute(f"SET ROLE {role}")
            with pytest.raises(REFUSED):
                await service.execute(clean)
    async with connected(service_url) as service:
        await service.execute("SET ROLE subsidy_scanner")
        for forbidden in (
            "SELECT filename FROM objection_attachments",
            "UPDATE objection_attachments SET sha256 = ''",
            "DELETE FROM objection_attachments",
        ):
            with pytest.raises(REFUSED):
                await service.execute(forbidden)
        assert await service.execute(clean) == "UPDATE 1"
    assert await owner.fetchval("SELECT scan FROM objection_attachments") == "clean"
