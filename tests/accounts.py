"""Who signs in with what? Steps of accounts through the public API, for several tests."""

from typing import Any

import httpx

from tests.world import World

PASSWORD = "correct horse battery"
NEW_PASSWORD = "staple and a long winter"
USCC = "91210202MA0TE5T08F"


async def sign_in(world: World, username: str, password: str, totp: str = "") -> httpx.Response:
    """Ask for tokens."""
    form = {"username": username, "password": password, "totp": totp}
    return await world.call(None, "POST", "/token", data=form)


async def let_in(world: World, username: str, password: str) -> dict[str, Any]:
    """Sign in, and let *username* stand for the account from now on."""
    answer = await sign_in(world, username, password)
    assert answer.status_code == 200, answer.text
    pair: dict[str, Any] = answer.json()
    world.tokens[username] = pair["access_token"]
    return pair


async def renew(world: World, refresh_token: str) -> httpx.Response:
    """Ask for the next tokens."""
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    return await world.call(None, "POST", "/token", data=form)


async def signed_up(world: World, **changes: object) -> tuple[str, str]:
    """Sign an enterprise up and in, and return the user name and the enterprise's id."""
    body = {
        "uscc": USCC, "enterprise_name": "大连示例机械制造有限公司", "name": "王经理",
        "password": PASSWORD, **changes,
    }  # fmt: skip
    made = await world.post(None, "/sign-ups", body)
    await let_in(world, made["username"], PASSWORD)
    return made["username"], made["enterprise_id"]


async def invited(world: World, who: str, enterprise_id: str, rank: str) -> str:
    """Invite a user, let him accept and sign in, and return his user name."""
    path = f"/enterprises/{enterprise_id}/invitations"
    token = (await world.post(who, path, {"rank": rank}))["token"]
    word = {"token": token, "name": "李某", "password": PASSWORD}
    made = await world.post(None, "/invitations/accept", word)
    await let_in(world, made["username"], PASSWORD)
    return str(made["username"])


async def employed(world: World, username: str, *duties: str) -> dict[str, Any]:
    """Let the administrator make an officer who changes his password, and return the account."""
    new = {"username": username, "name": "新来的", "duties": list(duties)}
    made: dict[str, Any] = await world.post("administrator", "/accounts", new)
    await let_in(world, username, made["one_time_password"])
    change = {"password": made["one_time_password"], "new_password": PASSWORD}
    await world.post(username, "/me/password", change)
    await let_in(world, username, PASSWORD)
    return made


async def my_id(world: World, who: str) -> str:
    """Return the id of somebody's account."""
    return str((await world.get(who, "/me"))["account_id"])


def told(answer: httpx.Response) -> tuple[int, str]:
    """Return how a request was refused."""
    return answer.status_code, answer.json().get("code", "") if answer.content else ""
