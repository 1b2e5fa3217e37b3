"""Does the database hold what is objected to, whatever the service's own role says?"""

import asyncio
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.actors import Actor
from tests.database.callers import REFUSED, seated
from tests.database.docket import sign
from tests.databases import Connection, connected
from tests.world import World

Callers = dict[str, Actor]
OBJECT = """
    INSERT INTO objections (id, notice_id, claim_id, bureau_code, receipt, lines, grounds, channel,
                            named, said_sealed, token_digest, lodged_on, due_on, keyed_by, state)
    SELECT gen_random_uuid(), notice_id, claim_id, bureau_code, gen_random_uuid()::text,
           $1::integer[], 'other', $3, false, '', '', $2::text::date, $2::text::date + 7,
           nullif(current_setting('app.account'), '')::uuid, 'open'
    FROM notice_claims
"""
DECIDE = """
    UPDATE objections SET state = $1, reason = '经查不实', decided_on = '2020-04-08',
                          decided_by = current_setting('app.account')::uuid, decided_by_name = ''
"""
BATCH = """
    INSERT INTO payment_batches (id, bureau_code, receipt, payments, total, fund, made_on, made_by)
    SELECT gen_random_uuid(), '210202', gen_random_uuid()::text, 1, 1, '', '2020-04-10',
           current_setting('app.account')::uuid
    RETURNING id
"""
PAY = """
    INSERT INTO payments (id, batch_id, claim_id, enterprise_id, bureau_code, amount, payee,
                          bank_name, account_masked, account_sealed, state)
    SELECT gen_random_uuid(), $1, id, enterprise_id, bureau_code, $2::text::numeric, '', '', '', '',
           'sent' FROM claims
"""


async def lodge(url: str, who: Actor, lines: list[int] | None, day: str = "2020-04-01") -> None:
    channel = "internet" if who.role == "public" else "letter"
    async with seated(url, who) as service:
        await service.execute(OBJECT, lines, day, channel)


async def decide(url: str, who: Actor, outcome: str) -> int:
    async with seated(url, who) as service:
        done: str = await service.execute(DECIDE, outcome)
    return int(done.rpartition(" ")[2])


async def pay(url: str, who: Actor, amount: str) -> None:
    async with seated(url, who) as service:
        await service.execute(PAY, await service.fetchval(BATCH), amount)


async def refusal(attempt: Any) -> str:  # noqa: ANN401  an awaitable
    """Return the name of the constraint that refuses, or nothing."""
    try:
        await attempt
    except asyncpg.IntegrityConstraintViolationError as refused:
        return str(refused.constraint_name)
    return ""


async def test_a_held_line_is_not_paid_and_the_rest_is_paid_once(
    world: World, service_url: str, callers: Callers
) -> None:
    await world.published()
    cashier = callers["cashier"]
    await lodge(service_url, callers["public"], [3, 4])
    for amount, why in (
        ("8640.00", "payments_held"), ("7920.01", "payments_held"), ("7919.99", "payments_due"),
        ("8640.01", "payments_due"),
    ):  # fmt: skip
        assert await refusal(pay(service_url, cashier, amount)) == why, amount
    await pay(service_url, cashier, "7920.00")
    assert await refusal(pay(service_url, cashier, "720.00")) == "payments_held"
    # Neither does the claim pass for paid, nor for withdrawn.
    async with seated(service_url, cashier) as service:
        await service.execute("UPDATE payments SET state = 'paid', paid_on = '2020-04-13'")
        await sign(service, UUID(world.claim["id"]), cashier, "pay")
        await service.execute("UPDATE claims SET state = 'paying'")
    for state, why in (("paid", "claims_paid_in_full"), ("published", "")):
        assert await refusal(_state(service_url, cashier, state)) == why
    for state in ("rejected", "withdrawn"):
        assert await refusal(_state(service_url, cashier, state)) == "claims_paid_in_part"
    await decide(service_url, callers["officer3"], "rejected")
    await pay(service_url, cashier, "720.00")
    assert await refusal(pay(service_url, cashier, "0.01")) == "payments_once"


async def _state(url: str, who: Actor, state: str) -> None:
    async with seated(url, who) as service:
        await service.execute("UPDATE claims SET state = $1", state)


async def test_an_upheld_line_stays_unpaid_for_ever(
    world: World, service_url: str, owner: Connection, callers: Callers
) -> None:
    await world.published()
    await lodge(service_url, callers["public"], None)
    await decide(service_url, callers["officer3"], "upheld")
    assert await refusal(pay(service_url, callers["cashier"], "360.00")) == "payments_held"
    for attempt in (
        DECIDE.replace("$1", "'rejected'"),
        "UPDATE objections SET reason = '改了'",
        "UPDATE objections SET lines = ARRAY[9]",
        "DELETE FROM objections",
        "TRUNCATE objections CASCADE",
    ):
        await owner.execute(f"SET app.account = '{callers['officer3'].account_id}'")  # type: ignore[union-attr]
        with pytest.raises(asyncpg.RestrictViolationError):
            await owner.execute(attempt)
    assert await decide(service_url, callers["officer3"], "rejected") == 0, "it is out of sight"


async def test_whoever_had_a_hand_in_it_decides_nothing(
    world: World, service_url: str, callers: Callers
) -> None:
    """Who reviewed, who approved, who keyed the objection in; nor one in another's name."""
    await world.published()
    await lodge(service_url, callers["officer3"], [3])
    for who in ("officer1", "officer2", "officer3"):
        assert (
            await refusal(decide(service_url, callers[who], "rejected"))
            == "objections_by_another_hand"
        ), who
    assert await decide(service_url, callers["xigang"], "rejected") == 0
    other = f"'{callers['cashier'].account_id}'"  # type: ignore[union-attr]
    forged = DECIDE.replace("current_setting('app.account')::uuid", other)
    with pytest.raises(REFUSED):
        async with seated(service_url, callers["officer3"]) as service:
            await service.execute(forged, "rejected")
    for who in ("public", "enterprise"):
        with pytest.raises(REFUSED):
            await decide(service_url, callers[who], "rejected")


async def test_an_objection_is_lodged_while_the_notice_hangs_against_what_it_lists(
    world: World, service_url: str, callers: Callers
) -> None:
    await world.published()
    public = callers["public"]
    for lines, day, why in (
        ([3], "2020-04-10", "objections_in_time"),
        ([3], "2020-03-31", "objections_in_time"),
        ([99], "2020-04-09", "objections_lines_published"),
        ([3, 3], "2020-04-09", "objections_lines_published"),
        ([], "2020-04-09", "ck_objections_lines"),
        ([3], "2020-04-09", ""),
    ):
        assert await refusal(lodge(service_url, public, lines, day)) == why, (lines, day)
    with pytest.raises(REFUSED):
        async with seated(service_url, public) as service:
            await service.execute(OBJECT, [3], "2020-04-09", "letter")
    with pytest.raises(REFUSED):
        async with seated(service_url, public) as service:
            await service.execute("SELECT said_sealed FROM objections")
    await _state(service_url, callers["officer2"], "withdrawn")
    assert await refusal(lodge(service_url, public, [3])) == "objections_in_time"


@pytest.mark.parametrize("first", ["payment", "objection"])
async def test_payment_and_objection_wait_for_each_other_on_the_claim(
    world: World, service_url: str, callers: Callers, first: str
) -> None:
    """Whoever comes second sees what the first did: both never pass."""
    await world.published()
    cashier, public = callers["cashier"], callers["public"]
    second = asyncio.create_task(asyncio.sleep(0))
    if first == "payment":
        async with seated(service_url, cashier) as service:
            await service.execute(PAY, await service.fetchval(BATCH), "8640.00")
            second = asyncio.create_task(lodge(service_url, public, [3], "2020-04-09"))
            await _until_waiting(service_url, second)
        assert await refusal(second) == "objections_in_time"
    else:
        async with seated(service_url, public) as service:
            await service.execute(OBJECT, [3], "2020-04-09", "internet")
            second = asyncio.create_task(pay(service_url, cashier, "8640.00"))
            await _until_waiting(service_url, second)
        assert await refusal(second) == "payments_held"


async def _until_waiting(url: str, task: "asyncio.Task[None]") -> None:
    query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    async with connected(url) as watcher:
        while not task.done() and not await watcher.fetchval(query):  # noqa: ASYNC110  nobody tells
            await asyncio.sleep(0.01)
    assert not task.done(), "it did not wait"


async def test_a_notice_lists_its_claims_whole_and_what_was_published_stands(
    world: World, service_url: str, owner: Connection, callers: Callers
) -> None:
    await world.published()
    officer = callers["officer2"]
    copied = (
        "INSERT INTO notices SELECT (jsonb_populate_record(n, jsonb_build_object("
        "'id', gen_random_uuid(), 'receipt', 'GS-2', 'claims', 2))).* FROM notices AS n"
    )
    listed = (
        "INSERT INTO notice_claims SELECT (jsonb_populate_record(c, jsonb_build_object("
        "'notice_id', (SELECT id FROM notices WHERE receipt = 'GS-2')))).* FROM notice_claims AS c"
    )
    await owner.execute("UPDATE notice_claims SET ended = 'superseded'")

    async def attempt(*statements: str) -> None:
        async with seated(service_url, officer) as service:
            for statement in statements:
                await service.execute(statement)

    listed = listed.replace("jsonb_build_object(", "jsonb_build_object('ended', NULL, ")
    assert await refusal(attempt(copied, listed)) == "notices_add_up"
    assert await refusal(attempt(copied.replace("'claims', 2", "'claims', 1"), listed)) == ""
    for change in ("ended = NULL", "ended = 'rejected'", "enterprise_name = ''", "amount = 1"):
        with pytest.raises(REFUSED):
            await attempt(f"UPDATE notice_claims SET {change}")
        with pytest.raises(asyncpg.IntegrityConstraintViolationError):
            await owner.execute(f"UPDATE notice_claims SET {change} WHERE ended IS NOT NULL")
    for table in ("notice_claims", "notice_terms"):
        with pytest.raises(asyncpg.RestrictViolationError):
            await owner.execute(f"DELETE FROM {table}")
