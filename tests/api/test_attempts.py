"""Does every refused attempt leave one event of its own, that tells nothing of what was sent?"""

import json
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from app.api import attempts
from app.api.attempts import Meter
from tests.databases import connected
from tests.elsewhere import administer
from tests.world import World

RESIDENT_ID = "220104199503227868"
Refused = Callable[[], Coroutine[Any, Any, list[Any]]]
NOWHERE = str(uuid4())


@pytest.fixture
async def events(owner_url: str) -> AsyncIterator[Refused]:
    """Return the events of refused attempts, oldest first."""
    async with connected(owner_url) as owner:

        async def told() -> list[Any]:
            query = "SELECT * FROM audit_events WHERE outcome = 'refused' ORDER BY id"
            return list(await owner.fetch(query))

        yield told


async def test_each_refused_write_leaves_one_event_that_tells_who_tried_what(
    world: World,
    events: Refused,
    owner_url: str,
) -> None:
    await world.filed()
    claim = f"/claims/{world.claim['id']}"
    body = await world.claim_body()
    form = {"username": "nobody-knows", "password": RESIDENT_ID}
    tried = [
        ("officer2", "POST", f"{claim}/approve", {"json": {}}, "wrong_state"),
        ("xigang", "POST", f"{claim}/review", {"json": {}}, "not_found"),
        ("officer1", "POST", f"/claims/{NOWHERE}/review", {"json": {}}, "not_found"),
        ("cashier", "POST", f"{claim}/review", {"json": {}}, "duty_missing"),
        ("enterprise", "POST", f"{claim}/review", {"json": {}}, "not_your_role"),
        ("platform", "POST", "/claims", {"json": body}, "not_your_role"),
        ("enterprise", "POST", "/claims", {"json": body}, "claim_already_filed"),
        ("officer1", "POST", f"{claim}/reject", {"json": {"reason": ""}}, "invalid_request"),
        ("officer1", "POST", f"{claim}/reject", {"json": {RESIDENT_ID: 1}}, "invalid_request"),
        (None, "POST", f"{claim}/review", {"json": {}}, "not_signed_in"),
        (None, "POST", "/token", {"data": form}, "sign_in_failed"),
        ("officer1", "DELETE", f"/{RESIDENT_ID}", {}, "not_found"),
        ("officer1", "POST", f"/claims/{RESIDENT_ID}/review", {"json": {}}, "invalid_request"),
        ("enterprise", "GET", "/payment-batches", {}, "not_your_role"),
    ]
    before = len(await events())
    requests = []
    for who, method, path, more, code in tried:
        answer = await world.call(who, method, path, **more)
        assert answer.json()["code"] == code, (path, answer.text)
        requests.append(answer.headers["x-request-id"])
    left = (await events())[before:]
    assert [row["request_id"] for row in left] == requests
    assert [json.loads(row["details"])["code"] for row in left] == [each[4] for each in tried]
    async with connected(owner_url) as owner:
        names = dict(await owner.fetch("SELECT id, username FROM accounts"))
    assert [names.get(row["account_id"]) for row in left] == [
        None if path == f"/{RESIDENT_ID}" else who for who, _, path, _, _ in tried
    ]
    first = left[0]
    assert (first["act"], first["object_kind"], first["object_id"]) == (
        "POST /claims/{claim_id}/approve", "claims", world.claim["id"],
    )  # fmt: skip
    assert (first["bureau_code"], first["case_id"], bool(first["address"])) == (
        "210202", None, True,
    )  # fmt: skip
    assert RESIDENT_ID not in str([dict(row) for row in left])


async def test_what_the_database_refuses_is_an_event_though_all_else_is_rolled_back(
    world: World,
    events: Refused,
    owner_url: str,
) -> None:
    await world.filed()
    await world.step("officer1", "review")
    await administer(
        owner_url,
        "ALTER TABLE year_balances DROP CONSTRAINT ck_year_balances_cap,"
        " ADD CONSTRAINT ck_year_balances_cap CHECK (used < 300)",
    )
    path = f"/claims/{world.claim['id']}/approve"
    answer = await world.call("officer2", "POST", path, json={})
    (event,) = await events()
    assert json.loads(event["details"]) == {"code": "cap_reached", "status": answer.status_code}


async def test_a_body_too_large_is_an_event_too(http: httpx.AsyncClient, events: Refused) -> None:
    await http.post("/api/v1/claims", headers={"Content-Length": str(10**10)})
    (event,) = await events()
    assert (event["act"], json.loads(event["details"])["code"]) == ("POST ?", "body_too_large")


async def test_a_party_of_the_case_does_not_read_who_else_tried(world: World) -> None:
    await world.filed()
    claim = f"/claims/{world.claim['id']}"
    await world.call("xigang", "POST", f"{claim}/review", json={})
    await world.call("officer2", "POST", f"{claim}/approve", json={})
    for who in ("enterprise", "officer1"):
        history = await world.get(who, f"{claim}/history")
        assert [entry["act"] for entry in history if "POST" in entry["act"]] == []


async def test_reading_what_is_not_there_leaves_no_event(world: World, events: Refused) -> None:
    await world.call("officer1", "GET", f"/claims/{NOWHERE}")
    await world.call(None, "GET", "/me")
    assert await events() == []


async def test_a_flood_is_recorded_up_to_a_limit_and_then_counted(
    http: httpx.AsyncClient,
    app: FastAPI,
    events: Refused,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(attempts.time, "monotonic", lambda: 30.0)
    for _ in range(attempts.OF_AN_ADDRESS + 15):
        assert (await http.post("/api/v1/claims", json={})).status_code == 401
    assert len(await events()) == attempts.OF_AN_ADDRESS
    monkeypatch.setattr(attempts.time, "monotonic", lambda: 90.0)
    await http.post("/api/v1/claims", json={})
    *_, told, last = await events()
    assert (told["act"], json.loads(told["details"])) == (
        "left_out", {"left_out": {"not_signed_in": 15}},
    )  # fmt: skip
    assert last["act"] == "POST /claims"
    await app.state.attempts.settle()
    assert len(await events()) == attempts.OF_AN_ADDRESS + 2, "nothing more was left out"


def test_a_flood_of_addresses_is_bounded_and_keeps_no_account_from_being_recorded() -> None:
    meter = Meter()
    admitted = [meter.admit("", f"10.0.{n // 250}.{n % 250}", "x", 0.0) for n in range(5000)]
    assert sum(admitted) == attempts.OF_STRANGERS
    assert len(meter._admitted) <= attempts.OF_STRANGERS + 1
    of_one = [meter.admit("one", "10.0.0.1", "y", 1.0) for _ in range(100)]
    assert sum(of_one) == attempts.OF_AN_ACCOUNT
    assert meter.take_left_out(59.0) == {}
    assert meter.take_left_out(61.0) == {"x": 5000 - 60, "y": 40}


async def test_a_database_that_is_away_changes_no_answer(
    world: World, app: FastAPI, events: Refused, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    async def away(*_: object) -> None:
        tried.append(1)
        raise ConnectionRefusedError

    monkeypatch.setattr(attempts.acts, "refuse", away)
    for _ in range(3):
        answer = await world.call(None, "POST", "/claims", json={})
        assert answer.json()["code"] == "not_signed_in"
    assert len(tried) == 1, "it is left in peace for a while"
    monkeypatch.undo()
    await app.state.attempts.settle()
    (event,) = await events()
    assert json.loads(event["details"]) == {"left_out": {"not_signed_in": 2}}
