"""Does money wait for a third hand above the limit, and for a hand of its own, in any statement?"""

from decimal import Decimal
from uuid import UUID

import asyncpg
import pytest

from app.actors import Actor
from tests.database.callers import become, seated
from tests.database.docket import Docket, sign
from tests.refusals import constraint

Callers = dict[str, Actor]
PUBLISH = "UPDATE claims SET state = 'published' WHERE id = $1"


@pytest.fixture
async def low(docket: Docket) -> Docket:
    """From 20 February 2020 on three sign above 100 yuan."""
    await docket.owner.execute("UPDATE signature_limits SET amount = 100")
    return docket


async def _approved(docket: Docket, service_url: str, amount: str) -> UUID:
    (person,) = await docket.people(1)
    case = await docket.claim({person: Decimal(amount)})
    async with seated(service_url, docket.officers[0]) as service:
        await docket.approve(service, case)
    return case.id


async def _tried(url: str, actor: Actor, statement: str, *values: object) -> str:
    """Return the name under which the statement is refused, or nothing; it is kept if it is not."""
    async with constraint() as refused, seated(url, actor) as service:
        await service.execute(statement, *values)
    return refused.name


async def test_above_the_limit_nothing_is_published_without_the_third(
    low: Docket, service_url: str, callers: Callers
) -> None:
    at, above = [await _approved(low, service_url, each) for each in ("100.00", "100.01")]
    assert await _tried(service_url, low.officers[0], PUBLISH, at) == ""
    assert await _tried(service_url, low.officers[0], PUBLISH, above) == "claims_third_signature"
    for officer, name in (
        (callers["officer1"], "uq_signatures_one_per_officer"),
        (callers["officer2"], "uq_signatures_one_per_officer"),
        (callers["cashier"], "signatures_by_duty"),
    ):
        async with constraint() as refused, seated(service_url, officer) as service:
            await sign(service, above, officer, "countersign")
        assert refused.name == name
    third = callers["officer3"]
    async with seated(service_url, third) as service:
        await sign(service, above, third, "countersign", 2)  # of another round
    assert await _tried(service_url, third, PUBLISH, above) == "claims_third_signature"
    async with seated(service_url, third) as service:
        await sign(service, above, third, "countersign")
    assert await _tried(service_url, third, PUBLISH, above) == ""


async def test_a_limit_that_nobody_entered_is_none(
    low: Docket, service_url: str, callers: Callers
) -> None:
    claim = await _approved(low, service_url, "0.01")
    await low.owner.execute("DELETE FROM signature_limits")
    assert await _tried(service_url, callers["officer1"], PUBLISH, claim) == (
        "claims_third_signature"
    )


async def test_the_limit_is_that_of_the_business_day_and_nobody_moves_it(
    low: Docket, service_url: str, callers: Callers
) -> None:
    claim = await _approved(low, service_url, "200.00")
    await low.owner.execute("INSERT INTO signature_limits VALUES ('2020-03-31', NULL, 500)")
    assert await _tried(service_url, callers["officer1"], PUBLISH, claim) == (
        "claims_third_signature"
    )
    for change in (
        "UPDATE signature_limits SET amount = 1000000",
        "DELETE FROM signature_limits",
        "UPDATE business_clock SET today = '2020-03-31'",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await _tried(service_url, callers["officer1"], change)
    await low.owner.execute("UPDATE business_clock SET today = '2020-03-31'")
    assert await _tried(service_url, callers["officer1"], PUBLISH, claim) == ""


@pytest.mark.parametrize("change", [
    "UPDATE claims SET amount = amount + 100 WHERE id = $1",
    "UPDATE claims SET amount = 99, state = 'published' WHERE id = $1",
])  # fmt: skip
async def test_an_approved_amount_stands(
    low: Docket, service_url: str, callers: Callers, change: str
) -> None:
    claim = await _approved(low, service_url, "200.00")
    assert await _tried(service_url, callers["officer1"], change, claim) == "claims_figures_stand"


async def test_money_moves_under_a_signature_of_its_own(
    docket: Docket, service_url: str, callers: Callers
) -> None:
    claim = await _approved(docket, service_url, "10.00")
    pay = "UPDATE claims SET state = 'paying' WHERE id = $1"
    close = "UPDATE claims SET state = 'paid' WHERE id = $1"
    assert await _tried(service_url, callers["officer1"], PUBLISH, claim) == ""
    assert await _tried(service_url, callers["cashier"], pay, claim) == "claims_pay_signature"
    assert await _tried(service_url, callers["cashier"], close, claim) in {
        "claims_paid_by_payment", "claims_pay_signature",
    }  # fmt: skip
    third, cashier = callers["officer3"], callers["cashier"]
    async with constraint() as refused, seated(service_url, third) as service:
        await sign(service, claim, third, "pay")
    assert refused.name == "signatures_by_duty"
    async with seated(service_url, cashier) as service:
        await sign(service, claim, cashier, "pay")
        await service.execute(pay, claim)


@pytest.mark.parametrize(
    ("who", "step"),
    [("cashier", "review"), ("cashier", "approve"), ("officer1", "pay"), ("officer2", "pay")],
)
async def test_a_step_is_signed_by_who_is_charged_with_it(
    docket: Docket, service_url: str, callers: Callers, who: str, step: str
) -> None:
    (person,) = await docket.people(1)
    case = await docket.claim({person: Decimal(10)})
    async with constraint() as refused, seated(service_url, callers[who]) as service:
        await sign(service, case.id, callers[who], step)
    assert refused.name == "signatures_by_duty"


async def test_an_inflated_amount_is_not_approved(
    docket: Docket, service_url: str, callers: Callers
) -> None:
    """Neither one beside the assessment, nor an assessment beside its lines."""
    (person,) = await docket.people(1)
    case = await docket.claim({person: Decimal(10)})
    inflate = (
        "INSERT INTO assessments SELECT (jsonb_populate_record(NULL::assessments, to_jsonb(a)"
        " || jsonb_build_object('id', gen_random_uuid(), 'number', a.number + 1, 'amount', 999)"
        ")).* FROM assessments AS a WHERE a.claim_id = $1"
    )
    for made, refusing in (
        (None, "claims_amount_as_assessed"), (inflate, "assessments_under_examination"),
    ):  # fmt: skip
        async with constraint() as refused, seated(service_url, callers["officer1"]) as service:
            if made:
                await service.execute(made, case.id)
            await service.execute("UPDATE claims SET amount = 999 WHERE id = $1", case.id)
            await sign(service, case.id, callers["officer1"], "review")
            await become(service, callers["officer2"])
            await sign(service, case.id, callers["officer2"], "approve")
            await service.execute("UPDATE claims SET state = 'approved' WHERE id = $1", case.id)
        assert refused.name == refusing
