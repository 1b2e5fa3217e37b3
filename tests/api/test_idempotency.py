"""Every write under a key is done once and answered alike, whoever sends it, however often."""

import asyncio
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from app.access import open_desk
from app.actors import Sweeper, Visitor
from app.api.idempotency import READING, KeyedRoute
from app.services import answers, licences
from tests.api.access_table import (
    ANYBODY,
    APPLICANT,
    CENTRE,
    ENTERPRISE,
    MEMBER,
    OFFICER,
    PLATFORM,
    TABLE,
    Caller,
    Route,
)
from tests.api.test_access_matrix import two_paid_cases
from tests.conftest import everybody
from tests.database.callers import seated
from tests.databases import connected
from tests.refusals import problem, refused
from tests.rows import contents, scalar
from tests.world import World

OF_TUS = {("POST", "/uploads"), ("PATCH", "/uploads/{upload_id}")}
"""tus repeats by means of its own: the same key begins the same upload, whose progress is told; an
offset is taken once, and the next 409 tells how far it is (tests/uploads/test_protocol.py)."""
ASKING_ONLY = {
    ("POST", "/learning-records/search"),
    ("POST", "/plans/{plan_id}/roster/report"),
    ("POST", "/plans/{plan_id}/learning-batches/report"),
}
"""Questions with a body: they write nothing, and their answers may be large."""
WRITES = [route for route in TABLE if route.method not in READING]
BY: dict[Caller, str | None] = {
    ANYBODY: None, MEMBER: "enterprise", ENTERPRISE: "enterprise", APPLICANT: "enterprise",
    OFFICER: "officer1", CENTRE: "centre", PLATFORM: "platform",
}  # fmt: skip
DONE_AT_LEAST = 65
"""So many of the routes are seen to act and to repeat their answer; the others refuse by then."""
FORM = {"username": "officer1", "password": "sandbox-officer1"}
NEW = {"Idempotency-Key": "0af1c1f0-6a0c-4f0e-9d3d-6c1d1f6f5b11"}
OBJECTION = {"grounds": "other", "text": "情况说明"}


def bare(answer: httpx.Response) -> tuple[int, bytes, list[tuple[str, str]]]:
    """Return what must be the same of two answers: all but what is each one's own."""
    own = {"x-request-id", "idempotency-replayed"}
    headers = sorted(pair for pair in answer.headers.items() if pair[0] not in own)
    return answer.status_code, answer.content, headers


class Twice(httpx.AsyncBaseTransport):
    """Sends each write twice at once under one key, and once more with another content."""

    def __init__(self, app: FastAPI) -> None:
        self._once = httpx.ASGITransport(app, raise_app_exceptions=False)
        self._routes = [each for each in app.routes if isinstance(each, APIRoute)]
        self.done: set[tuple[str, str]] = set()
        self.wrong: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        content = await request.aread()
        place = self._place(request)
        if request.method in READING or place in OF_TUS | ASKING_ONLY:
            return await self._sent(request, content)
        key = str(uuid4())
        both = await asyncio.gather(*(self._sent(request, content, key) for _ in range(2)))
        if both[0].is_success:
            self.done.add(place)
            self._judge(place, *both)
            other = await self._sent(request, content + b" ", key)
            self.wrong += [
                f"{place} with another body: {each}"
                for each in refused(other, 422, "idempotency_key_reused")
            ]
        return both[0]

    def _judge(self, place: tuple[str, str], one: httpx.Response, two: httpx.Response) -> None:
        if bare(one) != bare(two):
            self.wrong.append(f"{place}: {bare(one)} and {bare(two)}")
        replayed = sorted(each.headers.get("idempotency-replayed", "") for each in (one, two))
        if replayed != ["", "true"]:
            self.wrong.append(f"{place}: replayed {replayed}")

    async def _sent(
        self, request: httpx.Request, content: bytes, key: str | None = None
    ) -> httpx.Response:
        kept = [pair for pair in request.headers.raw if pair[0].lower() != b"content-length"]
        named = [] if key is None else [(b"Idempotency-Key", key.encode())]
        again = httpx.Request(
            request.method, request.url, headers=[*kept, *named], content=content or None
        )
        answer = await self._once.handle_async_request(again)
        await answer.aread()
        answer.request = again
        return answer

    def _place(self, request: httpx.Request) -> tuple[str, str]:
        for route in self._routes:
            if request.method in route.methods and route.path_regex.match(request.url.path):
                return request.method, route.path.removeprefix("/api/v1")
        return request.method, request.url.path


@pytest.fixture
async def twice(app: FastAPI) -> Twice:
    return Twice(app)


def test_every_write_is_under_a_route_that_knows_keys(app: FastAPI) -> None:
    writes = {
        (method, route.path.removeprefix("/api/v1")): route
        for route in app.routes
        if isinstance(route, APIRoute)
        for method in route.methods - READING
    }
    unkeyed = {place for place, route in writes.items() if not isinstance(route, KeyedRoute)}
    assert unkeyed == OF_TUS | ASKING_ONLY
    told = app.openapi()["paths"]
    for (method, path), route in writes.items():
        parameters = told[route.path_format][method.lower()].get("parameters", [])
        named = "Idempotency-Key" in {each["name"] for each in parameters}
        assert named == ((method, path) not in unkeyed), path


async def test_every_write_twice_at_once_is_one_act_with_one_answer(
    twice: Twice, app: FastAPI, owner_url: str, tmp_path: Path
) -> None:
    """Two cases are played, and then every writing route is asked once more."""
    async with httpx.AsyncClient(transport=twice, base_url="http://test") as http:
        world = await everybody(http, app, owner_url)
        seen = await two_paid_cases(world, owner_url, tmp_path)
        for route in WRITES:
            who = _who(route)
            asked = await seen.ask(route, who, seen.ids[0])
            assert asked.status_code < 500, (route, asked.text)
        for form in (FORM, {**FORM, "password": "wrong"}):
            await http.post("/api/v1/token", data=form)
    assert twice.wrong == []
    assert len(twice.done) >= DONE_AT_LEAST, sorted(twice.done)
    claims = await scalar(owner_url, "SELECT count(*) FROM claims WHERE supersedes IS NULL")
    payments = await scalar(owner_url, "SELECT count(*) FROM payments")
    assert (claims, payments) == (2, 2)


def _who(route: Route) -> str | None:
    return "cashier" if route.duty == "pay" else BY[route.caller]


@pytest.mark.parametrize("key", ["k" * 256, "", "mit ümlaut", " "])
async def test_a_key_that_is_too_long_or_unreadable_is_refused_and_not_cut(
    world: World, owner_url: str, key: str
) -> None:
    before = await contents(owner_url)
    answer = await world.call(
        "enterprise", "POST", "/enterprises", json=world.enterprise_body(),
        headers={"Idempotency-Key": key.encode("latin-1")},
    )  # fmt: skip
    (fault,) = problem(answer)["errors"]
    assert (answer.status_code, fault["field"]) == (422, "header.Idempotency-Key")
    assert await contents(owner_url) == before


async def test_the_longest_key_is_told_from_one_that_differs_at_its_end(world: World) -> None:
    await world.registered()
    keys = [f"{'k' * 254}{end}" for end in "ab"]
    plans = [
        await world.call(
            "enterprise", "POST", "/plans", json=world.plan_body(), headers={"Idempotency-Key": key}
        )
        for key in keys
    ]
    assert [each.status_code for each in plans] == [201, 201]
    assert plans[0].json()["id"] != plans[1].json()["id"]


async def test_a_sign_in_that_is_repeated_gets_the_same_tokens_and_none_lies_open(
    http: httpx.AsyncClient, owner_url: str
) -> None:
    answers = [await http.post("/api/v1/token", data=FORM, headers=NEW) for _ in range(2)]
    assert [each.status_code for each in answers] == [200, 200]
    assert answers[0].content == answers[1].content
    assert await scalar(owner_url, "SELECT count(*) FROM refresh_tokens") == 1
    rows = str(await scalar(owner_url, "SELECT array_agg(s::text) FROM stored_answers AS s"))
    pair = answers[0].json()
    for secret in (pair["refresh_token"], pair["access_token"], NEW["Idempotency-Key"]):
        assert secret not in rows
        assert secret.encode().hex() not in rows


async def test_a_wrong_password_under_one_key_counts_once(
    http: httpx.AsyncClient, owner_url: str
) -> None:
    wrong = {**FORM, "password": "wrong"}
    told = [await http.post("/api/v1/token", data=wrong, headers=NEW) for _ in range(3)]
    assert [problem(each)["code"] for each in told] == ["sign_in_failed"] * 3
    right = await http.post("/api/v1/token", data=FORM, headers=NEW)
    assert problem(right)["code"] == "idempotency_key_reused"
    failures = "SELECT failures FROM accounts WHERE username = 'officer1'"
    assert await scalar(owner_url, failures) == 1


def _from(app: FastAPI, address: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(address, 1))
    return httpx.AsyncClient(transport=transport, base_url="http://test/api/v1")


async def test_an_objection_is_lodged_once_also_from_another_address(
    world: World, app: FastAPI, owner_url: str
) -> None:
    """A telephone changes its network; whoever has the long key is the one who made it."""
    await world.published()
    notice = (await world.get("enterprise", f"/claims/{world.claim['id']}/notice"))["id"]
    path = f"/notices/{notice}/objections"
    async with _from(app, "192.0.2.1") as here, _from(app, "198.51.100.9") as there:
        first = await here.post(path, json=OBJECTION, headers=NEW)
        again = await there.post(path, json=OBJECTION, headers=NEW)
        assert (first.status_code, again.content) == (201, first.content)
        short = {"Idempotency-Key": "1"}
        mine = await here.post(path, json=OBJECTION, headers=short)
        theirs = await there.post(path, json=OBJECTION, headers=short)
        assert mine.json()["id"] != theirs.json()["id"], "a short key is not everybody's"
        other = await there.post(path, json={**OBJECTION, "text": "别的"}, headers=NEW)
        assert problem(other)["code"] == "idempotency_key_reused"
    assert await scalar(owner_url, "SELECT count(*) FROM objections") == 3
    rows = str(await scalar(owner_url, "SELECT array_agg(s::text) FROM stored_answers AS s"))
    assert first.json()["token"].encode().hex() not in rows


async def test_a_file_that_was_sent_is_answered_again_when_no_more_are_taken(
    world: World, tmp_path: Path
) -> None:
    """The case has moved on: the same file gets its answer, another one is stored nowhere."""
    await world.drafted()
    path, query = f"/plans/{world.plan['id']}/evidence", {"kind": "other", "filename": "信.pdf"}
    sent = {"params": query, "headers": NEW}
    first = await world.call("enterprise", "POST", path, content=b"%PDF-1.7 one", **sent)
    assert first.status_code == 201
    await world.post("enterprise", f"/plans/{world.plan['id']}/withdraw", {"reason": "撤回"})
    again = await world.call("enterprise", "POST", path, content=b"%PDF-1.7 one", **sent)
    assert bare(again) == bare(first)
    stored = sorted((tmp_path / "evidence").rglob("*"))
    other = await world.call("enterprise", "POST", path, content=b"%PDF-1.7 two", **sent)
    assert problem(other)["code"] == "idempotency_key_reused"
    assert sorted((tmp_path / "evidence").rglob("*")) == stored


async def test_the_last_scan_that_is_taken_is_answered_again_and_not_refused(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(licences, "_MOST", 1)
    await world.registered()
    path, query = f"/enterprises/{world.enterprise['id']}/licences", {"filename": "执照.pdf"}
    sent = {"params": query, "headers": NEW}
    first = await world.call("enterprise", "POST", path, content=b"%PDF-1.7 one", **sent)
    assert first.status_code == 201
    stored = sorted((tmp_path / "evidence").rglob("*"))
    again = await world.call("enterprise", "POST", path, content=b"%PDF-1.7 one", **sent)
    assert bare(again) == bare(first)
    other = await world.call("enterprise", "POST", path, content=b"%PDF-1.7 two", **sent)
    assert problem(other)["code"] == "idempotency_key_reused"
    assert sorted((tmp_path / "evidence").rglob("*")) == stored


async def test_nobody_without_an_account_reads_an_answer_that_he_cannot_name(
    http: httpx.AsyncClient, owner_url: str, service_url: str
) -> None:
    await http.post("/api/v1/sandbox/clock", json={"today": "2020-03-05"}, headers=NEW)
    async with connected(owner_url) as owner:
        name = await owner.fetchval("SELECT name FROM stored_answers")
    count = "SELECT count(*) FROM stored_answers"
    async with seated(service_url, Visitor()) as visitor:
        assert await visitor.fetchval(count) == 0
        await visitor.execute("SELECT set_config('app.answer', $1, true)", name.hex())
        assert await visitor.fetchval(count) == 1


@pytest.mark.parametrize(("hours", "left"), [(23, 2), (47, 2), (49, 1)])
async def test_answers_are_swept_when_they_were_kept_long_enough(
    http: httpx.AsyncClient, app: FastAPI, owner_url: str, hours: int, left: int
) -> None:
    for number in range(2):
        key = {"Idempotency-Key": f"key {number}"}
        await http.post("/api/v1/sandbox/clock", json={"today": "2020-03-05"}, headers=key)
    async with connected(owner_url) as owner:
        await owner.execute(
            "UPDATE stored_answers SET created_at = now() - make_interval(hours => $1)"
            " WHERE name = (SELECT max(name) FROM stored_answers)", hours,
        )  # fmt: skip
        async with open_desk(app.state.office, Sweeper(), "", "") as desk:
            assert await answers.sweep(desk) == 2 - left
        assert await owner.fetchval("SELECT count(*) FROM stored_answers") == left


async def test_not_even_the_sweeper_removes_an_answer_of_today(
    http: httpx.AsyncClient, owner_url: str, service_url: str
) -> None:
    await http.post("/api/v1/sandbox/clock", json={"today": "2020-03-05"}, headers=NEW)
    async with seated(service_url, Sweeper()) as sweeper:
        assert await sweeper.execute("DELETE FROM stored_answers") == "DELETE 0"
    assert await scalar(owner_url, "SELECT count(*) FROM stored_answers") == 1
