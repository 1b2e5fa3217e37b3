"""Who reaches which rows? Every table x command x caller, against one table: the default is no."""

from typing import Any, Final

import asyncpg
import pytest

from app.actors import Actor
from tests import rare_rows
from tests.database.callers import REFUSED, Connection, accounts, connected, seated
from tests.uploads.tus import PDF, Tus
from tests.world import World

CALLERS: Final[dict[str, str | None]] = {
    "own": "enterprise",
    "foreign": "stranger",
    "district": "officer1",
    "other_district": "xigang",
    "centre": "centre",
    "public": "public",
    "sign_in": "sign_in",
    "sandbox": "sandbox",
    "platform": "platform",
    "outside": "outside",
    "service": None,
}
"""The callers by whose account they sit down; None is the service itself, before it says who."""

_ALL_READ: Final = dict.fromkeys(CALLERS.keys() - {"platform", "outside", "service"}, "S")
_BY_THE_CENTRE: Final = {**_ALL_READ, "centre": "SI", "sandbox": ""}

# What is reached of the rows of a paid case: S reads, I inserts, D deletes, U updates every column
# and u the columns listed below. A caller or a command that is not named reaches nothing. Nobody
# inserts a plan or a claim as it stands here: a case begins at its beginning.
REACHED: Final[dict[str, dict[str, str]]] = {
    # The row tried is the enterprise's, with a password: outside issuers' desk does not see it;
    # an administrator's hand is tried in test_accounts.py.
    "accounts": {"own": "Su", "foreign": "S", "sign_in": "Su"},
    "alembic_version": {},
    "assessment_lines": {"own": "SI", "district": "SI"},
    "assessments": {"own": "SI", "district": "SI"},
    # Those tried here and below are officer1's: nobody writes in another's name.
    "assignments": {"district": "SI"},
    # The row tried is the enterprise's: nobody else writes in its name.
    # Of what is published everybody reads how it came about; the public not by whose hand.
    "audit_events": {
        **dict.fromkeys(("foreign", "district", "other_district", "centre", "public"), "S"),
        "own": "SI",
        "sign_in": "I",
        "sandbox": "I",
    },
    "audit_seals": {},
    # Who is barred every bureau knows; barring needs an established violation.
    "blacklistings": {"own": "S", "district": "S", "other_district": "S", "centre": "S"},
    "budget_entries": {"district": "S"},
    "budget_slices": {},
    "budgets": {"district": "SI"},
    "bureaus": {**_ALL_READ, "outside": "S"},
    "business_clock": {**_ALL_READ, "sandbox": "SIU", "platform": "S", "outside": "S"},
    "calendar_days": _ALL_READ,
    # The database alone writes it, when a round ends.
    "claim_rounds": {"own": "S", "district": "S"},
    "claims": {"own": "S", "district": "SU"},
    # One that waits; who answers it, and when, is tried in test_line_decisions.py.
    "correction_points": {"own": "S", "district": "SI"},
    "declarations": _BY_THE_CENTRE,
    "enrolments": {},
    # Those that are verified: by their credit code a user of an outside issuer is linked.
    "enterprises": {"own": "S", "district": "SIu", "outside": "S"},
    "evaluations": {"own": "S", "district": "SIu"},
    "evidence": {"own": "SI", "district": "SI"},
    # The keys of sealed sheets and bank files, themselves sealed.
    "file_keys": {"own": "SI", "district": "SI"},
    "invitations": {"own": "SIu", "sign_in": "Su"},
    "learning_batches": {"own": "SIu", "district": "SIu"},
    "learning_records": {"own": "SI", "district": "SI"},
    "ledger_entries": {},
    # An open one, placed by officer1; the enterprise never sees it.
    "legal_holds": {"district": "SI"},
    "licences": {"own": "SI", "district": "S"},
    # A line is decided on while the claim is examined; this one is paid.
    "line_decisions": {"own": "S", "district": "S"},
    "notices": {**_ALL_READ, "district": "SI", "sandbox": ""},
    "notice_claims": {**_ALL_READ, "district": "SI", "sandbox": ""},
    "notice_sites": {**_ALL_READ, "district": "SI", "sandbox": ""},
    "notice_terms": {**_ALL_READ, "sandbox": ""},
    "objection_attachments": {"district": "S"},
    # Keyed in by officer1, who does not decide on it; another comes too late: the claim is paid.
    "objections": {"district": "S"},
    "officer_checks": {"district": "SI"},
    "outside_identities": {"own": "S", "outside": "SI"},
    # While the claim is examined; this one is paid.
    "overrides": {"own": "S", "district": "S"},
    "password_resets": {"sign_in": "SIu"},
    "payment_batches": {"district": "SI"},
    # Of a paid claim nothing is paid, kept back or demanded once more as it stands here.
    "payment_offsets": {"own": "S", "district": "S"},
    # Only the cashier moves one, which is tried in test_payments.py.
    "payments": {"own": "S", "district": "S"},
    "period_balances": {},
    "persons": {},
    "plan_courses": {"own": "SID", "district": "SID"},
    "plan_teachers": {"own": "SID", "district": "SID"},
    "plans": {"own": "S", "district": "SU"},
    # The row tried is the enterprise's own word; a bureau's is everybody's.
    "platform_columns": {"own": "SI", "district": "S"},
    "platform_events": {**_ALL_READ, "district": "SI", "sandbox": ""},
    "platforms": {
        **_ALL_READ,
        **dict.fromkeys(("district", "other_district", "centre"), "SIu"),
        "platform": "S",
    },
    "project_subsidies": {},
    # What is pushed and how it ends is tried in test_pushes.py.
    "pushed_records": {"own": "S", "district": "S", "platform": "SI"},
    "rates": _BY_THE_CENTRE,
    "recoveries": {"own": "S", "district": "SIu"},
    # The row tried is officer1's.
    "redeterminations": {"own": "S", "district": "SI"},
    "recovery_decisions": {"own": "S", "district": "SI"},
    "recovery_lines": {"own": "S", "district": "S"},
    "recovery_payments": {"own": "S", "district": "SI"},
    "refresh_tokens": {"sign_in": "SIu"},
    "second_factors": {"sign_in": "SuD"},
    "service_accounts": {"sign_in": "S"},
    "service_secrets": {"sign_in": "S"},
    "sign_ups": {"own": "S", "sign_in": "I"},
    "signature_limits": _ALL_READ,
    # An open one: it is raised by a filing, and the enterprise never sees it.
    "signals": {"own": "I", "district": "SI"},
    # The row tried is officer1's; see below for another's hand.
    "signatures": {"own": "S", "district": "SI"},
    # The row tried is officer1's, and waits.
    "simulations": {"district": "SI"},
    "stored_answers": {"own": "SIu"},
    # An open one of officer1; whose hand ends it is tried in test_hands.py.
    "suspensions": {"own": "S", "district": "SI"},
    # Of a draft: what is filed, and claimed, is fixed.
    "trainee_details": {"own": "SIUD", "district": "SIUD"},
    "trainees": {"own": "SID", "district": "SID"},
    # Half of a file, begun by the enterprise: the bureau sees how far it is.
    "upload_segments": {"own": "SIuD", "district": "S"},
    "uploads": {"own": "SIuD", "district": "S"},
    # An open one of officer1; the enterprise never sees it.
    "violation_claims": {"district": "SI"},
    "violation_transfers": {"district": "SI"},
    "violations": {"district": "SI"},
    # Kept by triggers: who moves a case moves its row.
    "worklist": {"district": "S"},
    "worklist_counts": {"district": "S"},
    "year_balances": {},
}
UPDATED: Final[dict[str, set[str]]] = {
    "accounts": {"failures", "locked_until", "password_hash", "must_change_password"},
    "own accounts": {"clerk", "active"},
    "enterprises": {"state", "remark"},
    "evaluations": {"asked_on", "asked_by", "made_on", "made_by", "result", "recorded_by"},
    "invitations": {"used_at", "account_id"},
    "own invitations": {"revoked_at"},
    "learning_batches": {"replaced_by"},
    "password_resets": {"used_at"},
    "platforms": {
        "hosts",
        "source",
        "in_china",
        "qualified",
        "creditworthy",
        "public_service",
        "examined_remark",
        "examined_document",
        "examined_on",
        "examined_by",
        "examined_by_name",
        "examined_at_bureau",
        "valid_from",
        "valid_to",
        "blocked_since",
        "blocked_reason",
        "blocked_by",
        "blocked_by_name",
        "blocked_at_bureau",
    },
    "payments": {"state", "paid_on", "failure", "bank_reference"},
    "recoveries": {"state", "repaid_on", "bank_reference"},
    "refresh_tokens": {"used_at", "revoked_at"},
    "second_factors": {"last_step", "recovery_digests"},
    "stored_answers": {"body"},
    "upload_segments": {"size"},
    "uploads": {"received", "writer", "expires_at", "evidence_id"},
}
"""The columns that are updated where only some are; the enterprise's where they are others."""

_COLUMNS: Final = """
    SELECT attname FROM pg_attribute
    WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped
      AND attgenerated = '' AND attidentity = ''
"""


@pytest.fixture
async def played(world: World, owner_url: str) -> World:
    """The paid sample case, a session, a draft and what is rare, so that no table is empty."""
    await world.paid()
    form = {"username": "enterprise", "password": "sandbox-enterprise"}
    await world.call(None, "POST", "/token", data=form)
    key = {"Idempotency-Key": "once"}
    body = world.plan_body()
    draft = await world.call("enterprise", "POST", "/plans", json=body, headers=key)
    roster = f"/plans/{draft.json()['id']}/roster"
    await world.send("enterprise", roster, "roster.xlsx")
    await Tus(world).created(100, PDF, plan_id=draft.json()["id"])
    await rare_rows.put(owner_url, *rare_rows.ALL)
    return world


@pytest.mark.parametrize("caller", CALLERS)
async def test_a_caller_reaches_what_the_table_says_and_nothing_else(
    played: World, owner_url: str, service_url: str, caller: str
) -> None:
    assert played.claim["state"] == "paid"
    who = await accounts(owner_url)
    user = CALLERS[caller]
    actor = None if user is None else who[user]
    reached, updated = {}, {}
    for table, (sample, columns) in (await _tables(owner_url)).items():
        reached[table], several = await _reach(service_url, actor, table, sample, columns)
        if several:
            updated[table] = several
    assert reached == {table: row.get(caller, "") for table, row in REACHED.items()}
    assert updated == {table: UPDATED.get(f"{caller} {table}", UPDATED[table]) for table in updated}


async def _tables(owner_url: str) -> dict[str, tuple[str, list[str]]]:
    """Return of every table a row as JSON and the columns that a caller might write."""
    async with connected(owner_url) as owner:
        names = await owner.fetch(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind IN ('r', 'p', 'v', 'm') ORDER BY 1"
        )
        found = {}
        for (name,) in names:
            sample = await owner.fetchval(f"SELECT to_jsonb(t)::text FROM {name} AS t LIMIT 1")
            assert sample is not None, f"{name} is empty: nothing can be said of it"
            columns = [row[0] for row in await owner.fetch(_COLUMNS, name)]
            found[name] = (sample, columns)
    return found


async def _reach(
    url: str, actor: Actor | None, table: str, sample: str, columns: list[str]
) -> tuple[str, set[str]]:
    """Return the letters of what *actor* reaches, and the columns if only some are updated."""
    listed = ", ".join(columns)
    new = f"SELECT {listed} FROM json_populate_record(NULL::{table}, $1::json)"
    async with seated(url, actor) as connection:
        letters = ""
        if await _works(connection, f"SELECT FROM {table}"):
            letters += "S"
        if await _works(connection, f"INSERT INTO {table} ({listed}) {new}", sample):
            letters += "I"
        updated = {
            column
            for column in columns
            if await _works(connection, f"UPDATE {table} SET {column} = {column}")
        }
        whole = updated == set(columns)
        if updated:
            letters += "U" if whole else "u"
        if await _works(connection, f"DELETE FROM {table}"):
            letters += "D"
        return letters, set() if whole else updated


async def _works(connection: Connection, statement: str, *values: Any) -> bool:  # noqa: ANN401
    """Tell whether the statement touches a row; only a row's own key may stop it then."""
    attempt = connection.transaction()
    await attempt.start()
    try:
        done: str = await connection.execute(statement, *values)
    except (REFUSED, asyncpg.CheckViolationError):
        return False
    except (asyncpg.IntegrityConstraintViolationError, asyncpg.GeneratedAlwaysError):
        return True
    else:
        return int(done.rpartition(" ")[2]) > 0
    finally:
        await attempt.rollback()
