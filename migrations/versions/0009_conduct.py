"""Was a class suspended, evaluated, and what was declared?

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.guards import (
    BUREAUS,
    ENTERPRISE,
    EVERYONE,
    OWN_ACCOUNT,
    OWN_BUREAU,
    OWN_ENTERPRISE,
    append_only,
    lock_down,
    never_deleted,
    policy,
    run,
)

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_PLAN = ["plan_id", "enterprise_id", "bureau_code"]
_PLAN_KEY = ["plans.id", "plans.enterprise_id", "plans.bureau_code"]
_MEMBERS = f"{ENTERPRISE}, {BUREAUS}"
_NOW = sa.text("now()")


def upgrade() -> None:
    _suspensions()
    _evaluations()
    _declarations()


def _suspensions() -> None:
    op.create_table(
        "suspensions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("bureau_code", sa.Text(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("suspended_by", sa.Uuid(), nullable=False),
        sa.Column("suspended_by_name", sa.Text(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("resumed_by", sa.Uuid(), nullable=True),
        sa.Column("resumed_by_name", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.CheckConstraint("from_day <= to_day", name=op.f("ck_suspensions_days")),
        sa.CheckConstraint(
            "num_nulls(to_day, remark, resumed_by, resumed_by_name) IN (0, 4)",
            name=op.f("ck_suspensions_resumed"),
        ),
        sa.CheckConstraint("length(reason) > 1", name=op.f("ck_suspensions_in_writing")),
        postgresql.ExcludeConstraint(
            (sa.literal_column("uuid_range(plan_id, plan_id, '[]'::text)"), "="),
            (sa.literal_column("daterange(from_day, to_day, '[]'::text)"), "&&"),
            using="gist",
            name="ex_suspensions_no_overlap",
        ),
        sa.ForeignKeyConstraint(
            _PLAN, _PLAN_KEY, name=op.f("fk_suspensions_plan_id_enterprise_id_bureau_code")
        ),
        sa.ForeignKeyConstraint(
            ["suspended_by"], ["accounts.id"], name=op.f("fk_suspensions_suspended_by")
        ),
        sa.ForeignKeyConstraint(
            ["resumed_by"], ["accounts.id"], name=op.f("fk_suspensions_resumed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspensions")),
    )
    op.create_index("ix_suspensions_plan_id", "suspensions", ["plan_id", "from_day"])
    lock_down("suspensions")
    policy("suspensions", "of_the_enterprise", ENTERPRISE, OWN_ENTERPRISE, "SELECT")
    policy("suspensions", "of_the_bureau", BUREAUS, OWN_BUREAU, "SELECT")
    begun = f"{OWN_BUREAU} AND suspended_by = {OWN_ACCOUNT} AND to_day IS NULL"
    policy("suspensions", "by_own_hand", BUREAUS, begun, "INSERT")
    # What was resumed once is not touched again.
    run(
        f"CREATE POLICY resumed_by_own_hand ON suspensions FOR UPDATE TO {BUREAUS}"
        f" USING ({OWN_BUREAU} AND to_day IS NULL)"
        f" WITH CHECK ({OWN_BUREAU} AND resumed_by = {OWN_ACCOUNT})",
        f"GRANT SELECT ON suspensions TO {_MEMBERS}",
        "GRANT INSERT, UPDATE (to_day, remark, resumed_by, resumed_by_name)"
        f" ON suspensions TO {BUREAUS}",
    )
    never_deleted("suspensions")


def _evaluations() -> None:
    op.create_table(
        "evaluations",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("bureau_code", sa.Text(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("made_on", sa.Date(), nullable=True),
        sa.Column("made_by", sa.Text(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "num_nulls(asked_on, asked_by) IN (0, 2)", name=op.f("ck_evaluations_asked")
        ),
        sa.CheckConstraint(
            "num_nulls(made_on, made_by, result, recorded_by) IN (0, 4)",
            name=op.f("ck_evaluations_made"),
        ),
        sa.ForeignKeyConstraint(
            _PLAN, _PLAN_KEY, name=op.f("fk_evaluations_plan_id_enterprise_id_bureau_code")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["accounts.id"], name=op.f("fk_evaluations_asked_by")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["accounts.id"], name=op.f("fk_evaluations_recorded_by")
        ),
        sa.PrimaryKeyConstraint("plan_id", name=op.f("pk_evaluations")),
    )
    lock_down("evaluations")
    policy("evaluations", "of_the_enterprise", ENTERPRISE, OWN_ENTERPRISE, "SELECT")
    policy("evaluations", "of_the_bureau", BUREAUS, OWN_BUREAU)
    run(
        f"GRANT SELECT ON evaluations TO {_MEMBERS}",
        "GRANT INSERT, UPDATE (asked_on, asked_by, made_on, made_by, result, recorded_by)"
        f" ON evaluations TO {BUREAUS}",
    )
    never_deleted("evaluations")


def _declarations() -> None:
    op.create_table(
        "declarations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.CheckConstraint(
            "kind IN ('period_ended', 'province_extended_to', 'offline_resumed')",
            name=op.f("ck_declarations_kind"),
        ),
        sa.CheckConstraint(
            "length(document) > 0 AND length(source) > 0", name=op.f("ck_declarations_founded")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["accounts.id"], name=op.f("fk_declarations_entered_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declarations")),
    )
    lock_down("declarations")
    policy("declarations", "for_everyone", EVERYONE, "true", "SELECT")
    policy("declarations", "by_the_centre", "subsidy_centre", f"entered_by = {OWN_ACCOUNT}",
           "INSERT")  # fmt: skip
    run(
        f"GRANT SELECT ON declarations TO {EVERYONE}",
        "GRANT INSERT ON declarations TO subsidy_centre",
    )
    append_only("declarations")


def downgrade() -> None:
    op.drop_table("declarations")
    op.drop_table("evaluations")
    op.drop_table("suspensions")
