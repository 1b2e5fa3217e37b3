"""Is a decision superseded by an approved one only, and does the ledger hold the cap between?"""

from decimal import Decimal
from uuid import UUID, uuid4

import asyncpg
import pytest

from app.actors import Actor
from tests.database.callers import REFUSED, become, seated
from tests.database.docket import Case, Docket, sign
from tests.databases import Connection
from tests.refusals import constraint
from tests.world import World

Callers = dict[str, Actor]
WRITTEN = {"objection": "异议1号", "reason": "异议成立"}


@pytest.fixture
async def anew(world: World) -> World:
    """The paid sample case, and a new decision on it that waits; ``claim`` is the new one."""
    await world.paid()
    path = f"/claims/{world.claim['id']}/redetermine"
    world.claim = await world.post("officer1", path, WRITTEN)
    await world.cleared()
    return world


async def _tried(url: str, actor: Actor, statement: str, *values: object) -> str:
    async with constraint() as refused, seated(url, actor) as service:
        await service.execute(statement, *values)
    return refused.name


async def test_nothing_is_superseded_but_by_an_approved_decision(
    anew: World, owner: Connection, service_url: str, callers: Callers
) -> None:
    old = anew.claim["supersedes"]
    statement = "UPDATE claims SET state = 'superseded' WHERE id = $1"
    for who in ("officer1", "cashier"):
        assert await _tried(service_url, callers[who], statement, UUID(old)) == (
            "claims_supersedes_decided"
        )
    await anew.step("officer1", "review")
    await anew.step("officer2", "approve")
    assert await owner.fetchval("SELECT state FROM claims WHERE id = $1", UUID(old)) == (
        "superseded"
    )


@pytest.mark.parametrize("state", ["withdrawn", "rejected"])
async def test_what_took_a_decisions_place_is_not_taken_away(
    anew: World, service_url: str, callers: Callers, state: str
) -> None:
    statement = f"UPDATE claims SET state = '{state}' WHERE supersedes IS NOT NULL"
    if state == "withdrawn":
        for who in ("enterprise", "officer1"):
            assert await _tried(service_url, callers[who], statement) == "claims_successor_stands"
    await anew.step("officer1", "review")
    await anew.step("officer2", "approve")
    assert await _tried(service_url, callers["officer2"], statement) == "claims_successor_stands"


async def test_one_decision_is_made_anew_once_at_a_time_and_by_no_enterprise(
    anew: World, owner: Connection, service_url: str, callers: Callers
) -> None:
    columns = await owner.fetchval(
        "SELECT string_agg(attname, ', ') FROM pg_attribute WHERE attrelid = 'claims'::regclass"
        " AND attnum > 0 AND NOT attisdropped AND attgenerated = ''"
    )
    copy = (
        f"INSERT INTO claims ({columns}) SELECT {columns} FROM (SELECT (jsonb_populate_record("
        "NULL::claims, to_jsonb(c) || jsonb_build_object('id', gen_random_uuid(), 'receipt',"
        " gen_random_uuid(), 'state', 'filed', 'round', 1))).* FROM claims AS c"
        " WHERE c.supersedes IS NOT NULL) AS copy"
    )
    assert await _tried(service_url, callers["officer1"], copy) == "uq_claims_supersedes"
    with pytest.raises(REFUSED):
        await _tried(service_url, callers["enterprise"], copy)
    moved = "UPDATE claims SET supersedes = NULL WHERE supersedes IS NOT NULL"
    assert await _tried(service_url, callers["officer1"], moved) == "claims_supersedes_decided"
    plain = "UPDATE claims SET supersedes = $1 WHERE supersedes IS NULL"
    assert await _tried(service_url, callers["officer1"], plain, UUID(anew.claim["id"])) == (
        "claims_supersedes_decided"
    )


async def test_who_made_it_anew_does_not_approve_it(
    anew: World, service_url: str, callers: Callers
) -> None:
    claim = anew.claim["id"]
    async with constraint() as refused, seated(service_url, callers["officer2"]) as service:
        for who, step in (("officer2", "review"), ("officer1", "approve")):
            await become(service, callers[who])
            await sign(service, claim, callers[who], step)
        for state in ("reviewed", "approved"):
            await service.execute("UPDATE claims SET state = $1 WHERE id = $2", state, UUID(claim))
    assert refused.name == "claims_not_by_who_decided"


async def test_what_was_paid_is_deducted_whatever_the_statement_says(
    anew: World, service_url: str, callers: Callers
) -> None:
    async with seated(service_url, callers["officer1"]) as service:
        await service.execute("UPDATE claims SET advanced = 0 WHERE supersedes IS NOT NULL")
    await anew.step("officer1", "review")
    claim = await anew.step("officer2", "approve")
    assert (claim["advanced"], claim["to_pay"]) == ("8640.00", "0.00")


@pytest.mark.usefixtures("anew")
async def test_the_reasons_stand_in_the_books(
    owner: Connection, service_url: str, callers: Callers
) -> None:
    for change in ("UPDATE redeterminations SET reason = '别的'", "DELETE FROM redeterminations"):
        with pytest.raises(REFUSED):
            await _tried(service_url, callers["officer1"], change)
        with pytest.raises(asyncpg.RestrictViolationError):
            await owner.execute(change)


async def _anew(docket: Docket, old: Case, payable: dict[UUID, Decimal]) -> Case:
    """Return a reviewed decision on the plan of *old* that pays each person so much."""
    case, amount = Case(uuid4(), old.plan, uuid4()), str(sum(payable.values()))
    await docket._copy(
        "claims", id=case.id, plan_id=old.plan, receipt=f"CH-{case.id}", state="reviewed",
        amount=amount, supersedes=old.id,
    )  # fmt: skip
    await docket._copy("assessments", id=case.assessment, claim_id=case.id, amount=amount)
    trainees = await docket.owner.fetch(
        "SELECT id, number, person_id FROM trainees WHERE plan_id = $1", old.plan
    )
    for row in trainees:
        money = str(payable[row["person_id"]])
        await docket._copy(
            "assessment_lines", assessment_id=case.assessment, claim_id=case.id,
            number=row["number"], payable=money, gross=money, trainee_id=row["id"],
            person_id=row["person_id"],
        )  # fmt: skip
    await docket.owner.execute(
        "INSERT INTO redeterminations SELECT id, enterprise_id, bureau_code, now(), supersedes,"
        " '异议1号', '异议成立', accepted_by, '', '2020-03-31' FROM claims WHERE id = $1",
        case.id,
    )
    return case


async def test_the_ledger_gives_back_before_it_takes_and_the_cap_holds(
    docket: Docket, service_url: str
) -> None:
    person, other = await docket.people(2)
    old = await docket.claim({person: Decimal(600), other: Decimal(1000)})
    beside = await docket.claim({person: Decimal(300)})
    for case in (old, beside):
        async with seated(service_url, docket.officers[0]) as service:
            await docket.approve(service, case)
    async with seated(service_url, docket.officers[0]) as service:
        await docket.owner.execute("UPDATE claims SET state = 'published' WHERE id = $1", old.id)
    high = await _anew(docket, old, {person: Decimal("700.01"), other: Decimal(0)})
    async with constraint() as refused, seated(service_url, docket.officers[0]) as service:
        await docket.approve(service, high)
    assert refused.name == "ck_year_balances_cap"
    await docket.owner.execute("UPDATE claims SET state = 'rejected' WHERE id = $1", high.id)
    fits = await _anew(docket, old, {person: Decimal("700.00"), other: Decimal(0)})
    async with seated(service_url, docket.officers[0]) as service:
        await docket.approve(service, fits)
    rows = await docket.owner.fetch(
        "SELECT y.person_id, y.used, p.counted FROM year_balances AS y"
        " JOIN period_balances AS p USING (person_id)"
    )
    assert {row[0]: (row[1], row[2]) for row in rows} == {
        person: (Decimal(1000), 2),
        other: (Decimal(0), 0),
    }
    sums = await docket.owner.fetch(
        "SELECT person_id, sum(used), sum(counted) FROM ledger_entries GROUP BY 1"
    )
    assert {row[0]: (row[1], row[2]) for row in sums} == {row[0]: (row[1], row[2]) for row in rows}
    async with constraint() as refused, seated(service_url, docket.officers[0]) as service:
        await service.execute(
            "SELECT reserve_entitlements($1, 'hourly_sme', '2020-epidemic', 1000, 3)",
            fits.assessment,
        )
    assert refused.name == "pk_project_subsidies"
