"""Is a claim paid once, in full, and after its notice? And does what was written stand for ever?"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from app.actors import Actor
from tests import rare_rows
from tests.database.callers import REFUSED, seated
from tests.databases import Connection
from tests.world import World

Callers = dict[str, Actor]
_BATCH = """
    INSERT INTO payment_batches (id, bureau_code, receipt, payments, total, fund, made_on, made_by)
    SELECT gen_random_uuid(), '210202', gen_random_uuid()::text, 1, 1, '', $1::text::date,
           current_setting('app.account')::uuid
    RETURNING id
"""
_PAYMENT = """
    INSERT INTO payments (id, batch_id, claim_id, enterprise_id, bureau_code, amount, payee,
                          bank_name, account_masked, account_sealed, state)
    SELECT gen_random_uuid(), $1, id, enterprise_id, bureau_code, amount + $2::text::numeric,
           '', '', '', '', 'sent'
    FROM claims
"""
_NOTICE = """
    WITH posted AS (
        INSERT INTO notices (id, bureau_code, receipt, enterprise_name, amount, posted_on, last_day,
                             posted_by, content, sha256, claims)
        SELECT gen_random_uuid(), bureau_code, 'GS' || gen_random_uuid(), '',
               amount + $1::text::numeric, '2020-04-01', $2::text::date,
               current_setting('app.account')::uuid, '{}', '', 1
        FROM claims RETURNING *
    )
    INSERT INTO notice_claims (notice_id, claim_id, enterprise_id, bureau_code, claim_receipt,
                               enterprise_name, amount)
    SELECT n.id, c.id, c.enterprise_id, c.bureau_code, c.receipt, '示例', n.amount
    FROM posted AS n, claims AS c
"""
WRITTEN = (
    "audit_events", "ledger_entries", "assessments", "assessment_lines", "signatures", "notices",
    "evidence", "learning_records", "payment_batches", "notice_sites", "objection_attachments",
)  # fmt: skip


@asynccontextmanager
async def _refused(constraint: str) -> AsyncIterator[None]:
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
        yield
    assert refused.value.constraint_name == constraint


async def _pay(service: Connection, made_on: str, more: str = "0") -> None:
    batch = await service.fetchval(_BATCH, made_on)
    await service.execute(_PAYMENT, batch, more)


async def test_no_payment_without_a_notice(
    world: World, service_url: str, callers: Callers
) -> None:
    await world.decided()
    async with (
        _refused("payments_after_notice"),
        seated(service_url, callers["cashier"]) as service,
    ):
        await _pay(service, "2020-04-30")


@pytest.mark.parametrize("made_on", ["2020-04-01", "2020-04-08", "2020-04-09"])
async def test_no_payment_while_the_notice_hangs(
    world: World, service_url: str, callers: Callers, made_on: str
) -> None:
    """The last day of the notice is 9 April: money goes from the 10th on."""
    await world.published()
    async with (
        _refused("payments_after_notice"),
        seated(service_url, callers["cashier"]) as service,
    ):
        await _pay(service, made_on)
    async with seated(service_url, callers["cashier"]) as service:
        await _pay(service, "2020-04-10")


async def test_a_claim_is_paid_once_unless_the_payment_failed(
    world: World, service_url: str, callers: Callers
) -> None:
    await world.published()
    cashier = callers["cashier"]
    async with seated(service_url, cashier) as service:
        await _pay(service, "2020-04-10")
    async with _refused("payments_once"), seated(service_url, cashier) as service:
        await _pay(service, "2020-04-10")
    async with seated(service_url, cashier) as service:
        await service.execute("UPDATE payments SET state = 'failed', failure = '账户已销户'")
        await _pay(service, "2020-04-13")
        await service.execute(
            "UPDATE payments SET state = 'paid', paid_on = '2020-04-13' WHERE state = 'sent'"
        )
    async with _refused("payments_once"), seated(service_url, cashier) as service:
        await _pay(service, "2020-04-14")
    failed = "UPDATE payments SET state = 'sent', failure = NULL WHERE state = 'failed'"
    async with _refused("payments_once"), seated(service_url, cashier) as service:
        await service.execute(failed)


@pytest.mark.parametrize("more", ["0.01", "-0.01"])
async def test_published_and_paid_is_the_amount_of_the_claim(
    world: World, service_url: str, callers: Callers, more: str
) -> None:
    await world.decided()
    officer = callers["officer2"]
    async with _refused("fk_notice_claims_amount"), seated(service_url, officer) as service:
        await service.execute(_NOTICE, more, "2020-04-09")
    async with seated(service_url, officer) as service:
        await service.execute(_NOTICE, "0", "2020-04-09")
        await service.execute("UPDATE claims SET state = 'published'")
    async with _refused("uq_notice_claims_in_force"), seated(service_url, officer) as service:
        await service.execute(_NOTICE, "0", "2020-04-10")
    async with _refused("payments_due"), seated(service_url, callers["cashier"]) as service:
        await _pay(service, "2020-04-10", more)


async def test_what_is_written_stands_whoever_asks(
    world: World, owner: Connection, owner_url: str, service_url: str, callers: Callers
) -> None:
    """The service has no right to change it; the owner and the administrator are stopped."""
    await world.paid()
    await rare_rows.put(owner_url, *rare_rows.ALL)
    for table in WRITTEN:
        assert await owner.fetchval(f"SELECT count(*) FROM {table}"), table
        column = await owner.fetchval(
            "SELECT attname FROM pg_attribute WHERE attrelid = $1::regclass"
            " AND attname IN ('enterprise_id', 'person_id', 'bureau_code') LIMIT 1",
            table,
        )
        changes = (
            f"UPDATE {table} SET {column} = {column}",
            f"DELETE FROM {table}",
            f"TRUNCATE {table} CASCADE",
        )
        for change in changes:
            await _stands(owner, change)
            for who in ("enterprise", "officer1", "cashier"):
                with pytest.raises(REFUSED):
                    async with seated(service_url, callers[who]) as service:
                        await service.execute(change)


async def _stands(owner: Connection, change: str) -> None:
    for role in ("subsidy_owner", "none"):
        await owner.execute(f"SET ROLE {role}")
        with pytest.raises(asyncpg.RestrictViolationError) as refused:
            await owner.execute(change)
        assert refused.value.constraint_name == "append_only"
