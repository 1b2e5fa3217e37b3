"""Signing in, staying signed in, signing out, and being locked out."""

import asyncio
import time
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.services.passwords import PasswordDesk
from tests.elsewhere import administer
from tests.rows import scalar
from tests.world import World

PASSWORD = "sandbox-officer1"


async def sign_in(world: World, password: str, username: str = "officer1") -> httpx.Response:
    form = {"username": username, "password": password}
    return await world.call(None, "POST", "/token", data=form)


async def renew(world: World, refresh_token: str) -> httpx.Response:
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    return await world.call(None, "POST", "/token", data=form)


async def signed_in(world: World) -> dict[str, Any]:
    answer = await sign_in(world, PASSWORD)
    assert answer.status_code == 200
    pair: dict[str, Any] = answer.json()
    return pair


def told(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_the_authorize_button_of_swagger_ui_signs_in(world: World) -> None:
    """It sends the password flow's form with an empty client, as an Authorization header."""
    form = {"grant_type": "password", "username": "officer1", "password": PASSWORD, "scope": ""}
    headers = {"Authorization": "Basic Og==", "X-Requested-With": "XMLHttpRequest"}
    answer = await world.call(None, "POST", "/token", data=form, headers=headers)
    pair = answer.json()
    assert (answer.status_code, pair["token_type"].lower()) == (200, "bearer")
    assert pair["scope"].split() == ["review", "approve"]
    assert answer.headers["cache-control"] == "no-store"
    world.tokens["officer1"] = pair["access_token"]
    me = await world.get("officer1", "/me")
    assert (me["role"], me["bureau"], me["business_day"]) == ("district", "210202", "2020-03-02")


@pytest.mark.parametrize(
    ("form", "refusal"),
    [
        ({}, (400, "sign_in_failed")),
        ({"username": "officer1"}, (400, "sign_in_failed")),
        ({"username": "OFFICER1", "password": PASSWORD}, (400, "sign_in_failed")),
        ({"username": "officer1", "password": PASSWORD + " "}, (400, "sign_in_failed")),
        ({"grant_type": "client_credentials"}, (400, "sign_in_failed")),
        ({"grant_type": "authorization_code"}, (422, "invalid_request")),
        ({"grant_type": "refresh_token"}, (400, "refresh_refused")),
        ({"username": "x" * 101, "password": "y"}, (422, "invalid_request")),
        ({"username": "officer1", "password": "y" * 201}, (422, "invalid_request")),
        ({"username": "officer1\0", "password": PASSWORD}, (422, "invalid_request")),
        ({"grant_type": "refresh_token", "refresh_token": "a\0b"}, (400, "refresh_refused")),
    ],
)
async def test_a_wrong_form_is_refused(
    world: World, form: dict[str, str], refusal: tuple[int, str]
) -> None:
    assert told(await world.call(None, "POST", "/token", data=form)) == refusal


async def test_an_unknown_user_takes_the_same_path_as_a_wrong_password(
    world: World, app: FastAPI
) -> None:
    """The same answer, after the same work: nobody learns which user names there are."""
    took: dict[bool, list[float]] = {True: [], False: []}

    class Watched(PasswordDesk):
        async def is_right(self, stored: str | None, given: str) -> bool:
            began = time.perf_counter()
            right = await super().is_right(stored, given)
            took[stored is not None].append(time.perf_counter() - began)
            return right

    app.state.passwords = Watched()
    for _ in range(4):
        answers = [await sign_in(world, "wrong", name) for name in ("officer1", "nobody")]
        assert answers[0].content == answers[1].content
    known, unknown = took[True], took[False]
    assert (len(known), len(unknown)) == (4, 4)
    assert min(unknown) > min(known) / 3, "without a hash to check it would be a hundredth"


async def test_five_failures_lock_the_account_and_the_right_password_is_refused_too(
    world: World, owner_url: str
) -> None:
    for failures in range(1, 6):
        assert told(await sign_in(world, "wrong")) == (400, "sign_in_failed")
        counted = await scalar(
            owner_url, "SELECT failures FROM accounts WHERE username = 'officer1'"
        )
        assert counted == failures, "the answer is a refusal, the count is committed"
    assert told(await sign_in(world, PASSWORD)) == (400, "sign_in_failed")
    assert (await sign_in(world, "sandbox-officer2", "officer2")).status_code == 200
    audited = "SELECT count(*) FROM audit_events WHERE act = 'sign_in_failed'"
    assert await scalar(owner_url, audited) == 5, "what is said to a locked account counts nothing"


async def test_a_locked_user_is_not_told_from_an_unknown_one(world: World, app: FastAPI) -> None:
    """Or five guesses would tell which user names there are: only those could be locked."""
    checked: list[bool] = []

    class Watched(PasswordDesk):
        async def is_right(self, stored: str | None, given: str) -> bool:
            checked.append(stored is not None)
            return await super().is_right(stored, given)

    app.state.passwords = Watched()
    for _ in range(7):
        known, unknown = [await sign_in(world, "wrong", name) for name in ("officer1", "nobody")]
        assert known.status_code == unknown.status_code
        assert known.content == unknown.content
        assert set(known.headers) == set(unknown.headers)
    assert checked == [True, False] * 7, "the same work, locked or not"


async def test_guesses_at_one_name_wait_for_each_other_whether_it_is_known_or_not(
    world: World, app: FastAPI
) -> None:
    """Or the time that several guesses at once take would tell which names there are."""
    at_once: dict[bool, int] = {}
    inside: dict[bool, int] = {True: 0, False: 0}

    class Counting(PasswordDesk):
        async def is_right(self, stored: str | None, given: str) -> bool:
            known = stored is not None
            inside[known] += 1
            at_once[known] = max(at_once.get(known, 0), inside[known])
            right = await super().is_right(stored, given)
            inside[known] -= 1
            return right

    app.state.passwords = Counting()
    for name in ("officer1", "nobody"):
        await asyncio.gather(*(sign_in(world, "wrong", name) for _ in range(3)))
    assert at_once == {True: 1, False: 1}


async def test_each_further_failure_doubles_the_lock_up_to_an_hour(
    world: World, owner_url: str
) -> None:
    waits = []
    for failures in (4, 5, 6, 9, 30):
        await administer(
            owner_url,
            f"UPDATE accounts SET failures = {failures}, locked_until = now() - interval '1 s'"
            " WHERE username = 'officer1'",
        )
        assert told(await sign_in(world, "wrong")) == (400, "sign_in_failed")
        left = (
            "SELECT round(extract(epoch FROM locked_until - now()) / 60)::int FROM accounts"
            " WHERE username = 'officer1'"
        )
        waits.append(await scalar(owner_url, left))
    assert waits == [1, 2, 4, 32, 60]


async def test_a_lock_ends_and_the_right_password_sets_the_count_back(
    world: World, owner_url: str
) -> None:
    await administer(
        owner_url,
        "UPDATE accounts SET failures = 7, locked_until = now() - interval '1 second'"
        " WHERE username = 'officer1'",
    )
    await signed_in(world)
    left = "SELECT failures || coalesce(locked_until::text, ' no lock') FROM accounts"
    assert await scalar(owner_url, f"{left} WHERE username = 'officer1'") == "0 no lock"


async def test_concurrent_guesses_are_counted_one_by_one(world: World, owner_url: str) -> None:
    """None slips past the lock: five of eight are counted, the others meet the lock."""
    answers = await asyncio.gather(*(sign_in(world, f"guess {n}") for n in range(8)))
    assert {told(answer) for answer in answers} == {(400, "sign_in_failed")}
    counted = "SELECT failures FROM accounts WHERE username = 'officer1'"
    assert await scalar(owner_url, counted) == 5


async def test_a_refresh_token_brings_a_new_pair_once(world: World) -> None:
    first = await signed_in(world)
    second = await renew(world, first["refresh_token"])
    assert second.status_code == 200
    assert second.json()["refresh_token"] != first["refresh_token"]
    world.tokens["renewed"] = second.json()["access_token"]
    assert (await world.get("renewed", "/me"))["duties"] == ["approve", "review"]


async def test_a_reused_refresh_token_revokes_its_family_and_no_other(world: World) -> None:
    other, first = await signed_in(world), await signed_in(world)
    second = (await renew(world, first["refresh_token"])).json()
    third = (await renew(world, second["refresh_token"])).json()
    assert told(await renew(world, first["refresh_token"])) == (400, "refresh_refused")
    assert told(await renew(world, third["refresh_token"])) == (400, "refresh_refused")
    assert (await renew(world, other["refresh_token"])).status_code == 200


async def test_of_concurrent_renewals_at_most_one_succeeds_and_the_family_ends(
    world: World,
) -> None:
    first = await signed_in(world)
    answers = await asyncio.gather(*(renew(world, first["refresh_token"]) for _ in range(8)))
    good = [answer.json() for answer in answers if answer.status_code == 200]
    assert len(good) == 1
    assert told(await renew(world, good[0]["refresh_token"])) == (400, "refresh_refused")


async def test_signing_out_ends_the_family_and_tells_nothing_of_unknown_tokens(
    world: World,
) -> None:
    first = await signed_in(world)
    second = (await renew(world, first["refresh_token"])).json()
    for token in (second["refresh_token"], "unknown"):
        out = await world.call(None, "POST", "/token/revocation", data={"refresh_token": token})
        assert (out.status_code, out.content) == (204, b"")
    assert told(await renew(world, second["refresh_token"])) == (400, "refresh_refused")


@pytest.mark.parametrize(
    "ended",
    [
        "UPDATE refresh_tokens SET expires_at = now() - interval '1 second'",
        "UPDATE accounts SET active = false WHERE username = 'officer1'",
    ],
)
async def test_an_expired_token_or_a_closed_account_is_not_renewed(
    world: World, owner_url: str, ended: str
) -> None:
    pair = await signed_in(world)
    await administer(owner_url, ended)
    assert told(await renew(world, pair["refresh_token"])) == (400, "refresh_refused")


async def test_a_closed_account_does_not_sign_in(world: World, owner_url: str) -> None:
    await administer(owner_url, "UPDATE accounts SET active = false WHERE username = 'officer1'")
    assert told(await sign_in(world, PASSWORD)) == (400, "sign_in_failed")
