"""Does every act leave one event, in the act's own transaction, and does it tell who did what?"""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date

import httpx
import pytest

from tests.databases import Connection
from tests.world import World

PLAYED = (
    "enterprises.register", "enterprises.verify", "plans.draft", "plans.import_roster",
    *["evidence.add"] * 6, "plans.submit", "sandbox.set_clock", "plans.approve",
    "sandbox.set_clock", "plans.import_learning", *["evidence.add"] * 4, "claims.file",
    "sandbox.set_clock", *["claims.check"] * 2, "claims.review", "claims.approve",
    "sandbox.set_clock", "notices.post", "claims.publish", "sandbox.set_clock",
    "payment_batches.make", "claims.pay", "claims.confirm_payment",
)  # fmt: skip
"""The acts of the paid sample case, in their order."""

UNFORESEEN = {"id", "at", "address", "details", "written_in"}
_EVENTS = "SELECT object_kind || '.' || act AS act, request_id FROM audit_events ORDER BY id"


@pytest.fixture
def answers(http: httpx.AsyncClient) -> Iterator[list[httpx.Response]]:
    """Every answer that the service gave."""
    kept: list[httpx.Response] = []

    async def keep(answer: httpx.Response) -> None:
        kept.append(answer)

    http.event_hooks["response"].append(keep)
    yield kept
    http.event_hooks["response"].remove(keep)


async def test_every_write_of_the_played_case_leaves_exactly_one_event(
    world: World, owner: Connection, answers: list[httpx.Response]
) -> None:
    await world.paid()
    events = await owner.fetch(_EVENTS)
    by_request = Counter(row["request_id"] for row in events)
    # A notice and a batch are events of their own beside those of their claims.
    of_several = ("/notice", "/payment-batches")
    wanted = {
        answer.headers["x-request-id"]: 1 + answer.request.url.path.endswith(of_several)
        for answer in answers
        if answer.is_success and answer.request.method != "GET"
    }
    assert by_request == wanted
    assert tuple(row["act"] for row in events) == PLAYED


async def test_reading_leaves_no_event_and_a_look_at_a_file_does(
    world: World, owner: Connection, answers: list[httpx.Response]
) -> None:
    await world.published()
    plan, claim = f"/plans/{world.plan['id']}", f"/claims/{world.claim['id']}"
    before = await owner.fetchval("SELECT count(*) FROM audit_events")
    del answers[:]
    for path in (plan, "/plans", f"{plan}/trainees", f"{plan}/evidence", f"{plan}/history", claim,
                 "/claims", f"{claim}/assessment", f"{claim}/history", f"{claim}/notice",
                 f"{claim}/evidence", f"{claim}/payments", "/enterprises", "/me"):  # fmt: skip
        await world.get("officer1", path)
    employed = {"still_employed": [1]}
    await world.post("enterprise", f"{plan}/assess", employed)  # a dry run stores nothing
    assert await owner.fetchval("SELECT count(*) FROM audit_events") == before

    (file, *_) = await world.get("officer1", f"{plan}/evidence")
    content = await world.call("officer1", "GET", f"/evidence/{file['id']}/content")
    assert content.is_success
    (event,) = await owner.fetch("SELECT * FROM audit_events ORDER BY id OFFSET $1", before)
    assert (event["object_kind"], event["act"], event["object_id"]) == (
        "evidence", "read", file["id"],
    )  # fmt: skip
    assert event["account_name"] == "中山区 经办一"


async def test_a_refused_request_leaves_no_event_of_an_act(world: World, owner: Connection) -> None:
    """That it was tried is an event of its own: tests/api/test_attempts.py."""
    await world.filed()
    acts = "SELECT count(*) FROM audit_events WHERE outcome = 'done'"
    before = await owner.fetchval(acts)
    claim = f"/claims/{world.claim['id']}"
    for who, path, body in (
        ("officer1", f"{claim}/approve", {}),  # a wrong order of steps
        ("xigang", f"{claim}/review", {}),  # another's case
        ("cashier", f"{claim}/review", {}),  # another's duty
        ("enterprise", "/claims", await world.claim_body()),  # filed already
        ("officer1", f"{claim}/reject", {"reason": ""}),  # not what the form asks
        (None, f"{claim}/review", {}),
    ):
        assert (await world.call(who, "POST", path, json=body)).is_client_error
    assert await owner.fetchval(acts) == before


async def test_an_act_that_is_rolled_back_takes_its_event_with_it(
    world: World, owner: Connection
) -> None:
    """The approval is signed and recorded before the money is reserved, where it is refused."""
    await world.filed()
    await world.step("officer1", "review")
    await owner.execute(
        "ALTER TABLE year_balances DROP CONSTRAINT ck_year_balances_cap,"
        " ADD CONSTRAINT ck_year_balances_cap CHECK (used < 300)"
    )
    acts = "SELECT count(*) FROM audit_events WHERE outcome = 'done'"
    before = await owner.fetchval(acts)
    path = f"/claims/{world.claim['id']}/approve"
    answer = await world.call("officer2", "POST", path, json={})
    assert answer.json()["code"] == "cap_reached"
    assert await owner.fetchval(acts) == before
    assert await owner.fetchval("SELECT count(*) FROM signatures WHERE step = 'approve'") == 0
    assert await owner.fetchval("SELECT state FROM claims") == "reviewed"


async def test_an_event_tells_who_did_what_to_which_case_and_when(
    world: World, owner: Connection, answers: list[httpx.Response]
) -> None:
    await world.decided()
    event = await owner.fetchrow("SELECT * FROM audit_events ORDER BY id DESC LIMIT 1")
    signer = await owner.fetchval("SELECT id FROM accounts WHERE username = 'officer2'")
    told = {key: str(event[key]) for key in set(event.keys()) - UNFORESEEN}
    assert told == {
        "business_day": str(date(2020, 3, 31)),
        "account_id": str(signer),
        "account_name": "中山区 经办二",
        "role": "district",
        "act": "approve",
        "object_kind": "claims",
        "object_id": world.claim["id"],
        "case_id": world.claim["id"],
        "enterprise_id": world.enterprise["id"],
        "bureau_code": "210202",
        "outcome": "done",
        "request_id": answers[-1].headers["x-request-id"],
    }
    assert event["address"]
    assert json.loads(event["details"])["state"] == "approved"
