"""Every other measure goes the same way, in its own terms, and never twice for the same thing."""

from decimal import Decimal
from typing import Any

from tests.elsewhere import administer
from tests.refusals import problem, refused
from tests.world import CLAIM, World

EVERYBODY = range(1, 25)


async def trained(world: World, measure: str, **changes: object) -> World:
    """The sample class, filed under another measure and approved; everybody is newly hired."""
    world.plan = {}
    await world.drafted(measure=measure, **changes)
    details = [
        {"number": number, "start": {"kind": "newly_hired", "on": "2020-02-26"}}
        for number in EVERYBODY
    ]
    await put(world, "details", details)
    plan = f"/plans/{world.plan['id']}"
    for kind in ("order_agreement", "commission_contract"):
        await world.send("enterprise", f"{plan}/evidence", "dispatch_agreement.pdf", kind=kind)
    world.plan = await world.post("enterprise", f"{plan}/submit")
    await world.day("2020-03-03")
    world.plan = await world.post("officer1", f"{plan}/approve", {})
    return world


async def put(world: World, what: str, told: object) -> None:
    answer = await world.call("enterprise", "PUT", f"/plans/{world.plan['id']}/{what}", json=told)
    assert answer.is_success, answer.text


async def certified(world: World, persons: range = EVERYBODY) -> None:
    """The people have learned, and these got their certificates; it is 30 March 2020."""
    await world.day("2020-03-30")
    plan = f"/plans/{world.plan['id']}"
    await world.send("enterprise", f"{plan}/learning-batches", "learning_px_class.xlsx")
    await world.papers({**CLAIM, "certificate_copy": "training_record.pdf"})
    told = [
        {
            "number": number,
            "certificate": {
                "level": "intermediate", "number": f"证-{number}", "issued_on": "2020-03-28",
            },
        }
        for number in persons
    ]  # fmt: skip
    await put(world, "results", told)


async def advance_body(world: World) -> dict[str, Any]:
    body = await world.claim_body()
    return {"commitments": body["commitments"]}


async def decided(world: World, day: str, notice: str, pays: str) -> dict[str, Any]:
    """The application at hand is reviewed, approved, published and stands to be paid."""
    await world.day(day)
    await world.step("officer1", "review")
    await world.step("officer2", "approve")
    await world.day(notice)
    await world.post("officer2", f"/claims/{world.claim['id']}/notice")
    await world.day(pays)
    return await world.get("enterprise", f"/claims/{world.claim['id']}")


async def paid(world: World) -> dict[str, Any]:
    batch = await world.post("cashier", "/payment-batches", {"claim_ids": [world.claim["id"]]})
    results = [{"payment_id": each["id"], "outcome": "paid"} for each in batch["items"]]
    await world.post("cashier", f"/payment-batches/{batch['id']}/results", {"results": results})
    return batch


async def advanced(world: World) -> World:
    """Half of 24 x 2000.00 was paid in advance on 12 March 2020."""
    await trained(world, "skill_upgrade")
    path = f"/plans/{world.plan['id']}/advance"
    world.claim = await world.post("enterprise", path, await advance_body(world))
    assert (world.claim["kind"], world.claim["amount"]) == ("advance", "24000.00")
    await decided(world, "2020-03-04", "2020-03-04", "2020-03-12")
    assert (await paid(world))["total"] == "24000.00"
    return world


async def test_an_advance_is_settled_by_the_claim_and_the_rest_is_paid(world: World) -> None:
    """DL-2.1-c, A-15: 50 % in advance for an SME before 30 April 2020, the rest at the end."""
    await advanced(world)
    await certified(world)
    world.claim = await world.post("enterprise", "/claims", await world.claim_body())
    told = {name: world.claim[name] for name in ("amount", "advanced", "to_pay", "to_recover")}
    assert told == {
        "amount": "48000.00", "advanced": "24000.00", "to_pay": "24000.00", "to_recover": "0.00",
    }  # fmt: skip
    await decided(world, "2020-03-31", "2020-04-01", "2020-04-10")
    answer = await world.call("cashier", "POST", f"/claims/{world.claim['id']}/settle")
    assert not refused(answer, 409, "wrong_state")
    assert (await paid(world))["total"] == "24000.00"
    assert (await world.get("enterprise", f"/claims/{world.claim['id']}"))["state"] == "paid"


async def test_what_was_advanced_too_much_is_demanded_back(world: World) -> None:
    """X19 in small: 24,000.00 advanced, 10 certificates come to 20,000.00: 4,000.00 comes back."""
    await advanced(world)
    await certified(world, range(1, 11))
    world.claim = await world.post("enterprise", "/claims", await world.claim_body())
    assert (world.claim["amount"], world.claim["to_recover"]) == ("20000.00", "4000.00")
    await decided(world, "2020-03-31", "2020-04-01", "2020-04-10")
    body = {"claim_ids": [world.claim["id"]]}
    assert not refused(
        await world.call("cashier", "POST", "/payment-batches", json=body), 409, "wrong_state"
    )
    claim = f"/claims/{world.claim['id']}"
    settled = await world.post("cashier", f"{claim}/settle")
    assert settled["state"] == "paid"
    demand = await world.get("enterprise", f"{claim}/recovery")
    assert (demand["amount"], demand["state"]) == ("4000.00", "demanded")
    back = await world.post("cashier", f"{claim}/recovery/repaid", {"bank_reference": "回单1"})
    assert (back["state"], back["repaid_on"]) == ("repaid", "2020-04-10")
    again = await world.call(
        "cashier", "POST", f"{claim}/recovery/repaid", json={"bank_reference": "回单2"}
    )
    assert not refused(again, 409, "wrong_state")


async def test_an_advance_and_its_claim_follow_each_other(world: World) -> None:
    await trained(world, "skill_upgrade")
    path = f"/plans/{world.plan['id']}/advance"
    world.claim = await world.post("enterprise", path, await advance_body(world))
    again = await world.call("enterprise", "POST", path, json=await advance_body(world))
    assert not refused(again, 409, "claim_already_filed")
    await certified(world)
    early = await world.call("enterprise", "POST", "/claims", json=await world.claim_body())
    assert not refused(early, 409, "advance_open")
    await world.step("enterprise", "withdraw", {"reason": "不再申请预拨"})
    world.claim = await world.post("enterprise", "/claims", await world.claim_body())
    late = await world.call("enterprise", "POST", path, json=await advance_body(world))
    assert not refused(late, 409, "advance_open")


async def test_an_advance_that_comes_to_nothing_is_refused_with_its_reason(world: World) -> None:
    await world.approved()
    path = f"/plans/{world.plan['id']}/advance"
    answer = await world.call("enterprise", "POST", path, json=await advance_body(world))
    found = problem(answer)
    assert (found["code"], found["amount"]) == ("findings_block", "0.00")
    assert [each["rule"] for each in found["findings"]] == ["advance_foreseen"]
    assert (await world.get("enterprise", "/claims"))["items"] == []


async def test_an_advance_nobody_earned_comes_back_whole(world: World) -> None:
    """A claim of 0.00 after an advance is decided, published and settled."""
    await advanced(world)
    await certified(world, range(0))
    world.claim = await world.post("enterprise", "/claims", await world.claim_body())
    assert (world.claim["amount"], world.claim["to_recover"]) == ("0.00", "24000.00")
    await decided(world, "2020-03-31", "2020-04-01", "2020-04-10")
    claim = f"/claims/{world.claim['id']}"
    assert (await world.post("cashier", f"{claim}/settle"))["state"] == "paid"
    assert (await world.get("enterprise", f"{claim}/recovery"))["amount"] == "24000.00"


async def test_a_refused_claim_makes_its_advance_come_back_once(world: World) -> None:
    await advanced(world)
    await certified(world)
    world.claim = await world.post("enterprise", "/claims", await world.claim_body())
    await world.day("2020-03-31")
    refused_claim = await world.step("officer2", "reject", {"reason": "证书系伪造"})
    assert refused_claim["to_recover"] == "24000.00"
    demand = await world.get("enterprise", f"/claims/{world.claim['id']}/recovery")
    assert (demand["amount"], demand["state"]) == ("24000.00", "demanded")
    world.claim = await world.post("enterprise", "/claims", await world.claim_body())
    assert (world.claim["advanced"], world.claim["to_pay"]) == ("0.00", "48000.00")


async def test_only_orders_are_found_to_meet_requirements(world: World) -> None:
    await world.filed()
    body = {"met": True, "remark": "已核查"}
    path = f"/claims/{world.claim['id']}/requirements"
    answer = await world.call("officer1", "POST", path, json=body)
    assert not refused(answer, 404, "not_found")


async def test_a_claim_of_nothing_is_sent_back_with_the_reasons_of_its_persons(
    world: World,
) -> None:
    await trained(world, "skill_upgrade")
    await certified(world, range(0))
    world.claim = await world.post("enterprise", "/claims", await world.claim_body())
    answer = await world.call(
        "officer1", "POST", f"/claims/{world.claim['id']}/review", json={"remark": "核对"}
    )
    found = problem(answer)
    assert [each["rule"] for each in found["findings"]] == ["certificate_earned"]


async def test_a_rate_fits_its_measure_and_no_day_is_the_end_of_time(world: World) -> None:
    rate = {
        "measure": "skill_upgrade", "key": ["senior"], "amount": "3000.00", "source": "原件",
        "certainty": "sample", "valid_from": "2020-06-01",
    }  # fmt: skip
    for wrong in (
        {"key": ["nobody"]}, {"key": ["senior", "junior"]}, {"amount": "100000000"},
        {"measure": "hourly_sme"}, {"measure": "work_for_training"}, {"valid_to": "9999-12-31"},
        {"valid_from": "0001-01-01"},
    ):  # fmt: skip
        answer = await world.call("centre", "POST", "/policy/rates", json={**rate, **wrong})
        assert not refused(answer, 422, "invalid_request"), wrong
    assert (await world.post("centre", "/policy/rates", rate))["amount"] == "3000.00"


async def test_what_was_filed_of_a_person_is_fixed_with_the_filing(world: World) -> None:
    await trained(world, "skill_upgrade")
    told = [{"number": 1, "start": {"kind": "resumed", "on": "2020-02-20"}}]
    path = f"/plans/{world.plan['id']}/details"
    answer = await world.call("enterprise", "PUT", path, json=told)
    assert not refused(answer, 409, "wrong_state")
    unknown = await world.call(
        "enterprise", "PUT", f"/plans/{world.plan['id']}/results", json=[{"number": 99}]
    )
    assert not refused(unknown, 422, "persons_unknown")


async def test_without_a_rate_in_force_nothing_is_approved(world: World, owner_url: str) -> None:
    """DL-2.1-a: 规定标准 is nobody's to guess; the refusal names what is missing."""
    await administer(
        owner_url,
        "ALTER TABLE rates DISABLE TRIGGER refuse_change",
        "DELETE FROM rates WHERE measure = 'skill_upgrade'",
    )
    world.plan = {}
    await world.submitted(measure="skill_upgrade")
    await world.day("2020-03-03")
    answer = await world.call("officer1", "POST", f"/plans/{world.plan['id']}/approve", json={})
    found = problem(answer)
    assert found["code"] == "findings_block"
    assert "rate_in_force" in {each["rule"] for each in found["findings"]}
    rate = {
        "measure": "skill_upgrade", "key": ["intermediate"], "amount": "2000.00",
        "document": "大人社发〔2020〕1号", "source": "原件", "certainty": "verified",
        "valid_from": "2020-02-24",
    }  # fmt: skip
    entered = await world.post("centre", "/policy/rates", rate)
    assert entered["amount"] == "2000.00"
    await world.post("officer1", f"/plans/{world.plan['id']}/approve", {})
    twice = await world.call("centre", "POST", "/policy/rates", json=rate)
    assert not refused(twice, 409, "rate_known")
    district = await world.call("officer1", "POST", "/policy/rates", json=rate)
    assert not refused(district, 403, "not_your_role")


async def test_an_order_is_paid_to_one_of_the_two_who_made_it(world: World) -> None:
    """DL-2.4-c: institution or enterprise, never both; the database refuses the second."""
    await trained(world, "order_training", class_reference="订单-2020-1")
    await certified(world)
    world.claim = await world.post("enterprise", "/claims", await world.claim_body())
    assert world.claim["amount"] == "0.00"  # nobody found the requirements met yet
    found = await world.post(
        "officer1",
        f"/claims/{world.claim['id']}/requirements",
        {"met": True, "remark": "已核查培训计划与订单"},
    )
    assert found["amount"] == str(Decimal(24) * Decimal("2000.00"))
    await decided(world, "2020-03-31", "2020-04-01", "2020-04-10")
    assert (await paid(world))["total"] == "48000.00"


async def test_everybody_may_look_up_measures_and_rates(world: World) -> None:
    measures = {each["code"]: each for each in await world.get(None, "/policy/measures")}
    assert len(measures) == 6
    assert measures["apprenticeship"]["in_advance"]
    assert not measures["work_for_training"]["is_class"]
    rates = await world.get(None, "/policy/rates", measure="work_for_training", on="2020-03-02")
    zhongshan = [each for each in rates if each["key"] == ["210202"]]
    assert [each["amount"] for each in zhongshan] == ["1810.00"]


async def test_uncapped_measures_book_no_cap(world: World, owner_url: str) -> None:
    """A-29: the cap of 1000 yuan is the hourly programme's; 2000.00 a person are booked beside."""
    await trained(world, "skill_upgrade")
    await certified(world)
    world.claim = await world.post("enterprise", "/claims", await world.claim_body())
    await decided(world, "2020-03-31", "2020-04-01", "2020-04-10")
    assert (await paid(world))["total"] == "48000.00"
    await administer(
        owner_url,
        "DO $$ BEGIN ASSERT NOT EXISTS (SELECT FROM year_balances); END $$",
        "DO $$ BEGIN ASSERT (SELECT sum(amount) FROM ledger_entries WHERE kind = 'reserve')"
        " = 48000; END $$",
    )
