"""The work list: what waits, until when, in whose hands, in a stable order, page by page."""

import asyncio
from collections import Counter
from typing import Any

import pytest

from app.services import worklist_statements
from tests.elsewhere import administer
from tests.refusals import problem
from tests.rows import scalar
from tests.world import World

MANY = """
    INSERT INTO worklist (case_id, kind, enterprise_id, bureau_code, receipt, measure, step, round,
                          since, due_on, amount, signals, holder, holder_name)
    SELECT gen_random_uuid(), 'claim', c.enterprise_id, c.bureau_code, 'SQ-' || n, c.measure,
           (ARRAY['review', 'approve', 'pay'])[1 + n % 3], 1, date '2020-02-24' + n % 7,
           date '2020-03-10' + n % 5, n * 100, n % 2, CASE WHEN n % 4 = 0 THEN a.id END,
           CASE WHEN n % 4 = 0 THEN a.name END
    FROM claims AS c, accounts AS a, generate_series(1, 60) AS n
    WHERE a.username = 'officer2'
"""


async def walked(world: World, limit: int = 7, **query: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    """Return the whole list, page by page."""
    found, after = [], {}
    while True:
        page = await world.get("officer1", "/worklist", limit=limit, **query, **after)
        assert len(page["items"]) <= limit
        found += page["items"]
        if page["next"] is None:
            return found
        after = {"after": page["next"]}


async def only(world: World, who: str = "officer1", **query: Any) -> dict[str, Any]:  # noqa: ANN401
    (item,) = (await world.get(who, "/worklist", **query))["items"]
    return dict(item)


async def test_a_case_waits_for_each_step_in_turn_until_its_day(world: World) -> None:
    await world.submitted()
    plan = await only(world)
    assert (plan["kind"], plan["id"], plan["step"]) == ("plan", world.plan["id"], "approve_plan")
    assert (plan["since"], plan["due_on"], plan["amount"]) == ("2020-03-02", "2020-03-09", None)
    await world.day("2020-03-03")
    await world.post("officer1", f"/plans/{world.plan['id']}/approve", {})
    assert (await world.get("officer1", "/worklist"))["items"] == []


async def test_a_claim_goes_through_the_list_to_its_payment(world: World) -> None:
    await world.filed()
    steps = []
    filed = await only(world)
    steps.append((filed["step"], filed["state"], filed["duty"], filed["due_on"]))
    await world.day("2020-03-31")
    for who, step in (("officer1", "review"), ("officer2", "approve")):
        await world.step(who, step)
        item = await only(world)
        steps.append((item["step"], item["state"], item["duty"], item["due_on"]))
    await world.day("2020-04-01")
    await world.post("officer2", f"/claims/{world.claim['id']}/notice")
    assert (await world.get("cashier", "/worklist"))["items"] == [], "the notice hangs"
    hanging = await world.get("cashier", "/worklist/counts")
    assert {each["step"]: each["to_come"] for each in hanging["steps"]}["pay"] == 1
    await world.day("2020-04-10")
    item = await only(world, "cashier")
    steps.append((item["step"], item["state"], item["duty"], item["due_on"]))
    assert (item["since"], item["amount"]) == ("2020-04-10", "8640.00")
    batch = await world.post("cashier", "/payment-batches", {"claim_ids": [world.claim["id"]]})
    item = await only(world, "cashier")
    steps.append((item["step"], item["state"], item["duty"], item["due_on"]))
    results = [{"payment_id": each["id"], "outcome": "paid"} for each in batch["items"]]
    await world.post("cashier", f"/payment-batches/{batch['id']}/results", {"results": results})
    assert steps == [
        ("review", "filed", "review", "2020-04-07"),
        ("approve", "reviewed", "approve", "2020-04-03"),
        ("publish", "approved", "approve", "2020-04-02"),
        ("pay", "published", "pay", "2020-04-17"),
        ("confirm_payment", "paying", "pay", "2020-04-17"),
    ]
    assert (await world.get("cashier", "/worklist"))["items"] == []


async def test_overdue_is_marked_and_counted_the_day_after(world: World) -> None:
    await world.filed()
    told = []
    for day in ("2020-04-07", "2020-04-08"):
        await world.day(day)
        counts = await world.get("officer1", "/worklist/counts")
        item = await only(world)
        told.append((item["overdue"], counts["waiting"], counts["overdue"]))
    assert told == [(False, 1, 0), (True, 1, 1)]


async def test_the_clock_stands_still_while_the_enterprise_mends(world: World) -> None:
    await world.filed()
    await world.day("2020-04-01")
    await world.step("officer1", "return", {"reason": "材料需要补正"})
    assert (await world.get("officer1", "/worklist"))["items"] == []
    await world.day("2020-04-20")
    body = await world.claim_body()
    del body["plan_id"]
    await world.post("enterprise", f"/claims/{world.claim['id']}/resubmit", body)
    item = await only(world)
    assert (item["since"], item["due_on"]) == ("2020-04-20", "2020-04-23"), "two days were used"


@pytest.mark.parametrize("order", ["due", "age"])
@pytest.mark.parametrize("limit", [1, 7, 100])
async def test_pages_are_the_whole_list_in_order_without_gap_or_double(
    world: World, owner_url: str, order: str, limit: int
) -> None:
    await world.filed()
    await administer(owner_url, MANY)
    items = await walked(world, limit, order=order)
    day = {"due": "due_on", "age": "since"}[order]
    keys = [(each[day], each["id"]) for each in items]
    assert keys == sorted(keys)
    assert len(set(keys)) == 61


async def test_pages_stay_in_order_while_cases_come_and_go(world: World, owner_url: str) -> None:
    await world.filed()
    await administer(owner_url, MANY)
    first = await world.get("officer1", "/worklist", limit=10)
    rest = await walked(world)
    gone, seen = first["items"][-1]["id"], {each["id"] for each in first["items"]}
    await administer(owner_url, f"DELETE FROM worklist WHERE case_id = '{gone}'")
    second = await world.get("officer1", "/worklist", limit=100, after=first["next"])
    assert [each["id"] for each in second["items"]] == [
        each["id"] for each in rest if each["id"] not in seen
    ]


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        ({"step": "approve"}, "step = 'approve'"),
        ({"state": "published"}, "step = 'pay'"),
        ({"duty": "pay"}, "step = 'pay'"),
        ({"signals": True}, "signals > 0"),
        ({"signals": False, "step": "review"}, "signals = 0 AND step = 'review'"),
        ({"hold": "nobody"}, "holder IS NULL"),
        ({"hold": "somebody", "duty": "pay"}, "holder IS NOT NULL AND step = 'pay'"),
        ({"hold": "mine"}, "false"),
        ({"amount_from": "1000", "amount_to": "2000"}, "amount BETWEEN 1000 AND 2000"),
        ({"amount_to": "500", "hold": "nobody"}, "amount <= 500 AND holder IS NULL"),
        ({"until": "2020-03-11"}, "due_on <= '2020-03-11'"),
        ({"until": "2020-02-25", "order": "age"}, "since <= '2020-02-25'"),
        ({"step": "publish"}, "false"),
        ({"step": "pay", "state": "filed"}, "false"),
    ],
)
async def test_each_filter_keeps_what_it_names(
    world: World, owner_url: str, query: dict[str, Any], holds: str
) -> None:
    await world.filed()
    await administer(owner_url, MANY)
    listed = {each["id"] for each in await walked(world, **query)}
    wanted = await scalar(
        owner_url,
        f"SELECT coalesce(string_agg(case_id::text, ',' ORDER BY case_id), '') FROM worklist"
        f" WHERE {holds}",
    )
    assert ",".join(sorted(listed)) == wanted


async def test_a_range_in_which_many_lie_is_walked_tray_by_tray_to_the_same_list(
    world: World, owner_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.filed()
    await administer(owner_url, MANY)
    for query in (
        {"amount_from": "1000", "amount_to": "4000"},
        {"amount_to": "900", "order": "age"},
    ):
        few = [each["id"] for each in await walked(world, **query)]
        with monkeypatch.context() as patched:
            patched.setattr(worklist_statements, "FEW", 2)
            assert [each["id"] for each in await walked(world, **query)] == few
        assert len(few) == len(set(few)) > 7


@pytest.mark.parametrize(
    ("query", "amounts"),
    [
        ({}, [None, "200.00", "300.00"]),
        ({"amount_from": "0"}, ["200.00", "300.00"]),
        ({"amount_to": "200"}, ["200.00"]),
        ({"amount_from": "250", "order": "age"}, ["300.00"]),
        ({"signals": True}, [None, "300.00"]),
    ],
)
async def test_of_what_one_holds_the_rest_is_asked_too_and_a_plan_has_no_amount(
    world: World, owner_url: str, query: dict[str, Any], amounts: list[str | None]
) -> None:
    await world.filed()
    await administer(
        owner_url,
        MANY,
        "UPDATE worklist SET holder = a.id, holder_name = a.name FROM accounts AS a"
        " WHERE a.username = 'officer1' AND receipt IN ('SQ-1', 'SQ-2', 'SQ-3')",
        "UPDATE worklist SET kind = 'plan', amount = NULL WHERE receipt = 'SQ-1'",
    )
    found = await walked(world, hold="mine", **query)
    assert sorted((each["amount"] for each in found), key=str) == sorted(amounts, key=str)


async def test_the_counts_are_those_of_the_list_before_and_after_folding(
    world: World, owner_url: str
) -> None:
    await world.filed()
    await administer(owner_url, MANY)
    wanted = Counter(each["step"] for each in await walked(world, 100))
    told = []
    for statement in ("SELECT 1", "SELECT set_config('app.bureau', '210202', false)", "SELECT 2"):
        await administer(owner_url, statement, "SELECT fold_worklist()")
        told.append(await world.get("officer1", "/worklist/counts"))
    for counts in told:
        assert {each["step"]: each["waiting"] for each in counts["steps"] if each["waiting"]} == (
            wanted
        )
    assert await scalar(owner_url, "SELECT count(*) FROM worklist WHERE NOT counted") == 0
    await world.step("officer1", "review")
    moved = await world.get("officer1", "/worklist/counts")
    steps = {each["step"]: each["waiting"] for each in moved["steps"]}
    assert (steps["review"], steps["approve"]) == (wanted["review"] - 1, wanted["approve"] + 1)
    assert moved["waiting"] == 61


@pytest.mark.parametrize("after", ["x", "2020-02-30_01a20442-5c31-7d48-9f99-1eb16c15d2ea", "_"])
async def test_a_place_that_no_page_told_is_refused(world: World, after: str) -> None:
    answer = await world.call("officer1", "GET", "/worklist", params={"after": after})
    assert problem(answer)["code"] == "invalid_request"


async def test_another_bureau_sees_nothing_of_it(world: World) -> None:
    await world.filed()
    assert (await world.get("xigang", "/worklist"))["items"] == []
    assert (await world.get("xigang", "/worklist/counts"))["waiting"] == 0
    names = {each["name"] for each in await world.get("xigang", "/worklist/colleagues")}
    mine = {each["name"] for each in await world.get("officer1", "/worklist/colleagues")}
    assert names
    assert not names & mine


async def test_signals_stand_on_the_list_until_they_are_cleared(
    world: World, owner_url: str
) -> None:
    await world.filed()
    raised = f"""
        INSERT INTO signals (id, claim_id, enterprise_id, bureau_code, round, kind, severity, data,
                             rows, raised_on)
        SELECT gen_random_uuid(), id, enterprise_id, bureau_code, 1, 'not_on_roster', 'warning',
               '{{"sessions": 1}}', '{{1}}', filed_on FROM claims WHERE id = '{world.claim["id"]}'
    """
    await administer(owner_url, raised)
    assert (await only(world, signals=True))["signals"] == 1
    await world.cleared()
    assert (await only(world, signals=False))["signals"] == 0


async def test_two_officers_take_a_case_at_once_and_one_has_it(
    world: World, owner_url: str
) -> None:
    await world.filed()
    path = f"/worklist/claims/{world.claim['id']}/take"
    answers = await asyncio.gather(
        *(world.call(who, "POST", path, json={}) for who in ("officer1", "officer2") * 4)
    )
    codes = Counter(answer.status_code for answer in answers)
    assert codes == {200: 4, 409: 4}, "who has it may ask again"
    assert await scalar(owner_url, "SELECT count(*) FROM assignments") == 1
