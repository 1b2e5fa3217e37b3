"""What each person already received: calendar, balances, entries, and the functions that book.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.guards import append_only, lock_down, never_deleted, policy, run
from migrations.ledger_functions import ASKED_BY_BUREAUS, ASKED_BY_MEMBERS, INTERNAL, functions

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("CREATE TYPE uuid_range AS RANGE (subtype = uuid)")
    op.create_table(
        "enrolments",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("period", postgresql.DATERANGE(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        postgresql.ExcludeConstraint(
            (
                sa.literal_column(
                    "int8range(uuid_hash_extended(person_id, (0)::bigint),"
                    " uuid_hash_extended(person_id, (0)::bigint), '[]'::text)"
                ),
                "=",
            ),
            (sa.literal_column("uuid_range(person_id, person_id, '[]'::text)"), "="),
            (sa.column("period"), "&&"),
            where=sa.text("active"),
            using="gist",
            name="ex_enrolments_no_overlap",
        ),
        sa.CheckConstraint("NOT isempty(period)", name=op.f("ck_enrolments_period")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_enrolments_person_id")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_enrolments_plan_id")),
        sa.PrimaryKeyConstraint("person_id", "plan_id", name=op.f("pk_enrolments")),
    )
    op.create_table(
        "year_balances",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("ceiling", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("used", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.CheckConstraint("used <= ceiling", name=op.f("ck_year_balances_cap")),
        sa.CheckConstraint("used >= 0", name=op.f("ck_year_balances_not_negative")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_year_balances_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "measure", "year", name=op.f("pk_year_balances")),
    )
    op.create_table(
        "period_balances",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("ceiling", sa.SmallInteger(), nullable=False),
        sa.Column("counted", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("counted <= ceiling", name=op.f("ck_period_balances_times")),
        sa.CheckConstraint("counted >= 0", name=op.f("ck_period_balances_not_negative")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_period_balances_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "period", name=op.f("pk_period_balances")),
    )
    op.create_table(
        "project_subsidies",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("project_key", sa.Text(), nullable=False),
        sa.Column("released", sa.Boolean(), server_default="false", nullable=False),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claims.id"], name=op.f("fk_project_subsidies_claim_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_project_subsidies_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "claim_id", name=op.f("pk_project_subsidies")),
    )
    op.create_index(
        "uq_project_subsidies_once",
        "project_subsidies",
        ["person_id", "project_key"],
        unique=True,
        postgresql_where="NOT released",
    )
    op.create_table(
        "ledger_entries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("used", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("counted", sa.SmallInteger(), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.CheckConstraint(
            "kind <> 'post' OR (used = 0 AND counted = 0)",
            name=op.f("ck_ledger_entries_post_moves_nothing"),
        ),
        sa.CheckConstraint(
            "kind IN ('reserve', 'post', 'release')", name=op.f("ck_ledger_entries_kind")
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claims.id"], name=op.f("fk_ledger_entries_claim_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_ledger_entries_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entries")),
    )
    op.create_index(
        "ix_ledger_entries_person_id",
        "ledger_entries",
        ["person_id", "measure", "year"],
        unique=False,
    )
    op.create_index(
        "uq_ledger_entries_once", "ledger_entries", ["claim_id", "person_id", "kind"], unique=True
    )
    ledger = ("enrolments", "year_balances", "period_balances", "project_subsidies")
    for table in (*ledger, "ledger_entries"):
        lock_down(table)
    for table in (*ledger, "ledger_entries", "persons"):
        policy(table, "for_booking", "subsidy_ledger", "true")
    read = ("plans", "trainees", "claims", "assessments", "assessment_lines")
    for table in read:
        policy(table, "for_booking", "subsidy_ledger", "true", "SELECT")
    run(
        f"GRANT SELECT ON {', '.join(read)} TO subsidy_ledger",
        f"GRANT SELECT, INSERT, UPDATE ON {', '.join(ledger)}, persons TO subsidy_ledger",
        "GRANT SELECT, INSERT ON ledger_entries TO subsidy_ledger",
    )
    append_only("ledger_entries")
    for table in ledger:
        never_deleted(table)
    _moved_by_entries_only("year_balances", "used")
    _moved_by_entries_only("period_balances", "counted")
    _functions()


def _moved_by_entries_only(table: str, column: str) -> None:
    """Refuse a moved balance unless the trigger on the entries moves it (depth 1)."""
    run(
        f"CREATE TRIGGER moved_by_entries BEFORE UPDATE OF {column} ON {table} FOR EACH ROW"
        f" WHEN (OLD.{column} <> NEW.{column} AND pg_trigger_depth() = 0)"
        " EXECUTE FUNCTION refuse_change()",
        f"CREATE TRIGGER begins_at_nothing BEFORE INSERT ON {table} FOR EACH ROW"
        f" WHEN (NEW.{column} <> 0) EXECUTE FUNCTION refuse_change()",
    )


def _functions() -> None:
    run(*functions())
    for signature in (*INTERNAL, *ASKED_BY_MEMBERS, *ASKED_BY_BUREAUS):
        run(
            f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC",
            f"ALTER FUNCTION {signature} OWNER TO subsidy_ledger",
        )
    members = "subsidy_enterprise, subsidy_district, subsidy_centre"
    for signature in ASKED_BY_MEMBERS:
        run(f"GRANT EXECUTE ON FUNCTION {signature} TO {members}")
    for signature in ASKED_BY_BUREAUS:
        run(f"GRANT EXECUTE ON FUNCTION {signature} TO subsidy_district, subsidy_centre")
    run(
        "CREATE TRIGGER move_balances AFTER INSERT ON ledger_entries"
        " REFERENCING NEW TABLE AS booked FOR EACH STATEMENT EXECUTE FUNCTION move_balances()"
    )


def downgrade() -> None:
    for signature in (*ASKED_BY_MEMBERS, *ASKED_BY_BUREAUS):
        op.execute(f"DROP FUNCTION {signature}")
    for table in ("plans", "trainees", "claims", "assessments", "assessment_lines", "persons"):
        op.execute(f"DROP POLICY for_booking ON {table}")
        op.execute(f"REVOKE ALL ON {table} FROM subsidy_ledger")
    op.drop_table("ledger_entries")
    op.drop_table("project_subsidies")
    op.drop_table("period_balances")
    op.drop_table("year_balances")
    op.drop_table("enrolments")
    for signature in INTERNAL:
        op.execute(f"DROP FUNCTION {signature}")
    op.execute("DROP TYPE uuid_range")
