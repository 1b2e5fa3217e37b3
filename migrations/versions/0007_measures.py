"""Which measure is a plan for, and what do the other measures ask?

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

from migrations.guards import (
    BUREAUS,
    ENTERPRISE,
    EVERYONE,
    OWN_BUREAU,
    OWN_ENTERPRISE,
    append_only,
    lock_down,
    never_deleted,
    owned,
    policy,
    run,
)
from migrations.measure_functions import ASKED_BY_MEMBERS, functions

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_MEMBERS = f"{ENTERPRISE}, {BUREAUS}"
_PLAN = ["plan_id", "enterprise_id", "bureau_code"]
_PLAN_KEY = ["plans.id", "plans.enterprise_id", "plans.bureau_code"]
_CLAIM = ["claim_id", "enterprise_id", "bureau_code"]
_CLAIM_KEY = ["claims.id", "claims.enterprise_id", "claims.bureau_code"]
_TODAY = sa.text("now()")
_OPEN = "state NOT IN ('rejected', 'withdrawn')"


def upgrade() -> None:
    _filing()
    _details()
    _claims()
    _recoveries()
    _rates()
    _functions()


def _added(table: str, name: str, kind: sa.types.TypeEngine[object], *, default: str) -> None:
    """Add a column that must be told; rows of before get *default*."""
    op.add_column(table, sa.Column(name, kind, nullable=False, server_default=default))
    op.alter_column(table, name, server_default=None)


def _filing() -> None:
    _added("enterprises", "entity", sa.Text(), default="enterprise")
    op.create_check_constraint(
        op.f("ck_enterprises_entity"),
        "enterprises",
        "entity IN ('enterprise', 'cooperative', 'poverty_alleviation_workshop',"
        " 'private_training_school', 'technical_school')",
    )
    _added("plans", "measure", sa.Text(), default="hourly_sme")
    _added("plans", "tested", sa.Boolean(), default="false")
    op.add_column("plans", sa.Column("commission_institution", sa.Text(), nullable=True))
    op.add_column("plans", sa.Column("commission_uscc", sa.Text(), nullable=True))
    op.add_column("plans", sa.Column("class_reference", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_plans_commission"),
        "plans",
        "commission_uscc IS NULL OR commission_institution IS NOT NULL",
    )
    op.create_unique_constraint(op.f("uq_plans_id_measure"), "plans", ["id", "measure"])
    _added("plan_courses", "explanation", sa.Text(), default="")
    op.create_table(
        "plan_teachers",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("bureau_code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("honour", sa.Text(), nullable=True),
        sa.CheckConstraint("number > 0", name=op.f("ck_plan_teachers_number")),
        sa.ForeignKeyConstraint(
            _PLAN,
            _PLAN_KEY,
            name=op.f("fk_plan_teachers_plan_id_enterprise_id_bureau_code"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("plan_id", "number", name=op.f("pk_plan_teachers")),
    )
    owned("plan_teachers", "SELECT, INSERT, DELETE", "SELECT, INSERT, DELETE")


def _details() -> None:
    op.create_unique_constraint(op.f("uq_trainees_id_plan_id"), "trainees", ["id", "plan_id"])
    op.create_table(
        "trainee_details",
        sa.Column("trainee_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("bureau_code", sa.Text(), nullable=False),
        sa.Column("start_kind", sa.Text(), nullable=True),
        sa.Column("start_on", sa.Date(), nullable=True),
        sa.Column("apprentice_level", sa.Text(), nullable=True),
        sa.Column("apprentice_starts_on", sa.Date(), nullable=True),
        sa.Column("apprentice_ends_on", sa.Date(), nullable=True),
        sa.Column("apprentice_agreement", sa.Text(), nullable=True),
        sa.Column("placement_category", sa.Text(), nullable=True),
        sa.Column("placement_certificate", sa.Text(), nullable=True),
        sa.Column("placement_issued_by", sa.Text(), nullable=True),
        sa.Column("placement_employed_from", sa.Date(), nullable=True),
        sa.Column("test_passed", sa.Boolean(), nullable=True),
        sa.Column("certificate_level", sa.Text(), nullable=True),
        sa.Column("certificate_number", sa.Text(), nullable=True),
        sa.Column("certificate_issued_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "num_nulls(start_kind, start_on) IN (0, 2)", name=op.f("ck_trainee_details_start")
        ),
        sa.CheckConstraint(
            "num_nulls(apprentice_level, apprentice_starts_on, apprentice_ends_on,"
            " apprentice_agreement) IN (0, 4)",
            name=op.f("ck_trainee_details_apprentice"),
        ),
        sa.CheckConstraint(
            "num_nulls(placement_category, placement_certificate, placement_issued_by,"
            " placement_employed_from) IN (0, 4)",
            name=op.f("ck_trainee_details_placement"),
        ),
        sa.CheckConstraint(
            "num_nulls(certificate_level, certificate_number, certificate_issued_on) IN (0, 3)",
            name=op.f("ck_trainee_details_certificate"),
        ),
        sa.ForeignKeyConstraint(
            ["trainee_id", "plan_id"],
            ["trainees.id", "trainees.plan_id"],
            name=op.f("fk_trainee_details_trainee_id_plan_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            _PLAN, _PLAN_KEY, name=op.f("fk_trainee_details_plan_id_enterprise_id_bureau_code")
        ),
        sa.PrimaryKeyConstraint("trainee_id", name=op.f("pk_trainee_details")),
    )
    op.create_index(
        "ix_trainee_details_certificate_number", "trainee_details", ["certificate_number"]
    )
    op.create_index("ix_trainee_details_plan_id", "trainee_details", ["plan_id"])
    owned("trainee_details", "SELECT, INSERT, UPDATE, DELETE", "SELECT, INSERT, UPDATE, DELETE")
    policy("trainee_details", "for_booking", "subsidy_ledger", "true", "SELECT")
    run("GRANT SELECT ON trainee_details TO subsidy_ledger")


def _claims() -> None:
    _added("claims", "kind", sa.Text(), default="claim")
    _added("claims", "measure", sa.Text(), default="hourly_sme")
    _added("claims", "payee", sa.Text(), default="enterprise")
    op.add_column("claims", sa.Column("class_reference", sa.Text(), nullable=True))
    op.add_column("claims", sa.Column("requirements_met", sa.Boolean(), nullable=True))
    money = sa.Numeric(precision=12, scale=2)
    op.add_column("claims", sa.Column("advanced", money, nullable=False, server_default="0"))
    for name, formula in (("to_pay", "amount - advanced"), ("to_recover", "advanced - amount")):
        computed = sa.Computed(f"greatest({formula}, (0)::numeric)", persisted=True)
        op.add_column("claims", sa.Column(name, money, computed, nullable=False))
        op.create_unique_constraint(op.f(f"uq_claims_id_{name}"), "claims", ["id", name])
    op.create_check_constraint(op.f("ck_claims_kind"), "claims", "kind IN ('claim', 'advance')")
    op.create_check_constraint(
        op.f("ck_claims_payee"), "claims", "payee IN ('enterprise', 'employee', 'institution')"
    )
    op.create_check_constraint(
        op.f("ck_claims_advanced"), "claims", "advanced >= 0 AND (kind = 'claim' OR advanced = 0)"
    )
    op.create_foreign_key(
        op.f("fk_claims_plan_id_measure"),
        "claims",
        "plans",
        ["plan_id", "measure"],
        ["id", "measure"],
    )
    op.drop_index("uq_claims_open_on_plan", "claims")
    op.create_index(
        "uq_claims_open_on_plan",
        "claims",
        ["plan_id", "kind"],
        unique=True,
        postgresql_where=_OPEN,
    )
    op.create_index(
        "uq_claims_one_per_class",
        "claims",
        ["measure", "class_reference"],
        unique=True,
        postgresql_where="kind = 'claim' AND state IN ('approved', 'published', 'paying', 'paid')",
    )
    op.drop_constraint("fk_payments_amount", "payments", type_="foreignkey")
    op.create_foreign_key(
        "fk_payments_amount", "payments", "claims", ["claim_id", "amount"], ["id", "to_pay"]
    )


def _recoveries() -> None:
    op.create_table(
        "recoveries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("bureau_code", sa.Text(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("demanded_on", sa.Date(), nullable=False),
        sa.Column("demanded_by", sa.Uuid(), nullable=False),
        sa.Column("repaid_on", sa.Date(), nullable=True),
        sa.Column("bank_reference", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=_TODAY, nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_recoveries_amount")),
        sa.CheckConstraint("state IN ('demanded', 'repaid')", name=op.f("ck_recoveries_state")),
        sa.CheckConstraint(
            "(state = 'repaid') = (repaid_on IS NOT NULL AND bank_reference IS NOT NULL)",
            name=op.f("ck_recoveries_repaid"),
        ),
        sa.ForeignKeyConstraint(
            _CLAIM, _CLAIM_KEY, name=op.f("fk_recoveries_claim_id_enterprise_id_bureau_code")
        ),
        sa.ForeignKeyConstraint(
            ["claim_id", "amount"], ["claims.id", "claims.to_recover"], name="fk_recoveries_amount"
        ),
        sa.ForeignKeyConstraint(
            ["demanded_by"], ["accounts.id"], name=op.f("fk_recoveries_demanded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recoveries")),
        sa.UniqueConstraint("claim_id", name=op.f("uq_recoveries_claim_id")),
        sa.UniqueConstraint("receipt", name=op.f("uq_recoveries_receipt")),
    )
    lock_down("recoveries")
    policy("recoveries", "of_the_enterprise", ENTERPRISE, OWN_ENTERPRISE, "SELECT")
    policy("recoveries", "of_the_bureau", BUREAUS, OWN_BUREAU)
    run(
        f"GRANT SELECT ON recoveries TO {_MEMBERS}",
        f"GRANT INSERT, UPDATE (state, repaid_on, bank_reference) ON recoveries TO {BUREAUS}",
    )
    never_deleted("recoveries")


def _rates() -> None:
    op.create_table(
        "rates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("key", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("certainty", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=_TODAY, nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_rates_amount")),
        sa.CheckConstraint("valid_from <= valid_to", name=op.f("ck_rates_days")),
        sa.CheckConstraint(
            "certainty IN ('verified', 'from_memory', 'uncertain', 'sample')",
            name=op.f("ck_rates_certainty"),
        ),
        sa.CheckConstraint("length(source) > 0", name=op.f("ck_rates_source")),
        sa.ForeignKeyConstraint(["entered_by"], ["accounts.id"], name=op.f("fk_rates_entered_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rates")),
        sa.UniqueConstraint(
            "measure", "key", "valid_from", name=op.f("uq_rates_measure_key_valid_from")
        ),
    )
    lock_down("rates")
    policy("rates", "for_everyone", f"{EVERYONE}, subsidy_owner", "true", "SELECT")
    policy("rates", "by_the_owner", "subsidy_owner", "true", "INSERT")
    own_hand = "entered_by = (SELECT nullif(current_setting('app.account', true), '')::uuid)"
    policy("rates", "by_the_centre", "subsidy_centre", own_hand, "INSERT")
    run(f"GRANT SELECT ON rates TO {EVERYONE}", "GRANT INSERT ON rates TO subsidy_centre")
    append_only("rates")


def _functions() -> None:
    run(*functions())
    for signature in ASKED_BY_MEMBERS:
        run(
            f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC",
            f"ALTER FUNCTION {signature} OWNER TO subsidy_ledger",
            f"GRANT EXECUTE ON FUNCTION {signature} TO {_MEMBERS}",
        )
    run(
        "CREATE TRIGGER settle_the_advance BEFORE INSERT OR UPDATE OF state, amount ON claims"
        " FOR EACH ROW EXECUTE FUNCTION settle_the_advance()",
        "CREATE TRIGGER filed_details BEFORE INSERT OR UPDATE OR DELETE ON trainee_details"
        " FOR EACH ROW EXECUTE FUNCTION refuse_late_details()",
        "DROP TRIGGER follow_procedure ON claims",
        "CREATE TRIGGER follow_procedure BEFORE UPDATE OF state ON claims FOR EACH ROW"
        " WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION follow_procedure("
        " 'filed>reviewed', 'filed>returned', 'filed>rejected', 'filed>withdrawn',"
        " 'reviewed>filed', 'reviewed>approved', 'reviewed>returned', 'reviewed>rejected',"
        " 'reviewed>withdrawn', 'returned>filed', 'returned>withdrawn', 'approved>published',"
        " 'approved>rejected', 'approved>withdrawn', 'published>paying', 'published>paid',"
        " 'published>rejected', 'published>withdrawn', 'paying>paid', 'paying>published')",
    )


def downgrade() -> None:
    run(
        "DROP TRIGGER settle_the_advance ON claims",
        "DROP FUNCTION settle_the_advance()",
        "DROP TRIGGER follow_procedure ON claims",
        "CREATE TRIGGER follow_procedure BEFORE UPDATE OF state ON claims FOR EACH ROW"
        " WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION follow_procedure("
        " 'filed>reviewed', 'filed>returned', 'filed>rejected', 'filed>withdrawn',"
        " 'reviewed>filed', 'reviewed>approved', 'reviewed>returned', 'reviewed>rejected',"
        " 'reviewed>withdrawn', 'returned>filed', 'returned>withdrawn', 'approved>published',"
        " 'approved>rejected', 'approved>withdrawn', 'published>paying', 'published>rejected',"
        " 'published>withdrawn', 'paying>paid', 'paying>published')",
        *(f"DROP FUNCTION {signature}" for signature in ASKED_BY_MEMBERS),
    )
    op.drop_table("rates")
    op.drop_table("recoveries")
    op.drop_table("trainee_details")
    run("DROP FUNCTION refuse_late_details()")
    op.drop_constraint("uq_trainees_id_plan_id", "trainees")
    op.drop_table("plan_teachers")
    op.drop_constraint("fk_payments_amount", "payments", type_="foreignkey")
    op.drop_index("uq_claims_one_per_class", "claims")
    op.drop_index("uq_claims_open_on_plan", "claims")
    op.drop_constraint("fk_claims_plan_id_measure", "claims", type_="foreignkey")
    for name in (
        "to_recover", "to_pay", "advanced", "requirements_met", "class_reference", "payee",
        "measure", "kind",
    ):  # fmt: skip
        op.drop_column("claims", name)
    op.create_index(
        "uq_claims_open_on_plan", "claims", ["plan_id"], unique=True, postgresql_where=_OPEN
    )
    op.create_foreign_key(
        "fk_payments_amount", "payments", "claims", ["claim_id", "amount"], ["id", "amount"]
    )
    op.drop_column("plan_courses", "explanation")
    op.drop_constraint("uq_plans_id_measure", "plans")
    for name in ("class_reference", "commission_uscc", "commission_institution", "tested"):
        op.drop_column("plans", name)
    op.drop_column("plans", "measure")
    op.drop_column("enterprises", "entity")
