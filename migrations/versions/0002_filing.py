"""Who applies, what was filed before training, and who learned what.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

from migrations.guards import (
    BUREAUS,
    ENTERPRISE,
    OWN_BUREAU,
    OWN_ENTERPRISE,
    append_only,
    follows,
    lock_down,
    owned,
    policy,
    run,
)

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "enterprises",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("uscc", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("legal_representative", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("district_code", sa.Text(), nullable=False),
        sa.Column("bureau_code", sa.Text(), nullable=False),
        sa.Column("legal_form", sa.Text(), nullable=False),
        sa.Column("dispatch_company", sa.Boolean(), nullable=False),
        sa.Column("industry", sa.Text(), nullable=False),
        sa.Column("headcount", sa.Integer(), nullable=True),
        sa.Column("revenue_wan", sa.Numeric(precision=16, scale=4), nullable=True),
        sa.Column("assets_wan", sa.Numeric(precision=16, scale=4), nullable=True),
        sa.Column("insurance", sa.Text(), nullable=False),
        sa.Column("stopped_from", sa.Date(), nullable=True),
        sa.Column("stopped_to", sa.Date(), nullable=True),
        sa.Column("bank_name", sa.Text(), nullable=False),
        sa.Column("account_name", sa.Text(), nullable=False),
        sa.Column("account_masked", sa.Text(), nullable=False),
        sa.Column("account_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("account_digest", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Text(), nullable=True),
        sa.Column("is_sme", sa.Boolean(), nullable=True),
        sa.Column("size_explained", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(insurance = 'province') = (bureau_code = 'LN-PROV')",
            name=op.f("ck_enterprises_routed_by_insurance"),
        ),
        sa.CheckConstraint(
            "state IN ('registered', 'verified', 'returned')", name=op.f("ck_enterprises_state")
        ),
        sa.CheckConstraint("assets_wan >= 0", name=op.f("ck_enterprises_assets_wan")),
        sa.CheckConstraint("headcount >= 0", name=op.f("ck_enterprises_headcount")),
        sa.CheckConstraint("revenue_wan >= 0", name=op.f("ck_enterprises_revenue_wan")),
        sa.ForeignKeyConstraint(
            ["bureau_code"], ["bureaus.code"], name=op.f("fk_enterprises_bureau_code")
        ),
        sa.ForeignKeyConstraint(
            ["district_code"], ["bureaus.code"], name=op.f("fk_enterprises_district_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprises")),
        sa.UniqueConstraint("id", "bureau_code", name=op.f("uq_enterprises_id_bureau_code")),
        sa.UniqueConstraint("uscc", name=op.f("uq_enterprises_uscc")),
    )
    op.create_index(
        "ix_enterprises_bureau_code", "enterprises", ["bureau_code", "state", "id"], unique=False
    )
    op.create_table(
        "plans",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("bureau_code", sa.Text(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("external_issuer", sa.Text(), nullable=True),
        sa.Column("external_reference", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), server_default="0", nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("keyed_by", sa.Uuid(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("project_key", sa.Text(), nullable=False),
        sa.Column("occupation", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("main_business", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("converted_from_offline", sa.Boolean(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("cost", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("platform_kind", sa.Text(), nullable=True),
        sa.Column("platform_name", sa.Text(), nullable=True),
        sa.Column("platform_address", sa.Text(), nullable=True),
        sa.Column("platform_conditions_met", sa.Boolean(), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("submitted_on", sa.Date(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(state = 'approved') <= (approved_on IS NOT NULL)", name=op.f("ck_plans_approved_on")
        ),
        sa.CheckConstraint("channel IN ('internet', 'fax', 'post')", name=op.f("ck_plans_channel")),
        sa.CheckConstraint("mode IN ('online', 'offline', 'mixed')", name=op.f("ck_plans_mode")),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'returned', 'approved', 'withdrawn')",
            name=op.f("ck_plans_state"),
        ),
        sa.CheckConstraint(
            "(external_issuer IS NULL) = (external_reference IS NULL)",
            name=op.f("ck_plans_external_reference"),
        ),
        sa.CheckConstraint("approved_on < starts_on", name=op.f("ck_plans_approved_before_start")),
        sa.CheckConstraint("cost >= 0", name=op.f("ck_plans_cost")),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_plans_dates")),
        sa.ForeignKeyConstraint(
            ["bureau_code"], ["bureaus.code"], name=op.f("fk_plans_bureau_code")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.id"], name=op.f("fk_plans_enterprise_id")
        ),
        sa.ForeignKeyConstraint(["keyed_by"], ["accounts.id"], name=op.f("fk_plans_keyed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
        sa.UniqueConstraint(
            "external_issuer",
            "external_reference",
            name=op.f("uq_plans_external_issuer_external_reference"),
        ),
        sa.UniqueConstraint(
            "id", "enterprise_id", "bureau_code", name=op.f("uq_plans_id_enterprise_id_bureau_code")
        ),
        sa.UniqueConstraint("receipt", name=op.f("uq_plans_receipt")),
    )
    op.create_index("ix_plans_bureau_code", "plans", ["bureau_code", "state", "id"], unique=False)
    op.create_index("ix_plans_enterprise_id", "plans", ["enterprise_id", "id"], unique=False)
    op.create_table(
        "plan_courses",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("bureau_code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("delivery", sa.Text(), nullable=False),
        sa.Column("class_hours", sa.Integer(), nullable=False),
        sa.CheckConstraint("mode IN ('online', 'offline')", name=op.f("ck_plan_courses_mode")),
        sa.CheckConstraint("class_hours > 0", name=op.f("ck_plan_courses_class_hours")),
        sa.CheckConstraint("number > 0", name=op.f("ck_plan_courses_number")),
        sa.ForeignKeyConstraint(
            ["plan_id", "enterprise_id", "bureau_code"],
            ["plans.id", "plans.enterprise_id", "plans.bureau_code"],
            name=op.f("fk_plan_courses_plan_id_enterprise_id_bureau_code"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("plan_id", "number", name=op.f("pk_plan_courses")),
        sa.UniqueConstraint("plan_id", "name", name=op.f("uq_plan_courses_plan_id_name")),
    )
    op.create_table(
        "trainees",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("bureau_code", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("id_masked", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("employment", sa.Text(), nullable=False),
        sa.Column("dispatch_company", sa.Text(), nullable=False),
        sa.Column("dispatch_uscc", sa.Text(), nullable=False),
        sa.Column("frontline", sa.Boolean(), nullable=True),
        sa.Column("hired_on", sa.Date(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "employment IN ('contract', 'dispatched')", name=op.f("ck_trainees_employment")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_trainees_person_id")),
        sa.ForeignKeyConstraint(
            ["plan_id", "enterprise_id", "bureau_code"],
            ["plans.id", "plans.enterprise_id", "plans.bureau_code"],
            name=op.f("fk_trainees_plan_id_enterprise_id_bureau_code"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trainees")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_trainees_plan_id_number")),
        sa.UniqueConstraint("plan_id", "person_id", name=op.f("uq_trainees_plan_id_person_id")),
    )
    op.create_table(
        "learning_batches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("bureau_code", sa.Text(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("rows_with_findings", sa.Integer(), nullable=False),
        sa.Column("replaced_by", sa.Uuid(), nullable=True),
        sa.Column("imported_by", sa.Uuid(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["imported_by"], ["accounts.id"], name=op.f("fk_learning_batches_imported_by")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id", "enterprise_id", "bureau_code"],
            ["plans.id", "plans.enterprise_id", "plans.bureau_code"],
            name=op.f("fk_learning_batches_plan_id_enterprise_id_bureau_code"),
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by"], ["learning_batches.id"], name=op.f("fk_learning_batches_replaced_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_batches")),
    )
    op.create_index(
        "uq_learning_batches_file",
        "learning_batches",
        ["plan_id", "sha256"],
        unique=True,
        postgresql_where="replaced_by IS NULL",
    )
    op.create_table(
        "learning_records",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("bureau_code", sa.Text(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("trainee_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("id_masked", sa.Text(), nullable=False),
        sa.Column("course_number", sa.Integer(), nullable=False),
        sa.Column("course", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stated_seconds", sa.Integer(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("finding", sa.Text(), nullable=True),
        sa.CheckConstraint("started_at <= ended_at", name=op.f("ck_learning_records_times")),
        sa.CheckConstraint("stated_seconds >= 0", name=op.f("ck_learning_records_stated_seconds")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["learning_batches.id"], name=op.f("fk_learning_records_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id", "enterprise_id", "bureau_code"],
            ["plans.id", "plans.enterprise_id", "plans.bureau_code"],
            name=op.f("fk_learning_records_plan_id_enterprise_id_bureau_code"),
        ),
        sa.ForeignKeyConstraint(
            ["trainee_id"], ["trainees.id"], name=op.f("fk_learning_records_trainee_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_records")),
    )
    op.create_index(
        "ix_learning_records_batch_id", "learning_records", ["batch_id", "row"], unique=False
    )
    op.create_index(
        "ix_learning_records_plan_id", "learning_records", ["plan_id", "trainee_id"], unique=False
    )
    _enterprises()
    _plans()
    owned("plan_courses", "SELECT, INSERT, DELETE", "SELECT, INSERT, DELETE")
    owned("trainees", "SELECT, INSERT, DELETE", "SELECT, INSERT, DELETE")
    owned(
        "learning_batches",
        "SELECT, INSERT, UPDATE (replaced_by)",
        "SELECT, INSERT, UPDATE (replaced_by)",
    )
    owned("learning_records", "SELECT, INSERT", "SELECT, INSERT")
    append_only("learning_records")


def _enterprises() -> None:
    lock_down("enterprises")
    policy("enterprises", "of_the_bureau", BUREAUS, OWN_BUREAU)
    own = OWN_ENTERPRISE.replace("enterprise_id =", "id =")
    run(
        # Whatever an enterprise enters or corrects, its bureau must accept.
        f"CREATE POLICY of_the_enterprise ON enterprises TO {ENTERPRISE}"
        f" USING ({own}) WITH CHECK ({own} AND state = 'registered')",
        f"GRANT SELECT, INSERT, UPDATE ON enterprises TO {ENTERPRISE}",
        f"GRANT SELECT, INSERT, UPDATE (state, remark) ON enterprises TO {BUREAUS}",
    )


def _plans() -> None:
    lock_down("plans")
    policy("plans", "of_the_bureau", BUREAUS, OWN_BUREAU)
    own_states = "state IN ('draft', 'submitted', 'returned', 'withdrawn')"
    run(
        # An enterprise may change its own plan, but never into an approved one.
        f"CREATE POLICY of_the_enterprise ON plans TO {ENTERPRISE}"
        f" USING ({OWN_ENTERPRISE}) WITH CHECK ({OWN_ENTERPRISE} AND {own_states})",
        f"GRANT SELECT, INSERT, UPDATE ON plans TO {ENTERPRISE}, {BUREAUS}",
    )
    follows(
        "plans", "draft",
        "draft>submitted", "draft>withdrawn", "submitted>approved", "submitted>returned",
        "submitted>withdrawn", "returned>submitted", "returned>withdrawn", "approved>withdrawn",
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("learning_records")
    op.drop_table("learning_batches")
    op.drop_table("trainees")
    op.drop_table("plan_courses")
    op.drop_table("plans")
    op.drop_table("enterprises")
