"""What does the database itself refuse of the work list, of assignments and of officers' checks?"""

from decimal import Decimal
from typing import Final
from uuid import UUID

import asyncpg
import pytest

from app.actors import Actor
from tests.database.callers import REFUSED, become, seated
from tests.database.docket import Docket, check, sign
from tests.databases import Connection
from tests.world import World

Callers = dict[str, Actor]
APPROVE: Final = "UPDATE claims SET state = 'approved' WHERE id = $1"
_HOLD: Final = """
    INSERT INTO assignments (id, claim_id, enterprise_id, bureau_code, step, act, from_id, to_id,
                             to_name, officer_id, officer_name, reason, done_on)
    SELECT gen_random_uuid(), case_id, enterprise_id, bureau_code, step, $1, $2, $3::uuid,
           CASE WHEN $3::uuid IS NOT NULL THEN 'x' END, $4, 'x', $5, '2020-03-31'
    FROM worklist
"""
_MORE: Final = """
    INSERT INTO worklist_counts (bureau_code, step, since, due_on, cases)
    VALUES ('210202', 'review', '2020-03-02', '2020-03-02', 1)
"""
_TAKEN_BACK: Final = """
    INSERT INTO officer_checks (id, claim_id, enterprise_id, bureau_code, round, code, outcome,
                                remark, officer_id, officer_name, checked_on)
    SELECT 'ffffffff-ffff-7fff-bfff-ffffffffffff', claim_id, enterprise_id, bureau_code, round,
           code, 'not_met', '不符', officer_id, '', checked_on
    FROM officer_checks WHERE claim_id = $1 AND code = 'evidence_seen'
"""
_NEXT_ROUND: Final = "UPDATE claims SET state = 'filed', round = 2 WHERE id = $1"
_UNASKED: Final = """
    UPDATE claims SET state = 'reviewed';
    UPDATE claims SET state = 'filed', asked_checks = '{}', round = round + 1
"""
HOLDER: Final = "SELECT holder FROM worklist"


def account(who: Actor) -> UUID | None:
    return getattr(who, "account_id", None)


async def hold(
    url: str, by: Actor, act: str, giver: Actor | None, taker: Actor | None, reason: str = ""
) -> None:
    async with seated(url, by) as desk:
        names = [None if who is None else account(who) for who in (giver, taker, by)]
        await desk.execute(_HOLD, act, *names, reason or None)


async def test_no_caller_writes_the_list_or_its_counts(
    world: World, service_url: str, callers: Callers
) -> None:
    await world.filed()
    for who in ("officer1", "enterprise", "centre", "public"):
        for statement in (
            "UPDATE worklist SET due_on = '2021-01-01'",
            "DELETE FROM worklist",
            "UPDATE worklist SET holder = case_id, holder_name = 'x'",
            _MORE,
            "DELETE FROM worklist_counts",
            "SELECT list_case(NULL)",
        ):
            with pytest.raises(REFUSED):
                async with seated(service_url, callers[who]) as desk:
                    await desk.execute(statement)


async def test_whatever_moves_a_case_moves_its_row(
    docket: Docket, service_url: str, callers: Callers
) -> None:
    """By plain SQL, past the service: the list cannot be wrong about where a case stands."""
    (person,) = await docket.people(1)
    case = await docket.claim({person: Decimal(10)})
    step = "SELECT step FROM worklist WHERE case_id = $1"
    assert await docket.owner.fetchval(step, case.id) == "approve"
    seen = []
    async with seated(service_url, callers["officer1"]) as desk:
        await docket.approve(desk, case)
        await become(desk, docket.cashier)
        await sign(desk, case.id, docket.cashier, "pay")
        await become(desk, callers["officer1"])
        for state in ("published", "paying", "published", "paying", "paid"):
            seen.append(await desk.fetchval(step, case.id))
            await desk.execute(f"UPDATE claims SET state = '{state}' WHERE id = $1", case.id)
    assert seen == ["publish", "pay", "confirm_payment", "pay", "confirm_payment"]
    assert await docket.owner.fetchval(step, case.id) is None


async def test_a_case_goes_by_its_history_only_from_its_holder_to_a_colleague(
    world: World, owner: Connection, service_url: str, callers: Callers
) -> None:
    await world.filed()
    one, two = callers["officer1"], callers["officer2"]
    await hold(service_url, one, "take", None, one)
    assert await owner.fetchval(HOLDER) == account(one)
    wrong: list[tuple[Actor, str, Actor | None, Actor | None, str]] = [
        (two, "take", None, two, "assignments_from_holder"),
        (two, "release", two, None, "assignments_from_holder"),
        (two, "release", one, None, "ck_assignments_act"),
        (two, "hand_over", one, callers["officer1"], "ck_assignments_act"),
        (two, "take_over", one, two, "ck_assignments_act"),  # without a reason
        (one, "hand_over", one, callers["cashier"], "assignments_to_colleague"),
        (one, "hand_over", one, callers["xigang"], "assignments_to_colleague"),
        (one, "hand_over", one, callers["enterprise"], "assignments_to_colleague"),
    ]
    for by, act, giver, taker, constraint in wrong:
        with pytest.raises(asyncpg.CheckViolationError) as refused:
            await hold(service_url, by, act, giver, taker)
        assert refused.value.constraint_name == constraint, (act, constraint)
    assert await owner.fetchval(HOLDER) == account(one)
    await hold(service_url, two, "take_over", one, two, "休假")
    await hold(service_url, two, "release", two, None)
    assert await owner.fetchval(HOLDER) is None
    assert await owner.fetchval("SELECT count(*) FROM assignments") == 3


async def test_nobody_writes_history_in_anothers_name_or_changes_it(
    world: World, owner: Connection, service_url: str, callers: Callers
) -> None:
    await world.filed()
    one, two = callers["officer1"], callers["officer2"]
    with pytest.raises(REFUSED):
        async with seated(service_url, one) as desk:
            await desk.execute(_HOLD, "take", None, account(two), account(two), None)
    await hold(service_url, one, "take", None, one)
    with pytest.raises(REFUSED):
        async with seated(service_url, one) as desk:
            await desk.execute("UPDATE assignments SET reason = 'x'")
    for table in ("assignments", "officer_checks"):
        with pytest.raises(asyncpg.PostgresError):
            await owner.execute(f"DELETE FROM {table}")


async def _signed(docket: Docket, service: Connection, callers: Callers) -> UUID:
    (person,) = await docket.people(1)
    claim = (await docket.claim({person: Decimal(10)})).id
    await _sign(service, callers, claim, 1)
    return claim


async def _sign(service: Connection, callers: Callers, claim: UUID, signed_round: int) -> None:
    for who, step in (("officer1", "review"), ("officer2", "approve")):
        await become(service, callers[who])
        await sign(service, claim, callers[who], step, signed_round)


async def test_no_approval_with_an_unticked_check(
    docket: Docket, service_url: str, callers: Callers
) -> None:
    """Two signatures are there; what an officer must see with his own eyes is not."""
    async with seated(service_url, callers["officer1"]) as service:
        claim = await _signed(docket, service, callers)
        attempt = service.transaction()
        await attempt.start()
        with pytest.raises(asyncpg.CheckViolationError) as refused:
            await service.execute(APPROVE, claim)
        await attempt.rollback()
        assert refused.value.constraint_name == "claims_checks_done"
        await check(service, claim, callers["officer2"])
        await service.execute(APPROVE, claim)


@pytest.mark.parametrize("spoilt", [_TAKEN_BACK, _NEXT_ROUND])
async def test_a_check_of_another_round_or_taken_back_does_not_do(
    docket: Docket, service_url: str, callers: Callers, spoilt: str
) -> None:
    async with seated(service_url, callers["officer1"]) as service:
        claim = await _signed(docket, service, callers)
        await check(service, claim, callers["officer2"])
        await service.execute(spoilt, claim)
        if spoilt is _NEXT_ROUND:
            await _sign(service, callers, claim, 2)
            await service.execute("UPDATE claims SET state = 'reviewed' WHERE id = $1", claim)
        with pytest.raises(asyncpg.CheckViolationError) as refused:
            await service.execute(APPROVE, claim)
        assert refused.value.constraint_name == "claims_checks_done"


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("UPDATE claims SET asked_checks = '{evidence_seen}'", "claims_checks_stay_asked"),
        (_UNASKED, "ck_claims_asked_checks"),
    ],
)
async def test_what_is_asked_of_a_round_stays_asked(
    world: World, service_url: str, callers: Callers, statement: str, constraint: str
) -> None:
    await world.filed()
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        async with seated(service_url, callers["officer1"]) as desk:
            await desk.execute(statement)
    assert refused.value.constraint_name == constraint
