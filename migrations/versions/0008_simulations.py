"""What would other figures have cost? The questions, and the role that computes the answers.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.guards import (
    BUREAUS,
    OWN_ACCOUNT,
    OWN_BUREAU,
    follows,
    lock_down,
    never_deleted,
    policy,
    run,
)

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_SIMULATOR = "subsidy_simulator"
_BUREAU = "(SELECT current_setting('app.bureau', true))"
# It reads by row security what the asking bureau may ask about, and never a name or a number.
_ASKED_ABOUT = f"bureau_code = {_BUREAU} OR {_BUREAU} = 'LN-PROV'"
_READ = {
    "claims": "id, bureau_code, receipt, state, kind",
    "assessments": "id, claim_id, bureau_code, number, edition, year, completed_on, amount,"
    " findings, facts",
    "assessment_lines": "assessment_id, bureau_code, number, person_id, payable, hours, findings,"
    " facts",
}
_BALANCES = "id, claim_id, person_id, measure, year, period, kind, used, counted"


def upgrade() -> None:
    op.create_table(
        "simulations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bureau_code", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_by_name", sa.Text(), nullable=False),
        sa.Column("changes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("lines_done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lines_total", sa.Integer(), nullable=True),
        sa.Column("result", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'running', 'done', 'failed')", name=op.f("ck_simulations_state")
        ),
        sa.CheckConstraint(
            "(state = 'done') = (result IS NOT NULL)", name=op.f("ck_simulations_result")
        ),
        sa.CheckConstraint(
            "(state = 'failed') = (failure IS NOT NULL)", name=op.f("ck_simulations_failure")
        ),
        sa.CheckConstraint(
            "lines_done >= 0 AND lines_done <= lines_total", name=op.f("ck_simulations_progress")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["accounts.id"], name=op.f("fk_simulations_asked_by")
        ),
        sa.ForeignKeyConstraint(
            ["bureau_code"], ["bureaus.code"], name=op.f("fk_simulations_bureau_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_simulations")),
    )
    op.create_index("ix_simulations_bureau_code", "simulations", ["bureau_code", "id"])
    op.create_index(
        "ix_simulations_waiting", "simulations", ["id"], postgresql_where="state = 'waiting'"
    )
    lock_down("simulations")
    policy("simulations", "of_the_bureau", BUREAUS, OWN_BUREAU, "SELECT")
    own_hand = f"{OWN_BUREAU} AND asked_by = {OWN_ACCOUNT}"
    policy("simulations", "by_own_hand", BUREAUS, own_hand, "INSERT")
    policy("simulations", "to_compute", _SIMULATOR, "true")
    run(
        f"GRANT SELECT, INSERT ON simulations TO {BUREAUS}",
        f"GRANT SELECT (id, bureau_code, changes, state) ON simulations TO {_SIMULATOR}",
        "GRANT UPDATE (state, lines_done, lines_total, result, failure, finished_at)"
        f" ON simulations TO {_SIMULATOR}",
    )
    follows("simulations", "waiting", "waiting>running", "running>done", "running>failed")
    never_deleted("simulations")
    for table, columns in _READ.items():
        policy(table, "for_simulation", _SIMULATOR, _ASKED_ABOUT, "SELECT")
        run(f"GRANT SELECT ({columns}) ON {table} TO {_SIMULATOR}")
    # What a person received elsewhere binds here, too; only sums of it are read.
    policy("ledger_entries", "for_simulation", _SIMULATOR, "true", "SELECT")
    run(f"GRANT SELECT ({_BALANCES}) ON ledger_entries TO {_SIMULATOR}")


def downgrade() -> None:
    for table, columns in {**_READ, "ledger_entries": _BALANCES}.items():
        run(
            f"REVOKE ALL ({columns}) ON {table} FROM {_SIMULATOR}",
            f"DROP POLICY for_simulation ON {table}",
        )
    op.drop_table("simulations")
