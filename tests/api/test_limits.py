"""Who asks too much, too large or too often is told so at once, and by what he may come again."""

import asyncio
import json
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.access import open_desk
from app.actors import Visitor
from app.api import rates
from app.api.rates import Buckets
from app.database import for_asyncpg
from app.errors import TooManyRequests
from app.main import create_app
from app.settings import Settings
from tests.api.access_table import TABLE
from tests.conftest import everybody, settings_of
from tests.refusals import problem

FORM = {"username": "officer1", "password": "wrong"}
WAITS = """
    SELECT EXISTS (SELECT FROM pg_locks AS l JOIN pg_database AS d ON d.oid = l.database
                   WHERE NOT l.granted AND d.datname = current_database())
"""
NOWHERE = "00000000-0000-4000-8000-000000000000"
Make = Callable[..., FastAPI]


@pytest.fixture
async def make(service_url: str, tmp_path: Path) -> AsyncIterator[Make]:
    """Makes applications on this test's database, with settings of their own."""
    made: list[FastAPI] = []

    def one(**settings: object) -> FastAPI:
        made.append(create_app(settings_of(service_url, tmp_path / "evidence", **settings)))
        return made[-1]

    yield one
    for app in made:
        await asyncio.to_thread(app.state.workshop.stop)
        await app.state.office.engine.dispose()


@asynccontextmanager
async def client(app: FastAPI, address: str = "192.0.2.1") -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(address, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://test/api/v1") as http:
        yield http


SPECIAL = [
    ("sign_in", "POST", "/token", "sign-in"),
    ("search", "GET", "/notices?enterprise=大连", "search"),
    ("objections", "POST", f"/notices/{NOWHERE}/objections", "objections"),
    ("uploads", "POST", f"/plans/{NOWHERE}/roster?filename=a.xlsx", "uploads"),
    ("uploads", "PATCH", f"/uploads/{NOWHERE}", "uploads"),
    ("address", "GET", "/policy/clauses", "address"),
]


@pytest.mark.parametrize(("what", "method", "path", "name"), SPECIAL)
async def test_who_asks_too_often_is_told_when_to_come_again(
    make: Make, what: str, method: str, path: str, name: str
) -> None:
    app = make(**{f"rate_per_minute_{what}": 3})
    async with client(app) as http, client(app, "192.0.2.2") as neighbour:
        told = [await http.request(method, path) for _ in range(4)]
        assert 429 not in {each.status_code for each in told[:3]}
        assert [each.headers["ratelimit"].split(";")[1] for each in told[:3]] == [
            "r=2", "r=1", "r=0",
        ]  # fmt: skip
        refusal = problem(told[3])
        assert (refusal["code"], refusal["status"]) == ("too_many_requests", 429)
        wait = int(told[3].headers["retry-after"])
        assert 1 <= wait == refusal["retry_after"] <= 20
        assert told[3].headers["ratelimit-policy"] == f'"{name}";q=3;w=60'
        assert re.fullmatch(rf'"{name}";r=0;t=\d+', told[3].headers["ratelimit"])
        assert (await neighbour.request(method, path)).status_code != 429
        assert (await http.get("/health")).status_code == 200


async def test_an_account_is_counted_wherever_it_comes_from(make: Make, owner_url: str) -> None:
    app = make(rate_per_minute_account=4)
    async with client(app) as here, client(app, "192.0.2.2") as there:
        worlds = [await everybody(http, app, owner_url) for http in (here, there)]
        for world in worlds * 2:
            world.http.base_url = httpx.URL("http://test")
            assert (await world.call("officer1", "GET", "/me")).status_code == 200
        refused = await worlds[0].call("officer1", "GET", "/claims")
        assert problem(refused)["code"] == "too_many_requests"
        assert refused.headers["ratelimit-policy"] == '"account";q=4;w=60'
        assert (await worlds[0].call("officer2", "GET", "/me")).status_code == 200


async def test_a_subscriber_is_one_however_many_addresses_of_ipv6_he_uses(make: Make) -> None:
    app = make(rate_per_minute_address=1)
    told = []
    for address in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::2", "2001:db8:1:3::1"):
        async with client(app, address) as http:
            told.append((await http.get("/bureaus")).status_code)
    assert told == [200, 429, 200]


@given(st.lists(st.floats(0, 30), min_size=1, max_size=200), st.integers(1, 50))
def test_in_no_minute_more_than_two_shares_pass_and_a_full_bucket_lets_one_pass(
    waits: list[float], quota: int
) -> None:
    now = 0.0
    bucket = Buckets("x", quota, lambda: now)
    passed = []
    for wait in waits:
        now += wait
        try:
            bucket.take("me")
        except TooManyRequests as refused:
            now += refused.members["retry_after"]
            bucket.take("me")
        passed.append(now)
    for start in passed:
        assert sum(start <= each < start + 60 for each in passed) <= 2 * quota


def test_buckets_do_not_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "_MOST_BUCKETS", 100)
    bucket = Buckets("x", 5, lambda: 0.0)
    for _ in range(5):
        bucket.take("busy")
    for number in range(1000):
        bucket.take(number)
    assert len(bucket._full_at) <= 100
    with pytest.raises(TooManyRequests):
        bucket.take("busy")


def test_nothing_is_limited_by_a_zero() -> None:
    bucket = Buckets("x", 0)
    assert [bucket.take("me") for _ in range(1000)] == [None] * 1000


def test_outside_the_sandbox_every_limit_is_on() -> None:
    limits = {name for name in Settings.model_fields if name.startswith("rate_per_minute_")}
    assert len(limits) == 6
    assert all(Settings.model_fields[name].default > 0 for name in limits)


DEEP = b'{"a":' * 50_000 + b"1" + b"}" * 50_000
HUGE = b'{"today": ' + b"9" * 1_000_000 + b"}"
BODIES = {
    "deep objects": DEEP, "deep lists": b"[" * 200_000, "a huge number": HUGE,
    "a huge exponent": b'{"amount": 1e999999999}', "not a number": b'{"amount": NaN}',
    "half a character": b'{"a": "\\ud800"}', "no text": b"\xff\xfe\x00", "a bare word": b"nul",
    "many keys": json.dumps(dict.fromkeys(map(str, range(20_000)), 0)).encode(),
}  # fmt: skip
ASKED = sorted({route.body: route for route in TABLE if route.method in {"POST", "PUT"}}.items())


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
async def test_a_hostile_body_is_a_problem_on_every_route_and_at_once(
    http: httpx.AsyncClient, app: FastAPI, owner_url: str, body: bytes
) -> None:
    world = await everybody(http, app, owner_url)
    for _, route in ASKED:
        path = re.sub(r"{\w+}", NOWHERE, route.path)
        for who in ("enterprise", "officer1", "platform", None):
            async with asyncio.timeout(20):
                answer = await world.call(
                    who, route.method, path, content=body,
                    headers={"Content-Type": "application/json"},
                )  # fmt: skip
            if answer.is_success:  # a route that reads no body
                continue
            assert 400 <= answer.status_code < 500, (route.path, who, answer.text)
            problem(answer)


LARGE = ["/claims", "/token", "/notices", "/sandbox/clock", "/learning-records/search"]


@pytest.mark.parametrize("path", LARGE)
@pytest.mark.parametrize("length", ["3000000", "9" * 400, "9" * 5000])
async def test_an_announced_length_above_the_limit_is_refused_before_the_body(
    http: httpx.AsyncClient, path: str, length: str
) -> None:
    answer = await http.post(f"/api/v1{path}", headers={"Content-Length": length}, content=b"{}")
    assert (answer.status_code, problem(answer)["code"]) == (413, "body_too_large")
    assert problem(answer)["limit"] == 2 * 1024 * 1024


async def test_a_body_without_a_length_is_cut_at_the_limit(
    http: httpx.AsyncClient, app: FastAPI, owner_url: str
) -> None:
    world = await everybody(http, app, owner_url)
    sent = Counter[str]()

    async def endless() -> AsyncIterator[bytes]:
        while True:
            sent["chunks"] += 1
            yield b" " * 65536

    answer = await world.call("enterprise", "POST", "/claims", content=endless())
    assert problem(answer)["code"] == "body_too_large"
    assert sent["chunks"] <= 40


async def test_too_many_who_wait_for_a_connection_are_told_at_once(
    make: Make, owner_url: str
) -> None:
    """One connection, held by a lock; one may wait, all others hear 503 before they waited."""
    app = make(database_pool=1, database_waiting=1, database_wait_seconds=0.4)
    blocker = await asyncpg.connect(for_asyncpg(owner_url))
    await blocker.execute("BEGIN; LOCK TABLE bureaus IN ACCESS EXCLUSIVE MODE")
    async with client(app) as http:
        holding = asyncio.create_task(http.get("/bureaus"))
        while not await blocker.fetchval(WAITS):
            pass  # until it waits for the lock
        begun = asyncio.get_running_loop().time()
        waiting = asyncio.create_task(http.get("/bureaus"))
        await asyncio.sleep(0)
        refused = await asyncio.gather(*(http.get("/bureaus") for _ in range(20)))
        at_once = asyncio.get_running_loop().time() - begun
        assert Counter(each.status_code for each in refused)[503] >= 19
        assert at_once < 5, "nobody waits as long as the holder"
        for each in [*refused, await waiting]:
            assert (each.status_code, problem(each)["code"]) == (503, "busy")
            assert each.headers["retry-after"] == "1"
        assert (await http.get("/health")).json()["status"] == "ok"
        assert not holding.done()
        await blocker.execute("ROLLBACK")
        assert (await holding).status_code == 200
        assert (await http.get("/bureaus")).status_code == 200
    await blocker.close()


async def test_a_lock_that_somebody_else_holds_is_waited_for_no_longer_than_set(
    make: Make, owner_url: str
) -> None:
    app = make(lock_seconds=1)
    blocker = await asyncpg.connect(for_asyncpg(owner_url))
    await blocker.execute("BEGIN; LOCK TABLE bureaus IN ACCESS EXCLUSIVE MODE")
    async with client(app) as http:
        answer = await http.get("/bureaus")
    await blocker.close()
    assert (answer.status_code, problem(answer)["code"]) == (503, "busy")


async def test_each_transaction_of_a_request_has_its_time_limits(make: Make) -> None:
    app = make(statement_seconds=7, lock_seconds=3, idle_transaction_seconds=11)
    names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    async with open_desk(app.state.office, Visitor(), "", "") as desk:
        shown = [await desk.driver.fetchval(f"SHOW {name}") for name in names]
    async with app.state.office.engine.connect() as db:
        driver = (await db.get_raw_connection()).driver_connection
        assert await driver.fetchval("SHOW lock_timeout") == "0", "not beyond the transaction"
    assert shown == ["7s", "3s", "11s"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cors_origins", "*"),
        ("cors_origins", "https://a.example/path"),
        ("trusted_proxies", "*"),
        ("trusted_proxies", "10.0.0.0/99"),
        ("idempotency_hours", 23),
    ],
)
def test_a_setting_that_would_open_the_door_is_refused(
    name: str, value: object, tmp_path: Path
) -> None:
    with pytest.raises(ValidationError):
        settings_of("postgresql://nobody@localhost/none", tmp_path, **{name: value})
