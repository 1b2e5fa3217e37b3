"""What is claimed, which files support it, who signed, what was published and paid.

Revision ID: 0003
Revises: 0002
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
    follows,
    lock_down,
    owned,
    policy,
    run,
)

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "claims",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("bureau_code", sa.Text(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("external_issuer", sa.Text(), nullable=True),
        sa.Column("external_reference", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), server_default="1", nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("keyed_by", sa.Uuid(), nullable=True),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("form", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("commitments_version", sa.Text(), nullable=False),
        sa.Column("commitments_accepted", sa.Integer(), nullable=False),
        sa.Column("accepted_by", sa.Uuid(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "channel IN ('internet', 'fax', 'post')", name=op.f("ck_claims_channel")
        ),
        sa.CheckConstraint(
            "state IN ('filed', 'reviewed', 'returned', 'approved', 'published', 'paying',"
            " 'paid', 'rejected', 'withdrawn')",
            name=op.f("ck_claims_state"),
        ),
        sa.CheckConstraint(
            "(external_issuer IS NULL) = (external_reference IS NULL)",
            name=op.f("ck_claims_external_reference"),
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_claims_amount")),
        sa.CheckConstraint("round > 0", name=op.f("ck_claims_round")),
        sa.ForeignKeyConstraint(
            ["accepted_by"], ["accounts.id"], name=op.f("fk_claims_accepted_by")
        ),
        sa.ForeignKeyConstraint(["keyed_by"], ["accounts.id"], name=op.f("fk_claims_keyed_by")),
        sa.ForeignKeyConstraint(
            ["plan_id", "enterprise_id", "bureau_code"],
            ["plans.id", "plans.enterprise_id", "plans.bureau_code"],
            name=op.f("fk_claims_plan_id_enterprise_id_bureau_code"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claims")),
        sa.UniqueConstraint(
            "external_issuer",
            "external_reference",
            name=op.f("uq_claims_external_issuer_external_reference"),
        ),
        sa.UniqueConstraint("id", "amount", name=op.f("uq_claims_id_amount")),
        sa.UniqueConstraint(
            "id",
            "enterprise_id",
            "bureau_code",
            name=op.f("uq_claims_id_enterprise_id_bureau_code"),
        ),
        sa.UniqueConstraint("id", "plan_id", name=op.f("uq_claims_id_plan_id")),
        sa.UniqueConstraint("receipt", name=op.f("uq_claims_receipt")),
    )
    op.create_index("ix_claims_bureau_code", "claims", ["bureau_code", "state", "id"], unique=False)
    op.create_index("ix_claims_bureau_code_id", "claims", ["bureau_code", "id"], unique=False)
    op.create_index("ix_claims_enterprise_id", "claims", ["enterprise_id", "id"], unique=False)
    op.create_index(
        "uq_claims_open_on_plan",
        "claims",
        ["plan_id"],
        unique=True,
        postgresql_where="state NOT IN ('rejected', 'withdrawn')",
    )
    op.create_table(
        "evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=True),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("bureau_code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.Column("uploaded_by", sa.Uuid(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("size > 0", name=op.f("ck_evidence_size")),
        sa.ForeignKeyConstraint(
            ["claim_id", "plan_id"], ["claims.id", "claims.plan_id"], name="fk_evidence_claim"
        ),
        sa.ForeignKeyConstraint(
            ["plan_id", "enterprise_id", "bureau_code"],
            ["plans.id", "plans.enterprise_id", "plans.bureau_code"],
            name=op.f("fk_evidence_plan_id_enterprise_id_bureau_code"),
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by"], ["accounts.id"], name=op.f("fk_evidence_uploaded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    op.create_index("uq_evidence_content", "evidence", ["plan_id", "kind", "sha256"], unique=True)
    op.create_table(
        "assessments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("bureau_code", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("findings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_assessments_amount")),
        sa.ForeignKeyConstraint(
            ["claim_id", "enterprise_id", "bureau_code"],
            ["claims.id", "claims.enterprise_id", "claims.bureau_code"],
            name=op.f("fk_assessments_claim_id_enterprise_id_bureau_code"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessments")),
        sa.UniqueConstraint("claim_id", "number", name=op.f("uq_assessments_claim_id_number")),
    )
    op.create_table(
        "assessment_lines",
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("bureau_code", sa.Text(), nullable=False),
        sa.Column("trainee_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("gross", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("payable", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("findings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("minutes >= 0 AND hours >= 0", name=op.f("ck_assessment_lines_learned")),
        sa.CheckConstraint(
            "payable >= 0 AND payable <= gross", name=op.f("ck_assessment_lines_payable")
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name=op.f("fk_assessment_lines_assessment_id")
        ),
        sa.ForeignKeyConstraint(
            ["claim_id", "enterprise_id", "bureau_code"],
            ["claims.id", "claims.enterprise_id", "claims.bureau_code"],
            name=op.f("fk_assessment_lines_claim_id_enterprise_id_bureau_code"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_assessment_lines_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["trainee_id"], ["trainees.id"], name=op.f("fk_assessment_lines_trainee_id")
        ),
        sa.PrimaryKeyConstraint("assessment_id", "number", name=op.f("pk_assessment_lines")),
    )
    op.create_table(
        "signatures",
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
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("officer_name", sa.Text(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "step IN ('keyed_in', 'approve_plan', 'review', 'approve', 'pay')",
            name=op.f("ck_signatures_step"),
        ),
        sa.CheckConstraint(
            "(plan_id IS NULL) <> (claim_id IS NULL)", name=op.f("ck_signatures_one_case")
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name=op.f("fk_signatures_assessment_id")
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_signatures_claim_id")),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["accounts.id"], name=op.f("fk_signatures_officer_id")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_signatures_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signatures")),
        sa.UniqueConstraint("case_id", "round", "officer_id", name="uq_signatures_one_per_officer"),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("bureau_code", sa.Text(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("enterprise_name", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("posted_by", sa.Uuid(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("posted_on < last_day", name=op.f("ck_notices_days")),
        sa.ForeignKeyConstraint(
            ["claim_id", "amount"], ["claims.id", "claims.amount"], name="fk_notices_amount"
        ),
        sa.ForeignKeyConstraint(
            ["claim_id", "enterprise_id", "bureau_code"],
            ["claims.id", "claims.enterprise_id", "claims.bureau_code"],
            name=op.f("fk_notices_claim_id_enterprise_id_bureau_code"),
        ),
        sa.ForeignKeyConstraint(["posted_by"], ["accounts.id"], name=op.f("fk_notices_posted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("claim_id", name=op.f("uq_notices_claim_id")),
        sa.UniqueConstraint("receipt", name=op.f("uq_notices_receipt")),
    )
    op.create_index("ix_notices_posted_on", "notices", ["posted_on", "id"], unique=False)
    op.create_table(
        "payment_batches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bureau_code", sa.Text(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("payments", sa.Integer(), nullable=False),
        sa.Column("total", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("fund", sa.Text(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("payments > 0 AND total > 0", name=op.f("ck_payment_batches_totals")),
        sa.ForeignKeyConstraint(
            ["bureau_code"], ["bureaus.code"], name=op.f("fk_payment_batches_bureau_code")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["accounts.id"], name=op.f("fk_payment_batches_made_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_batches")),
        sa.UniqueConstraint("id", "bureau_code", name=op.f("uq_payment_batches_id_bureau_code")),
        sa.UniqueConstraint("receipt", name=op.f("uq_payment_batches_receipt")),
    )
    op.create_table(
        "payments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("bureau_code", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("payee", sa.Text(), nullable=False),
        sa.Column("bank_name", sa.Text(), nullable=False),
        sa.Column("account_masked", sa.Text(), nullable=False),
        sa.Column("account_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("bank_reference", sa.Text(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(state = 'failed') = (failure IS NOT NULL)", name=op.f("ck_payments_failure")
        ),
        sa.CheckConstraint(
            "(state = 'paid') = (paid_on IS NOT NULL)", name=op.f("ck_payments_paid_on")
        ),
        sa.CheckConstraint("state IN ('sent', 'paid', 'failed')", name=op.f("ck_payments_state")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payments_amount")),
        sa.ForeignKeyConstraint(
            ["batch_id", "bureau_code"],
            ["payment_batches.id", "payment_batches.bureau_code"],
            name=op.f("fk_payments_batch_id_bureau_code"),
        ),
        sa.ForeignKeyConstraint(
            ["claim_id", "amount"], ["claims.id", "claims.amount"], name="fk_payments_amount"
        ),
        sa.ForeignKeyConstraint(
            ["claim_id", "enterprise_id", "bureau_code"],
            ["claims.id", "claims.enterprise_id", "claims.bureau_code"],
            name=op.f("fk_payments_claim_id_enterprise_id_bureau_code"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
    )
    op.create_index("ix_payments_batch_id", "payments", ["batch_id"], unique=False)
    op.create_index(
        "uq_payments_one_per_claim",
        "payments",
        ["claim_id"],
        unique=True,
        postgresql_where="state <> 'failed'",
    )
    _claims()
    owned("evidence", "SELECT, INSERT", "SELECT, INSERT")
    owned("assessments", "SELECT, INSERT", "SELECT, INSERT")
    owned("assessment_lines", "SELECT, INSERT", "SELECT, INSERT")
    _signatures()
    _notices_and_payments()
    for table in ("evidence", "assessments", "assessment_lines", "signatures", "notices"):
        append_only(table)
    append_only("payment_batches")


def _claims() -> None:
    lock_down("claims")
    policy("claims", "of_the_bureau", BUREAUS, OWN_BUREAU)
    run(
        # An enterprise files and withdraws; every other state is the bureau's to give.
        f"CREATE POLICY of_the_enterprise ON claims TO {ENTERPRISE} USING ({OWN_ENTERPRISE})"
        f" WITH CHECK ({OWN_ENTERPRISE} AND state IN ('filed', 'withdrawn'))",
        f"GRANT SELECT, INSERT, UPDATE ON claims TO {ENTERPRISE}, {BUREAUS}",
        """
        CREATE FUNCTION two_signatures() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $$
        BEGIN
            IF (SELECT least(count(DISTINCT officer_id), count(DISTINCT step)) FROM signatures
                WHERE case_id = NEW.id AND round = NEW.round
                  AND step IN ('review', 'approve')) < 2 THEN
                RAISE EXCEPTION 'approval needs two signatures'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'claims_two_signatures';
            END IF;
            RETURN NEW;
        END
        $$
        """,
        "CREATE TRIGGER two_signatures BEFORE UPDATE OF state ON claims FOR EACH ROW"
        " WHEN (NEW.state = 'approved' AND OLD.state <> 'approved')"
        " EXECUTE FUNCTION two_signatures()",
    )
    follows(
        "claims", "filed",
        "filed>reviewed", "filed>returned", "filed>rejected", "filed>withdrawn",
        "reviewed>filed", "reviewed>approved", "reviewed>returned", "reviewed>rejected",
        "reviewed>withdrawn", "returned>filed", "returned>withdrawn", "approved>published",
        "approved>rejected", "approved>withdrawn", "published>paying", "published>rejected",
        "published>withdrawn", "paying>paid", "paying>published",
    )  # fmt: skip


def _signatures() -> None:
    lock_down("signatures")
    policy("signatures", "of_the_enterprise", ENTERPRISE, OWN_ENTERPRISE, "SELECT")
    policy("signatures", "of_the_bureau", BUREAUS, OWN_BUREAU, "SELECT")
    own_hand = f"{OWN_BUREAU} AND officer_id = {OWN_ACCOUNT}"
    policy("signatures", "by_own_hand", BUREAUS, own_hand, "INSERT")
    run(
        f"GRANT SELECT ON signatures TO {ENTERPRISE}, {BUREAUS}",
        f"GRANT INSERT ON signatures TO {BUREAUS}",
        """
        CREATE FUNCTION not_by_who_keyed_in() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $$
        BEGIN
            IF EXISTS (SELECT FROM plans WHERE id = NEW.plan_id AND keyed_by = NEW.officer_id)
                OR EXISTS (SELECT FROM claims WHERE id = NEW.claim_id AND keyed_by = NEW.officer_id)
                OR EXISTS (SELECT FROM signatures
                           WHERE case_id = coalesce(NEW.claim_id, NEW.plan_id)
                             AND officer_id = NEW.officer_id AND step = 'keyed_in') THEN
                RAISE EXCEPTION 'who keyed a case in signs none of its steps'
                    USING ERRCODE = 'check_violation',
                    CONSTRAINT = 'signatures_not_by_who_keyed_in';
            END IF;
            RETURN NEW;
        END
        $$
        """,
        "CREATE TRIGGER not_by_who_keyed_in BEFORE INSERT ON signatures FOR EACH ROW"
        " WHEN (NEW.step <> 'keyed_in') EXECUTE FUNCTION not_by_who_keyed_in()",
    )


def _notices_and_payments() -> None:
    lock_down("notices")
    policy("notices", "for_everyone", EVERYONE, "true", "SELECT")
    policy("notices", "by_the_bureau", BUREAUS, OWN_BUREAU, "INSERT")
    owned("payment_batches", "", "SELECT, INSERT")
    owned(
        "payments",
        "SELECT",
        "SELECT, INSERT, UPDATE (state, paid_on, failure, bank_reference)",
    )
    run(
        f"GRANT SELECT ON notices TO {EVERYONE}",
        f"GRANT INSERT ON notices TO {BUREAUS}",
        """
        CREATE FUNCTION paid_after_notice() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $$
        BEGIN
            IF NOT EXISTS (
                SELECT FROM notices AS n, payment_batches AS b
                WHERE n.claim_id = NEW.claim_id AND b.id = NEW.batch_id AND n.last_day < b.made_on
            ) THEN
                RAISE EXCEPTION 'the notice has not closed'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'payments_after_notice';
            END IF;
            RETURN NEW;
        END
        $$
        """,
        "CREATE TRIGGER paid_after_notice BEFORE INSERT ON payments FOR EACH ROW"
        " EXECUTE FUNCTION paid_after_notice()",
    )


def downgrade() -> None:
    op.drop_table("payments")
    op.drop_table("payment_batches")
    op.drop_table("notices")
    op.drop_table("signatures")
    op.drop_table("assessment_lines")
    op.drop_table("assessments")
    op.drop_table("evidence")
    op.drop_table("claims")
    op.execute("DROP FUNCTION paid_after_notice()")
    op.execute("DROP FUNCTION not_by_who_keyed_in()")
    op.execute("DROP FUNCTION two_signatures()")
