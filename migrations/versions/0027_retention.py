"""Which cases are on hold, who takes a case out into an archive, and what is never deleted?

Revision ID: 0027
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

from migrations.guards import (
    BUREAUS,
    OWN_ACCOUNT,
    OWN_BUREAU,
    lock_down,
    never_deleted,
    policy,
    run,
)
from migrations.retention_functions import INTERNAL, functions

revision = "0027"
down_revision = "0025"
branch_labels = None
depends_on = None

_ARCHIVIST = "subsidy_archivist"
_NOW = sa.text("now()")
_READ = (
    "enterprises", "plans", "plan_courses", "plan_teachers", "trainees", "trainee_details",
    "suspensions", "evaluations", "learning_batches", "learning_records", "pushed_records",
    "evidence", "claims", "claim_rounds", "correction_points", "overrides", "line_decisions",
    "redeterminations", "officer_checks", "signals", "signatures", "assignments", "assessments",
    "assessment_lines", "notices", "notice_claims", "notice_sites", "objections",
    "objection_attachments", "payments", "payment_batches", "payment_offsets", "recoveries",
    "recovery_lines", "recovery_decisions", "recovery_payments", "violations", "violation_claims",
    "violation_transfers", "blacklistings", "ledger_entries", "enrolments", "project_subsidies",
    "budget_entries", "audit_events", "legal_holds", "file_keys",
)  # fmt: skip
"""What an archive of a case is made of."""

_WRITTEN_ANEW = ("plan_courses", "plan_teachers", "trainees", "trainee_details")
"""What a draft, and a plan that was returned, replaces."""

_NOT_GUARDED_YET = (
    "enterprises", "persons", "plans", "claims", "payments", "learning_batches",
)  # fmt: skip


def upgrade() -> None:
    _legal_holds()
    _archivist()
    _kept()


def _legal_holds() -> None:
    op.create_table(
        "legal_holds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("bureau_code", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("placed_on", sa.Date(), nullable=False),
        sa.Column("placed_by", sa.Uuid(), nullable=False),
        sa.Column("placed_by_name", sa.Text(), nullable=False),
        sa.Column("lifted_on", sa.Date(), nullable=True),
        sa.Column("lifted_by", sa.Uuid(), nullable=True),
        sa.Column("lifted_by_name", sa.Text(), nullable=True),
        sa.Column("lifted_reason", sa.Text(), nullable=True),
        sa.Column("lifted_document", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.CheckConstraint(
            "length(reason) > 1 AND length(document) > 0", name=op.f("ck_legal_holds_in_writing")
        ),
        sa.CheckConstraint(
            "num_nulls(lifted_on, lifted_by, lifted_by_name, lifted_reason, lifted_document)"
            " IN (0, 5)",
            name=op.f("ck_legal_holds_lifted"),
        ),
        sa.CheckConstraint(
            "length(lifted_reason) > 1 AND length(lifted_document) > 0",
            name=op.f("ck_legal_holds_lifted_in_writing"),
        ),
        sa.CheckConstraint("placed_on <= lifted_on", name=op.f("ck_legal_holds_days")),
        sa.CheckConstraint("placed_by <> lifted_by", name=op.f("ck_legal_holds_two_persons")),
        sa.ForeignKeyConstraint(
            ["plan_id", "enterprise_id", "bureau_code"],
            ["plans.id", "plans.enterprise_id", "plans.bureau_code"],
            name=op.f("fk_legal_holds_plan_id_enterprise_id_bureau_code"),
        ),
        sa.ForeignKeyConstraint(
            ["placed_by"], ["accounts.id"], name=op.f("fk_legal_holds_placed_by")
        ),
        sa.ForeignKeyConstraint(
            ["lifted_by"], ["accounts.id"], name=op.f("fk_legal_holds_lifted_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_holds")),
    )
    op.create_index("ix_legal_holds_plan_id", "legal_holds", ["plan_id", "id"])
    lock_down("legal_holds")
    policy("legal_holds", "of_the_bureau", BUREAUS, OWN_BUREAU, "SELECT")
    begun = f"{OWN_BUREAU} AND placed_by = {OWN_ACCOUNT} AND lifted_on IS NULL"
    policy("legal_holds", "by_own_hand", BUREAUS, begun, "INSERT")
    policy("legal_holds", "for_keeping", "subsidy_ledger", "true", "SELECT")
    run(
        # What was lifted once is not touched again.
        f"CREATE POLICY lifted_by_own_hand ON legal_holds FOR UPDATE TO {BUREAUS}"
        f" USING ({OWN_BUREAU} AND lifted_on IS NULL)"
        f" WITH CHECK ({OWN_BUREAU} AND lifted_by = {OWN_ACCOUNT})",
        "GRANT SELECT, INSERT, UPDATE (lifted_on, lifted_by, lifted_by_name, lifted_reason,"
        f" lifted_document) ON legal_holds TO {BUREAUS}",
        "GRANT SELECT ON legal_holds TO subsidy_ledger",
    )
    never_deleted("legal_holds")


def _archivist() -> None:
    for table in _READ:
        policy(table, "for_the_archivist", _ARCHIVIST, "true", "SELECT")
    its_acts = "object_kind = 'archives' AND account_id IS NULL"
    policy("audit_events", "of_the_archivist", _ARCHIVIST, its_acts, "INSERT")
    run(
        f"GRANT SELECT ON {', '.join(_READ)} TO {_ARCHIVIST}",
        f"GRANT INSERT ON audit_events TO {_ARCHIVIST}",
    )
    # What was done to a notice or to all of a bureau's papers names an object and no case.
    op.create_index(
        "ix_audit_events_no_case",
        "audit_events",
        ["object_id"],
        postgresql_where="case_id IS NULL",
    )


def _kept() -> None:
    run(*functions())
    for signature in INTERNAL:
        run(
            f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC",
            f"ALTER FUNCTION {signature} OWNER TO subsidy_ledger",
        )
    for table in _NOT_GUARDED_YET:
        never_deleted(table)
    for table in _WRITTEN_ANEW:
        run(
            f"CREATE TRIGGER keep_case_rows AFTER DELETE ON {table} REFERENCING OLD TABLE AS gone"
            " FOR EACH STATEMENT EXECUTE FUNCTION keep_case_rows()",
            f"CREATE TRIGGER never_truncated BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
        )


def downgrade() -> None:
    for table in _WRITTEN_ANEW:
        run(
            f"DROP TRIGGER keep_case_rows ON {table}",
            f"DROP TRIGGER never_truncated ON {table}",
        )
    for table in _NOT_GUARDED_YET:
        run(f"DROP TRIGGER never_deleted ON {table}")
    op.drop_index("ix_audit_events_no_case", "audit_events")
    run("DROP POLICY of_the_archivist ON audit_events")
    for table in _READ:
        run(f"DROP POLICY for_the_archivist ON {table}", f"REVOKE ALL ON {table} FROM {_ARCHIVIST}")
    op.drop_table("legal_holds")
    for signature in INTERNAL:
        run(f"DROP FUNCTION {signature}")
