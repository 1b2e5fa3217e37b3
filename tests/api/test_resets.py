"""Who forgot the password comes in again by the bureau or by e-mail; nobody learns who exists."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.mailing import Mailer
from app.settings import Settings
from tests.accounts import NEW_PASSWORD, PASSWORD, let_in, my_id, renew, sign_in, signed_up, told
from tests.conftest import settings_of
from tests.elsewhere import administer
from tests.mailbox import Mailbox, mailbox
from tests.rows import scalar
from tests.world import World

USER = "enterprise"


@pytest.fixture
def mail(tmp_path: Path) -> Iterator[Mailbox]:
    """A mail server of this test's own."""
    with mailbox(tmp_path / "mail") as server:
        yield server


@pytest.fixture
def settings(request: pytest.FixtureRequest, service_url: str, tmp_path: Path) -> Settings:
    """Settings with a mail server where a test asks for one."""
    more = {}
    if "mail" in request.fixturenames:
        server: Mailbox = request.getfixturevalue("mail")
        more = {"smtp_url": server.url, "smtp_from": "service@example.gov.cn"}
    return settings_of(service_url, tmp_path / "evidence", **more)


async def with_address(world: World) -> str:
    """Return the user name of an account that gave an address."""
    who, _ = await signed_up(world, email="wang@example.com")
    return who


async def test_the_bureau_hands_out_a_token_that_sets_a_password_once(
    world: World, owner_url: str
) -> None:
    await world.registered()
    user = await my_id(world, USER)
    pair = await let_in(world, USER, "sandbox-enterprise")
    await administer(owner_url, f"INSERT INTO second_factors VALUES ('{user}', '')")
    listed = await world.get("administrator", "/enterprise-users",
                             enterprise_id=world.enterprise["id"])  # fmt: skip
    assert {each["username"] for each in listed} == {"enterprise", "clerk"}
    issued = await world.post("administrator", f"/enterprise-users/{user}/reset")
    word = {"token": issued["token"], "password": NEW_PASSWORD}
    weak = {**word, "password": "enterprise 2020"}
    answer = await world.call(None, "POST", "/password-resets/redeem", json=weak)
    assert told(answer) == (422, "password_refused"), "and the token is not spent"
    answer = await world.call(None, "POST", "/password-resets/redeem", json=word)
    assert answer.status_code == 204
    assert told(await renew(world, pair["refresh_token"])) == (400, "refresh_refused")
    await let_in(world, USER, NEW_PASSWORD)
    assert await scalar(owner_url, "SELECT count(*) FROM second_factors") == 0
    answer = await world.call(None, "POST", "/password-resets/redeem", json=word)
    assert told(answer) == (400, "token_refused")
    acts = await scalar(owner_url, "SELECT count(*) FROM audit_events WHERE act LIKE '%\\_reset'")
    assert acts == 2


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("officer1", (403, "duty_missing")),
        ("auditor", (403, "duty_missing")),
        ("xigang", (403, "duty_missing")),
        ("clerk", (403, "not_your_role")),
    ],
)
async def test_only_an_administrator_hands_out_tokens(
    world: World, who: str, refusal: tuple[int, str]
) -> None:
    await world.registered()
    path = f"/enterprise-users/{await my_id(world, USER)}/reset"
    assert told(await world.call(who, "POST", path)) == refusal


async def test_no_token_is_handed_out_for_officers_or_enterprises_of_other_bureaus(
    world: World,
) -> None:
    await world.registered()
    for who in ("officer1", "administrator", "stranger"):
        path = f"/enterprise-users/{await my_id(world, who)}/reset"
        assert told(await world.call("administrator", "POST", path)) == (404, "not_found"), who


async def test_an_expired_token_and_those_beside_a_used_one_are_refused(
    world: World, owner_url: str
) -> None:
    await world.registered()
    path = f"/enterprise-users/{await my_id(world, USER)}/reset"
    first, second, third = [await world.post("administrator", path) for _ in range(3)]
    await administer(
        owner_url,
        "UPDATE password_resets SET expires_at = now() - interval '1 second'"
        " WHERE digest = (SELECT digest FROM password_resets ORDER BY issued_at LIMIT 1)",
    )
    answers = [
        await world.call(None, "POST", "/password-resets/redeem",
                         json={"token": each["token"], "password": NEW_PASSWORD})
        for each in (first, second, third)
    ]  # fmt: skip
    assert [answer.status_code for answer in answers] == [400, 204, 400]


async def test_by_e_mail_a_new_password_is_set_with_the_token_of_the_message(
    mail: Mailbox, world: World, owner_url: str
) -> None:
    who = await with_address(world)
    asked = await world.call(None, "POST", "/password-resets", json={"username": who})
    assert asked.status_code == 202
    (message,) = mail.messages()
    assert (message["To"], message["From"]) == ("wang@example.com", "service@example.gov.cn")
    found = re.search(r"^\s*([\w-]{43})\s*$", message.get_content(), re.MULTILINE)
    assert found
    word = {"token": found[1], "password": NEW_PASSWORD}
    assert (await world.call(None, "POST", "/password-resets/redeem", json=word)).status_code == 204
    await let_in(world, who, NEW_PASSWORD)
    assert told(await sign_in(world, who, PASSWORD)) == (400, "sign_in_failed")
    kept = await scalar(owner_url, "SELECT string_agg(email_sealed::text, '') FROM accounts")
    assert b"wang@example.com".hex() not in kept, "sealed"


async def test_the_answer_tells_nothing_and_only_who_gave_an_address_gets_a_message(
    mail: Mailbox, world: World, owner_url: str
) -> None:
    who = await with_address(world)
    await administer(owner_url, "UPDATE accounts SET active = false WHERE email_sealed IS NOT NULL")
    other = await with_address(world)
    names = ["nobody", "officer1", "platform", who, other, other]
    answers = [
        await world.call(None, "POST", "/password-resets", json={"username": name})
        for name in names
    ]
    assert len({(answer.status_code, answer.content) for answer in answers}) == 1
    assert len(mail.messages()) == 1, "one message, though it was asked for twice"


async def test_without_a_mail_server_the_answer_is_the_same(world: World, owner_url: str) -> None:
    who = await with_address(world)
    answers = [
        await world.call(None, "POST", "/password-resets", json={"username": name})
        for name in (who, "nobody")
    ]
    assert answers[0].content == answers[1].content
    assert answers[0].status_code == answers[1].status_code == 202
    assert await scalar(owner_url, "SELECT count(*) FROM password_resets") == 0


async def test_a_mail_server_that_is_away_changes_no_answer(
    mail: Mailbox, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nor is the address told to the log."""
    who = await with_address(world)
    mail.process.terminate()
    mail.process.wait()
    answer = await world.call(None, "POST", "/password-resets", json={"username": who})
    assert answer.status_code == 202
    assert "wang@example.com" not in "".join(capsys.readouterr())


async def test_a_message_does_not_leave_in_the_clear_unless_the_settings_say_so(
    mail: Mailbox,
) -> None:
    """This server offers no encryption; without ``starttls=no`` nothing is said to it."""
    guarded = Mailer(mail.url.removesuffix("?starttls=no"), "service@example.gov.cn")
    with pytest.raises(OSError, match="STARTTLS"):
        await guarded.send("wang@example.com", "重置", "一次性重置码")
    assert mail.messages() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"smtp_url": "http://mail.example.com", "smtp_from": "a@example.com"},
        {"smtp_url": "smtp://mail.example.com"},
        {"smtp_url": "smtp://mail.example.com?starttls=maybe", "smtp_from": "a@example.com"},
    ],
)
def test_settings_of_a_mail_server_that_cannot_be_meant_are_refused(
    service_url: str, tmp_path: Path, wrong: dict[str, str]
) -> None:
    with pytest.raises(ValidationError):
        settings_of(service_url, tmp_path, **wrong)
