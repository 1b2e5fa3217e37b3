"""Can a caller forge, raise or take away a row that holds or moves money or entitlement?

Every table of the schema is named here: as one of them, or as none of them with the reason. Each
caller tries it with plain SQL, under his own identity and with a key of its own.
"""

import json
from datetime import date
from typing import Any, Final
from uuid import uuid4

import asyncpg
import pytest

from app.actors import Actor
from tests import money, rare_rows
from tests.database.callers import REFUSED, accounts, seated
from tests.databases import Connection
from tests.refusals import constraint
from tests.world import World

CALLERS: Final = (
    "enterprise", "stranger", "officer1", "officer2", "cashier", "xigang", "centre", "platform",
    "public", "sign_in", "sandbox", "service",
)  # fmt: skip

MONEY: Final[dict[str, dict[str, str]]] = {
    "assessment_lines": {"number": "number + 100"},
    "assessments": {"number": "number + 1"},
    "blacklistings": {},
    "budget_entries": {},
    "budget_slices": {"year": "year + 1"},
    "budgets": {},
    "claim_rounds": {"round": "round + 1"},
    "claims": {"kind": "'advance'"},
    "enrolments": {},
    "ledger_entries": {},
    "line_decisions": {},
    "notice_claims": {"claim_id": "claim_id"},
    "overrides": {},
    "payment_batches": {},
    "payment_offsets": {},
    "payments": {},
    "period_balances": {"period": "'2021'"},
    "persons": {},
    "project_subsidies": {},
    "rates": {"valid_from": "valid_from + 1"},
    "recoveries": {"ground": "'recall'"},
    "recovery_decisions": {"kind": "'write_off'", "decided_by_name": "decided_by_name"},
    "recovery_lines": {"number": "number + 1"},
    "recovery_payments": {},
    "redeterminations": {},
    "signature_limits": {"valid_from": "valid_from + 1"},
    "signatures": {"step": "'pay'", "round": "1"},
    "violations": {},
    "year_balances": {"year": "year + 1"},
}
"""What holds or moves money or entitlement, with what a forged copy of its row says otherwise."""

ALLOWED: Final[dict[tuple[str, str], str]] = {
    ("budgets", "officer1"): "entered by one, it is in force when another confirms it",
    ("budgets", "officer2"): "entered by one, it is in force when another confirms it",
    ("budgets", "cashier"): "entered by one, it is in force when another confirms it",
    ("payment_batches", "cashier"): "an envelope; what lies in it is tried under payments",
    ("recovery_decisions", "officer1"): "one signature; in force with that of another",
    ("recovery_decisions", "officer2"): "one signature; in force with that of another",
    ("recovery_decisions", "cashier"): "one signature; in force with that of another",
    ("recovery_payments", "cashier"): "an instalment within the demand is his to record",
    ("rates", "centre"): "a reference rate is the centre's to enter, in its own name",
    ("signatures", "cashier"): "his own signature under a payment that is made already",
}
"""The inserts that are the caller's own part, each with the reason why nothing is moved by it."""

BESIDE: Final = {
    "accounts": "who signs in; made from the command line",
    "alembic_version": "the owner's own",
    "assignments": "who holds a case",
    "audit_events": "what was done; append-only",
    "audit_seals": "what proves the audit; written by its sealer only",
    "bureaus": "reference data",
    "business_clock": "the sandbox's day",
    "calendar_days": "reference data",
    "correction_points": "what is to be mended",
    "declarations": "days that the centre declares; the law reads them",
    "enterprises": "who applies; its account is verified by an officer",
    "evaluations": "how a class was evaluated",
    "evidence": "files; never changed",
    "file_keys": "by which sealed files are opened; append-only",
    "invitations": "who may join an enterprise",
    "learning_batches": "what was learned",
    "learning_records": "what was learned; append-only",
    "legal_holds": "what must not be removed",
    "licences": "files; never changed",
    "notice_sites": "where a notice was seen",
    "notice_terms": "how a notice is searched",
    "notices": "the text that is published; what it publishes is tried under notice_claims",
    "objection_attachments": "files; never changed",
    "objections": "they hold money back and move none: tried in test_objections.py",
    "officer_checks": "what an officer looked at; before the approval only",
    "outside_identities": "who is known to an outside issuer",
    "password_resets": "one-time tokens",
    "plan_courses": "what is planned",
    "plan_teachers": "what is planned",
    "plans": "what is planned",
    "platform_columns": "how an export is read",
    "platform_events": "what became of a platform",
    "platforms": "which platforms there are",
    "pushed_records": "which records were pushed",
    "refresh_tokens": "who is signed in",
    "second_factors": "who asks for a code",
    "service_accounts": "which systems sign in",
    "service_secrets": "as above",
    "sign_ups": "who asked for an account",
    "signals": "what does not fit; tried in test_signals.py",
    "simulations": "what would be",
    "stored_answers": "what was answered",
    "suspensions": "when a class was suspended",
    "trainee_details": "what a measure asks of a person",
    "trainees": "who is on a roster",
    "upload_segments": "files that come",
    "uploads": "files that come",
    "violation_claims": "what a violation case is about; a demand of it is tried under recoveries",
    "violation_transfers": "to whom a violation was told",
    "worklist": "what awaits officers; kept by triggers",
    "worklist_counts": "how much awaits officers; kept by triggers",
}
"""What moves nothing by itself, and why."""

_HANDS: Final = (
    "officer_id", "made_by", "entered_by", "decided_by", "recorded_by", "demanded_by",
    "listed_by", "opened_by",
)  # fmt: skip
_MINE: Final = ("receipt", "bank_reference")
_NUMBERS: Final = ("numeric", "smallint", "integer")
_COLUMNS: Final = """
    SELECT attname, format_type(atttypid, NULL) FROM pg_attribute
    WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped
      AND attgenerated = '' AND attidentity = ''
"""


@pytest.fixture
async def played(world: World, owner_url: str) -> None:
    """The paid sample case under a budget, and what is rare: no table is empty."""
    await money.budget(world, "100000.00")
    await world.paid()
    await rare_rows.put(owner_url, *rare_rows.ALL)


async def test_every_table_is_one_that_moves_money_or_is_said_to_be_none(
    owner: Connection,
) -> None:
    """A new table, or a new amount in one that moved nothing, is to be thought about."""
    names = await owner.fetch(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind IN ('r', 'p', 'v', 'm')"
    )
    assert {row[0] for row in names} == MONEY.keys() | BESIDE.keys()
    assert not MONEY.keys() & BESIDE.keys()
    amounts = await owner.fetch(
        "SELECT DISTINCT table_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND data_type = 'numeric'"
    )
    known = {"enterprises", "plans", "notices", "violation_claims", "worklist"}
    assert {row[0] for row in amounts} - MONEY.keys() == known, "their amounts are paid to nobody"


@pytest.mark.usefixtures("played")
@pytest.mark.parametrize("caller", CALLERS)
async def test_no_caller_forges_raises_or_takes_away_what_moves_money(
    owner: Connection, owner_url: str, service_url: str, caller: str
) -> None:
    actor = None if caller == "service" else (await accounts(owner_url))[caller]
    worked = []
    async with seated(service_url, actor) as service:
        for table, changes in MONEY.items():
            columns = dict(await owner.fetch(_COLUMNS, table))
            row, listed = await _forged(owner, table, columns, changes, actor), ", ".join(columns)
            forge = (
                f"INSERT INTO {table} ({listed})"
                f" SELECT {listed} FROM jsonb_populate_record(NULL::{table}, $1::jsonb)"
            )
            if await _works(service, forge, row):
                worked.append((table, "insert"))
            for column, kind in columns.items():
                raised = f"UPDATE {table} SET {column} = {column} + 1"
                if kind in _NUMBERS and await _works(service, raised):
                    worked.append((table, f"raise {column}"))
            if await _works(service, f"DELETE FROM {table}"):
                worked.append((table, "delete"))
    # How long a step took so far is no money.
    worked = [each for each in worked if each != ("claims", "raise step_days_used")]
    own = [(table, "insert") for table, whose in ALLOWED if whose == caller]
    assert sorted(worked) == sorted(own)


@pytest.mark.usefixtures("played")
@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("fund = '别的资金'", "claims_stay"),
        ("payee = 'employee'", "claims_stay"),
        ("kind = 'advance'", "claims_stay"),
        ("receipt = 'SQ-别的'", "claims_stay"),
        ("round = round + 1", "claims_rounds_in_order"),
        ("round = round - 1", "claims_rounds_in_order"),
        ("form = '{}'", "claims_figures_stand"),
        ("persons = persons - 1", "claims_figures_stand"),
        ("requirements_met = true", "claims_figures_stand"),
    ],
)
async def test_what_was_applied_for_and_decided_on_stays(
    owner_url: str, service_url: str, change: str, name: str
) -> None:
    """Another fund would escape the budget; another round would let an officer sign twice."""
    officer = (await accounts(owner_url))["officer2"]
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        async with seated(service_url, officer) as service:
            await service.execute(f"UPDATE claims SET {change}")
    assert refused.value.constraint_name == name


@pytest.mark.parametrize("who", ["enterprise", "officer1"])
async def test_no_caller_slips_another_assessment_under_a_signature(
    world: World, owner_url: str, service_url: str, who: str
) -> None:
    """Neither after the review, nor between the signature and the change of the state."""
    await world.filed()
    await world.day("2020-03-31")
    callers = await accounts(owner_url)
    assess = (
        "INSERT INTO assessments SELECT (jsonb_populate_record(NULL::assessments, to_jsonb(a)"
        " || jsonb_build_object('id', gen_random_uuid(), 'number', a.number + 1))).*"
        " FROM assessments AS a ORDER BY a.number DESC LIMIT 1"
    )
    lines = (
        "INSERT INTO assessment_lines SELECT (jsonb_populate_record(NULL::assessment_lines,"
        " to_jsonb(l) || jsonb_build_object('assessment_id', (SELECT a.id FROM assessments AS a"
        " ORDER BY a.number DESC LIMIT 1)))).* FROM assessment_lines AS l"
    )
    await world.cleared()
    await world.checked("officer1")
    async with seated(service_url, callers["officer1"]) as service:
        await _sign(service, "review", callers["officer1"])
    async with seated(service_url, callers[who]) as service:
        await service.execute(assess)
        await service.execute(lines)
    async with constraint() as refused, seated(service_url, callers["officer2"]) as service:
        await _sign(service, "approve", callers["officer2"])
        for state in ("reviewed", "approved"):
            await service.execute("UPDATE claims SET state = $1", state)
    assert refused.name == "claims_signed_as_assessed"
    async with seated(service_url, callers["officer1"]) as service:
        await service.execute("UPDATE claims SET state = 'reviewed'")
    more = lines.replace("to_jsonb(l) ||", "to_jsonb(l) || '{\"number\": 99}' ||") + " LIMIT 1"
    for statement in (assess, more):
        async with constraint() as refused, seated(service_url, callers[who]) as service:
            await service.execute(statement)
        assert refused.name == "assessments_under_examination"


async def _sign(service: Connection, step: str, officer: Actor) -> None:
    await service.execute(
        "INSERT INTO signatures (id, claim_id, enterprise_id, bureau_code, round, step, officer_id,"
        " officer_name, assessment_id, signed_on)"
        " SELECT gen_random_uuid(), id, enterprise_id, bureau_code, round, $1, $2, '',"
        " (SELECT a.id FROM assessments AS a ORDER BY a.number DESC LIMIT 1), $3 FROM claims",
        step, getattr(officer, "account_id", None), date(2020, 3, 31),
    )  # fmt: skip


async def _forged(
    owner: Connection,
    table: str,
    columns: dict[str, str],
    changes: dict[str, str],
    actor: Actor | None,
) -> str:
    """Return a row of the table as JSON, with other keys and in the caller's own name."""
    told = [f"'{column}', {value}" for column, value in changes.items()]
    told += [f"'{column}', gen_random_uuid()" for column in ("id", *_MINE) if column in columns]
    sample = await owner.fetchval(
        f"SELECT to_jsonb(t) || jsonb_build_object({', '.join(told)}) FROM {table} AS t LIMIT 1"
    )
    assert sample is not None, f"{table} is empty: nothing can be said of it"
    mine: dict[str, Any] = {
        column: str(getattr(actor, "account_id", uuid4())) for column in _HANDS if column in columns
    }
    if table == "budgets":
        mine |= dict.fromkeys(("confirmed_by", "confirmed_by_name", "confirmed_on"))
    return json.dumps({**json.loads(sample), **mine})


async def _works(connection: Connection, statement: str, *values: Any) -> bool:  # noqa: ANN401
    """Tell whether the statement touches a row; it is taken back."""
    attempt = connection.transaction()
    await attempt.start()
    try:
        done: str = await connection.execute(statement, *values)
    except (REFUSED, asyncpg.IntegrityConstraintViolationError, asyncpg.GeneratedAlwaysError):
        return False
    else:
        return int(done.rpartition(" ")[2]) > 0
    finally:
        await attempt.rollback()
