"""Which objections await an officer, until when, and in whose hands are they?

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op

from migrations.guards import BUREAUS, run
from migrations.objection_functions import INTERNAL, functions, functions_before

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_LEDGER = "subsidy_ledger"
_KINDS = "'plan', 'claim', 'advance'"
_OPEN_ENDED = (
    ("ck_worklist_of_an_enterprise", "worklist",
     "kind = 'objection' OR num_nulls(enterprise_id, measure) = 0"),
    ("ck_assignments_of_an_enterprise", "assignments",
     "objection_id IS NOT NULL OR enterprise_id IS NOT NULL"),
    ("ck_assignments_one_case", "assignments",
     "num_nonnulls(plan_id, claim_id, objection_id) = 1"),
    ("ck_objections_redetermine_by", "objections",
     "state = 'upheld' OR redetermine_by IS NULL"),
)  # fmt: skip
_REFUSED = (
    "WHEN (NEW.supersedes IS NOT NULL AND OLD.state <> NEW.state"
    " AND NEW.state IN ('rejected', 'withdrawn')) "
)
_ENDED = "WHEN (OLD.ended IS NULL AND NEW.ended IS NOT NULL) "
_DECIDED = "WHEN (OLD.state <> NEW.state) "
_ANEW = "WHEN (NEW.supersedes IS NOT NULL) "
_LISTED = (
    ("listed", "AFTER INSERT", "objections", "", "list_objected"),
    ("listed_again", "AFTER UPDATE OF state", "objections", _DECIDED, "list_objected"),
    ("listed_anew", "AFTER INSERT", "claims", _ANEW, "list_made_anew"),
    ("listed_again", "AFTER UPDATE OF state", "claims", _REFUSED, "list_made_anew"),
    ("listed_ended", "AFTER UPDATE OF ended", "notice_claims", _ENDED, "list_ended"),
)


def upgrade() -> None:
    op.add_column("objections", sa.Column("redetermine_by", sa.Date(), nullable=True))
    run(f"GRANT UPDATE (redetermine_by) ON objections TO {BUREAUS}")
    _kind(f"{_KINDS}, 'objection'")
    for column in ("enterprise_id", "measure"):
        op.alter_column("worklist", column, nullable=True)
    op.alter_column("assignments", "enterprise_id", nullable=True)
    op.add_column("assignments", sa.Column("objection_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_assignments_objection_id_bureau_code"),
        "assignments",
        "objections",
        ["objection_id", "bureau_code"],
        ["id", "bureau_code"],
    )
    _case_id("coalesce(objection_id, claim_id, plan_id)")
    op.drop_constraint(op.f("ck_assignments_one_case"), "assignments")
    for name, table, condition in _OPEN_ENDED:
        op.create_check_constraint(op.f(name), table, condition)
    run(*functions())
    for signature in INTERNAL:
        run(
            f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC",
            f"ALTER FUNCTION {signature} OWNER TO {_LEDGER}",
        )
    for name, event, table, condition, function in _LISTED:
        run(
            f"CREATE TRIGGER {name} {event} ON {table} FOR EACH ROW {condition}"
            f"EXECUTE FUNCTION {function}()"
        )
    # As the ledger, for the owner sees no row.
    run(
        f"SET LOCAL ROLE {_LEDGER}",
        "SELECT list_objection(id) FROM objections WHERE state IN ('open', 'upheld') ORDER BY id",
        "SET LOCAL ROLE subsidy_owner",
    )


def _kind(kinds: str) -> None:
    op.drop_constraint(op.f("ck_worklist_kind"), "worklist")
    op.create_check_constraint(op.f("ck_worklist_kind"), "worklist", f"kind IN ({kinds})")


def _case_id(expression: str) -> None:
    """Compute the case anew; before PostgreSQL 17 such a column is replaced."""
    op.drop_column("assignments", "case_id")
    op.add_column(
        "assignments",
        sa.Column("case_id", sa.Uuid(), sa.Computed(expression, persisted=True), nullable=False),
    )
    op.create_index("ix_assignments_case_id", "assignments", ["case_id"])


def downgrade() -> None:
    """Take objections off the list, and with them who held one; the audit still tells it."""
    for name, _, table, _, _ in _LISTED:
        run(f"DROP TRIGGER {name} ON {table}")
    run(
        f"SET LOCAL ROLE {_LEDGER}",
        "DELETE FROM worklist WHERE kind = 'objection'",
        "DELETE FROM worklist_counts WHERE step IN ('decide_objection', 'redetermine')",
        "SET LOCAL ROLE subsidy_owner",
        "ALTER TABLE assignments NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE assignments DISABLE TRIGGER refuse_change",
        "DELETE FROM assignments WHERE objection_id IS NOT NULL",
        "ALTER TABLE assignments ENABLE TRIGGER refuse_change",
        "ALTER TABLE assignments FORCE ROW LEVEL SECURITY",
    )
    run(*functions_before())
    for signature in reversed(INTERNAL):
        run(f"DROP FUNCTION {signature}")
    for name, table, _ in _OPEN_ENDED:
        op.drop_constraint(op.f(name), table)
    op.create_check_constraint(
        op.f("ck_assignments_one_case"), "assignments", "(plan_id IS NULL) <> (claim_id IS NULL)"
    )
    _case_id("coalesce(claim_id, plan_id)")
    op.drop_column("assignments", "objection_id")
    op.alter_column("assignments", "enterprise_id", nullable=False)
    for column in ("enterprise_id", "measure"):
        op.alter_column("worklist", column, nullable=False)
    _kind(_KINDS)
    op.drop_column("objections", "redetermine_by")
