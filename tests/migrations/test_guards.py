"""Does the migrated database guard itself: names, row security, functions and roles?"""

import re
from typing import Final

import pytest

from app.errors import REFUSED_BY_CONSTRAINT
from migrations.account_functions import ASKED_AT_SIGN_IN, ASKED_BY_ENTERPRISES
from migrations.account_functions import ASKED_BY_BUREAUS as OF_ACCOUNTS
from migrations.account_functions import INTERNAL as GUARDING_ACCOUNTS
from migrations.deciding_functions import OF_THE_LEDGER
from migrations.key_functions import ASKED_BY_BUREAUS as OF_SEALED
from migrations.ledger_functions import ASKED_BY_BUREAUS, ASKED_BY_MEMBERS, INTERNAL
from migrations.measure_functions import ASKED_BY_MEMBERS as ABOUT_DETAILS
from migrations.money_functions import ASKED_BY_BUREAUS as OF_BUDGETS
from migrations.money_functions import ASKED_BY_THE_AUDITOR
from migrations.money_functions import INTERNAL as OF_MONEY
from migrations.objection_functions import INTERNAL as LISTING_OBJECTIONS
from migrations.publicity_functions import ASKED_BY_EVERYONE, ASKED_BY_OBJECTORS
from migrations.publicity_functions import ASKED_BY_MEMBERS as OF_DUES
from migrations.publicity_functions import INTERNAL as OF_PUBLICITY
from migrations.push_functions import ASKED_BY_PLATFORMS
from migrations.race_functions import ASKED_BY_BUREAUS as LOCKING
from migrations.race_functions import ATTACH, ATTACH_BEFORE
from migrations.race_functions import OF_THE_LEDGER as OF_MOVES
from migrations.retention_functions import INTERNAL as OF_RETENTION
from migrations.signal_functions import ASKED_BY_MEMBERS as FOR_SIGNALS
from migrations.worklist_functions import ASKED_BY_BUREAUS as OF_THE_WORKLIST
from migrations.worklist_functions import INTERNAL as KEEPING_THE_WORKLIST
from tests.migrations import catalogue

OPEN_TO_ALL: Final = {
    "bureaus": "public reference data: the list of bureaus",
    "calendar_days": "public reference data: the state's working days",
    "business_clock": "one row that belongs to nobody: the sandbox's business day",
    "signature_limits": "public reference data: above which amount a third officer signs",
    "alembic_version": "the owner's own; nobody else has a right on it",
}
"""The tables without row-level security, each with the reason."""

RAISED_BY_TRIGGERS: Final = {
    "claims_two_signatures", "follow_procedure", "payments_after_notice",
    "signatures_not_by_who_keyed_in", "claims_advance_before_claim", "claims_advance_open",
    "claims_paid_by_payment", "trainee_details_claimed", "trainee_details_filed",
    "claims_signals_cleared", "claims_not_by_who_cleared", "signals_cleared_once",
    "claims_evidence_not_infected",
    "claims_third_signature", "claims_pay_signature", "claims_amount_as_assessed",
    "claims_lines_as_decided", "claims_not_by_who_decided", "claims_figures_stand",
    "signatures_by_duty", "claims_supersedes_decided", "claims_successor_stands",
    "claims_points_answered", "correction_points_answered_once",
    "line_decisions_under_examination",
    "ledger_reversed_after_payment", "ledger_reversed_once", "budgets_not_exceeded",
    "budgets_below_committed", "budgets_confirmed_once", "payments_of_published",
    "payments_to_verified", "payments_not_blacklisted", "payments_result_final",
    "payments_offsets_add_up", "recovery_payments_within_demand", "recoveries_closed_rightly",
    "recoveries_of_paid", "violations_established", "payment_offsets_two_signatures",
    "claims_checks_done", "assignments_from_holder", "assignments_to_colleague",
    "payments_once", "payments_due", "payments_held", "claims_paid_in_full", "claims_paid_in_part",
    "claims_objection_stands", "objections_in_time", "objections_lines_published",
    "objections_decided_once", "objections_by_another_hand",
    "claims_stay", "claims_rounds_in_order", "claims_signed_as_assessed",
    "assessments_under_examination", "payments_by_duty",
    "enterprises_uscc_stands", "enterprises_account_by_manager", "enterprises_licence_shown",
    "cases_kept", "cases_on_hold",
}  # fmt: skip
"""Names under which triggers refuse; they stand in no catalogue of constraints."""

_BUREAUS: Final = ("subsidy_district", "subsidy_centre")
_EVERYONE: Final = (
    *_BUREAUS, "subsidy_enterprise", "subsidy_public", "subsidy_sign_in", "subsidy_registrar",
)  # fmt: skip
ASKERS: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys(
        (
            *INTERNAL,
            *OF_THE_LEDGER,
            *OF_MONEY,
            *KEEPING_THE_WORKLIST,
            *LISTING_OBJECTIONS,
            *OF_PUBLICITY,
            *OF_MOVES,
            *GUARDING_ACCOUNTS,
            *OF_RETENTION,
        ),
        (),
    ),
    **dict.fromkeys(
        (
            *ASKED_BY_BUREAUS,
            *OF_BUDGETS,
            *OF_THE_WORKLIST,
            *LOCKING,
            *OF_SEALED,
            *OF_ACCOUNTS,
        ),
        _BUREAUS,
    ),
    **dict.fromkeys(ASKED_BY_ENTERPRISES, ("subsidy_enterprise",)),
    **dict.fromkeys(ASKED_AT_SIGN_IN, ("subsidy_sign_in",)),
    **dict.fromkeys(ASKED_BY_PLATFORMS, ("subsidy_platform",)),
    "audit_lag()": ("subsidy_public",),
    "audits()": _BUREAUS,
    **dict.fromkeys(ASKED_BY_THE_AUDITOR, ("subsidy_auditor",)),
    **dict.fromkeys({*ASKED_BY_OBJECTORS, ATTACH} - {ATTACH_BEFORE}, (*_BUREAUS, "subsidy_public")),
    **dict.fromkeys(ASKED_BY_EVERYONE, _EVERYONE),
    **dict.fromkeys(
        (*ASKED_BY_MEMBERS, *ABOUT_DETAILS, *FOR_SIGNALS, *OF_DUES, "enrolled_as(bytea)"),
        (*_BUREAUS, "subsidy_enterprise"),
    ),
}

CALLERS: Final = {
    "subsidy_enterprise", "subsidy_district", "subsidy_centre", "subsidy_public",
    "subsidy_sign_in", "subsidy_sandbox", "subsidy_simulator", "subsidy_scanner",
    "subsidy_platform", "subsidy_sweeper", "subsidy_sealer", "subsidy_outside", "subsidy_holder",
}  # fmt: skip


def test_every_constraint_and_index_bears_the_name_we_gave_it(migrated: str) -> None:
    """A refusal names its constraint; PostgreSQL's own names (*_check1) would say nothing."""
    named = [*catalogue.told(migrated, catalogue.CONSTRAINTS)]
    named += [f"-.{name}" for name in catalogue.told(migrated, catalogue.INDEXES)]
    ours = re.compile(r"\.(pk|uq|fk|ck|ex|ix)_[a-z0-9_]+$")
    theirs = re.compile(r"_(pkey|key|fkey|check|excl|idx)\d*$")
    assert [name for name in named if not ours.search(name) or theirs.search(name)] == []


def test_every_refusal_by_a_constraint_names_one_that_exists(migrated: str) -> None:
    known = {name.split(".")[1] for name in catalogue.told(migrated, catalogue.CONSTRAINTS)}
    known |= set(catalogue.told(migrated, catalogue.INDEXES)) | RAISED_BY_TRIGGERS
    assert set(REFUSED_BY_CONSTRAINT) - known == set()


def test_row_security_is_on_and_forced_on_every_table_but_the_listed(migrated: str) -> None:
    tables = catalogue.rows(
        migrated,
        "SELECT relname, relrowsecurity AND relforcerowsecurity FROM pg_class"
        " WHERE relkind IN ('r', 'p', 'm', 'v') AND relnamespace = 'public'::regnamespace",
    )
    assert {name for name, guarded in tables if not guarded} == set(OPEN_TO_ALL)


def test_no_policy_speaks_of_everybody_at_once(migrated: str) -> None:
    """A policy without a role would hold for roles that nobody thought of."""
    query = "SELECT tablename, policyname FROM pg_policies WHERE 'public' = ANY (roles)"
    assert catalogue.rows(migrated, query) == []


def test_nothing_is_granted_to_public(migrated: str) -> None:
    query = """
        SELECT table_name FROM information_schema.role_table_grants
        WHERE grantee = 'PUBLIC' AND table_schema = 'public'
    """
    assert catalogue.rows(migrated, query) == []


@pytest.mark.parametrize("signature", sorted(ASKERS))
def test_a_function_of_the_ledger_runs_as_the_ledger_for_those_who_may_ask(
    migrated: str, signature: str
) -> None:
    query = f"""
        SELECT pg_get_userbyid(proowner), prosecdef,
               array(SELECT grantee::regrole::text FROM aclexplode(proacl)
                     WHERE grantee <> proowner AND grantee <> 0 ORDER BY 1),
               EXISTS (SELECT FROM aclexplode(coalesce(proacl, acldefault('f', proowner)))
                       WHERE grantee = 0)
        FROM pg_proc WHERE oid = '{signature}'::regprocedure
    """
    found = [tuple(row) for row in catalogue.rows(migrated, query)]
    assert found == [("subsidy_ledger", True, sorted(ASKERS[signature]), False)]


def test_the_ledger_owns_these_functions_and_nothing_else(migrated: str) -> None:
    query = """
        SELECT oid::regprocedure::text FROM pg_proc
        WHERE prosecdef AND pronamespace = 'public'::regnamespace
    """
    assert len(catalogue.rows(migrated, query)) == len(ASKERS)
    owned = "SELECT relname FROM pg_class WHERE relowner = 'subsidy_ledger'::regrole"
    assert catalogue.rows(migrated, owned) == []


def test_every_function_looks_for_tables_in_one_place_only(migrated: str) -> None:
    """Else a caller's temporary table could stand in for the signatures or the notices."""
    query = """
        SELECT oid::regprocedure::text FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace
          AND NOT coalesce(proconfig @> ARRAY['search_path=public, pg_temp'], false)
          AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'i')
    """
    assert [row[0] for row in catalogue.rows(migrated, query)] == []


def test_the_services_role_is_powerless_by_itself(migrated: str) -> None:
    role = catalogue.rows(
        migrated,
        "SELECT rolcanlogin, rolsuper, rolbypassrls, rolinherit, rolcreaterole, rolcreatedb,"
        " rolreplication FROM pg_roles WHERE rolname = 'subsidy_service'",
    )
    assert [tuple(row) for row in role] == [(True, False, False, False, False, False, False)]
    owned = """
        SELECT classid::regclass, objid FROM pg_shdepend
        WHERE refobjid = 'subsidy_service'::regrole AND deptype = 'o'
    """
    assert catalogue.rows(migrated, owned) == []
    granted = """
        SELECT table_name FROM information_schema.role_table_grants
        WHERE grantee = 'subsidy_service'
    """
    assert catalogue.rows(migrated, granted) == []


def test_the_service_may_become_its_callers_and_nobody_else(migrated: str) -> None:
    query = """
        SELECT rolname FROM pg_roles
        WHERE rolname <> 'subsidy_service' AND pg_has_role('subsidy_service', oid, 'MEMBER')
    """
    assert {row[0] for row in catalogue.rows(migrated, query)} == CALLERS


def test_a_callers_role_logs_in_nowhere_and_leads_nowhere(migrated: str) -> None:
    query = """
        SELECT r.rolname FROM pg_roles AS r
        WHERE r.rolname LIKE 'subsidy\\_%' AND r.rolname <> 'subsidy_service'
          AND (r.rolcanlogin OR r.rolsuper OR r.rolbypassrls OR r.rolcreaterole
               OR (r.rolname <> 'subsidy_owner'
                   AND EXISTS (SELECT FROM pg_auth_members WHERE member = r.oid)))
    """
    assert catalogue.rows(migrated, query) == []
