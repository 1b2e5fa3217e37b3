"""The answer follows the commit: what was not stored is never answered as done."""

import asyncio
from typing import Any

import asyncpg
import pytest

from app.database import for_asyncpg
from tests.elsewhere import administer
from tests.refusals import problem
from tests.rows import contents
from tests.waiting import until_waiting
from tests.world import World

FAILS_AT_COMMIT = """
CREATE FUNCTION fail_late() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    RAISE EXCEPTION 'the disk is full, 220104199503227868' USING ERRCODE = '{sqlstate}';
END
$$;
CREATE CONSTRAINT TRIGGER fail_late AFTER INSERT OR UPDATE ON {table}
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail_late()
"""
PLAN = {"filename": "执照.pdf", "kind": "licence"}
WRITES: list[tuple[str, str, str, dict[str, Any]]] = [
    ("plans", "POST", "/plans", {}),
    ("plans", "PUT", "/plans/{plan}", {}),
    ("plans", "POST", "/plans/{plan}/submit", {"json": None}),
    ("trainees", "POST", "/plans/{plan}/roster", {"file": "roster.xlsx"}),
    ("evidence", "POST", "/plans/{plan}/evidence", {"file": "application_form.pdf"}),
    ("audit_events", "POST", "/plans/{plan}/withdraw", {"json": {"reason": "撤回原因"}}),
    ("business_clock", "POST", "/sandbox/clock", {"json": {"today": "2020-03-04"}}),
    ("refresh_tokens", "POST", "/token",
     {"data": {"username": "officer1", "password": "sandbox-officer1"}}),
    ("accounts", "POST", "/token", {"data": {"username": "officer1", "password": "wrong"}}),
]  # fmt: skip


async def write(world: World, method: str, path: str, more: dict[str, Any], key: str | None) -> Any:  # noqa: ANN401  an httpx.Response
    sent = dict(more)
    headers = {} if key is None else {"Idempotency-Key": key}
    if "file" in sent:
        sent["content"] = (world.examples / sent.pop("file")).read_bytes()
        sent["params"] = PLAN
    elif not sent:
        sent["json"] = world.plan_body(title="另一项目")
    where = path.format(plan=world.plan["id"])
    return await world.call("enterprise", method, where, headers=headers, **sent)


@pytest.mark.parametrize("key", [None, "once"])
@pytest.mark.parametrize(("table", "method", "path", "more"), WRITES)
async def test_a_failing_commit_is_an_error_answer_and_nothing_is_stored(
    world: World,
    owner_url: str,
    table: str,
    method: str,
    path: str,
    more: dict[str, Any],
    key: str | None,
) -> None:
    await world.drafted()
    await administer(owner_url, FAILS_AT_COMMIT.format(table=table, sqlstate="XX000"))
    before = await contents(owner_url)
    answer = await write(world, method, path, more, key)
    document = problem(answer)
    assert (answer.status_code, document["code"]) == (500, "internal_error")
    assert document["trace"] == answer.headers["x-request-id"]
    assert "220104199503227868" not in answer.text
    assert await contents(owner_url) == before
    await administer(owner_url, f"DROP TRIGGER fail_late ON {table}")
    mended = await write(world, method, path, more, key)
    assert mended.status_code < 500, "the key was not used up by the failure"
    assert "idempotency-replayed" not in mended.headers


async def test_a_download_whose_audit_event_fails_gives_no_byte(
    world: World, owner_url: str
) -> None:
    await world.drafted()
    papers = await world.get("enterprise", f"/plans/{world.plan['id']}/evidence")
    await administer(owner_url, FAILS_AT_COMMIT.format(table="audit_events", sqlstate="XX000"))
    answer = await world.call("enterprise", "GET", f"/evidence/{papers[0]['id']}/content")
    assert problem(answer)["status"] == 500


@pytest.mark.parametrize("sqlstate", ["40001", "40P01"])
async def test_a_commit_that_lost_a_race_asks_to_come_again(
    world: World, owner_url: str, sqlstate: str
) -> None:
    await world.registered()
    await administer(owner_url, FAILS_AT_COMMIT.format(table="plans", sqlstate=sqlstate))
    answer = await world.call("enterprise", "POST", "/plans", json=world.plan_body())
    assert (answer.status_code, problem(answer)["code"]) == (503, "busy")
    assert answer.headers["retry-after"] == "1"


async def test_losing_the_database_in_the_middle_is_an_error_answer_and_it_is_found_again(
    world: World, owner_url: str
) -> None:
    await world.drafted()
    before = await contents(owner_url)
    blocker = await asyncpg.connect(for_asyncpg(owner_url))
    await blocker.execute("BEGIN; LOCK TABLE plans IN ACCESS EXCLUSIVE MODE")
    path = f"/plans/{world.plan['id']}/submit"
    submitting = asyncio.create_task(world.call("enterprise", "POST", path))
    cut = (
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE"
        " datname = current_database() AND usename = 'subsidy_service' AND wait_event_type = 'Lock'"
    )
    await until_waiting(blocker, submitting)
    assert await blocker.fetchval(cut) == 1
    answer = await submitting
    assert (answer.status_code, problem(answer)["code"]) == (503, "busy")
    await blocker.execute("ROLLBACK")
    await blocker.close()
    assert await contents(owner_url) == before
    assert (await world.call("enterprise", "POST", path)).status_code == 200
