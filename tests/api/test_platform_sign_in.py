"""A platform's own system signs in with its credentials, as OAuth2 says, and is no person."""

import base64

import httpx
import pytest
from typer.testing import CliRunner

from app.__main__ import commands
from app.services import failures
from tests.pushes import PATH
from tests.refusals import problem
from tests.rows import scalar
from tests.world import PLATFORMS, World

GRANT = {"grant_type": "client_credentials"}


async def admitted(world: World, client: str, secret: str) -> httpx.Response:
    form = {**GRANT, "client_id": client, "client_secret": secret}
    return await world.call(None, "POST", "/token", data=form)


async def test_it_signs_in_by_the_form_and_by_the_basic_header(world: World) -> None:
    basic = base64.b64encode(b"plat%66orm:platform").decode()
    headers = {"Authorization": f"Basic {basic}"}
    answers = [
        await admitted(world, "platform", "platform"),
        await world.call(None, "POST", "/token", data=GRANT, headers=headers),
    ]
    for answer in answers:
        token = answer.json()
        assert answer.status_code == 200
        assert token.keys() == {"access_token", "token_type", "expires_in", "scope"}
        world.tokens["platform"] = token["access_token"]
        assert (await world.get("platform", PATH))["platform"] == PLATFORMS["platform"]


@pytest.mark.parametrize(
    "header",
    [
        "Basic",
        "Basic !",
        "Basic /w==",
        "Basic Og==",
        "Bearer x",
        "Basic cGxhdGZvcm0=",
        "Basic YSUwMGI6eA==",
        "Basic " + base64.b64encode(b"x" * 101 + b":x").decode(),
    ],
)
async def test_a_header_that_says_nothing_admits_nobody(world: World, header: str) -> None:
    headers = {"Authorization": header}
    answer = await world.call(None, "POST", "/token", data=GRANT, headers=headers)
    assert (answer.status_code, problem(answer)["code"]) == (400, "sign_in_failed")


async def test_neither_signs_in_as_the_other(world: World) -> None:
    person = {"username": "platform", "password": "platform"}
    answers = [
        await world.call(None, "POST", "/token", data=person),
        await admitted(world, "officer1", "sandbox-officer1"),
    ]
    for answer in answers:
        assert (answer.status_code, problem(answer)["code"]) == (400, "sign_in_failed")


async def test_a_guessed_secret_locks_the_account_as_a_guessed_password_does(
    world: World, owner_url: str
) -> None:
    for _ in range(failures._ALLOWED):
        assert (await admitted(world, "platform", "wrong")).status_code == 400
    assert (await admitted(world, "platform", "platform")).status_code == 400
    locked = "SELECT locked_until > now() FROM accounts WHERE username = 'platform'"
    assert await scalar(owner_url, locked) is True


def test_its_account_is_made_for_a_platform_of_the_catalogue_and_for_nobody_else(
    owner_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_OWNER_URL", owner_url)
    monkeypatch.setenv("SUBSIDY_ACCOUNT_PASSWORD", "a long secret")
    run = ["account", "create", "px", "--name", "接入系统", "--platform"]
    made = CliRunner().invoke(commands, [*run, " 中国 职业培训在线 "])
    assert made.exit_code == 0, made.output
    unknown = CliRunner().invoke(commands, ["account", "create", "py", *run[3:], "没有此平台"])
    assert "no platform named" in str(unknown.exception)
    mixed = CliRunner().invoke(commands, [*run, "中国职业培训在线", "--bureau", "210202"])
    assert "belongs to nobody else" in str(mixed.output) + str(mixed.exception)
