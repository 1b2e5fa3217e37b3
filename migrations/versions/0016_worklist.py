"""What awaits an officer, who holds it, until when, and what did officers check themselves?

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.guards import (
    BUREAUS,
    OWN_ACCOUNT,
    OWN_BUREAU,
    append_only,
    lock_down,
    policy,
    run,
)
from migrations.worklist_functions import ASKED_BY_BUREAUS, INTERNAL, TRIGGERS, functions

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_NOW = sa.text("now()")
_LEDGER = "subsidy_ledger"
_OF_CASE = (("claim_id", "claims"), ("plan_id", "plans"))
_CLOCK = "state, round, step_began_on, due_on, bureau_code"


def upgrade() -> None:
    _clocks()
    _worklist()
    _counts()
    _assignments()
    _officer_checks()
    _functions()
    _triggers()
    _list_what_waits()


def _clocks() -> None:
    for table in ("claims", "plans"):
        op.add_column(table, sa.Column("step_began_on", sa.Date(), nullable=True))
        op.add_column(table, sa.Column("due_on", sa.Date(), nullable=True))
        op.add_column(
            table, sa.Column("step_days_used", sa.Integer(), server_default="0", nullable=False)
        )
        op.create_check_constraint(op.f(f"ck_{table}_step_days_used"), table, "step_days_used >= 0")
    op.add_column(
        "claims",
        sa.Column(
            "asked_checks",
            postgresql.ARRAY(sa.TEXT()),
            server_default="{evidence_seen}",
            nullable=False,
        ),
    )
    # Somebody looks at the papers, whatever the measure.
    op.create_check_constraint(
        op.f("ck_claims_asked_checks"), "claims", "asked_checks @> ARRAY['evidence_seen']"
    )


def _worklist() -> None:
    """Make the list. Its rows come from plans and claims by trigger only: no key needs checking."""
    op.create_table(
        "worklist",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("bureau_code", sa.Text(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("signals", sa.Integer(), server_default="0", nullable=False),
        sa.Column("holder", sa.Uuid(), nullable=True),
        sa.Column("holder_name", sa.Text(), nullable=True),
        sa.Column("counted", sa.Boolean(), server_default="false", nullable=False),
        sa.Column(
            "taken", sa.Boolean(), sa.Computed("holder IS NOT NULL", persisted=True), nullable=False
        ),
        sa.Column(
            "flagged", sa.Boolean(), sa.Computed("signals > 0", persisted=True), nullable=False
        ),
        # The operators of numeric are not leakproof: no index serves them under row security.
        sa.Column(
            "fen",
            sa.BigInteger(),
            sa.Computed("(amount * 100)::bigint", persisted=True),
            nullable=True,
        ),
        sa.CheckConstraint("kind IN ('plan', 'claim', 'advance')", name=op.f("ck_worklist_kind")),
        sa.CheckConstraint("signals >= 0", name=op.f("ck_worklist_signals")),
        sa.CheckConstraint(
            "(holder IS NULL) = (holder_name IS NULL)", name=op.f("ck_worklist_holder")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_worklist")),
    )
    tray = ["bureau_code", "step", "taken", "flagged"]
    op.create_index("ix_worklist_by_due_day", "worklist", [*tray, "due_on", "case_id"])
    op.create_index("ix_worklist_by_age", "worklist", [*tray, "since", "case_id"])
    op.create_index("ix_worklist_by_amount", "worklist", ["bureau_code", "fen", "case_id"])
    op.create_index(
        "ix_worklist_holder",
        "worklist",
        ["bureau_code", "holder"],
        postgresql_where="holder IS NOT NULL",
    )
    op.create_index(
        "ix_worklist_uncounted", "worklist", ["bureau_code"], postgresql_where="NOT counted"
    )
    lock_down("worklist")
    policy("worklist", "of_the_bureau", BUREAUS, OWN_BUREAU, "SELECT")
    policy("worklist", "kept", _LEDGER, "true")
    run(
        f"GRANT SELECT ON worklist TO {BUREAUS}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON worklist TO {_LEDGER}",
    )


def _counts() -> None:
    op.create_table(
        "worklist_counts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("bureau_code", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worklist_counts")),
    )
    op.create_index("ix_worklist_counts_bureau_code", "worklist_counts", ["bureau_code"])
    lock_down("worklist_counts")
    policy("worklist_counts", "of_the_bureau", BUREAUS, OWN_BUREAU, "SELECT")
    policy("worklist_counts", "kept", _LEDGER, "true")
    run(
        f"GRANT SELECT ON worklist_counts TO {BUREAUS}",
        f"GRANT SELECT, INSERT, DELETE ON worklist_counts TO {_LEDGER}",
    )


def _assignments() -> None:
    op.create_table(
        "assignments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=True),
        sa.Column("claim_id", sa.Uuid(), nullable=True),
        sa.Column(
            "case_id",
            sa.Uuid(),
            sa.Computed("coalesce(claim_id, plan_id)", persisted=True),
            nullable=False,
        ),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("bureau_code", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=True),
        sa.Column("from_name", sa.Text(), nullable=True),
        sa.Column("to_id", sa.Uuid(), nullable=True),
        sa.Column("to_name", sa.Text(), nullable=True),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("officer_name", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.CheckConstraint(
            "(plan_id IS NULL) <> (claim_id IS NULL)", name=op.f("ck_assignments_one_case")
        ),
        sa.CheckConstraint(
            "CASE act WHEN 'take' THEN from_id IS NULL AND to_id = officer_id"
            " WHEN 'take_over' THEN from_id <> officer_id AND to_id = officer_id"
            " AND reason IS NOT NULL"
            " WHEN 'hand_over' THEN to_id <> officer_id"
            " AND coalesce(from_id, officer_id) = officer_id"
            " WHEN 'release' THEN from_id = officer_id AND to_id IS NULL ELSE false END",
            name=op.f("ck_assignments_act"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [key, "enterprise_id", "bureau_code"],
                [f"{table}.id", f"{table}.enterprise_id", f"{table}.bureau_code"],
                name=op.f(f"fk_assignments_{key}_enterprise_id_bureau_code"),
            )
            for key, table in _OF_CASE
        ),
        *(
            sa.ForeignKeyConstraint([who], ["accounts.id"], name=op.f(f"fk_assignments_{who}"))
            for who in ("from_id", "to_id", "officer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
    )
    op.create_index("ix_assignments_case_id", "assignments", ["case_id"])
    _by_own_hand("assignments")


def _officer_checks() -> None:
    op.create_table(
        "officer_checks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("bureau_code", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("officer_name", sa.Text(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.CheckConstraint("outcome IN ('met', 'not_met')", name=op.f("ck_officer_checks_outcome")),
        sa.CheckConstraint(
            "outcome = 'met' OR length(remark) > 1", name=op.f("ck_officer_checks_in_writing")
        ),
        sa.ForeignKeyConstraint(
            ["claim_id", "enterprise_id", "bureau_code"],
            ["claims.id", "claims.enterprise_id", "claims.bureau_code"],
            name=op.f("fk_officer_checks_claim_id_enterprise_id_bureau_code"),
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["accounts.id"], name=op.f("fk_officer_checks_officer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officer_checks")),
    )
    op.create_index("ix_officer_checks_claim_id", "officer_checks", ["claim_id", "round", "code"])
    _by_own_hand("officer_checks")


def _by_own_hand(table: str) -> None:
    """Let a bureau read its own rows, and an officer write in his own name; nothing changes."""
    lock_down(table)
    policy(table, "of_the_bureau", BUREAUS, OWN_BUREAU, "SELECT")
    own_hand = f"{OWN_BUREAU} AND officer_id = {OWN_ACCOUNT}"
    policy(table, "by_own_hand", BUREAUS, own_hand, "INSERT")
    run(f"GRANT SELECT, INSERT ON {table} TO {BUREAUS}")
    append_only(table)


def _functions() -> None:
    run(*functions())
    policy("accounts", "for_handing_over", _LEDGER, "bureau_code IS NOT NULL", "SELECT")
    run(f"GRANT SELECT (id, name, bureau_code, duties, active) ON accounts TO {_LEDGER}")
    for signature in (*INTERNAL, *ASKED_BY_BUREAUS):
        run(
            f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC",
            f"ALTER FUNCTION {signature} OWNER TO {_LEDGER}",
        )
    for signature in ASKED_BY_BUREAUS:
        run(f"GRANT EXECUTE ON FUNCTION {signature} TO {BUREAUS}")


def _triggers() -> None:
    for table, function, columns in (
        ("claims", "list_claim", f"{_CLOCK}, amount"),
        ("plans", "list_plan", _CLOCK),
    ):
        old, new = (
            ", ".join(f"{row}.{column}" for column in columns.split(", ")) for row in ("OLD", "NEW")
        )
        run(
            f"CREATE TRIGGER listed AFTER UPDATE ON {table} FOR EACH ROW"
            f" WHEN (({old}) IS DISTINCT FROM ({new})) EXECUTE FUNCTION {function}()"
        )
    run(
        "CREATE TRIGGER listed_first AFTER INSERT ON claims FOR EACH ROW"
        " EXECUTE FUNCTION list_claim()",
        "CREATE TRIGGER listed AFTER INSERT ON signals FOR EACH ROW EXECUTE FUNCTION list_signal()",
        "CREATE TRIGGER listed_cleared AFTER UPDATE ON signals FOR EACH ROW"
        " WHEN (OLD.cleared_on IS NULL AND NEW.cleared_on IS NOT NULL)"
        " EXECUTE FUNCTION list_signal()",
        "CREATE TRIGGER held AFTER INSERT ON assignments FOR EACH ROW EXECUTE FUNCTION hold_case()",
        # After "two_signatures", which says what is missing first.
        "CREATE TRIGGER unticked_checks BEFORE UPDATE OF state ON claims FOR EACH ROW"
        " WHEN (NEW.state = 'approved' AND OLD.state <> 'approved')"
        " EXECUTE FUNCTION checks_done()",
        "CREATE TRIGGER stays_asked BEFORE UPDATE OF asked_checks ON claims FOR EACH ROW"
        " WHEN (OLD.asked_checks IS DISTINCT FROM NEW.asked_checks AND NEW.round <= OLD.round)"
        " EXECUTE FUNCTION checks_stay_asked()",
    )


def _list_what_waits() -> None:
    """List the cases that await an officer already; as the ledger, for the owner sees no row."""
    run(
        f"SET LOCAL ROLE {_LEDGER}",
        """
        INSERT INTO worklist (case_id, kind, enterprise_id, bureau_code, receipt, measure, step,
                              round, since, due_on, amount)
        SELECT id, kind, enterprise_id, bureau_code, receipt, measure,
               CASE state WHEN 'filed' THEN 'review' WHEN 'reviewed' THEN 'approve'
               WHEN 'approved' THEN 'publish' WHEN 'published' THEN 'pay'
               ELSE 'confirm_payment' END, round, filed_on, date '9999-12-31', amount
        FROM claims WHERE state IN ('filed', 'reviewed', 'approved', 'published', 'paying')
        UNION ALL
        SELECT id, 'plan', enterprise_id, bureau_code, receipt, measure, 'approve_plan', round,
               coalesce(submitted_on, received_on), '9999-12-31', NULL::numeric
        FROM plans WHERE state = 'submitted'
        """,
        "SET LOCAL ROLE subsidy_owner",
    )


def downgrade() -> None:
    for table, names in (
        ("claims", ("listed", "listed_first", "unticked_checks", "stays_asked")),
        ("plans", ("listed",)),
        ("signals", ("listed", "listed_cleared")),
    ):
        for name in names:
            run(f"DROP TRIGGER {name} ON {table}")
    op.drop_table("officer_checks")
    op.drop_table("assignments")
    for signature in (*INTERNAL, *ASKED_BY_BUREAUS, *TRIGGERS):
        run(f"DROP FUNCTION {signature}")
    run("DROP POLICY for_handing_over ON accounts", f"REVOKE ALL ON accounts FROM {_LEDGER}")
    op.drop_table("worklist_counts")
    op.drop_table("worklist")
    op.drop_column("claims", "asked_checks")
    for table in ("claims", "plans"):
        for column in ("step_days_used", "due_on", "step_began_on"):
            op.drop_column(table, column)
