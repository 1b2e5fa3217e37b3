"""A system signs in with its own secrets, for its own scopes, and is no person."""

import asyncio
import re
from collections.abc import Callable
from uuid import UUID

import httpx
import pytest
from typer.testing import CliRunner

from app.__main__ import commands
from app.api.scopes import SCOPES, needed
from app.services.service_accounts import digest
from tests.api.access_table import ANYBODY, PLATFORM, TABLE
from tests.api.test_access_matrix import NOWHERE
from tests.pushes import PATH
from tests.refusals import problem
from tests.rows import scalar
from tests.uploads import tus
from tests.world import PLATFORMS, World

Run = Callable[..., "asyncio.Future[str]"]
GRANT = {"grant_type": "client_credentials"}
READS = ["--scope", "plans:read", "--scope", "claims:read"]


@pytest.fixture
def run(owner_url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs ``subsidy service-account ...`` and returns what it prints, or what it refuses with."""
    monkeypatch.setenv("DATABASE_OWNER_URL", owner_url)

    def invoked(*arguments: str) -> str:
        done = CliRunner().invoke(commands, ["service-account", *arguments])
        return done.output if done.exit_code == 0 else f"refused: {done.exception} {done.output}"

    return lambda *arguments: asyncio.to_thread(invoked, *arguments)  # type: ignore[return-value]


def _told(printed: str, name: str) -> str:
    found = re.search(rf"^{name}=(\S+)$", printed, re.MULTILINE)
    assert found is not None, printed
    return found[1]


async def _enterprise(world: World) -> str:
    me = await world.get("enterprise", "/me")
    identity: str = me["enterprise_id"]
    return identity


async def _made(run: Run, *more: str) -> tuple[str, str]:
    printed = await run("create", "--name", "企业ERP", *more)
    return _told(printed, "CLIENT_ID"), _told(printed, "CLIENT_SECRET")


async def _asked(world: World, client: tuple[str, str], **more: str) -> httpx.Response:
    form = {**GRANT, "client_id": client[0], "client_secret": client[1], **more}
    return await world.call(None, "POST", "/token", data=form)


async def _signed_in(world: World, client: tuple[str, str], **more: str) -> dict[str, object]:
    answer = await _asked(world, client, **more)
    assert answer.status_code == 200, answer.text
    world.tokens["system"] = answer.json()["access_token"]
    told: dict[str, object] = answer.json()
    return told


async def test_it_reads_what_its_enterprise_may_read_and_its_scopes_name(
    world: World, run: Run
) -> None:
    await world.submitted()
    client = await _made(run, "--enterprise", await _enterprise(world), *READS)
    told = await _signed_in(world, client)
    assert told.keys() == {"access_token", "token_type", "expires_in", "scope"}
    assert told["scope"] == "claims:read plans:read"
    assert len((await world.get("system", "/plans"))["items"]) == 1
    assert (await world.get("system", "/me"))["duties"] == []
    write = await world.call("system", "POST", "/plans", json=world.plan_body())
    assert (write.status_code, problem(write)["code"]) == (403, "scope_missing")
    narrowed = await _signed_in(world, client, scope="claims:read")
    assert narrowed["scope"] == "claims:read"
    assert (await world.call("system", "GET", "/plans")).status_code == 403
    more = await _asked(world, client, scope="claims:read plans:write")
    assert (more.status_code, problem(more)["code"]) == (400, "scope_refused")


async def test_every_route_asks_for_its_scope(world: World, run: Run) -> None:
    """The one place where scopes are asked stands before every route of the table."""
    have = {"plans:read", "evidence:read"}
    scopes = [word for scope in sorted(have) for word in ("--scope", scope)]
    await _signed_in(world, await _made(run, "--bureau", "210202", *scopes))
    wrong = []
    for route in TABLE:
        if route.caller in {ANYBODY, PLATFORM}:
            continue
        spoken = {**tus.SPOKEN, **tus.CHUNK} if route.path.startswith("/uploads") else {}
        answer = await world.call(
            "system", route.method, route.path.format(**NOWHERE), headers=spoken
        )
        missing = (
            answer.status_code == 403
            and route.method != "HEAD"
            and (answer.json()["code"] == "scope_missing")
        )
        scope = needed(route.method, f"/api/v1{route.path}")
        expected = scope is None or (scope != "" and scope not in have)
        wrong += [] if missing == expected else [f"{route.method} {route.path}: {answer.text}"]
    assert not wrong, "\n".join(wrong)


def test_no_scope_opens_what_only_people_do() -> None:
    """No route that needs a duty would do more for a system than refuse it."""
    told = {needed(route.method, f"/api/v1{route.path}") for route in TABLE}
    assert told - {None, ""} == SCOPES
    assert needed("POST", "/api/v1/claims:approve") is None
    assert needed("POST", "/api/v1/payment-batches") is None
    assert needed("POST", "/api/v1/something/new") is None


async def test_a_bureaus_system_has_no_duty_and_decides_nothing(world: World, run: Run) -> None:
    await world.submitted()
    every = [word for scope in sorted(SCOPES) for word in ("--scope", scope)]
    await _signed_in(world, await _made(run, "--bureau", "210202", *every))
    for path in (
        f"/plans/{world.plan['id']}/approve",
        f"/enterprises/{world.enterprise['id']}/verify",
    ):
        answer = await world.call("system", "POST", path, json={})
        assert (answer.status_code, problem(answer)["code"]) == (403, "duty_missing")
    papers = await world.get("system", f"/plans/{world.plan['id']}/evidence")
    (roster,) = [each["id"] for each in papers if each["kind"] == "roster"]
    whole = await world.call("system", "GET", f"/evidence/{roster}/content")
    assert (whole.status_code, problem(whole)["code"]) == (403, "duty_missing")


async def test_its_secret_rotates_without_a_gap(world: World, run: Run, owner_url: str) -> None:
    first = await _made(run, "--enterprise", await _enterprise(world), *READS)
    second = (first[0], _told(await run("rotate", first[0]), "CLIENT_SECRET"))
    assert [(await _asked(world, each)).status_code for each in (first, second)] == [200, 200]
    assert "two secrets are live" in await run("rotate", first[0])
    await run("retire", first[0])
    assert [(await _asked(world, each)).status_code for each in (first, second)] == [400, 200]
    assert "only one secret is live" in await run("retire", first[0])
    third = (first[0], _told(await run("rotate", first[0]), "CLIENT_SECRET"))
    assert [(await _asked(world, each)).status_code for each in (second, third)] == [200, 200]
    await run("revoke", first[0])
    assert [(await _asked(world, each)).status_code for each in (second, third)] == [400, 400]
    assert "there is no system" in await run("rotate", first[0])
    assert "0 secrets, revoked" in await run("list")
    acts = await scalar(
        owner_url,
        "SELECT string_agg(act, ' ' ORDER BY id) FROM audit_events"
        " WHERE object_kind = 'service_accounts'",
    )
    assert acts == "create add_secret retire_secret add_secret revoke"


async def test_no_secret_is_kept_and_none_stands_in_a_record(
    world: World, run: Run, owner_url: str
) -> None:
    client = await _made(run, "--enterprise", await _enterprise(world), *READS)
    await _asked(world, (client[0], "wrong"))
    kept = await scalar(owner_url, "SELECT digest FROM service_secrets")
    assert kept == digest(client[1])
    events = str(await scalar(owner_url, "SELECT string_agg(e::text, ' ') FROM audit_events AS e"))
    assert "sign_in_failed" in events
    assert client[1] not in events
    assert client[1] not in await run("list")


async def test_it_signs_in_by_no_other_grant_and_nobody_else_by_its_name(
    world: World, run: Run
) -> None:
    client = await _made(run, "--enterprise", await _enterprise(world), *READS)
    person = {"username": client[0], "password": client[1]}
    answers = [
        await world.call(None, "POST", "/token", data=person),
        await _asked(world, (client[0], "")),
        await _asked(world, (client[0], "!")),
        await _asked(world, ("svc-0000000000000000", client[1])),
    ]
    assert [problem(answer)["code"] for answer in answers] == ["sign_in_failed"] * 4


async def test_a_platforms_system_pushes_as_its_older_account_does(world: World, run: Run) -> None:
    name = PLATFORMS["platform"]
    client = await _made(run, "--platform", name, "--scope", "learning:push")
    await _signed_in(world, client)
    assert (await world.get("system", PATH))["platform"] == name
    assert (await world.call("system", "GET", "/plans")).status_code == 403


async def test_what_belongs_to_nobody_is_not_made(run: Run) -> None:
    for arguments, said in (
        (["--scope", "plans:read"], "belongs to one"),
        (["--bureau", "210202", "--enterprise", str(UUID(int=1)), *READS], "belongs to one"),
        (["--bureau", "210202", "--scope", "everything"], "unknown scopes: everything"),
        (["--platform", "没有此平台", "--scope", "learning:push"], "no platform named"),
    ):
        assert said in await run("create", "--name", "系统", *arguments)
