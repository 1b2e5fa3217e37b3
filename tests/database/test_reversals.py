"""Is what came back free again, and does a cap of a later edition apply from its date?"""

from decimal import Decimal
from typing import Final
from uuid import UUID

import asyncpg
import pytest

from tests.database.callers import seated
from tests.database.docket import Case, Docket
from tests.databases import Connection

_REVERSE: Final = "SELECT reverse_entitlements($1, $2, $3, $4, $5)"


async def _paid(docket: Docket, url: str, person: UUID, amount: str, project: str = "") -> Case:
    case = await docket.claim({person: Decimal(amount)}, project)
    async with seated(url, docket.officers[0]) as service:
        await docket.approve(service, case)
    async with seated(url, docket.officers[0]) as service:
        await docket.post(service, case)
    return case


async def _reversed(
    docket: Docket, case: Case, ground: str, frees: object = None, *, back: object = None
) -> None:
    """Reverse as the ledger does it for its triggers: no caller may."""
    persons = amounts = None
    if back is not None:
        persons, amounts = [each[0] for each in back], [each[1] for each in back]  # type: ignore[attr-defined]
    async with docket.owner.transaction():
        await docket.owner.execute("SELECT set_config('app.bureau', '210202', true)")
        await docket.owner.execute(_REVERSE, case.id, ground, frees, persons, amounts)


async def _standing(owner: Connection, person: UUID) -> str:
    row = await owner.fetchrow(
        "SELECT used, counted, (SELECT count(*) FROM project_subsidies AS s"
        "  WHERE s.person_id = y.person_id AND NOT s.released) AS projects"
        " FROM year_balances AS y JOIN period_balances USING (person_id) WHERE person_id = $1",
        person,
    )
    return f"{row['used']} {row['counted']} {row['projects']}"


@pytest.mark.parametrize(
    ("ground", "frees", "after"),
    [("error", None, "0.00 0 0"), ("superseded", None, "0.00 0 0"), ("fraud", None, "360.00 1 1"),
     ("fraud", True, "0.00 0 0"), ("error", False, "360.00 1 1")],
)  # fmt: skip
async def test_a_reversal_frees_for_an_error_and_not_for_a_fraud(
    docket: Docket, service_url: str, ground: str, frees: bool | None, after: str
) -> None:
    """A-34 is a parameter: the caller's word goes before the ground."""
    (person,) = await docket.people(1)
    case = await _paid(docket, service_url, person, "360.00", "turning")
    await _reversed(docket, case, ground, frees)
    assert await _standing(docket.owner, person) == after
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await _reversed(docket, case, ground, frees)
    assert refused.value.constraint_name == "ledger_reversed_once"
    # The docket's claims are paid without a batch.
    wrong = "SELECT * FROM ledger_differences() WHERE what <> 'payments'"
    assert await docket.owner.fetch(wrong) == []


async def test_a_part_that_comes_back_frees_money_and_the_rest_the_count(
    docket: Docket, service_url: str
) -> None:
    (person,) = await docket.people(1)
    case = await _paid(docket, service_url, person, "360.00")
    await _reversed(docket, case, "error", back=[(person, Decimal(100))])
    assert await _standing(docket.owner, person) == "260.00 1 1"
    with pytest.raises(asyncpg.CheckViolationError):
        await _reversed(docket, case, "error", back=[(person, Decimal("260.01"))])
    await _reversed(docket, case, "error", back=[(person, Decimal(260))])
    assert await _standing(docket.owner, person) == "0.00 0 0"


async def test_only_what_was_paid_comes_back_for_an_error(docket: Docket, service_url: str) -> None:
    (person,) = await docket.people(1)
    case = await docket.claim({person: Decimal(360)})
    async with seated(service_url, docket.officers[0]) as service:
        await docket.approve(service, case)
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await _reversed(docket, case, "error")
    assert refused.value.constraint_name == "ledger_reversed_after_payment"


async def test_a_raised_cap_lets_more_and_a_lowered_one_makes_nothing_illegal(
    docket: Docket, service_url: str
) -> None:
    """The ceiling stands on the row; an edition's applies to what is reserved under it."""
    (person,) = await docket.people(1)

    async def reserve(amount: str, cap: str, times: int = 9) -> None:
        case = await docket.claim({person: Decimal(amount)})
        async with seated(service_url, docket.officers[0]) as service:
            await docket.approve(service, case, cap, times)

    async def ceiling() -> tuple[Decimal, Decimal]:
        row = await docket.owner.fetchrow("SELECT ceiling, used FROM year_balances")
        return row["ceiling"], row["used"]

    await reserve("1000.00", "1000.00")
    with pytest.raises(asyncpg.CheckViolationError):
        await reserve("0.01", "1000.00")
    await reserve("200.00", "1200.00")
    assert await ceiling() == (1200, 1200)
    with pytest.raises(asyncpg.CheckViolationError):
        await reserve("0.01", "500.00")
    assert await ceiling() == (1200, 1200), "what was granted stays"
    with pytest.raises(asyncpg.CheckViolationError):
        await reserve("0.01", "2000.00", times=2)
    await reserve("800.00", "2000.00", times=3)
    assert await ceiling() == (2000, 2000)
    assert await docket.owner.fetchval("SELECT ceiling FROM period_balances") == 3
