"""Anybody may object while a notice hangs: what is meant is held, the rest is paid (A-21)."""

import asyncio
from typing import Any

import pytest

from tests.elsewhere import administer
from tests.refusals import problem
from tests.rows import scalar
from tests.world import World

TEXT = "第3人从未在该企业工作过"
ABOUT_3 = {"lines": [3], "grounds": "not_employed", "text": TEXT}
NAMED = {"name": "张举报", "contact": "13800001234"}
REASON = "经查社保记录，情况属实"


async def object_to(world: World, **changes: object) -> dict[str, Any]:
    """Object to line 3 of the sample claim, or to whatever else is named."""
    notice = await world.get("enterprise", f"/claims/{world.claim['id']}/notice")
    body = {"claim_receipt": world.claim["receipt"], **ABOUT_3, **changes}
    body = {name: value for name, value in body.items() if value is not None}
    lodged: dict[str, Any] = await world.post(None, f"/notices/{notice['id']}/objections", body)
    return lodged


async def decide(world: World, objection: dict[str, Any], outcome: str) -> None:
    path = f"/objections/{objection['id']}/decide"
    await world.post("officer3", path, {"outcome": outcome, "reason": REASON})


async def money(world: World) -> tuple[str, str, str, str]:
    """Return the claim's state and what of it is paid, held and due."""
    claim = await world.get("enterprise", f"/claims/{world.claim['id']}")
    return claim["state"], claim["paid"], claim["held"], claim["due"]


async def pay(world: World) -> str:
    """Pay what is due, and return the batch's total."""
    batch = await world.post("cashier", "/payment-batches", {"claim_ids": [world.claim["id"]]})
    results = [{"payment_id": each["id"], "outcome": "paid"} for each in batch["items"]]
    await world.post("cashier", f"/payment-batches/{batch['id']}/results", {"results": results})
    total: str = batch["total"]
    return total


async def test_an_objection_holds_its_line_and_the_rest_is_paid_and_then_it(world: World) -> None:
    await world.published()
    objection = await object_to(world)
    assert objection["due_on"] == "2020-04-09", "five working days after the first of April"
    assert await money(world) == ("published", "0.00", "360.00", "8280.00")
    await world.day("2020-04-10")
    assert await pay(world) == "8280.00"
    assert await money(world) == ("published", "8280.00", "360.00", "0.00")
    path, body = "/payment-batches", {"claim_ids": [world.claim["id"]]}
    held = problem(await world.call("cashier", "POST", path, json=body))
    assert (held["code"], held["held"]) == ("lines_held", "360.00")
    withdraw = f"/claims/{world.claim['id']}/withdraw"
    gone = await world.call("enterprise", "POST", withdraw, json={"reason": "不要了"})
    assert problem(gone)["code"] == "paid_in_part"
    await decide(world, objection, "rejected")
    assert await money(world) == ("published", "8280.00", "0.00", "360.00")
    assert await pay(world) == "360.00"
    assert await money(world) == ("paid", "8640.00", "0.00", "0.00")


async def test_an_upheld_line_is_never_paid_and_the_outcome_stands_with_the_notice(
    world: World,
) -> None:
    await world.published()
    objection = await object_to(world, **NAMED)
    path = f"/notices/{objection['notice_id']}"
    assert (await world.get(None, path))["objections"] == [], "an open one accuses in public"
    seen = await world.get("enterprise", f"/claims/{world.claim['id']}/objections")
    assert [(one["lines"], one["grounds"], one["state"]) for one in seen] == [
        ([3], "not_employed", "open")
    ]
    await decide(world, objection, "upheld")
    await world.day("2020-04-10")
    assert await pay(world) == "8280.00"
    assert await money(world) == ("published", "8280.00", "360.00", "0.00")
    (told,) = (await world.get(None, path))["objections"]
    assert (told["state"], told["reason"], told["lines"]) == ("upheld", REASON, [3])
    for answer in (told, seen):
        assert "张举报" not in str(answer)
        assert TEXT not in str(answer)


async def test_a_whole_notice_is_held_whole(world: World) -> None:
    await world.published()
    await object_to(world, claim_receipt=None, lines=None)
    await world.day("2020-04-10")
    body = {"claim_ids": [world.claim["id"]]}
    answer = await world.call("cashier", "POST", "/payment-batches", json=body)
    assert problem(answer)["held"] == "8640.00"


async def test_lines_that_several_name_are_held_once_and_until_the_last_is_decided(
    world: World,
) -> None:
    await world.published()
    first = await object_to(world, lines=[3, 4])
    await object_to(world, lines=[4])
    assert (await money(world))[2] == "720.00"
    await decide(world, first, "rejected")
    assert (await money(world))[2] == "360.00"


@pytest.mark.parametrize(("day", "code"), [("2020-04-09", ""), ("2020-04-10", "objection_late")])
async def test_the_last_day_of_the_notice_is_the_last_to_object(
    world: World, day: str, code: str
) -> None:
    await world.published()
    notice = await world.get("enterprise", f"/claims/{world.claim['id']}/notice")
    await world.day(day)
    body = {"grounds": "other", "text": "情况说明"}
    answer = await world.call(None, "POST", f"/notices/{notice['id']}/objections", json=body)
    assert (problem(answer)["code"] if code else "") == code


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"lines": [99]}, 422, "objection_refers_to_nothing"),
        ({"lines": [3, 3]}, 422, "objection_refers_to_nothing"),
        ({"claim_receipt": "SQ2020-210202-9999999"}, 422, "objection_refers_to_nothing"),
        ({"claim_receipt": None}, 422, "invalid_request"),
        ({"name": "只有姓名"}, 422, "invalid_request"),
        ({"text": "字" * 1001}, 422, "invalid_request"),
        ({"lines": []}, 422, "invalid_request"),
    ],
)
async def test_an_objection_names_what_was_published(
    world: World, changes: dict[str, Any], status: int, code: str
) -> None:
    await world.published()
    notice = await world.get("enterprise", f"/claims/{world.claim['id']}/notice")
    body = {"claim_receipt": world.claim["receipt"], **ABOUT_3, **changes}
    body = {name: value for name, value in body.items() if value is not None}
    answer = await world.call(None, "POST", f"/notices/{notice['id']}/objections", json=body)
    assert (answer.status_code, problem(answer)["code"]) == (status, code)


async def test_who_reviewed_approved_or_keyed_in_decides_nothing_and_nobody_twice(
    world: World,
) -> None:
    await world.published()
    notice = await world.get("enterprise", f"/claims/{world.claim['id']}/notice")
    body = {"claim_receipt": world.claim["receipt"], **ABOUT_3, "channel": "letter"}
    keyed = await world.post("officer3", f"/notices/{notice['id']}/objections/keyed", body)
    lodged = await object_to(world)
    decided = {"outcome": "rejected", "reason": "经查不实"}
    for who, objection in (("officer1", lodged), ("officer2", lodged), ("officer3", keyed)):
        path = f"/objections/{objection['id']}/decide"
        answer = await world.call(who, "POST", path, json=decided)
        assert problem(answer)["code"] == "signed_already", who
    await decide(world, lodged, "rejected")
    path = f"/objections/{lodged['id']}/decide"
    again = await world.call("officer3", "POST", path, json={**decided, "outcome": "upheld"})
    assert problem(again)["code"] == "wrong_state"


async def test_the_token_opens_the_outcome_and_takes_files_which_only_officers_open(
    world: World,
) -> None:
    await world.published()
    lodged = await object_to(world, **NAMED)
    path, mine = f"/objections/{lodged['id']}", {"Objection-Token": lodged["token"]}
    query = {"filename": "照片.jpg"}
    photo = (world.examples / "licence.jpg").read_bytes()

    async def send(content: bytes, headers: dict[str, str]) -> Any:  # noqa: ANN401
        return await world.call(
            None, "POST", f"{path}/attachments", content=content, params=query, headers=headers
        )

    for stranger in ({"Objection-Token": "x"}, {"Objection-Token": lodged["receipt"]}):
        assert (
            await world.call(None, "GET", f"{path}/outcome", headers=stranger)
        ).status_code == 404
        assert (await send(photo, stranger)).status_code == 404
    assert problem(await send(b"MZ\x90\x00" + bytes(60), mine))["code"] == "program_refused"
    for number in range(5):
        assert (await send(photo + bytes([number]), mine)).status_code == 201
    assert problem(await send(photo, mine))["code"] == "attachments_full"
    told = (await world.call(None, "GET", f"{path}/outcome", headers=mine)).json()
    assert (told["state"], told["attachments"]) == ("open", 5)

    whole = await world.get("officer1", path)
    assert (whole["text"], whole["name"], whole["contact"]) == (TEXT, *NAMED.values())
    assert len(whole["files"]) == 5
    file = f"{path}/attachments/{whole['files'][0]['id']}"
    assert (await world.call("officer1", "GET", file)).content == photo + b"\0"
    for who, status in (("enterprise", 403), (None, 401), ("xigang", 404)):
        for where in (path, file):
            assert (await world.call(who, "GET", where)).status_code == status
    await decide(world, lodged, "rejected")
    assert problem(await send(photo, mine))["code"] == "attachments_full"


async def test_the_bureau_lists_its_objections_and_marks_the_late(world: World) -> None:
    await world.published()
    lodged = await object_to(world)
    for day, overdue in (("2020-04-09", False), ("2020-04-10", True)):
        await world.day(day)
        (listed,) = (await world.get("officer2", "/objections", state="open"))["items"]
        assert (listed["id"], listed["overdue"]) == (lodged["id"], overdue)
    assert (await world.get("xigang", "/objections"))["items"] == []
    await decide(world, lodged, "rejected")
    assert (await world.get("officer2", "/objections", state="open"))["items"] == []
    (listed,) = (await world.get("officer2", "/objections", state="rejected"))["items"]
    assert (listed["overdue"], listed["decided_by_name"]) == (False, "中山区 经办三")


async def test_online_objections_to_a_notice_have_a_bound_and_letters_have_none(
    world: World, owner_url: str
) -> None:
    await world.published()
    lodged = await object_to(world)
    columns = (
        "notice_id, claim_id, bureau_code, lines, grounds, channel, named, said_sealed,"
        " token_digest, lodged_on, due_on, state"
    )
    await administer(
        owner_url,
        f"INSERT INTO objections (id, receipt, {columns}) SELECT gen_random_uuid(), 'YY-' || n,"
        f" {columns} FROM objections, generate_series(2, 200) AS n",
    )
    path = f"/notices/{lodged['notice_id']}/objections"
    body = {"grounds": "other", "text": "情况说明"}
    full = await world.call(None, "POST", path, json=body)
    assert problem(full)["code"] == "objections_full"
    await world.post("officer1", f"{path}/keyed", {**body, "channel": "telephone"})


async def test_an_objection_and_a_batch_at_once_never_pay_what_is_held(
    world: World, owner_url: str
) -> None:
    """Whoever comes first: a line is objected to before it is paid, or no more.

    The business day is moved back and forth by the administrator, so that both are in time.
    """
    await world.published()
    notice = await world.get("enterprise", f"/claims/{world.claim['id']}/notice")
    await world.day("2020-04-10")
    batch = {"claim_ids": [world.claim["id"]]}
    back = administer(owner_url, "UPDATE business_clock SET today = '2020-04-09'")
    objections = [
        world.call(
            None, "POST", f"/notices/{notice['id']}/objections",
            json={"claim_receipt": world.claim["receipt"], **ABOUT_3, "lines": [number]},
        )
        for number in range(1, 9)
    ]  # fmt: skip
    await asyncio.gather(
        world.call("cashier", "POST", "/payment-batches", json=batch), back, *objections
    )
    held = await scalar(
        owner_url, "SELECT count(DISTINCT line) * 360 FROM objections, unnest(lines) AS line"
    )
    sent = await scalar(owner_url, "SELECT coalesce(sum(amount), 0) FROM payments")
    assert sent in {0, 8640 - held}, (sent, held)
