"""Sixteen adjudicators decide at once on claims that share two thousand persons."""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest
from fastapi import FastAPI

from app.settings import Settings
from tests import books, money
from tests.caseload import ADJUDICATORS, Size, adjudicators, reviewed
from tests.conftest import settings_of
from tests.databases import Connection
from tests.refusals import problem
from tests.world import World

SIZE: Final = Size(claims=64, of_each=50)
SEED: Final = 20200331
AGAIN: Final = 16
_REFUSED: Final = {
    "assessment_changed", "cap_reached", "project_subsidised", "budget_exceeded", "signed_already",
}  # fmt: skip


@pytest.fixture
def settings(service_url: str, tmp_path: Path) -> Settings:
    """The service of this test has a connection for each adjudicator."""
    return settings_of(service_url, tmp_path / "evidence", database_pool=len(ADJUDICATORS))


@dataclass
class Chamber:
    """What the adjudicators share: the world, the claims that are left, and what was answered."""

    world: World
    left: list[str]
    told: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)
    approved: list[str] = field(default_factory=list)

    async def decide(self, who: str) -> None:
        """Take claims while there are any; approve each, and now and then reject it after all."""
        while self.left:
            claim = self.left.pop()
            code = await self.post(who, f"/claims/{claim}/approve", {})
            if code:
                self.refused.append(claim)
                continue
            self.approved.append(claim)
            if len(self.approved) % 8 == 0:
                rejected = await self.post(who, f"/claims/{claim}/reject", {"reason": "撤销审批"})
                assert rejected == ""

    async def decide_again(self, who: str, examiner: str) -> None:
        """Reassess what was refused, have it examined by another, and approve it."""
        while self.left:
            claim = self.left.pop()
            path = f"/claims/{claim}"
            assert await self.post(examiner, f"{path}/reassess", {}) == ""
            for task in (await self.world.get(examiner, f"{path}/tasks"))["tasks"]:
                if task["by"] == "officer" and task["blocking"]:
                    word = {"check": task["code"], "outcome": "met"}
                    await self.world.post(examiner, f"{path}/checks", word)
            for signal in await self.world.get(examiner, f"{path}/signals"):
                word = {"remark": "已核实"}
                await self.world.post(examiner, f"{path}/signals/{signal['id']}/clear", word)
            if await self.post(examiner, f"{path}/review", {}) == "findings_block":
                continue
            assert await self.post(examiner, f"{path}/approve", {}) != "", "who reviewed approves"
            if await self.post(who, f"{path}/approve", {}) == "":
                self.approved.append(claim)

    async def post(self, who: str, path: str, body: object) -> str:
        """Post and return the code of the refusal, if it was one; anything else fails the test."""
        answer = await self.world.call(who, "POST", path, json=body)
        assert answer.status_code in {200, 409}, answer.text
        code = problem(answer)["code"] if answer.is_error else ""
        self.told[f"{path.rpartition('/')[2]} {code}".strip()] += 1
        return code


async def test_sixteen_adjudicators_never_pay_a_person_too_much(
    world: World, app: FastAPI, owner: Connection
) -> None:
    await adjudicators(world, app, owner)
    await money.budget(world, "400000.00")
    claims = await reviewed(world, owner, SIZE, SEED)
    assert await books.faults(owner) == {}
    chamber = Chamber(world, claims)
    async with asyncio.timeout(60):
        await asyncio.gather(*(chamber.decide(who) for who in ADJUDICATORS))
    assert await books.faults(owner) == {}
    first = Counter(chamber.told)
    assert first["approve"] >= 10, first
    assert {code for code in first if code.startswith("approve ")} <= {
        f"approve {code}" for code in _REFUSED
    }, first
    assert len(chamber.approved) + len(chamber.refused) == SIZE.claims

    chamber.left = random.Random(SEED).sample(chamber.refused, AGAIN)  # noqa: S311
    pairs = zip(ADJUDICATORS, (*ADJUDICATORS[1:], ADJUDICATORS[0]), strict=True)
    async with asyncio.timeout(60):
        await asyncio.gather(*(chamber.decide_again(who, other) for who, other in pairs))
    assert chamber.told["review"] >= 1, chamber.told
    assert await books.faults(owner) == {}
