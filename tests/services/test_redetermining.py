"""An upheld objection makes a new decision; what the old one brought counts, and it stays."""

import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from app.replay import replay
from tests import money
from tests.databases import Connection
from tests.refusals import in_vain
from tests.world import World

WRITTEN = {"objection": "异议〔2020〕3号", "reason": "异议成立，核减依据不足"}
DECISION = {"reason": "经核实由他人代学", "reference": "核查记录1号"}
_ENTRIES = """
    SELECT c.receipt LIKE 'CH%' AS anew, e.kind, count(*) AS entries, sum(e.used) AS used,
           sum(e.counted) AS counted
    FROM ledger_entries AS e JOIN claims AS c ON c.id = e.claim_id
    GROUP BY 1, 2 ORDER BY 1, min(e.id)
"""
_BALANCED = """
    SELECT (SELECT bool_and(y.used = (SELECT coalesce(sum(e.used), 0) FROM ledger_entries AS e
                                      WHERE e.person_id = y.person_id AND e.year = y.year))
            FROM year_balances AS y)
       AND (SELECT bool_and(p.counted = (SELECT coalesce(sum(e.counted), 0) FROM ledger_entries AS e
                                         WHERE e.person_id = p.person_id AND e.period = p.period))
            FROM period_balances AS p)
"""


async def _reduced(world: World, until: str) -> str:
    """The sample claim, of which line 7 was excluded and line 8 reduced, published or paid."""
    await world.filed()
    await world.day("2020-03-31")
    await world.cleared()
    path = f"/claims/{world.claim['id']}/line-decisions"
    await world.post("officer1", path, {"number": 7, "kind": "exclude", **DECISION})
    more = {"number": 8, "kind": "reduce", "amount": "100.00", **DECISION}
    await world.post("officer1", path, more)
    await world.step("officer1", "review")
    await world.step("officer2", "approve")
    await world.post("officer2", f"/claims/{world.claim['id']}/notice")
    if until == "paid":
        await world.day("2020-04-10")
        await _pay(world, world.claim["id"])
    return f"/claims/{world.claim['id']}"


async def _pay(world: World, claim_id: str) -> dict[str, Any]:
    batch = await world.post("cashier", "/payment-batches", {"claim_ids": [claim_id]})
    results = [{"payment_id": each["id"], "outcome": "paid"} for each in batch["items"]]
    path = f"/payment-batches/{batch['id']}/results"
    told: dict[str, Any] = await world.post("cashier", path, {"results": results})
    return told


async def _decided(world: World, path: str) -> None:
    """Review and approve the new decision, by different hands."""
    world.claim = await world.get("officer1", path)
    await world.cleared()
    await world.step("officer1", "review")
    await world.step("officer2", "approve")


async def test_a_raise_is_paid_as_the_difference_and_the_old_stays_readable(
    world: World, owner: Connection, owner_url: str
) -> None:
    old = await _reduced(world, "paid")
    notice = await world.get("enterprise", f"{old}/notice")
    paid = await world.get("enterprise", f"{old}/payments")
    made = await world.post("officer1", f"{old}/redetermine", {**WRITTEN, "lifted": [7]})
    assert (made["state"], made["round"], made["amount"]) == ("filed", 1, "8380.00")
    assert (made["advanced"], made["to_pay"]) == ("8020.00", "360.00")
    new = f"/claims/{made['id']}"
    (carried,) = await world.get("enterprise", f"{new}/line-decisions")
    assert (carried["number"], carried["carried"], carried["after"]) == (8, True, "100.00")
    await _decided(world, new)
    before = await world.get("enterprise", old)
    assert (before["state"], before["state_zh"]) == ("superseded", "已由重新核定取代")
    await world.day("2020-04-20")
    await world.post("officer2", f"{new}/notice")
    await world.day("2020-05-06")
    batch = await _pay(world, made["id"])
    assert batch["total"] == "360.00"
    assert (await world.get("enterprise", new))["state"] == "paid"
    marked = [{**entry, "ended": "superseded"} for entry in notice["entries"]]
    assert await world.get("enterprise", f"{old}/notice") == {
        **notice, "closed": True, "standing": "superseded", "entries": marked,
    }  # fmt: skip
    assert await world.get("enterprise", f"{old}/payments") == paid
    (told,) = await world.get("enterprise", f"{old}/redeterminations")
    assert (told["claim_id"], told["objection"]) == (made["id"], WRITTEN["objection"])
    assert [tuple(row) for row in await owner.fetch(_ENTRIES)] == [
        (False, "reserve", 23, Decimal("8020.00"), 23),
        (False, "post", 23, Decimal("0.00"), 0),
        (False, "reverse", 23, Decimal("-8020.00"), -23),
        (True, "reserve", 24, Decimal("8380.00"), 24),
        (True, "post", 24, Decimal("0.00"), 0),
    ]
    assert await owner.fetchval(_BALANCED)
    grounds = await owner.fetch("SELECT DISTINCT ground FROM ledger_entries WHERE kind = 'reverse'")
    assert [row[0] for row in grounds] == ["superseded"]
    assert (await replay(owner_url, 1, lambda *_: None)).differences == []


async def test_a_lowering_is_settled_and_demanded_back(world: World, owner: Connection) -> None:
    old = await _reduced(world, "paid")
    made = await world.post("officer1", f"{old}/redetermine", WRITTEN)
    new = f"/claims/{made['id']}"
    more = {"number": 9, "kind": "exclude", **DECISION}
    await world.post("officer1", f"{new}/line-decisions", more)
    await _decided(world, new)
    claim = await world.get("enterprise", new)
    assert (claim["to_pay"], claim["to_recover"]) == ("0.00", "360.00")
    await world.day("2020-04-20")
    await world.post("officer2", f"{new}/notice")
    await world.day("2020-05-06")
    await world.post("cashier", f"{new}/settle")
    assert (await world.get("enterprise", f"{new}/recovery"))["amount"] == "360.00"
    assert await owner.fetchval(_BALANCED)
    assert await owner.fetchval("SELECT sum(used) FROM year_balances") == Decimal("7660.00")


async def test_an_unpaid_decision_is_paid_as_the_new_one_and_never_twice(
    world: World, owner: Connection
) -> None:
    old = await _reduced(world, "published")
    made = await world.post("officer1", f"{old}/redetermine", {**WRITTEN, "lifted": [7, 8]})
    assert (made["amount"], made["to_pay"]) == ("8640.00", "8640.00")
    await _decided(world, f"/claims/{made['id']}")
    await world.day("2020-04-20")
    both = {"claim_ids": [world.claim["id"], old.rpartition("/")[2]]}
    await in_vain(world, "cashier", "/payment-batches", "wrong_state", both)
    await world.post("officer2", f"/claims/{made['id']}/notice")
    await world.day("2020-05-06")
    assert (await _pay(world, made["id"]))["total"] == "8640.00"
    assert await owner.fetchval("SELECT sum(amount) FROM payments") == Decimal("8640.00")
    assert await owner.fetchval(_BALANCED)


async def test_a_budget_that_is_nearly_used_up_lets_the_new_decision_take_the_olds_place(
    world: World, owner: Connection
) -> None:
    """What the old one held is given back before the new one takes: the budget suffices."""
    await money.budget(world, "8380.00")
    old = await _reduced(world, "published")
    made = await world.post("officer1", f"{old}/redetermine", {**WRITTEN, "lifted": [7, 8]})
    world.claim = await world.get("officer1", f"/claims/{made['id']}")
    await world.cleared()
    await world.step("officer1", "review")
    path = f"/claims/{made['id']}/approve"
    refused = await in_vain(world, "officer2", path, "budget_exceeded")
    assert (refused["free"], refused["asked"]) == ("8380.00", "8640.00")
    assert (await world.get("officer1", old))["state"] == "published"
    reason = {"reason": "预算不足"}
    await world.post("officer2", f"/claims/{made['id']}/reject", reason)
    made = await world.post("officer1", f"{old}/redetermine", {**WRITTEN, "lifted": [7]})
    await _decided(world, f"/claims/{made['id']}")
    assert (await world.get("officer1", old))["state"] == "superseded"
    assert await owner.fetchval("SELECT sum(used) FROM budget_slices") == Decimal("8380.00")
    assert await owner.fetch("SELECT * FROM ledger_differences()") == []


async def test_what_is_paid_meanwhile_counts_all_the_same(world: World) -> None:
    """The old decision stands, and may be paid, until the new one is approved."""
    old = await _reduced(world, "published")
    made = await world.post("officer1", f"{old}/redetermine", {**WRITTEN, "lifted": [7]})
    await world.day("2020-04-10")
    await _pay(world, old.rpartition("/")[2])
    await _decided(world, f"/claims/{made['id']}")
    claim = await world.get("enterprise", f"/claims/{made['id']}")
    assert (claim["advanced"], claim["to_pay"]) == ("8020.00", "360.00")


async def test_while_it_is_being_paid_nothing_is_made_anew(world: World) -> None:
    old = await _reduced(world, "published")
    made = await world.post("officer1", f"{old}/redetermine", {**WRITTEN, "lifted": [7]})
    await world.day("2020-04-10")
    sent = {"claim_ids": [old.rpartition("/")[2]]}
    await world.post("cashier", "/payment-batches", sent)
    await in_vain(world, "officer1", f"{old}/redetermine", "wrong_state", WRITTEN)
    world.claim = await world.get("officer1", f"/claims/{made['id']}")
    await world.cleared()
    await world.step("officer1", "review")
    await in_vain(world, "officer2", f"/claims/{made['id']}/approve", "wrong_state")
    assert (await world.get("officer1", old))["state"] == "paying"


@pytest.mark.parametrize(
    ("who", "body", "code"),
    [
        ("cashier", WRITTEN, "duty_missing"),
        ("enterprise", WRITTEN, "not_your_role"),
        ("xigang", WRITTEN, "not_found"),
        ("officer1", {**WRITTEN, "lifted": [9]}, "nothing_taken_away"),
        ("officer1", {**WRITTEN, "reason": ""}, "invalid_request"),
        ("officer1", {"reason": "没有异议编号"}, "invalid_request"),
    ],
)
async def test_it_needs_its_words_its_duty_and_its_objection(
    world: World, who: str, body: dict[str, Any], code: str
) -> None:
    old = await _reduced(world, "published")
    await in_vain(world, who, f"{old}/redetermine", code, body)
    assert await world.get("officer1", f"{old}/redeterminations") == []


async def test_one_at_a_time_and_not_by_the_enterprise_and_not_away_again(world: World) -> None:
    old = await _reduced(world, "paid")
    made = await world.post("officer1", f"{old}/redetermine", {**WRITTEN, "lifted": [7]})
    new = f"/claims/{made['id']}"
    await in_vain(world, "officer1", f"{old}/redetermine", "redetermination_open", WRITTEN)
    reason = {"reason": "不再申请"}
    await in_vain(world, "enterprise", f"{new}/withdraw", "decision_stands", reason)
    refused = await world.post("officer2", f"{new}/reject", {"reason": "异议不成立"})
    assert refused["state"] == "rejected"
    assert (await world.get("officer1", old))["state"] == "paid"
    again = await world.post("officer1", f"{old}/redetermine", {**WRITTEN, "lifted": [7]})
    await _decided(world, f"/claims/{again['id']}")
    for who, step in (("officer2", "reject"), ("enterprise", "withdraw")):
        await in_vain(world, who, f"/claims/{again['id']}/{step}", "decision_stands", reason)
    await in_vain(world, "officer1", f"{old}/redetermine", "wrong_state", WRITTEN)
    body = await world.claim_body()
    await in_vain(world, "enterprise", "/claims", "claim_already_filed", body)


async def test_who_makes_it_anew_does_not_approve_it(world: World) -> None:
    old = await _reduced(world, "paid")
    made = await world.post("officer2", f"{old}/redetermine", {**WRITTEN, "lifted": [7]})
    world.claim = made
    await world.cleared()
    await world.step("officer1", "review")
    await in_vain(world, "officer2", f"/claims/{made['id']}/approve", "signed_already")
    assert (await world.step("officer3", "approve"))["state"] == "approved"


async def test_a_decision_made_anew_can_be_made_anew(world: World, owner: Connection) -> None:
    old = await _reduced(world, "paid")
    first = await world.post("officer1", f"{old}/redetermine", {**WRITTEN, "lifted": [7]})
    await _decided(world, f"/claims/{first['id']}")
    await world.post("officer2", f"/claims/{first['id']}/notice")
    path = f"/claims/{first['id']}/redetermine"
    second = await world.post("officer1", path, {**WRITTEN, "lifted": [8]})
    assert (second["amount"], second["advanced"]) == ("8640.00", "8020.00")
    await _decided(world, f"/claims/{second['id']}")
    assert (await world.get("officer1", f"/claims/{first['id']}"))["state"] == "superseded"
    assert await owner.fetchval(_BALANCED)
    assert await owner.fetchval("SELECT sum(used) FROM year_balances") == Decimal("8640.00")


async def test_corrected_records_are_judged_by_the_day_of_the_claim(world: World) -> None:
    """It is returned, the enterprise replaces the export, and months later it is in time still."""
    old = await _reduced(world, "paid")
    await world.day("2020-09-01")
    made = await world.post("officer1", f"{old}/redetermine", {**WRITTEN, "lifted": [7, 8]})
    assert made["amount"] == "8640.00"
    world.claim = made
    point = {"kind": "learning", "place": "第1批", "how": "请重新导出"}
    await world.step("officer1", "return", {"reason": "记录有误", "points": [point]})
    plan = f"/plans/{world.plan['id']}"
    (batch,) = await world.get("enterprise", f"{plan}/learning-batches")
    content = (world.examples / "learning_px_class.xlsx").read_bytes()
    answer = await world.upload(
        "enterprise", f"{plan}/learning-batches", _fewer(content), replaces=batch["id"],
        filename="again.xlsx",
    )  # fmt: skip
    assert answer.is_success, answer.text
    body = await world.claim_body()
    del body["plan_id"]
    answered = [{"number": 1, "answer": "mended", "explanation": "已重新导出"}]
    again = await world.step("enterprise", "resubmit", {**body, "points": answered})
    assert (again["amount"], again["supersedes"]) == ("8280.00", old.rpartition("/")[2])
    told = await world.get("officer1", f"/claims/{made['id']}/rounds/2/changes")
    assert {each["field"] for each in told["lines"][0]["changes"]} >= {"hours", "payable"}
    assert [each["kind"] for each in told["files"]] == ["learning_export"]
    await world.cleared()
    await world.step("officer1", "review")
    await world.step("officer2", "approve")


def _fewer(content: bytes) -> bytes:
    """Return the export without the first person's last session."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    first = sheet.cell(2, 1).value
    rows = [row[0].row for row in sheet.iter_rows(min_row=2) if row[0].value == first]
    sheet.delete_rows(rows[-1])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
