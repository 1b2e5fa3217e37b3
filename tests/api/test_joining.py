"""Enterprises sign up themselves; the licence shows who holds the code; users are let in."""

import asyncio

import pytest

from tests.accounts import PASSWORD, USCC, invited, let_in, my_id, renew, sign_in, signed_up, told
from tests.elsewhere import administer
from tests.rows import scalar
from tests.world import World


async def registered(world: World, who: str) -> str:
    """Register the sample enterprise as *who*, show its licence, and return its id."""
    made = await world.post(who, "/enterprises", world.enterprise_body(uscc=USCC))
    await world.send(who, f"/enterprises/{made['id']}/licences", "licence.jpg")
    return str(made["id"])


async def test_who_signed_up_files_after_the_bureau_accepted_the_licence(world: World) -> None:
    who, enterprise = await signed_up(world)
    assert (await world.get(who, "/me"))["enterprise_id"] == enterprise
    early = await world.upload(who, f"/enterprises/{enterprise}/licences", "licence.jpg")
    assert told(early) == (404, "not_found"), "the registration comes first"
    await world.post(who, "/enterprises", world.enterprise_body(uscc=USCC))
    verify = f"/enterprises/{enterprise}/verify"
    refused = await world.call("officer1", "POST", verify, json={})
    assert told(refused) == (409, "licence_missing")
    plan = await world.post(who, "/plans", world.plan_body())
    filed = await world.call(who, "POST", f"/plans/{plan['id']}/submit")
    assert told(filed) == (409, "enterprise_not_verified")
    scan = await world.send(who, f"/enterprises/{enterprise}/licences", "licence.jpg")
    path = f"/enterprises/{enterprise}/licences/{scan['id']}"
    seen = await world.call("officer1", "GET", path)
    assert seen.content == (world.examples / "licence.jpg").read_bytes()
    assert told(await world.call("xigang", "GET", path)) == (404, "not_found")
    assert (await world.post("officer1", verify, {}))["state"] == "verified"
    acts = [each["act"] for each in await world.get(who, f"/enterprises/{enterprise}/history")]
    assert acts == ["enterprises.register", "licences.add", "licences.read", "enterprises.verify"]


async def test_a_signed_up_enterprise_registers_the_code_it_signed_up_with(world: World) -> None:
    who, _ = await signed_up(world)
    other = world.enterprise_body(uscc="91210203MA0TE7T00K")
    assert told(await world.call(who, "POST", "/enterprises", json=other)) == (
        409, "credit_code_stands",
    )  # fmt: skip


async def test_of_two_who_sign_up_with_one_code_the_accepted_one_closes_the_other(
    world: World,
) -> None:
    """Also one that another bureau handles, and whoever comes later."""
    first, _ = await signed_up(world)
    second, _ = await signed_up(world, name="冒名者")
    one = await registered(world, first)
    body = world.enterprise_body(uscc=USCC, insurance="province")
    two = (await world.post(second, "/enterprises", body))["id"]
    await world.send(second, f"/enterprises/{two}/licences", "licence.jpg")
    await world.post("officer1", f"/enterprises/{one}/verify", {})
    closed = await world.get(second, f"/enterprises/{two}")
    assert (closed["state"], bool(closed["remark"])) == ("closed", True)
    late = await world.call("centre", "POST", f"/enterprises/{two}/verify", json={})
    assert told(late)[0] == 409
    again = await world.call(second, "PUT", f"/enterprises/{two}", json=body)
    assert told(again) == (409, "already_registered")
    third, _ = await signed_up(world)
    answer = await world.call(third, "POST", "/enterprises", json=body)
    assert told(answer) == (409, "already_registered")


async def test_of_two_acceptances_at_once_one_holds_the_code(world: World, owner_url: str) -> None:
    users = [(await signed_up(world))[0] for _ in range(2)]
    ids = [await registered(world, who) for who in users]
    answers = await asyncio.gather(
        *(world.call("officer1", "POST", f"/enterprises/{each}/verify", json={}) for each in ids)
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    query = "SELECT count(*) FROM enterprises WHERE accepted"
    assert await scalar(owner_url, query) == 1


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"uscc": "91210202MA0TE5T08G"}, (422, "invalid_request")),
        ({"password": "short"}, (422, "password_refused")),
        ({"password": "123456789012"}, (422, "password_refused")),
        ({"password": "aaaaaaaaaaaaaaa"}, (422, "password_refused")),
        ({"password": "Password1234"}, (422, "password_refused")),
        ({"name": "zhaoliu", "password": "ZhaoLiu 2020 2021"}, (422, "password_refused")),
        ({"password": "tab\tand\0nothing else"}, (422, "invalid_request")),
        ({"email": "not an address"}, (422, "invalid_request")),
    ],
)
async def test_a_sign_up_that_is_not_right_is_refused(
    world: World, changes: dict[str, object], refusal: tuple[int, str]
) -> None:
    body = {"uscc": USCC, "enterprise_name": "企业", "name": "某人", "password": PASSWORD}
    answer = await world.call(None, "POST", "/sign-ups", json={**body, **changes})
    assert told(answer) == refusal
    assert "aaaaaaaaaaaaaaa" not in answer.text


async def test_a_sign_up_does_not_tell_whether_the_code_or_the_name_is_known(
    world: World,
) -> None:
    await world.registered()
    body = {
        "uscc": world.enterprise["uscc"], "enterprise_name": "企业", "name": "某人",
        "password": PASSWORD,
    }  # fmt: skip
    known = await world.call(None, "POST", "/sign-ups", json=body)
    unknown = await world.call(None, "POST", "/sign-ups", json={**body, "uscc": USCC})
    assert known.status_code == unknown.status_code == 201
    assert known.json().keys() == unknown.json().keys()
    assert body["uscc"].lower() not in known.json()["username"]


async def test_an_invitation_is_taken_once_and_in_time(world: World, owner_url: str) -> None:
    manager, enterprise = await signed_up(world)
    path = f"/enterprises/{enterprise}/invitations"
    issued = await world.post(manager, path, {"rank": "clerk"})
    word = {"token": issued["token"], "name": "李某", "password": PASSWORD}
    weak = await world.call(None, "POST", "/invitations/accept", json={**word, "password": "x"})
    assert told(weak) == (422, "password_refused")
    made = await world.post(None, "/invitations/accept", word)
    assert made["enterprise_id"] == enterprise
    again = await world.call(None, "POST", "/invitations/accept", json=word)
    assert told(again) == (400, "token_refused")
    late, back = [await world.post(manager, path, {"rank": "manager"}) for _ in range(2)]
    await administer(
        owner_url,
        "UPDATE invitations SET expires_at = now() - interval '1 second'"
        f" WHERE id = '{late['id']}'",
    )
    gone = await world.call(manager, "DELETE", f"{path}/{back['id']}")
    assert gone.status_code == 204
    for token in (late["token"], back["token"], "unknown"):
        answer = await world.call(
            None, "POST", "/invitations/accept", json={**word, "token": token}
        )
        assert told(answer) == (400, "token_refused")
    listed = await world.get(manager, path)
    assert [each["used_at"] is not None for each in listed] == [False, False, True]
    assert issued["token"] not in str(listed)


async def test_at_once_an_invitation_makes_one_account(world: World, owner_url: str) -> None:
    manager, enterprise = await signed_up(world)
    path = f"/enterprises/{enterprise}/invitations"
    token = (await world.post(manager, path, {"rank": "clerk"}))["token"]
    word = {"token": token, "name": "李某", "password": PASSWORD}
    answers = await asyncio.gather(
        *(world.call(None, "POST", "/invitations/accept", json=word) for _ in range(4))
    )
    assert sorted(answer.status_code for answer in answers) == [201, 400, 400, 400]
    made = f"SELECT count(*) FROM accounts WHERE enterprise_id = '{enterprise}'"
    assert await scalar(owner_url, made) == 2


async def test_a_clerk_does_everything_but_manage_users_and_change_the_bank_account(
    world: World,
) -> None:
    manager, enterprise = await signed_up(world)
    clerk = await invited(world, manager, enterprise, "clerk")
    body = world.enterprise_body(uscc=USCC)
    await world.post(clerk, "/enterprises", body)
    own = f"/enterprises/{enterprise}"
    await world.send(clerk, f"{own}/licences", "licence.jpg")
    moved = {**body, "phone": "0411-88888888"}
    assert (await world.call(clerk, "PUT", own, json=moved)).status_code == 200
    for change in ({"account_number": "6222020000000000000"}, {"bank_name": "别的银行"}):
        answer = await world.call(clerk, "PUT", own, json={**moved, **change})
        assert told(answer) == (403, "manager_only"), change
        assert (await world.call(manager, "PUT", own, json={**moved, **change})).is_success
        assert (await world.call(manager, "PUT", own, json=moved)).is_success
    boss = await my_id(world, manager)
    for method, path, word in (
        ("POST", "invitations", {"rank": "clerk"}), ("GET", "invitations", None),
        ("POST", f"users/{boss}/remove", None), ("POST", f"users/{boss}/rank", {"rank": "clerk"}),
    ):  # fmt: skip
        answer = await world.call(clerk, method, f"{own}/{path}", json=word)
        assert told(answer) == (403, "manager_only"), path
    assert len(await world.get(clerk, f"{own}/users")) == 2


async def test_a_removed_user_is_out_and_nobody_removes_himself(world: World) -> None:
    manager, enterprise = await signed_up(world)
    clerk = await invited(world, manager, enterprise, "clerk")
    pair = await let_in(world, clerk, PASSWORD)
    users = f"/enterprises/{enterprise}/users"
    path = f"{users}/{await my_id(world, clerk)}"
    assert (await world.post(manager, f"{path}/rank", {"rank": "manager"}))["rank"] == "manager"
    own = f"{users}/{await my_id(world, manager)}/remove"
    assert told(await world.call(manager, "POST", own)) == (403, "own_rights")
    assert (await world.post(manager, f"{path}/remove"))["active"] is False
    assert told(await sign_in(world, clerk, PASSWORD)) == (400, "sign_in_failed")
    assert told(await renew(world, pair["refresh_token"])) == (400, "refresh_refused")
    answer = await world.call(clerk, "POST", f"/enterprises/{enterprise}/invitations",
                              json={"rank": "manager"})  # fmt: skip
    assert told(answer) == (403, "manager_only"), "the token he still has lets nobody in"


async def test_two_managers_who_remove_each_other_leave_one(world: World, owner_url: str) -> None:
    first, enterprise = await signed_up(world)
    second = await invited(world, first, enterprise, "manager")
    ids = {who: await my_id(world, who) for who in (first, second)}
    users = f"/enterprises/{enterprise}/users"
    await asyncio.gather(
        world.call(first, "POST", f"{users}/{ids[second]}/remove"),
        world.call(second, "POST", f"{users}/{ids[first]}/remove"),
    )
    left = f"SELECT count(*) FROM accounts WHERE enterprise_id = '{enterprise}' AND active"
    assert await scalar(owner_url, left) == 1


async def test_a_changed_account_is_paid_only_when_the_bureau_accepted_it_again(
    world: World, owner_url: str
) -> None:
    await world.published()
    await world.day("2020-04-10")
    own = f"/enterprises/{world.enterprise['id']}"
    moved = world.enterprise_body(account_number="6222020000000000000")
    changed = (await world.call("enterprise", "PUT", own, json=moved)).json()
    batch = {"claim_ids": [world.claim["id"]]}
    refused = await world.call("cashier", "POST", "/payment-batches", json=batch)
    assert told(refused) == (409, "enterprise_not_verified")
    stale = {"revision": changed["revision"] - 1}
    answer = await world.call("officer1", "POST", f"{own}/verify", json=stale)
    assert told(answer) == (409, "registration_changed")
    await world.post("officer1", f"{own}/verify", {"revision": changed["revision"]})
    # Whoever changes the row past the service changes no account that is paid.
    await administer(owner_url, "UPDATE enterprises SET account_digest = 'another'")
    refused = await world.call("cashier", "POST", "/payment-batches", json=batch)
    assert told(refused) == (409, "enterprise_not_verified")
    await administer(owner_url, "UPDATE enterprises SET account_digest = accepted_digest")
    paid = await world.post("cashier", "/payment-batches", batch)
    assert paid["items"][0]["account_masked"].endswith("0000")
