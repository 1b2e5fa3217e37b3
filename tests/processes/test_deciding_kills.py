"""A service killed again and again while sixteen adjudicators approve leaves no half approval."""

import asyncio
import multiprocessing
import os
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from typing import Final

import httpx
import pytest
from fastapi import FastAPI

from app.serving import serve
from app.settings import Settings
from tests import books, money
from tests.caseload import ADJUDICATORS, Size, adjudicators, reviewed
from tests.databases import Connection
from tests.processes.programs import free_port
from tests.refusals import problem
from tests.world import World

SIZE: Final = Size(claims=72, of_each=25)
SEED: Final = 9
KILLED_AFTER: Final = (9, 20, 33, 47)
"""So many answers were seen in all when the service is killed."""

_OF_THE_SERVICE: Final = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND usename = 'subsidy_service'
"""
_SECONDS: Final = 60
# The service is imported once, and forked at each start: importing it takes longer than the test.
_PROCESSES: Final = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["app.serving"])


@dataclass
class Chamber:
    """What the adjudicators share, while the service comes and goes."""

    world: World
    http: httpx.AsyncClient
    left: list[str]
    answers: Counter[str] = field(default_factory=Counter)
    cut: int = 0
    serving: asyncio.Event = field(default_factory=asyncio.Event)
    answered: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def seen(self) -> int:
        """How many answers were seen."""
        return self.answers.total()

    async def decide(self, who: str) -> None:
        """Take claims while there are any, and go on asking until each is answered."""
        while self.left:
            claim = self.left.pop()
            await self._approve(who, claim)
            async with self.answered:
                self.answered.notify_all()

    async def _approve(self, who: str, claim: str) -> None:
        headers = {
            "Authorization": f"Bearer {self.world.tokens[who]}", "Idempotency-Key": f"of {claim}",
        }  # fmt: skip
        while True:
            await self.serving.wait()
            try:
                answer = await self.http.post(f"/claims/{claim}/approve", json={}, headers=headers)
            except httpx.TransportError:
                self.cut += 1
                await asyncio.sleep(0)  # the others are cut off, too
                continue
            assert answer.status_code in {200, 409}, answer.text
            self.answers[problem(answer)["code"] if answer.is_error else "approved"] += 1
            return

    async def until(self, number: int) -> None:
        """Wait until so many answers were seen."""
        async with self.answered:
            await self.answered.wait_for(lambda: self.seen >= number)


@dataclass
class Service:
    """The service as a process of its own, that is killed and started again on its port."""

    env: dict[str, str]
    port: int = field(default_factory=free_port)
    process: BaseProcess | None = None

    def start(self) -> None:
        self.process = _PROCESSES.Process(target=_serve, args=(self.port, self.env), daemon=True)
        self.process.start()

    def killed(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.join()

    @property
    def runs(self) -> bool:
        """Whether the process has not ended."""
        return self.process is not None and self.process.is_alive()


def _serve(port: int, env: dict[str, str]) -> None:
    os.environ.update(env)
    serve("127.0.0.1", port)


@pytest.fixture
def service(settings: Settings) -> Iterator[Service]:
    """Not started yet; what runs at the end of the test is killed."""
    one = Service(_environment(settings))
    yield one
    one.killed()


async def _until(met: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(_SECONDS):
        while not await met():  # noqa: ASYNC110  a port and a database that tell nobody
            await asyncio.sleep(0.02)


async def _started(chamber: Chamber, service: Service) -> None:
    service.start()

    async def answers() -> bool:
        assert service.runs
        try:
            return (await chamber.http.get("/health")).is_success
        except httpx.TransportError:
            return False

    await _until(answers)
    chamber.serving.set()


def _environment(settings: Settings) -> dict[str, str]:
    return {
        "DATABASE_URL": settings.database_url.get_secret_value(),
        "SUBSIDY_DATABASE_POOL": str(len(ADJUDICATORS)),
        "SUBSIDY_SIGNING_KEY": settings.signing_key.get_secret_value().strip().replace("\n", "\\n"),
        "SUBSIDY_SEALING_KEY": settings.sealing_key.get_secret_value(),
        "SUBSIDY_DIGEST_KEY": settings.digest_key.get_secret_value(),
        "SUBSIDY_AUDIT_KEY": settings.audit_key.get_secret_value(),
        "SUBSIDY_EVIDENCE_URL": settings.evidence_url,
        "SUBSIDY_SANDBOX": "true",
    }


async def _killed(chamber: Chamber, service: Service, owner: Connection) -> None:
    """Kill the service, and look into the books once the database is through with it."""
    chamber.serving.clear()
    await asyncio.to_thread(service.killed)

    async def alone() -> bool:
        return bool(await owner.fetchval(_OF_THE_SERVICE) == 0)

    await _until(alone)
    assert await books.faults(owner) == {}


async def _approved(owner: Connection) -> int:
    count = "SELECT count(*) FROM claims WHERE state = 'approved'"
    return int(await owner.fetchval(count))


async def test_killed_again_and_again_each_claim_is_approved_wholly_or_not_at_all(
    world: World, app: FastAPI, owner: Connection, service: Service
) -> None:
    await adjudicators(world, app, owner)
    await money.budget(world, "900000.00")
    claims = await reviewed(world, owner, SIZE, SEED)
    await app.state.office.engine.dispose()
    random.Random(SEED).shuffle(claims)  # noqa: S311  reproducible, not secret
    url = f"http://127.0.0.1:{service.port}/api/v1"
    async with httpx.AsyncClient(base_url=url, timeout=_SECONDS) as http:
        chamber = Chamber(world, http, list(claims))
        await _started(chamber, service)
        deciding = [asyncio.create_task(chamber.decide(who)) for who in ADJUDICATORS]
        for number in KILLED_AFTER:
            await chamber.until(number)
            await _killed(chamber, service, owner)
            await _started(chamber, service)
        async with asyncio.timeout(_SECONDS):
            await asyncio.gather(*deciding)
        await _killed(chamber, service, owner)
    assert chamber.seen == SIZE.claims
    assert chamber.cut >= len(KILLED_AFTER), "some were cut off in the middle"
    assert await _approved(owner) == chamber.answers["approved"], "nothing more, nothing less"
    assert chamber.answers["approved"] > SIZE.claims // 2
    assert set(chamber.answers) <= {"approved", "assessment_changed", "project_subsidised"}
