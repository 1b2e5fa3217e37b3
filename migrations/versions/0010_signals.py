"""What does not fit in a claim, and who looked at it? Signals, and what they are found by.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.guards import (
    BUREAUS,
    ENTERPRISE,
    MEMBERS,
    OWN_ACCOUNT,
    OWN_BUREAU,
    OWN_ENTERPRISE,
    lock_down,
    never_deleted,
    policy,
    run,
)
from migrations.signal_functions import ASKED_BY_MEMBERS, TRIGGERS, functions

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_CLAIM = ["claim_id", "enterprise_id", "bureau_code"]
_CLAIM_KEY = ["claims.id", "claims.enterprise_id", "claims.bureau_code"]
_CLEARED = "cleared_by, cleared_by_name, cleared_on, remark"
# What one file, one person and one plan are found by, however long the history is.
_INDEXES = {
    "ix_trainees_person_id": ("trainees", ["person_id"]),
    "ix_evidence_sha256": ("evidence", ["sha256"]),
    "ix_learning_batches_sha256": ("learning_batches", ["sha256"]),
    "ix_claims_plan_id": ("claims", ["plan_id"]),
}
_LOOKED_INTO = ("learning_records", "learning_batches", "evidence", "plan_courses")


def upgrade() -> None:
    # Of a person's age only what decides something here: nothing of nearly everybody.
    op.add_column("trainees", sa.Column("turns_16_on", sa.Date(), nullable=True))
    op.add_column("trainees", sa.Column("retires_on", sa.Date(), nullable=True))
    for name, (table, columns) in _INDEXES.items():
        op.create_index(name, table, columns)
    _signals()
    _functions()


def _signals() -> None:
    op.create_table(
        "signals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("bureau_code", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("rows", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("cleared_by", sa.Uuid(), nullable=True),
        sa.Column("cleared_by_name", sa.Text(), nullable=True),
        sa.Column("cleared_on", sa.Date(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "severity IN ('notice', 'warning', 'serious')", name=op.f("ck_signals_severity")
        ),
        sa.CheckConstraint(f"num_nulls({_CLEARED}) IN (0, 4)", name=op.f("ck_signals_cleared")),
        sa.CheckConstraint("length(remark) > 1", name=op.f("ck_signals_in_writing")),
        sa.ForeignKeyConstraint(
            _CLAIM, _CLAIM_KEY, name=op.f("fk_signals_claim_id_enterprise_id_bureau_code")
        ),
        sa.ForeignKeyConstraint(
            ["cleared_by"], ["accounts.id"], name=op.f("fk_signals_cleared_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signals")),
        sa.UniqueConstraint(
            "claim_id", "round", "kind", name=op.f("uq_signals_claim_id_round_kind")
        ),
    )
    lock_down("signals")
    # A filing raises them, whoever files; the enterprise never sees them.
    raised = f"num_nonnulls({_CLEARED}) = 0"
    policy("signals", "of_the_enterprise", ENTERPRISE, f"{OWN_ENTERPRISE} AND {raised}", "INSERT")
    policy("signals", "of_the_bureau", BUREAUS, OWN_BUREAU, "SELECT")
    policy("signals", "raised_by_the_bureau", BUREAUS, f"{OWN_BUREAU} AND {raised}", "INSERT")
    own_hand = f"{OWN_BUREAU} AND cleared_by = {OWN_ACCOUNT}"
    run(
        f"CREATE POLICY cleared_by_own_hand ON signals FOR UPDATE TO {BUREAUS}"
        f" USING ({OWN_BUREAU} AND cleared_on IS NULL) WITH CHECK ({own_hand})",
        f"GRANT INSERT ON signals TO {MEMBERS}",
        f"GRANT SELECT, UPDATE ({_CLEARED}) ON signals TO {BUREAUS}",
    )
    never_deleted("signals")


def _functions() -> None:
    run(*functions())
    for table in _LOOKED_INTO:
        policy(table, "for_signals", "subsidy_ledger", "true", "SELECT")
        run(f"GRANT SELECT ON {table} TO subsidy_ledger")
    for signature in ASKED_BY_MEMBERS:
        run(
            f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC",
            f"ALTER FUNCTION {signature} OWNER TO subsidy_ledger",
            f"GRANT EXECUTE ON FUNCTION {signature} TO {MEMBERS}",
        )
    run(
        "CREATE TRIGGER cleared_once BEFORE UPDATE ON signals FOR EACH ROW"
        " EXECUTE FUNCTION cleared_once()",
        "CREATE TRIGGER signals_cleared BEFORE UPDATE OF state ON claims FOR EACH ROW"
        " WHEN (NEW.state = 'approved' AND OLD.state <> 'approved')"
        " EXECUTE FUNCTION signals_cleared()",
    )


def downgrade() -> None:
    run("DROP TRIGGER signals_cleared ON claims")
    op.drop_table("signals")
    for signature in (*ASKED_BY_MEMBERS, *TRIGGERS):
        run(f"DROP FUNCTION {signature}")
    for table in _LOOKED_INTO:
        run(f"REVOKE ALL ON {table} FROM subsidy_ledger", f"DROP POLICY for_signals ON {table}")
    for name, (table, _) in _INDEXES.items():
        op.drop_index(name, table)
    op.drop_column("trainees", "retires_on")
    op.drop_column("trainees", "turns_16_on")
