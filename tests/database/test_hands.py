"""Whose hand may do what? States by the procedure, signatures by one's own hand, no way out."""

from itertools import product
from typing import Final

import asyncpg
import pytest

from app.actors import Actor
from app.policy.procedure import CLAIM_MOVES, PLAN_MOVES, ClaimState, Move, PlanState
from tests.database.callers import REFUSED, become, seated
from tests.databases import Connection, connected
from tests.world import World

Callers = dict[str, Actor]
_PUT: Final = "SELECT set_config('session_replication_role', $1, true)"


def _pairs(moves: tuple[Move, ...]) -> set[tuple[str, str]]:
    return {
        (str(source), str(move.target))
        for move in moves
        for source in move.sources
        if source != move.target
    }


async def _goes(connection: Connection, table: str, source: str, target: str) -> str:
    """Put every case into *source*, as no one may, then update to *target*; tell what refused.

    A claim that is to be examined again begins a new round.
    """
    anew = ", round = round + 1" if (table, target) == ("claims", "filed") else ""
    attempt = connection.transaction()
    await attempt.start()
    try:
        await connection.execute(_PUT, "replica")
        await connection.execute(f"UPDATE {table} SET state = '{source}'")
        await connection.execute(_PUT, "origin")
        await connection.execute(f"UPDATE {table} SET state = '{target}'{anew}")
    except asyncpg.CheckViolationError as refused:
        return str(refused.constraint_name)
    else:
        return ""
    finally:
        await attempt.rollback()


@pytest.mark.parametrize(
    ("table", "states", "moves"),
    [("claims", ClaimState, CLAIM_MOVES), ("plans", PlanState, PLAN_MOVES)],
)
async def test_a_case_goes_only_where_the_procedure_leads(
    world: World,
    owner: Connection,
    table: str,
    states: type[ClaimState | PlanState],
    moves: tuple[Move, ...],
) -> None:
    """Not even the administrator jumps over a step: no payment without approval.

    A claim of which something is due is paid by a payment, not closed; it is sent to be paid under
    a signature, and superseded by nothing but another decision.
    """
    await world.decided()
    went = {
        (source.value, target.value)
        for source, target in product(states, states)
        if source is not target and not await _goes(owner, table, source, target)
    }
    assert went == _pairs(moves) - {
        ("published", "paid"),
        ("published", "paying"),
        ("published", "superseded"),
        ("paying", "paid"),
        ("paid", "superseded"),
    }


async def test_an_enterprise_gives_its_plan_no_state_of_the_bureaus(
    world: World, owner: Connection, service_url: str, callers: Callers
) -> None:
    """All but "returned": it goes on editing a plan in that state, so the state must pass."""
    await world.submitted()
    for state in PlanState:
        allowed = state in {"submitted", "withdrawn", "returned"}
        today = "approved_on = '2020-03-03'" if state is PlanState.APPROVED else "remark = NULL"
        change = f"UPDATE plans SET state = '{state}', {today}"
        assert await _does(service_url, callers["enterprise"], change) is allowed, state
    assert await owner.fetchval("SELECT state FROM plans") == "submitted"


async def test_an_enterprise_gives_its_claim_no_state_of_the_bureaus(
    world: World, service_url: str, callers: Callers
) -> None:
    await world.filed()
    for state in ClaimState:
        allowed = state in {"filed", "withdrawn"}
        change = f"UPDATE claims SET state = '{state}'"
        assert await _does(service_url, callers["enterprise"], change) is allowed, state


async def test_an_enterprise_does_not_accept_its_own_registration(
    world: World, service_url: str, callers: Callers
) -> None:
    await world.registered()
    change = "UPDATE enterprises SET state = '{}'"
    enterprise = callers["enterprise"]
    assert not await _does(service_url, enterprise, change.format("verified"))
    assert await _does(service_url, enterprise, change.format("registered"))


@pytest.mark.parametrize(
    ("who", "signs_as", "allowed"),
    [
        ("officer2", "officer2", True),
        ("officer2", "cashier", False),
        ("xigang", "xigang", False),
        ("xigang", "officer2", False),
        ("centre", "centre", False),
        ("enterprise", "enterprise", False),
        ("enterprise", "officer2", False),
        ("public", "officer2", False),
    ],
)
async def test_an_officer_signs_in_his_own_name_and_at_his_own_bureau(
    world: World, service_url: str, callers: Callers, who: str, signs_as: str, allowed: bool
) -> None:
    await world.filed()
    signer = getattr(callers[signs_as], "account_id", None)
    statement = f"""
        INSERT INTO signatures (id, claim_id, enterprise_id, bureau_code, round, step,
                                officer_id, officer_name, signed_on)
        VALUES (gen_random_uuid(), '{world.claim["id"]}', '{world.enterprise["id"]}', '210202', 1,
                'approve', '{signer}', '', '2020-03-31')
    """
    assert await _does(service_url, callers[who], statement) is allowed


@pytest.mark.parametrize(
    ("who", "acts_as", "allowed"),
    [
        ("officer1", "officer1", True),
        ("officer1", "officer2", False),
        ("xigang", "xigang", False),
        ("centre", "centre", False),
        ("enterprise", "enterprise", False),
        ("public", "officer1", False),
    ],
)
async def test_an_officer_suspends_and_resumes_a_class_in_his_own_name_and_at_his_own_bureau(
    world: World, service_url: str, callers: Callers, who: str, acts_as: str, allowed: bool
) -> None:
    await world.approved()
    account = getattr(callers[acts_as], "account_id", None)
    begun = f"""
        INSERT INTO suspensions (id, plan_id, enterprise_id, bureau_code, from_day, reason,
                                 suspended_by, suspended_by_name)
        VALUES (gen_random_uuid(), '{world.plan["id"]}', '{world.enterprise["id"]}', '210202',
                '2020-03-12', '理由', '{account}', '')
    """
    assert await _touches(service_url, callers[who], begun) is allowed
    path = f"/plans/{world.plan['id']}/suspensions"
    await world.post("officer2", path, {"from_day": "2020-03-16", "reason": "现场检查"})
    ended = f"""
        UPDATE suspensions SET to_day = '2020-03-17', remark = '已整改', resumed_by_name = '',
                               resumed_by = '{account}'
    """
    assert await _touches(service_url, callers[who], ended) is allowed
    word = {"to_day": "2020-03-16", "remark": "已整改"}
    await world.post("officer2", f"{path}/resume", word)
    assert not await _touches(service_url, callers[who], ended), "an ended one is not touched again"


@pytest.mark.parametrize(
    ("who", "enters_as", "allowed"),
    [
        ("centre", "centre", True),
        ("centre", "centre2", False),
        ("officer1", "officer1", False),
        ("enterprise", "enterprise", False),
        ("public", "centre", False),
    ],
)
@pytest.mark.parametrize(
    "statement",
    [
        """
        INSERT INTO declarations (id, kind, day, document, source, entered_by)
        VALUES (gen_random_uuid(), 'period_ended', '2020-12-31', '文号', '出处', '{}')
        """,
        """
        INSERT INTO rates (id, measure, key, amount, document, source, certainty, valid_from, note,
                           entered_by)
        VALUES (gen_random_uuid(), 'skill_upgrade', '{{senior}}', 1, '', '出处', 'sample',
                '2021-01-01', '', '{}')
        """,
    ],
    ids=["declarations", "rates"],
)
async def test_only_the_centre_enters_what_holds_for_all_and_in_its_own_name(
    service_url: str, callers: Callers, who: str, enters_as: str, allowed: bool, statement: str
) -> None:
    account = getattr(callers[enters_as], "account_id", None)
    assert await _touches(service_url, callers[who], statement.format(account)) is allowed


@pytest.mark.parametrize("role", ["subsidy_owner", "subsidy_ledger", "subsidy_registrar"])
@pytest.mark.parametrize("who", [None, "officer1", "enterprise"])
async def test_the_service_becomes_nobody_of_power(
    service_url: str, callers: Callers, who: str | None, role: str
) -> None:
    actor = callers[who] if who else None
    assert not await _does(service_url, actor, f"SET LOCAL ROLE {role}")
    assert not await _does(service_url, actor, f"SELECT set_config('role', '{role}', true)")
    assert not await _does(service_url, actor, f"SET SESSION AUTHORIZATION {role}")


async def test_to_step_back_from_a_caller_is_to_have_nothing(
    world: World, service_url: str, callers: Callers
) -> None:
    """RESET ROLE leads to the service's own role, which reads no table; the identity stays mute."""
    await world.filed()
    async with seated(service_url, callers["officer1"]) as connection:
        assert await connection.fetchval("SELECT count(*) FROM claims") == 1
        await connection.execute("RESET ROLE")
        with pytest.raises(REFUSED):
            await connection.fetchval("SELECT count(*) FROM claims")


async def test_an_identity_does_not_outlive_its_transaction(world: World, service_url: str) -> None:
    """A pooled connection comes back as nobody."""
    await world.filed()
    async with connected(service_url) as connection:
        async with connection.transaction():
            await connection.execute("SELECT set_config('role', 'subsidy_district', true)")
            await connection.execute("SELECT set_config('app.bureau', '210202', true)")
            assert await connection.fetchval("SELECT count(*) FROM claims") == 1
        assert await connection.fetchval("SELECT current_user::text") == "subsidy_service"
        async with connection.transaction():
            await connection.execute("SELECT set_config('role', 'subsidy_district', true)")
            assert await connection.fetchval("SELECT count(*) FROM claims") == 0


async def test_the_ledgers_functions_serve_the_case_of_the_caller_only(
    world: World, owner: Connection, service_url: str, callers: Callers
) -> None:
    await world.decided()
    plan, claim = world.plan["id"], world.claim["id"]
    standing = f"SELECT * FROM standing('{plan}', 'hourly_sme', '2020-epidemic', false)"
    assert await _does(service_url, callers["enterprise"], standing)
    assert await _does(service_url, callers["officer1"], standing)
    basis = await owner.fetchval("SELECT id FROM assessments")
    reserve = f"SELECT reserve_entitlements('{basis}', 'hourly_sme', '2020-epidemic', 1000, 3)"
    asked = [
        standing,
        f"SELECT occupy_calendar('{plan}')",
        f"SELECT release_calendar('{plan}')",
        f"SELECT release_entitlements('{claim}')",
        f"SELECT post_entitlements('{claim}')",
        reserve,
    ]
    for who, statement in product(("stranger", "xigang", "centre", "public"), asked):
        assert not await _does(service_url, callers[who], statement), (who, statement)
    for inner in (f"own_plan('{plan}')", f"own_claim('{claim}')", f"lock_persons('{plan}')"):
        assert not await _does(service_url, callers["officer1"], f"SELECT {inner}")
    assert not await _does(service_url, callers["enterprise"], reserve)


async def _does(url: str, actor: Actor | None, statement: str) -> bool:
    """Tell whether *actor* may execute the statement; nothing of it remains."""
    return await _done(url, actor, statement) is not None


async def _touches(url: str, actor: Actor | None, statement: str) -> bool:
    """Tell whether *actor* may execute it and it touches a row; nothing of it remains."""
    done = await _done(url, actor, statement)
    return done is not None and int(done.rpartition(" ")[2]) > 0


async def _done(url: str, actor: Actor | None, statement: str) -> str | None:
    async with connected(url) as connection:
        attempt = connection.transaction()
        await attempt.start()
        await become(connection, actor)
        try:
            done: str = await connection.execute(statement)
        except (REFUSED, asyncpg.InvalidParameterValueError, asyncpg.CheckViolationError):
            return None
        else:
            return done
        finally:
            await attempt.rollback()
