"""Is a stage that was copied the same as one that is played, and only where nothing was done?"""

from typing import Any

import pytest

from tests.databases import Connection
from tests.services.test_audit import PLAYED
from tests.world import World

_ACTS = "SELECT object_kind || '.' || act FROM audit_events ORDER BY id"


@pytest.fixture
def brought(world: World, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The stages that were copied to the test."""
    stages: list[str] = []
    bring: Any = world.ground.bring

    async def noted(world: World, stage: str) -> bool:
        was_brought: bool = await bring(world, stage)
        stages.extend([stage] if was_brought else [])
        return was_brought

    monkeypatch.setattr(world.ground, "bring", noted)
    return stages


async def test_a_copied_case_has_its_history_and_its_files_and_goes_on(
    world: World, owner: Connection, brought: list[str]
) -> None:
    await world.published()
    assert brought == ["published"]
    acts = tuple(row[0] for row in await owner.fetch(_ACTS))
    assert acts == PLAYED[: PLAYED.index("claims.publish") + 1]
    files = await world.get("enterprise", f"/plans/{world.plan['id']}/evidence")
    for file in files:
        answer = await world.call("enterprise", "GET", f"/evidence/{file['id']}/content")
        assert answer.content == (world.examples / file["filename"]).read_bytes()
    await world.paid_out()
    assert world.claim["state"] == "paid"


async def test_nothing_is_copied_over_what_was_done(world: World, brought: list[str]) -> None:
    await world.registered()
    mine = world.enterprise["id"]
    await world.drafted()
    assert (brought, world.enterprise["id"]) == ([], mine)


async def test_who_listens_hears_every_step(world: World, brought: list[str]) -> None:
    heard = []

    async def hear(answer: Any) -> None:  # noqa: ANN401  a response
        heard.append(answer)

    world.http.event_hooks["response"].append(hear)
    await world.drafted()
    assert not brought
    assert len(heard) > 5
