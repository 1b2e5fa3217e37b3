"""One's own account: password, sessions, and a second factor whose codes are taken once."""

import asyncio
import base64
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from fastapi import FastAPI

from app import clock
from app.services.passwords import PasswordDesk
from tests.accounts import NEW_PASSWORD, let_in, renew, sign_in, told
from tests.elsewhere import administer
from tests.rows import scalar
from tests.world import World

USER, PASSWORD = "officer1", "sandbox-officer1"
HALF_MINUTE = 30


class Wall:
    """A wall clock that a test sets; it begins in the present, for tokens must not be of old."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        began = int(datetime.now(UTC).timestamp()) // HALF_MINUTE * HALF_MINUTE
        self.now = datetime.fromtimestamp(began, UTC)
        monkeypatch.setattr(clock, "now", lambda: self.now)


@pytest.fixture
def wall(world: World, app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> Wall:
    """The wall clock, at the beginning of a half minute."""
    del world, app
    return Wall(monkeypatch)


def code(secret: str, at: datetime) -> str:
    """Return what an authenticator shows."""
    key = base64.b32decode(secret)
    shown = TOTP(key, 6, SHA1(), HALF_MINUTE)  # noqa: S303  what authenticators compute
    return shown.generate(int(at.timestamp())).decode()


async def enrolled(world: World, wall: Wall) -> tuple[str, list[str]]:
    """Ask for codes from now on, and return the secret and the recovery codes."""
    await let_in(world, USER, PASSWORD)
    made = await world.post(USER, "/me/totp", {"password": PASSWORD})
    word = {"totp": code(made["secret"], wall.now)}
    codes = (await world.post(USER, "/me/totp/confirm", word))["recovery_codes"]
    assert made["uri"].startswith("otpauth://totp/")
    return made["secret"], codes


async def test_a_password_is_changed_by_the_old_one_and_every_session_ends(world: World) -> None:
    pairs = [await let_in(world, USER, PASSWORD) for _ in range(2)]
    change = {"password": PASSWORD, "new_password": NEW_PASSWORD}
    assert (await world.call(USER, "POST", "/me/password", json=change)).status_code == 204
    for pair in pairs:
        assert told(await renew(world, pair["refresh_token"])) == (400, "refresh_refused")
    assert told(await sign_in(world, USER, PASSWORD)) == (400, "sign_in_failed")
    await let_in(world, USER, NEW_PASSWORD)


@pytest.mark.parametrize("new", ["short", "officer1 is my name", PASSWORD, "qwertyuiop1234"])
async def test_a_weak_new_password_is_refused(world: World, new: str) -> None:
    change = {"password": PASSWORD, "new_password": new}
    answer = await world.call(USER, "POST", "/me/password", json=change)
    assert told(answer) == (422, "password_refused")
    assert new not in answer.text


async def test_guesses_with_a_stolen_token_count_as_at_sign_in(
    world: World, owner_url: str
) -> None:
    change = {"password": "wrong", "new_password": NEW_PASSWORD}
    for _ in range(5):
        answer = await world.call(USER, "POST", "/me/password", json=change)
        assert told(answer) == (400, "sign_in_failed")
    right = {**change, "password": PASSWORD}
    answer = await world.call(USER, "POST", "/me/password", json=right)
    assert told(answer) == (400, "sign_in_failed"), "the account is locked"
    failures = f"SELECT failures FROM accounts WHERE username = '{USER}'"
    assert await scalar(owner_url, failures) == 5


async def test_own_sessions_are_listed_and_ended_and_those_of_others_stay(world: World) -> None:
    other = await let_in(world, "officer2", "sandbox-officer2")
    pairs = [await let_in(world, USER, PASSWORD) for _ in range(2)]
    renewed = (await renew(world, pairs[0]["refresh_token"])).json()
    listed = await world.get(USER, "/me/sessions")
    assert len(listed) == 2
    assert {each["address"] for each in listed} == {"127.0.0.1"}
    assert (await world.call(USER, "DELETE", "/me/sessions")).status_code == 204
    assert await world.get(USER, "/me/sessions") == []
    for token in (renewed["refresh_token"], pairs[1]["refresh_token"]):
        assert told(await renew(world, token)) == (400, "refresh_refused")
    assert (await renew(world, other["refresh_token"])).status_code == 200


async def test_no_token_that_is_being_issued_outlives_the_end_of_all_sessions(
    world: World, owner_url: str
) -> None:
    for _ in range(5):
        pairs = [await let_in(world, USER, PASSWORD) for _ in range(3)]
        await asyncio.gather(
            *(renew(world, pair["refresh_token"]) for pair in pairs),
            world.call(USER, "DELETE", "/me/sessions"),
            *(renew(world, pair["refresh_token"]) for pair in pairs),
        )
        left = "SELECT count(*) FROM refresh_tokens WHERE used_at IS NULL AND revoked_at IS NULL"
        assert await scalar(owner_url, left) == 0


async def test_a_session_ends_when_it_lies_idle_or_is_too_old_however_often_renewed(
    world: World, wall: Wall
) -> None:
    idle = await let_in(world, USER, PASSWORD)
    pair = await let_in(world, USER, PASSWORD)
    wall.now += timedelta(minutes=121)
    assert told(await renew(world, idle["refresh_token"])) == (400, "refresh_refused")
    wall.now -= timedelta(minutes=121)
    renewals = 0
    while (answer := await renew(world, pair["refresh_token"])).status_code == 200:
        pair = answer.json()
        wall.now += timedelta(minutes=100)
        renewals += 1
    assert told(answer) == (400, "refresh_refused")
    assert renewals == 8, "12 hours by steps of 100 minutes"


async def test_a_confirmed_second_factor_is_asked_for_after_the_right_password(
    world: World, wall: Wall
) -> None:
    secret, _ = await enrolled(world, wall)
    assert told(await sign_in(world, USER, PASSWORD)) == (400, "totp_required")
    assert told(await sign_in(world, USER, "wrong")) == (400, "sign_in_failed")
    wall.now += timedelta(seconds=30)
    wrong = f"{(int(code(secret, wall.now)) + 1) % 10**6:06}"
    assert told(await sign_in(world, USER, PASSWORD, wrong)) == (400, "sign_in_failed")
    good = await sign_in(world, USER, PASSWORD, code(secret, wall.now))
    assert good.status_code == 200
    assert "totp" not in good.text


async def test_a_code_is_taken_once_and_never_after_a_later_one(world: World, wall: Wall) -> None:
    secret, _ = await enrolled(world, wall)
    confirmed = code(secret, wall.now)
    assert told(await sign_in(world, USER, PASSWORD, confirmed)) == (400, "sign_in_failed")
    wall.now += timedelta(seconds=60)
    shown = code(secret, wall.now)
    assert (await sign_in(world, USER, PASSWORD, shown)).status_code == 200
    assert told(await sign_in(world, USER, PASSWORD, shown)) == (400, "sign_in_failed")
    earlier = code(secret, wall.now - timedelta(seconds=30))
    assert told(await sign_in(world, USER, PASSWORD, earlier)) == (400, "sign_in_failed")


@pytest.mark.parametrize(("off", "right"), [(-60, False), (-30, True), (30, True), (60, False)])
async def test_a_telephone_may_be_half_a_minute_off_and_no_more(
    world: World, wall: Wall, *, off: int, right: bool
) -> None:
    secret, _ = await enrolled(world, wall)
    wall.now += timedelta(minutes=5)
    shown = code(secret, wall.now + timedelta(seconds=off))
    assert (await sign_in(world, USER, PASSWORD, shown)).is_success is right


async def test_wrong_codes_lock_the_account_as_wrong_passwords_do(world: World, wall: Wall) -> None:
    secret, _ = await enrolled(world, wall)
    wall.now += timedelta(minutes=5)
    for _ in range(5):
        assert told(await sign_in(world, USER, PASSWORD, "no code")) == (400, "sign_in_failed")
    right = code(secret, wall.now)
    assert told(await sign_in(world, USER, PASSWORD, right)) == (400, "sign_in_failed")


async def test_a_recovery_code_is_taken_once(world: World, wall: Wall, owner_url: str) -> None:
    secret, codes = await enrolled(world, wall)
    assert len(set(codes)) == 10
    assert (await sign_in(world, USER, PASSWORD, codes[3].upper())).status_code == 200
    assert told(await sign_in(world, USER, PASSWORD, codes[3])) == (400, "sign_in_failed")
    assert (await sign_in(world, USER, PASSWORD, codes[4])).status_code == 200
    kept = await scalar(owner_url, "SELECT secret_sealed::text FROM second_factors")
    assert base64.b32decode(secret).hex() not in kept, "sealed"


async def test_an_unconfirmed_second_factor_asks_for_nothing(world: World, wall: Wall) -> None:
    await let_in(world, USER, PASSWORD)
    await world.post(USER, "/me/totp", {"password": PASSWORD})
    wrong = await world.call(USER, "POST", "/me/totp/confirm", json={"totp": "no code"})
    assert told(wrong) == (400, "totp_refused")
    await let_in(world, USER, PASSWORD)
    del wall


async def test_a_second_factor_is_replaced_and_removed_with_the_password_only(
    world: World, wall: Wall
) -> None:
    await enrolled(world, wall)
    proof = {"password": PASSWORD}
    assert told(await world.call(USER, "POST", "/me/totp", json=proof)) == (409, "totp_stands")
    wrong = await world.call(USER, "POST", "/me/totp/remove", json={"password": "wrong"})
    assert told(wrong) == (400, "sign_in_failed")
    assert (await world.call(USER, "POST", "/me/totp/remove", json=proof)).status_code == 204
    await let_in(world, USER, PASSWORD)
    assert told(await world.call(USER, "POST", "/me/totp/remove", json=proof))[0] == 404


async def test_each_change_of_the_own_account_is_an_event_that_names_its_holder(
    world: World, wall: Wall, owner_url: str
) -> None:
    await enrolled(world, wall)
    await world.call(USER, "PUT", "/me/email",
                     json={"password": PASSWORD, "email": "a@example.com"})  # fmt: skip
    query = (
        "SELECT string_agg(act, ' ' ORDER BY id) FROM audit_events WHERE role = 'holder'"
        " AND account_name = '中山区 经办一' AND bureau_code = '210202'"
    )
    assert await scalar(owner_url, query) == "enrol_totp confirm_totp change_email"
    leaked = "SELECT count(*) FROM audit_events WHERE details::text LIKE '%example.com%'"
    assert await scalar(owner_url, leaked) == 0


async def test_a_hash_made_with_other_parameters_is_made_anew_at_the_next_sign_in(
    world: World, app: FastAPI, owner_url: str
) -> None:
    app.state.passwords = PasswordDesk(passes=3, kibibytes=8_192)
    await let_in(world, USER, PASSWORD)
    kept = f"SELECT password_hash FROM accounts WHERE username = '{USER}'"
    assert "$argon2id$v=19$m=8192,t=3,p=1$" in await scalar(owner_url, kept)
    await let_in(world, USER, PASSWORD)


async def test_a_platforms_program_has_no_account_of_this_kind(world: World) -> None:
    for method, path in (("GET", "/me/sessions"), ("DELETE", "/me/sessions")):
        assert told(await world.call("platform", method, path)) == (403, "not_your_role")


async def test_a_lock_holds_for_the_second_step_too(world: World, owner_url: str) -> None:
    await administer(
        owner_url,
        "UPDATE accounts SET locked_until = now() + interval '1 minute', failures = 5"
        f" WHERE username = '{USER}'",
    )
    answer = await world.call(USER, "POST", "/me/totp", json={"password": PASSWORD})
    assert told(answer) == (400, "sign_in_failed")
