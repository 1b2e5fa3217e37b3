"""Does the database hold every person's cap, count and projects, whatever the service asks?"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Final
from uuid import UUID

import asyncpg
import pytest

from app.actors import Actor
from tests.database.callers import REFUSED, seated
from tests.database.docket import Docket
from tests.databases import Connection

FULL: Final = Decimal("1000.00")


@asynccontextmanager
async def _refused(constraint: str) -> AsyncIterator[None]:
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
        yield
    assert refused.value.constraint_name == constraint


async def _standing(owner: Connection, person: UUID) -> str:
    """Return a person's yuan and count, if any were ever booked."""
    row = await owner.fetchrow(
        "SELECT used, counted FROM year_balances JOIN period_balances USING (person_id)"
        " WHERE person_id = $1",
        person,
    )
    return f"{row['used']} {row['counted']}" if row else "nothing"


async def test_a_thousand_yuan_a_year_and_not_a_fen_more(docket: Docket, service_url: str) -> None:
    (person,) = await docket.people(1)
    for amount in ("640.00", "360.00"):
        async with seated(service_url, docket.officers[0]) as service:
            await docket.approve(service, await docket.claim({person: Decimal(amount)}))
    assert await _standing(docket.owner, person) == "1000.00 2"
    case = await docket.claim({person: Decimal("0.01")})
    async with _refused("ck_year_balances_cap"), seated(service_url, docket.officers[0]) as service:
        await docket.approve(service, case)
    assert await _standing(docket.owner, person) == "1000.00 2"
    assert await docket.owner.fetchval("SELECT state FROM claims WHERE id = $1", case.id) == (
        "reviewed"
    )


async def test_the_next_year_has_a_cap_of_its_own(docket: Docket, service_url: str) -> None:
    (person,) = await docket.people(1)
    for year in (2020, 2021):
        async with seated(service_url, docket.officers[0]) as service:
            await docket.approve(service, await docket.claim({person: FULL}, year=year))
    assert await docket.owner.fetchval("SELECT sum(used) FROM year_balances") == 2 * FULL


async def test_one_person_over_the_cap_stops_the_whole_claim(
    docket: Docket, service_url: str
) -> None:
    rich, poor = await docket.people(2)
    async with seated(service_url, docket.officers[0]) as service:
        await docket.approve(service, await docket.claim({rich: FULL}))
    both = await docket.claim({poor: Decimal(10), rich: Decimal(10)})
    async with _refused("ck_year_balances_cap"), seated(service_url, docket.officers[0]) as service:
        await docket.approve(service, both)
    assert await _standing(docket.owner, poor) == "nothing"


async def test_three_times_and_not_a_fourth(docket: Docket, service_url: str) -> None:
    (person,) = await docket.people(1)
    for _ in range(3):
        async with seated(service_url, docket.officers[0]) as service:
            await docket.approve(service, await docket.claim({person: Decimal(10)}))
    assert await _standing(docket.owner, person) == "30.00 3"
    async with (
        _refused("ck_period_balances_times"),
        seated(service_url, docket.officers[0]) as service,
    ):
        await docket.approve(service, await docket.claim({person: Decimal(10)}))


async def test_the_same_project_only_once(docket: Docket, service_url: str) -> None:
    person, other = await docket.people(2)
    async with seated(service_url, docket.officers[0]) as service:
        await docket.approve(service, await docket.claim({person: Decimal(10)}, "turning"))
    async with (
        _refused("uq_project_subsidies_once"),
        seated(service_url, docket.officers[0]) as service,
    ):
        await docket.approve(service, await docket.claim({person: Decimal(10)}, "turning"))
    async with seated(service_url, docket.officers[0]) as service:
        await docket.approve(service, await docket.claim({other: Decimal(10)}, "turning"))


async def test_who_is_paid_nothing_uses_up_nothing(docket: Docket, service_url: str) -> None:
    paid, excluded = await docket.people(2)
    case = await docket.claim({paid: Decimal(10), excluded: Decimal(0)}, "turning")
    async with seated(service_url, docket.officers[0]) as service:
        await docket.approve(service, case)
    assert await _standing(docket.owner, paid) == "10.00 1"
    assert await _standing(docket.owner, excluded) == "nothing"
    async with seated(service_url, docket.officers[0]) as service:
        await docket.approve(service, await docket.claim({excluded: Decimal(10)}, "turning"))


async def test_a_release_frees_cap_count_and_project_and_comes_once(
    docket: Docket, service_url: str
) -> None:
    (person,) = await docket.people(1)
    for _ in range(4):
        case = await docket.claim({person: FULL}, "turning")
        async with seated(service_url, docket.officers[0]) as service:
            await docket.approve(service, case)
        async with seated(service_url, docket.officers[0]) as service:
            await docket.release(service, case)
        assert await _standing(docket.owner, person) == "0.00 0"
    async with (
        _refused("uq_ledger_entries_once"),
        seated(service_url, docket.officers[1]) as service,
    ):
        await service.execute("SELECT release_entitlements($1)", case.id)


async def test_a_payment_posts_and_moves_nothing(docket: Docket, service_url: str) -> None:
    (person,) = await docket.people(1)
    case = await docket.claim({person: Decimal(360)})
    async with seated(service_url, docket.officers[0]) as service:
        await docket.approve(service, case)
    async with seated(service_url, docket.officers[0]) as service:
        await docket.post(service, case)
    assert await _standing(docket.owner, person) == "360.00 1"
    kinds = await docket.owner.fetch("SELECT kind, amount, used FROM ledger_entries ORDER BY id")
    assert [tuple(row) for row in kinds] == [("reserve", 360, 360), ("post", 360, 0)]
    async with (
        _refused("uq_ledger_entries_once"),
        seated(service_url, docket.officers[1]) as service,
    ):
        await service.execute("SELECT post_entitlements($1)", case.id)


async def test_only_the_approved_amount_is_reserved(docket: Docket, service_url: str) -> None:
    """Neither before the approval, nor from an assessment with other figures."""
    (person,) = await docket.people(1)
    case, other = [await docket.claim({person: Decimal(each)}) for each in (10, 20)]
    reserve = "SELECT reserve_entitlements($1, 'hourly_sme', '2020-epidemic', 1000, 3)"
    with pytest.raises(asyncpg.CheckViolationError, match="approved amount"):
        async with seated(service_url, docket.officers[0]) as service:
            await service.execute(reserve, case.assessment)
    await docket.owner.execute(
        "INSERT INTO assessments SELECT new.* FROM assessments AS old, jsonb_populate_record("
        " NULL::assessments, to_jsonb(old) || jsonb_build_object("
        "  'id', gen_random_uuid(), 'claim_id', $1::uuid, 'number', 2)) AS new WHERE old.id = $2",
        case.id,
        other.assessment,
    )
    wrong = await docket.owner.fetchval("SELECT id FROM assessments WHERE number = 2")
    with pytest.raises(asyncpg.CheckViolationError, match="approved amount"):
        async with seated(service_url, docket.officers[0]) as service:
            await docket.approve(service, type(case)(case.id, case.plan, wrong))


@pytest.mark.parametrize("change", [
    "UPDATE year_balances SET used = 0",
    "UPDATE period_balances SET counted = counted - 1",
    "INSERT INTO year_balances SELECT id, 'other', 2020, 1000, 10 FROM persons",
    "INSERT INTO period_balances SELECT id, 'other', 3, 1 FROM persons",
    "DELETE FROM year_balances",
    "DELETE FROM period_balances",
    "DELETE FROM project_subsidies",
    "TRUNCATE year_balances, period_balances, project_subsidies",
])  # fmt: skip
async def test_balances_move_by_entries_only(
    docket: Docket, service_url: str, callers: dict[str, Actor], change: str
) -> None:
    """The callers have no right on them; the owner and the administrator are stopped, too."""
    (person,) = await docket.people(1)
    async with seated(service_url, docket.officers[0]) as service:
        await docket.approve(service, await docket.claim({person: Decimal(360)}))
    for who in ("officer1", "enterprise", "centre"):
        with pytest.raises(REFUSED):
            async with seated(service_url, callers[who]) as service:
                await service.execute(change)
    for role in ("subsidy_owner", "none"):
        await docket.owner.execute(f"SET ROLE {role}")
        with pytest.raises(asyncpg.RestrictViolationError):
            await docket.owner.execute(change)
    assert await _standing(docket.owner, person) == "360.00 1"
