"""Officers' accounts: made by an administrator of the own bureau, and by nobody for himself."""

import pytest

from app.services import acts
from tests.accounts import PASSWORD, employed, let_in, my_id, renew, sign_in, told
from tests.elsewhere import administer
from tests.rows import scalar
from tests.world import World


async def test_a_new_officer_changes_his_password_before_anything_else(world: World) -> None:
    new = {"username": "newcomer", "name": "新来的", "duties": ["review", "approve"]}
    made = await world.post("administrator", "/accounts", new)
    pair = await let_in(world, "newcomer", made["one_time_password"])
    assert (pair["scope"], "refresh_token" in pair) == ("change_password", False)
    for method, path in (("GET", "/me"), ("GET", "/claims"), ("GET", "/me/sessions"),
                         ("POST", "/plans"), ("POST", "/me/totp")):  # fmt: skip
        answer = await world.call("newcomer", method, path, json={})
        assert told(answer) == (403, "password_change_required"), path
    change = {"password": made["one_time_password"], "new_password": PASSWORD}
    assert (await world.call("newcomer", "POST", "/me/password", json=change)).status_code == 204
    assert told(await sign_in(world, "newcomer", made["one_time_password"]))[0] == 400
    pair = await let_in(world, "newcomer", PASSWORD)
    assert (await world.get("newcomer", "/me"))["duties"] == ["approve", "review"]


async def test_an_administrator_lists_the_accounts_of_his_bureau_and_no_secret(
    world: World,
) -> None:
    listed = (await world.get("administrator", "/accounts", limit=100))["items"]
    names = {each["username"] for each in listed}
    assert names == {"officer1", "officer2", "officer3", "cashier", "administrator", "auditor"}
    assert not {"password_hash", "one_time_password"} & set(listed[0])
    assert await world.get("auditor", "/accounts", limit=100) == {"items": listed, "next": None}


async def test_duties_change_with_the_next_token_and_each_change_is_an_event(
    world: World,
) -> None:
    made = await employed(world, "newcomer", "review")
    pair = await let_in(world, "newcomer", PASSWORD)
    path = f"/accounts/{made['id']}"
    answer = await world.call("administrator", "PUT", f"{path}/duties", json={"duties": ["pay"]})
    assert answer.json()["duties"] == ["pay"]
    assert (await renew(world, pair["refresh_token"])).json()["scope"] == "pay"
    for step in ("deactivate", "reactivate", "reset"):
        await world.post("administrator", f"{path}/{step}")
    history = await world.get("auditor", f"{path}/history")
    mine = [each for each in history if each["who"] == "中山区 账户管理"]
    assert [each["act"] for each in mine] == [
        f"accounts.{act}"
        for act in ("create", "change_duties", "deactivate", "reactivate", "reset")
    ]
    assert mine[1]["details"] == {"before": ["review"], "after": ["pay"], "username": "newcomer"}
    told_of = str(history)
    assert "password" not in told_of.replace("change_password", "")


async def test_a_deactivated_officer_is_out_and_comes_in_again_when_reactivated(
    world: World,
) -> None:
    made = await employed(world, "newcomer", "review")
    pair = await let_in(world, "newcomer", PASSWORD)
    await world.post("administrator", f"/accounts/{made['id']}/deactivate")
    assert told(await sign_in(world, "newcomer", PASSWORD)) == (400, "sign_in_failed")
    await world.post("administrator", f"/accounts/{made['id']}/reactivate")
    assert told(await renew(world, pair["refresh_token"])) == (400, "refresh_refused")
    await let_in(world, "newcomer", PASSWORD)


async def test_a_reset_unlocks_ends_the_sessions_and_asks_for_a_new_password(
    world: World, owner_url: str
) -> None:
    made = await employed(world, "newcomer", "review")
    pair = await let_in(world, "newcomer", PASSWORD)
    for _ in range(5):
        await sign_in(world, "newcomer", "wrong")
    reset = await world.post("administrator", f"/accounts/{made['id']}/reset")
    assert told(await renew(world, pair["refresh_token"])) == (400, "refresh_refused")
    assert told(await sign_in(world, "newcomer", PASSWORD)) == (400, "sign_in_failed")
    again = await let_in(world, "newcomer", reset["one_time_password"])
    assert again["scope"] == "change_password"
    kept = str(await scalar(owner_url, "SELECT array_agg(s::text) FROM stored_answers AS s"))
    assert reset["one_time_password"].encode().hex() not in kept


async def test_nobody_changes_his_own_rights_or_those_of_another_bureau(world: World) -> None:
    mine, theirs = await my_id(world, "administrator"), await my_id(world, "xigang")
    enterprise = await my_id(world, "enterprise")
    requests = [
        ("PUT", "duties", {"duties": ["pay"]}), ("POST", "deactivate", None),
        ("POST", "reactivate", None), ("POST", "reset", None),
    ]  # fmt: skip
    for method, step, body in requests:
        for account, refusal in (
            (mine, (403, "own_rights")),
            (theirs, (404, "not_found")),
            (enterprise, (404, "not_found")),
        ):
            path = f"/accounts/{account}/{step}"
            answer = await world.call("administrator", method, path, json=body)
            assert told(answer) == refusal, path
    for account in (theirs, enterprise):
        answer = await world.call("administrator", "GET", f"/accounts/{account}/history")
        assert told(answer) == (404, "not_found")


@pytest.mark.parametrize("who", ["officer1", "cashier", "xigang", "auditor", "enterprise"])
async def test_only_an_administrator_makes_accounts(world: World, who: str) -> None:
    new = {"username": "newcomer", "name": "新来的", "duties": ["pay"]}
    answer = await world.call(who, "POST", "/accounts", json=new)
    assert told(answer)[0] == 403
    path = f"/accounts/{await my_id(world, 'officer2')}/duties"
    assert told(await world.call(who, "PUT", path, json={"duties": ["pay"]}))[0] == 403


async def test_a_token_of_an_administrator_who_is_none_any_more_grants_nothing(
    world: World, owner_url: str
) -> None:
    """The token says it for some minutes; the database asks the account."""
    await administer(
        owner_url, "UPDATE accounts SET duties = '{}' WHERE username = 'administrator'"
    )
    path = f"/accounts/{await my_id(world, 'officer2')}/duties"
    answer = await world.call("administrator", "PUT", path, json={"duties": ["pay"]})
    assert told(answer) == (403, "duty_missing")
    new = {"username": "newcomer", "name": "新来的", "duties": ["pay"]}
    answer = await world.call("administrator", "POST", "/accounts", json=new)
    assert told(answer) == (403, "duty_missing")


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"username": "officer1"}, (409, "username_taken")),
        ({"username": "Officer 9"}, (422, "invalid_request")),
        ({"duties": ["administer", "pay"]}, (422, "duties_apart")),
        ({"duties": ["audit", "review"]}, (422, "duties_apart")),
        ({"duties": ["rule"]}, (422, "invalid_request")),
    ],
)
async def test_what_is_no_account_is_refused(
    world: World, changes: dict[str, object], refusal: tuple[int, str]
) -> None:
    new = {"username": "newcomer", "name": "新来的", "duties": ["review"], **changes}
    assert told(await world.call("administrator", "POST", "/accounts", json=new)) == refusal


async def test_an_auditor_reads_the_case_and_changes_nothing(world: World) -> None:
    await world.filed()
    claim = f"/claims/{world.claim['id']}"
    for path in (claim, f"{claim}/history", f"{claim}/evidence", f"{claim}/signals", "/worklist"):
        await world.get("auditor", path)
    paper = (await world.get("auditor", f"{claim}/evidence"))[0]
    content = await world.call("auditor", "GET", f"/evidence/{paper['id']}/content")
    assert content.status_code == 200
    for step, body in (("review", {}), ("return", {"reason": "材料不齐"}), ("withdraw", None)):
        answer = await world.call("auditor", "POST", f"{claim}/{step}", json=body)
        assert told(answer) == (403, "duty_missing"), step
    writes = [
        ("POST", "/enterprises"), ("POST", "/plans"), ("POST", "/claims"),
        ("POST", f"/worklist/claims/{world.claim['id']}/take"), ("POST", "/policy/simulations"),
        ("POST", f"/plans/{world.plan['id']}/evidence"), ("POST", f"{claim}/checks"),
    ]  # fmt: skip
    for method, path in writes:
        answer = await world.call("auditor", method, path, json={})
        assert told(answer) == (403, "duty_missing"), path


async def test_if_the_act_cannot_be_recorded_the_right_is_not_changed(
    world: World, owner_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The event stands in the same transaction as the act."""

    async def broken(*_: object, **__: object) -> None:
        raise OSError

    account = await my_id(world, "officer2")
    monkeypatch.setattr(acts, "record", broken)
    path = f"/accounts/{account}/duties"
    assert (
        await world.call("administrator", "PUT", path, json={"duties": ["pay"]})
    ).status_code >= 500
    kept = "SELECT duties FROM accounts WHERE username = 'officer2'"
    assert await scalar(owner_url, kept) == ["review", "approve"]
