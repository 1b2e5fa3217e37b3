"""Can plain SQL, as the service's own role, spend, free or bring back what it must not?"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from uuid import UUID

import asyncpg
import pytest

from app.actors import Actor
from app.database import for_asyncpg
from tests import money
from tests.database.callers import REFUSED, seated
from tests.database.docket import sign
from tests.databases import Connection
from tests.world import World

Callers = dict[str, Actor]
APPEND_ONLY: Final = ("budget_entries", "recovery_lines", "recovery_payments", "payment_offsets")
NEVER_DELETED: Final = ("budgets", "budget_slices", "recoveries", "recovery_decisions",
                        "violations", "blacklistings")  # fmt: skip


@asynccontextmanager
async def _refused(constraint: str) -> AsyncIterator[None]:
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
        yield
    assert refused.value.constraint_name == constraint


async def _tried(service_url: str, who: Actor, constraint: str, statement: str) -> None:
    async with _refused(constraint), seated(service_url, who) as service:
        await service.execute(statement)


async def test_a_result_is_final_so_nothing_is_paid_twice(
    world: World, service_url: str, callers: Callers
) -> None:
    await world.paid()
    await _tried(
        service_url, callers["cashier"], "payments_result_final",
        "UPDATE payments SET state = 'failed', paid_on = NULL, failure = '退票'",
    )  # fmt: skip


async def test_no_payment_to_an_account_that_nobody_verified_or_to_one_who_is_barred(
    world: World, service_url: str, callers: Callers
) -> None:
    await world.published()
    await money.violation(world)
    batch = """
        WITH batch AS (
            INSERT INTO payment_batches (id, bureau_code, receipt, payments, total, fund, made_on,
                                         made_by)
            SELECT gen_random_uuid(), '210202', 'BF', 1, 1, '', '2020-04-10',
                   current_setting('app.account')::uuid
            RETURNING id)
        SELECT id FROM batch
    """
    pay = """
        INSERT INTO payments (id, batch_id, claim_id, enterprise_id, bureau_code, amount, payee,
                              bank_name, account_masked, account_sealed, state)
        SELECT gen_random_uuid(), $1, id, enterprise_id, bureau_code, amount, '', '', '', '', 'sent'
        FROM claims
    """
    listed = """
        INSERT INTO blacklistings (id, violation_id, enterprise_id, bureau_code, document, from_day,
                                   listed_by, listed_by_name)
        SELECT gen_random_uuid(), id, enterprise_id, bureau_code, '文号', '2020-04-10',
               current_setting('app.account')::uuid, '' FROM violations
    """
    for before, constraint in (
        ("UPDATE enterprises SET state = 'returned'", "payments_to_verified"),
        (listed, "payments_not_blacklisted"),
    ):
        async with _refused(constraint), seated(service_url, callers["cashier"]) as service:
            await service.execute(before)
            made: UUID = await service.fetchval(batch)
            await service.execute(pay, made)
    async with seated(service_url, callers["cashier"]) as service:
        await sign(service, UUID(world.claim["id"]), callers["cashier"], "pay")
        await service.execute("UPDATE claims SET state = 'paying'")
    async with (
        _refused("payments_of_published"),
        seated(service_url, callers["cashier"]) as service,
    ):
        made = await service.fetchval(batch)
        await service.execute(pay, made)


async def test_a_demand_is_closed_by_money_or_by_two_signatures_only(
    world: World, service_url: str, callers: Callers
) -> None:
    await world.paid()
    demanded = await money.demand(world)
    repaid = "UPDATE recoveries SET state = 'repaid', repaid_on = '2020-04-10', bank_reference = ''"
    for statement in (repaid, "UPDATE recoveries SET state = 'written_off'"):
        await _tried(service_url, callers["cashier"], "recoveries_closed_rightly", statement)
    decided = """
        INSERT INTO recovery_decisions (id, recovery_id, enterprise_id, bureau_code, kind, reason,
                                        decided_by, decided_by_name, decided_on)
        SELECT gen_random_uuid(), id, enterprise_id, bureau_code, 'write_off', '理由',
               current_setting('app.account')::uuid, '', '2020-04-10' FROM recoveries
    """
    async with seated(service_url, callers["officer1"]) as service:
        await service.execute(decided)
    own = (
        "UPDATE recovery_decisions SET countersigned_by = current_setting('app.account')::uuid,"
        " countersigned_by_name = '', countersigned_on = '2020-04-10'"
    )
    await _tried(service_url, callers["officer1"], "ck_recovery_decisions_two_persons", own)
    too_much = """
        INSERT INTO recovery_payments (id, recovery_id, enterprise_id, bureau_code, kind, amount,
                                       bank_reference, paid_on, recorded_by)
        SELECT gen_random_uuid(), id, enterprise_id, bureau_code, 'transfer', 720.01, '回单',
               '2020-04-10', current_setting('app.account')::uuid FROM recoveries
    """
    await _tried(service_url, callers["cashier"], "recovery_payments_within_demand", too_much)
    assert (await world.get("officer1", f"/recoveries/{demanded['id']}"))["open"] == "720.00"


async def test_no_more_is_demanded_than_was_paid_and_no_fraud_without_a_finding(
    world: World, service_url: str, callers: Callers
) -> None:
    await world.paid()
    demand = """
        INSERT INTO recoveries (id, claim_id, enterprise_id, bureau_code, receipt, amount, state,
                                demanded_on, demanded_by, ground, reason, document, frees,
                                violation_id)
        SELECT gen_random_uuid(), c.id, c.enterprise_id, c.bureau_code, 'TK', {amount}, 'demanded',
               '2020-04-10', current_setting('app.account')::uuid, '{ground}', '', '', true, {case}
        FROM claims AS c
    """
    officer = callers["officer2"]
    above = demand.format(amount="c.amount + 0.01", ground="error", case="NULL")
    await _tried(service_url, officer, "recoveries_of_paid", above)
    await world.post("officer1", "/violations", {
        "enterprise_id": world.enterprise["id"], "kind": "extraction", "amount": "1.00",
        "findings": "事实",
    })  # fmt: skip
    fraud = demand.format(amount="1", ground="fraud", case="(SELECT id FROM violations)")
    await _tried(service_url, officer, "violations_established", fraud)
    established = (
        "UPDATE violations SET state = 'established', conclusion = '属实', document = '文号',"
        " decided_by = current_setting('app.account')::uuid, decided_by_name = '',"
        " decided_on = '2020-04-10'"
    )
    await _tried(service_url, callers["officer1"], "ck_violations_two_persons", established)


async def test_nothing_is_kept_back_without_two_signatures(
    world: World, service_url: str, callers: Callers
) -> None:
    await world.paid()
    await money.demand(world)
    its = await money.second(world)
    await money.published(its, "2020-04-27", "2020-05-12")
    await money.batch(world, its)
    keep = """
        INSERT INTO payment_offsets (payment_id, recovery_id, enterprise_id, bureau_code, amount)
        SELECT p.id, r.id, r.enterprise_id, r.bureau_code, {amount}
        FROM recoveries AS r, payments AS p WHERE p.state = 'sent'
    """
    await _tried(
        service_url, callers["cashier"], "recovery_payments_within_demand",
        keep.format(amount="600.01"),
    )  # fmt: skip


@pytest.mark.parametrize("call", [
    "SELECT reverse_entitlements((SELECT id FROM claims), 'error')",
    "SELECT reserve_budget((SELECT c FROM claims AS c), 2020, 1)",
    "SELECT release_budget((SELECT c FROM claims AS c), 1)",
    "SELECT cut_budget('210202', 2020, '')",
    "SELECT * FROM ledger_differences()",
    "SELECT * FROM budget_slices",
    "INSERT INTO budget_slices (bureau_code, year, fund, slice, used) VALUES ('', 2021, '', 0, 0)",
    "UPDATE budget_slices SET ceiling = 1000000",
    "INSERT INTO budget_entries (claim_id) SELECT id FROM claims",
    "UPDATE recoveries SET amount = 1",
    "UPDATE recoveries SET frees = true",
    "UPDATE payments SET amount = 1",
    "UPDATE payments SET offset_amount = 1",
    "UPDATE budgets SET amount = 1",
    "UPDATE violations SET amount = 1",
    "UPDATE blacklistings SET from_day = '2030-01-01'",
])  # fmt: skip
async def test_books_and_figures_are_out_of_reach(
    world: World, service_url: str, callers: Callers, call: str
) -> None:
    await world.paid()
    for who in ("officer1", "cashier", "enterprise", "centre"):
        with pytest.raises(REFUSED):
            async with seated(service_url, callers[who]) as service:
                await service.execute(call)


async def test_what_was_booked_stands_whoever_asks(
    world: World, owner: Connection, service_url: str, callers: Callers
) -> None:
    await money.budget(world, "100000.00")
    await world.paid()
    for table in (*APPEND_ONLY, *NEVER_DELETED):
        for change in (f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
            for role in ("subsidy_owner", "none"):
                await owner.execute(f"SET ROLE {role}")
                with pytest.raises(asyncpg.RestrictViolationError):
                    await owner.execute(change)
    await owner.execute("RESET ROLE")
    with pytest.raises(asyncpg.RestrictViolationError):
        await owner.execute("UPDATE budget_slices SET used = used - 1 WHERE used > 0")
    with pytest.raises(REFUSED):
        async with seated(service_url, callers["officer1"]) as service:
            await service.execute("DELETE FROM budgets")


async def test_a_budget_is_confirmed_by_another_hand_once(
    world: World, service_url: str, callers: Callers
) -> None:
    body = {"year": 2020, "amount": "10.00", "document": "文号"}
    await world.post("officer1", "/budgets", body)
    confirm = (
        "UPDATE budgets SET confirmed_by = current_setting('app.account')::uuid,"
        " confirmed_by_name = '', confirmed_on = '2020-03-02'"
    )
    await _tried(service_url, callers["officer1"], "ck_budgets_two_persons", confirm)
    async with seated(service_url, callers["officer2"]) as service:
        assert await service.execute(confirm) == "UPDATE 1"
    async with seated(service_url, callers["officer2"]) as service:
        assert await service.execute(confirm) == "UPDATE 0"


async def test_the_auditor_finds_a_balance_that_somebody_moved(
    world: World, owner: Connection, owner_url: str
) -> None:
    await world.paid()
    connection = await asyncpg.connect(for_asyncpg(owner_url))
    try:
        await connection.execute("SET ROLE subsidy_auditor")
        assert await connection.fetch("SELECT * FROM ledger_differences()") == []
        await owner.execute("SET session_replication_role = replica")
        await owner.execute("UPDATE year_balances SET used = used + 1 WHERE person_id ="
                            " (SELECT person_id FROM year_balances LIMIT 1)")  # fmt: skip
        found = await connection.fetch("SELECT what, balance - entries FROM ledger_differences()")
        assert [tuple(row) for row in found] == [("year_balances", 1)]
        with pytest.raises(REFUSED):
            await connection.fetch("SELECT * FROM ledger_entries")
    finally:
        await connection.close()
