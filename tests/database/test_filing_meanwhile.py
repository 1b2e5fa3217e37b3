"""On which sessions is a claim decided that is filed while an export comes in? On all of them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from app import access
from app.actors import Actor, EnterpriseUser
from app.services import learning, sheets
from tests.database.callers import accounts
from tests.database.neighbours import Project, submitted, workers
from tests.database.neighbours import learning as export
from tests.databases import Connection
from tests.refusals import problem
from tests.waiting import until_waiting
from tests.world import CLAIM, World

RETURN = {
    "reason": "材料需要补正",
    "points": [{"kind": "learning", "place": "学习记录", "how": "补充缺少的学习记录"}],
}


@pytest.fixture
async def enterprise(world: World, owner_url: str) -> EnterpriseUser:
    """The enterprise, of whose two people one has learned what was filed, and one is to come."""
    await world.registered()
    await submitted(world, _of(world, 0, 1))
    await world.day("2020-03-03")
    world.plan = await world.post("officer1", f"/plans/{world.plan['id']}/approve", {})
    await world.day("2020-03-16")
    path = f"/plans/{world.plan['id']}/learning-batches"
    await world.send("enterprise", path, export(_of(world, 0)), filename="first.xlsx")
    await world.papers(CLAIM)
    actor: Actor = (await accounts(owner_url))["enterprise"]
    assert isinstance(actor, EnterpriseUser)
    return actor


def _of(world: World, *places: int) -> Project:
    people = workers(world, 2)
    return Project(0, 20, [people[place] for place in places])


@asynccontextmanager
async def _importing(app: FastAPI, world: World, who: EnterpriseUser) -> AsyncIterator[None]:
    """The second one's sessions come in; the import commits at the end."""
    file = sheets.SheetFile("second.xlsx", export(_of(world, 1)))
    async with access.open_desk(app.state.office, who, "", "") as desk:
        await learning.import_records(
            desk, UUID(world.plan["id"]), file,
            columns=(), good_rows_only=False, replaces=None, dry_run=False,
        )  # fmt: skip
        yield


async def _meanwhile(
    world: World, app: FastAPI, owner: Connection, who: EnterpriseUser, path: str, body: object
) -> httpx.Response:
    """Post while the import has not committed yet."""
    async with _importing(app, world, who):
        call = world.call("enterprise", "POST", path, json=body)
        posting = asyncio.create_task(call)
        await until_waiting(owner, posting)
    return await posting


async def _lines(world: World, claim: dict[str, Any]) -> list[str]:
    told = await world.get("enterprise", f"/claims/{claim['id']}/assessment")
    return [line["payable"] for line in told["lines"]]


async def test_a_claim_filed_during_an_import_is_assessed_with_what_came_in(
    world: World, app: FastAPI, owner: Connection, enterprise: EnterpriseUser
) -> None:
    body = await world.claim_body()
    answer = await _meanwhile(world, app, owner, enterprise, "/claims", body)
    assert answer.status_code == 201, answer.text
    assert await _lines(world, answer.json()) == ["200.00", "200.00"]


async def test_an_import_during_the_filing_of_a_claim_is_refused(
    world: World, app: FastAPI, owner: Connection, enterprise: EnterpriseUser
) -> None:
    """The other way round: what comes after the filing changes nothing any more."""
    file = export(_of(world, 1))
    path = f"/plans/{world.plan['id']}/learning-batches"
    async with access.open_desk(app.state.office, enterprise, "", "") as desk:
        await learning.open_for_records(desk, UUID(world.plan["id"]), lock=True)
        filing = asyncio.create_task(
            world.call("enterprise", "POST", "/claims", json=await world.claim_body())
        )
        await until_waiting(owner, filing)
        coming = asyncio.create_task(world.upload("enterprise", path, file, filename="second.xlsx"))
        await until_waiting(owner, filing, coming)
    claim, late = await filing, problem(await coming)
    assert claim.status_code == 201, claim.text
    assert late["code"] == "wrong_state"
    assert await _lines(world, claim.json()) == ["200.00", "0.00"]


async def test_a_claim_filed_again_during_an_import_is_assessed_with_what_came_in(
    world: World, app: FastAPI, owner: Connection, enterprise: EnterpriseUser
) -> None:
    its = replace(world)
    its.claim = await its.post("enterprise", "/claims", await its.claim_body())
    assert await _lines(its, its.claim) == ["200.00", "0.00"]
    await its.step("officer1", "return", RETURN)
    said = await its.claim_body()
    del said["plan_id"]
    mended = {"number": 1, "answer": "mended", "explanation": "已补充"}
    body = {**said, "points": [mended]}
    path = f"/claims/{its.claim['id']}/resubmit"
    answer = await _meanwhile(its, app, owner, enterprise, path, body)
    assert answer.status_code == 200, answer.text
    assert await _lines(its, its.claim) == ["200.00", "200.00"]
