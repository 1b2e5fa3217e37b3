"""A number is told whole with a duty, for a written reason, and each time it is on record."""

import openpyxl
import pytest

from tests.refusals import problem
from tests.rows import scalar
from tests.world import World

REASON = {"reason": "与身份证复印件核对"}


def _paths(world: World) -> tuple[str, str]:
    return (
        f"/plans/{world.plan['id']}/trainees/3/resident-id/reveal",
        f"/enterprises/{world.enterprise['id']}/account-number/reveal",
    )


def _third_id(world: World) -> str:
    rows = list(openpyxl.load_workbook(world.examples / "roster.xlsx").worksheets[0].iter_rows())
    return str(rows[4][2].value)


async def test_with_the_duty_and_a_reason_it_is_told_and_nowhere_kept(world: World) -> None:
    await world.submitted()
    person, account = _paths(world)
    for who, path, number in (
        ("officer1", person, _third_id(world)),
        ("cashier", account, world.enterprise_body()["account_number"].replace(" ", "")),
    ):
        headers = {"Idempotency-Key": "once"}
        answer = await world.call(who, "POST", path, json=REASON, headers=headers)
        assert (answer.status_code, answer.json()) == (200, {"number": number})
        assert answer.headers["cache-control"] == "no-store"
        assert "idempotency-replayed" not in answer.headers


async def test_each_time_is_on_record_for_the_bureau_with_its_reason(world: World) -> None:
    """The enterprise does not read why its bureau looked."""
    await world.submitted()
    person, account = _paths(world)
    for _ in range(2):
        await world.post("officer1", person, REASON)
    await world.post("cashier", account, REASON)
    for case, act, details, times in (
        (f"/plans/{world.plan['id']}", "plans.reveal_resident_id", {"number": 3, **REASON}, 2),
        (f"/enterprises/{world.enterprise['id']}", "enterprises.reveal_account_number", REASON, 1),
    ):
        told = await world.get("officer2", f"{case}/history")
        found = [each for each in told if each["act"] == act]
        assert [each["details"] for each in found] == [details] * times
        theirs = await world.get("enterprise", f"{case}/history")
        assert act not in [each["act"] for each in theirs]


async def test_without_duty_or_case_it_is_refused_and_nothing_is_recorded(
    world: World, owner_url: str
) -> None:
    await world.submitted()
    person, account = _paths(world)
    for who, path, code in (
        ("cashier", person, "duty_missing"),
        ("officer1", account, "duty_missing"),
        ("xigang", person, "not_found"),
        ("xigang", account, "not_found"),
        ("enterprise", person, "not_your_role"),
        ("enterprise", account, "not_your_role"),
        ("officer1", person.replace("/3/", "/25/"), "not_found"),
    ):
        answer = await world.call(who, "POST", path, json=REASON)
        assert problem(answer)["code"] == code, f"{who} {path}"
    reveals = "SELECT count(*) FROM audit_events WHERE act LIKE 'reveal%' AND outcome = 'done'"
    assert await scalar(owner_url, reveals) == 0


@pytest.mark.parametrize(
    "reason", [None, "", " ", "x", "核对 210202199003070009", "账号 0000 1111 2222 3333 44"]
)
async def test_without_a_reason_that_may_be_kept_it_is_refused(
    world: World, reason: str | None
) -> None:
    await world.submitted()
    for path in _paths(world):
        body = {} if reason is None else {"reason": reason}
        answer = await world.call("officer1", "POST", path, json=body)
        assert (answer.status_code, problem(answer)["code"]) == (422, "invalid_request")
        assert reason is None or len(reason) < 2 or reason not in answer.text
