"""Does money need two hands? Signatures by round and officer, approval by two of them."""

from decimal import Decimal
from uuid import UUID

import asyncpg
import pytest

from app.actors import Actor
from tests.database.callers import become, seated
from tests.database.docket import Docket, sign
from tests.world import World

APPROVE = "UPDATE claims SET state = 'approved' WHERE id = $1"
Callers = dict[str, Actor]


async def _case(docket: Docket) -> UUID:
    (person,) = await docket.people(1)
    return (await docket.claim({person: Decimal(10)})).id


@pytest.mark.parametrize(
    "steps",
    [
        [],
        [("officer1", "review", 1)],
        [("officer1", "approve", 1)],
        [("officer1", "review", 1), ("officer2", "review", 1)],
        [("officer1", "review", 1), ("cashier", "pay", 1)],
        [("officer1", "review", 2), ("officer2", "approve", 1)],
    ],
)
async def test_no_approval_without_a_review_and_an_approval_of_this_round(
    docket: Docket, service_url: str, callers: Callers, steps: list[tuple[str, str, int]]
) -> None:
    claim = await _case(docket)
    async with seated(service_url, callers["officer1"]) as service:
        for who, step, signed_round in steps:
            await become(service, callers[who])
            await sign(service, claim, callers[who], step, signed_round)
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        async with seated(service_url, callers["officer1"]) as service:
            await service.execute(APPROVE, claim)
    assert refused.value.constraint_name == "claims_two_signatures"


async def test_one_officer_signs_once_in_a_round_and_again_in_the_next(
    docket: Docket, service_url: str, callers: Callers
) -> None:
    claim, officer = await _case(docket), callers["officer1"]
    async with seated(service_url, officer) as service:
        await sign(service, claim, officer, "review", 1)
    with pytest.raises(asyncpg.UniqueViolationError) as refused:
        async with seated(service_url, officer) as service:
            await sign(service, claim, officer, "approve", 1)
    assert refused.value.constraint_name == "uq_signatures_one_per_officer"
    async with seated(service_url, officer) as service:
        await sign(service, claim, officer, "approve", 2)


@pytest.mark.parametrize("step", ["review", "approve", "countersign", "pay"])
async def test_who_keyed_a_case_in_signs_none_of_its_steps_in_any_round(
    docket: Docket, service_url: str, callers: Callers, step: str
) -> None:
    claim, officer = await _case(docket), callers["officer1"]
    keyer = getattr(officer, "account_id", None)
    # It stands since the filing; this one was filed by the enterprise itself.
    await docket.owner.execute("ALTER TABLE claims DISABLE TRIGGER claim_stays")
    await docket.owner.execute("UPDATE claims SET keyed_by = $2 WHERE id = $1", claim, keyer)
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        async with seated(service_url, officer) as service:
            await sign(service, claim, officer, step, 2)
    assert refused.value.constraint_name == "signatures_not_by_who_keyed_in"


async def test_a_temporary_table_does_not_stand_in_for_the_signatures(
    docket: Docket, service_url: str, callers: Callers
) -> None:
    claim = await _case(docket)
    async with seated(service_url, callers["officer1"]) as service:
        await service.execute(
            "CREATE TEMP TABLE signatures ON COMMIT DROP AS SELECT $1::uuid AS claim_id,"
            " $1::uuid AS case_id, 1 AS round, step, gen_random_uuid() AS officer_id"
            " FROM unnest('{review,approve}'::text[]) AS step",
            claim,
        )
        with pytest.raises(asyncpg.CheckViolationError, match="two signatures"):
            await service.execute(APPROVE, claim)


async def test_the_amount_stands_once_it_is_published(
    world: World, service_url: str, callers: Callers
) -> None:
    await world.published()
    for who in ("officer1", "officer2", "cashier"):
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            async with seated(service_url, callers[who]) as service:
                await service.execute("UPDATE claims SET amount = amount + 1")
