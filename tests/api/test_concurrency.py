"""What happens at once is settled by the database: one wins, the others are told."""

import asyncio
from collections import Counter
from typing import Any

import httpx
import pytest

from tests.elsewhere import PROVINCIAL, Elsewhere
from tests.refusals import problem
from tests.rows import contents, scalar
from tests.world import World

EIGHT = range(8)
IN_XIGANG = {
    **PROVINCIAL,
    "name": "西岗示例有限公司",
    "account_name": "西岗示例有限公司",
    "insurance": "city",
    "district_code": "210203",
}


def told(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, "" if answer.is_success else problem(answer)["code"]


async def file_at_once(
    world: World, body: dict[str, Any], keys: list[str | None]
) -> list[httpx.Response]:
    """File one claim several times at once, each by a connection of its own."""
    headers = [{} if key is None else {"Idempotency-Key": key} for key in keys]
    return await asyncio.gather(
        *(world.call("enterprise", "POST", "/claims", json=body, headers=h) for h in headers)
    )


@pytest.mark.parametrize("keys", [[None] * 8, [f"key {n}" for n in EIGHT]])
async def test_eight_concurrent_filings_of_one_claim_are_one_claim(
    world: World, owner_url: str, keys: list[str | None]
) -> None:
    await world.learned()
    answers = await file_at_once(world, await world.claim_body(), keys)
    assert Counter(map(told, answers)) == {(201, ""): 1, (409, "claim_already_filed"): 7}
    for table, rows in {"claims": 1, "assessments": 1, "assessment_lines": 24}.items():
        assert await scalar(owner_url, f"SELECT count(*) FROM {table}") == rows
    filed = "SELECT count(*) FROM audit_events WHERE act = 'file'"
    assert await scalar(owner_url, filed) == 1
    kept = await scalar(owner_url, "SELECT count(*) FROM stored_answers")
    assert kept == (0 if keys[0] is None else 1), "refusals are not remembered"


async def test_the_same_key_eight_times_at_once_gets_the_same_answer_eight_times(
    world: World, owner_url: str
) -> None:
    await world.learned()
    answers = await file_at_once(world, await world.claim_body(), ["one key"] * 8)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert {answer.headers["content-type"] for answer in answers} == {"application/json"}
    replayed = [answer.headers.get("idempotency-replayed") for answer in answers]
    assert Counter(replayed) == {"true": 7, None: 1}
    assert await scalar(owner_url, "SELECT count(*) FROM claims") == 1


async def test_a_key_is_answered_again_later_and_only_for_the_same_request(
    world: World, owner_url: str
) -> None:
    await world.registered()
    body, key = world.plan_body(), {"Idempotency-Key": "draft 1"}
    first = await world.call("enterprise", "POST", "/plans", json=body, headers=key)
    before = await contents(owner_url)
    again = await world.call("enterprise", "POST", "/plans", json=body, headers=key)
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    plan = f"/plans/{first.json()['id']}"
    for method, path, other in (
        ("POST", "/plans", world.plan_body(title="另一项目")),
        ("PUT", plan, body),
        ("POST", "/plans?x=1", body),
    ):
        reused = await world.call("enterprise", method, path, json=other, headers=key)
        assert told(reused) == (422, "idempotency_key_reused")
    assert await contents(owner_url) == before


async def test_a_key_belongs_to_its_account(world: World) -> None:
    key = {"Idempotency-Key": "the same"}
    mine, theirs = world.enterprise_body(), world.enterprise_body(**IN_XIGANG)
    first = await world.call("enterprise", "POST", "/enterprises", json=mine, headers=key)
    other = await world.call("stranger", "POST", "/enterprises", json=theirs, headers=key)
    assert (first.status_code, other.status_code) == (201, 201)
    assert first.json()["id"] != other.json()["id"]


async def test_a_key_stands_for_the_content_of_an_upload_too(world: World) -> None:
    await world.drafted()
    path, key = f"/plans/{world.plan['id']}/evidence", {"Idempotency-Key": "paper"}
    query = {"kind": "licence", "filename": "执照.pdf"}
    answers = [
        await world.call("enterprise", "POST", path, params=query, content=content, headers=key)
        for content in (b"%PDF-1.7 one", b"%PDF-1.7 one", b"%PDF-1.7 two")
    ]
    assert [told(answer) for answer in answers] == [
        (201, ""),
        (201, ""),
        (422, "idempotency_key_reused"),
    ]
    assert answers[0].content == answers[1].content


async def test_a_refused_request_may_be_mended_under_its_key(world: World) -> None:
    await world.submitted()
    path, key = f"/plans/{world.plan['id']}/approve", {"Idempotency-Key": "approval"}
    await world.day("2020-03-03")
    refused = await world.call("cashier", "POST", path, json={}, headers=key)
    assert told(refused) == (403, "duty_missing")
    early = await world.call("officer1", "POST", path, json={"remark": "😀"}, headers=key)
    assert told(early) == (422, "invalid_request")
    good = await world.call("officer1", "POST", path, json={}, headers=key)
    assert told(good) == (200, "")


async def test_two_officers_approve_a_claim_at_once_and_one_does(
    world: World, owner_url: str
) -> None:
    await world.filed()
    await world.step("officer2", "review")
    path = f"/claims/{world.claim['id']}/approve"
    answers = await asyncio.gather(
        *(world.call("officer1", "POST", path, json={}) for _ in EIGHT),
        *(world.call("officer2", "POST", path, json={}) for _ in range(2)),
    )
    counted = Counter(map(told, answers))
    assert counted[(200, "")] == 1
    assert set(counted) <= {(200, ""), (409, "wrong_state"), (409, "signed_already")}
    assert await scalar(owner_url, "SELECT sum(used) FROM year_balances") == 8640
    assert await scalar(owner_url, "SELECT count(*) FROM signatures WHERE step = 'approve'") == 1


@pytest.mark.parametrize("attempt", range(3))
async def test_of_two_bureaus_that_approve_plans_with_the_same_people_one_wins(
    world: World, owner_url: str, attempt: int
) -> None:
    other = Elsewhere(world.http, world.tokens, world.examples)
    other.parts = {"enterprise": "stranger", "officer1": "xigang"}
    await other.registered(**IN_XIGANG)
    await other.submitted()
    await world.submitted()
    cases = (world, other) if attempt % 2 else (other, world)
    answers = await asyncio.gather(
        *(
            case.call("officer1", "POST", f"/plans/{case.plan['id']}/approve", json={})
            for case in cases
        )
    )
    assert sorted(map(told, answers)) == [(200, ""), (409, "calendar_occupied")]
    assert await scalar(owner_url, "SELECT count(*) FROM enrolments WHERE active") == 24
    assert await scalar(owner_url, "SELECT count(*) FROM plans WHERE state = 'approved'") == 1


async def test_a_claim_is_put_into_one_batch_of_two_at_once(world: World, owner_url: str) -> None:
    await world.published()
    await world.day("2020-04-10")
    body = {"claim_ids": [world.claim["id"]]}
    answers = await asyncio.gather(
        *(world.call("cashier", "POST", "/payment-batches", json=body) for _ in EIGHT)
    )
    assert Counter(map(told, answers)) == {(201, ""): 1, (409, "wrong_state"): 7}
    assert await scalar(owner_url, "SELECT count(*) || ' ' || sum(amount) FROM payments") == (
        "1 8640.00"
    )
    batches = await world.get("cashier", "/payment-batches")
    assert [batch["total"] for batch in batches["items"]] == ["8640.00"]
