"""What is published, who objected to it, and what is held for it?

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

from migrations.guards import (
    BUREAUS,
    EVERYONE,
    MEMBERS,
    OWN_ACCOUNT,
    OWN_BUREAU,
    append_only,
    lock_down,
    never_deleted,
    policy,
    run,
)
from migrations.publicity_functions import (
    ASKED_BY_EVERYONE,
    ASKED_BY_MEMBERS,
    ASKED_BY_OBJECTORS,
    INTERNAL,
    PLAIN,
    functions,
)

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_NOW = sa.text("now()")
_MONEY = sa.Numeric(precision=12, scale=2)
_OBJECTORS = f"subsidy_public, {BUREAUS}"
_PAID_AFTER_NOTICE = """
    CREATE OR REPLACE FUNCTION paid_after_notice() RETURNS trigger LANGUAGE plpgsql
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
"""


def upgrade() -> None:
    _notice_claims()
    _notice_terms()
    _notice_sites()
    _objections()
    _attachments()
    _payments()
    run(*functions())
    _asked()
    _triggers()


def _notice_claims() -> None:
    op.create_unique_constraint(op.f("uq_notices_id_bureau_code"), "notices", ["id", "bureau_code"])
    op.create_table(
        "notice_claims",
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("bureau_code", sa.Text(), nullable=False),
        sa.Column("claim_receipt", sa.Text(), nullable=False),
        sa.Column("enterprise_name", sa.Text(), nullable=False),
        sa.Column("amount", _MONEY, nullable=False),
        sa.Column("ended", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "ended IN ('rejected', 'withdrawn', 'superseded')", name=op.f("ck_notice_claims_ended")
        ),
        sa.ForeignKeyConstraint(
            ["notice_id", "bureau_code"],
            ["notices.id", "notices.bureau_code"],
            name=op.f("fk_notice_claims_notice_id_bureau_code"),
        ),
        sa.ForeignKeyConstraint(
            ["claim_id", "enterprise_id", "bureau_code"],
            ["claims.id", "claims.enterprise_id", "claims.bureau_code"],
            name=op.f("fk_notice_claims_claim_id_enterprise_id_bureau_code"),
        ),
        sa.ForeignKeyConstraint(
            ["claim_id", "amount"], ["claims.id", "claims.amount"], name="fk_notice_claims_amount"
        ),
        sa.PrimaryKeyConstraint("notice_id", "claim_id", name=op.f("pk_notice_claims")),
    )
    op.create_index(
        "uq_notice_claims_in_force",
        "notice_claims",
        ["claim_id"],
        unique=True,
        postgresql_where="ended IS NULL",
    )
    op.create_index("ix_notice_claims_claim_receipt", "notice_claims", ["claim_receipt"])
    op.create_index("ix_notice_claims_claim_id", "notice_claims", ["claim_id"])
    # The owner is bound by row security, too; what was published before goes on being found.
    run(
        "ALTER TABLE notices NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE claims NO FORCE ROW LEVEL SECURITY",
        "INSERT INTO notice_claims SELECT n.id, n.claim_id, n.enterprise_id, n.bureau_code,"
        " c.receipt, n.enterprise_name, n.amount,"
        " CASE WHEN c.state IN ('rejected', 'withdrawn', 'superseded') THEN c.state END"
        " FROM notices AS n JOIN claims AS c ON c.id = n.claim_id",
        "ALTER TABLE notices FORCE ROW LEVEL SECURITY",
        "ALTER TABLE claims FORCE ROW LEVEL SECURITY",
    )
    for name in (
        "fk_notices_amount",
        op.f("fk_notices_claim_id_enterprise_id_bureau_code"),
        op.f("uq_notices_claim_id"),
    ):
        op.drop_constraint(name, "notices")
    op.drop_column("notices", "claim_id")
    op.drop_column("notices", "enterprise_id")
    op.add_column("notices", sa.Column("claims", sa.Integer(), nullable=False, server_default="1"))
    op.alter_column("notices", "claims", server_default=None)
    op.create_check_constraint(op.f("ck_notices_claims"), "notices", "claims > 0")
    op.create_index("ix_notices_bureau_code", "notices", ["bureau_code", "id"])
    op.create_index("ix_notices_last_day", "notices", ["last_day", "id"])
    lock_down("notice_claims")
    policy("notice_claims", "for_everyone", EVERYONE, "true", "SELECT")
    policy("notice_claims", "by_the_bureau", BUREAUS, OWN_BUREAU, "INSERT")
    policy("notice_claims", "for_booking", "subsidy_ledger", "true")
    policy("notices", "for_booking", "subsidy_ledger", "true", "SELECT")
    run(
        f"GRANT SELECT ON notice_claims TO {EVERYONE}",
        f"GRANT INSERT ON notice_claims TO {BUREAUS}",
        "GRANT SELECT, UPDATE (ended) ON notice_claims TO subsidy_ledger",
        "GRANT SELECT ON notices TO subsidy_ledger",
    )
    never_deleted("notice_claims")


def _notice_terms() -> None:
    op.create_table(
        "notice_terms",
        sa.Column("term", sa.Text(collation="C"), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notices.id"], name=op.f("fk_notice_terms_notice_id")
        ),
        sa.PrimaryKeyConstraint("term", "notice_id", name=op.f("pk_notice_terms")),
    )
    lock_down("notice_terms")
    policy("notice_terms", "for_everyone", EVERYONE, "true", "SELECT")
    policy("notice_terms", "for_booking", "subsidy_ledger", "true", "INSERT")
    run(
        f"GRANT SELECT ON notice_terms TO {EVERYONE}",
        "GRANT INSERT ON notice_terms TO subsidy_ledger",
    )


def _notice_sites() -> None:
    op.create_table(
        "notice_sites",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("bureau_code", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("screenshot_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.CheckConstraint("url ~ '^https?://'", name=op.f("ck_notice_sites_url")),
        sa.CheckConstraint(
            "octet_length(screenshot_sha256) = 32", name=op.f("ck_notice_sites_screenshot")
        ),
        sa.ForeignKeyConstraint(
            ["notice_id", "bureau_code"],
            ["notices.id", "notices.bureau_code"],
            name=op.f("fk_notice_sites_notice_id_bureau_code"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["accounts.id"], name=op.f("fk_notice_sites_recorded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_sites")),
    )
    op.create_index("ix_notice_sites_notice_id", "notice_sites", ["notice_id"])
    lock_down("notice_sites")
    policy("notice_sites", "for_everyone", EVERYONE, "true", "SELECT")
    own_hand = f"{OWN_BUREAU} AND recorded_by = {OWN_ACCOUNT}"
    policy("notice_sites", "by_own_hand", BUREAUS, own_hand, "INSERT")
    run(
        f"GRANT SELECT ON notice_sites TO {EVERYONE}",
        f"GRANT INSERT ON notice_sites TO {BUREAUS}",
    )
    append_only("notice_sites")


def _objections() -> None:
    op.create_table(
        "objections",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=True),
        sa.Column("bureau_code", sa.Text(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("lines", sa.ARRAY(sa.Integer()), nullable=True),
        sa.Column("grounds", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("said_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("lodged_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("keyed_by", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_by_name", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.CheckConstraint(
            "channel IN ('internet', 'letter', 'telephone')", name=op.f("ck_objections_channel")
        ),
        sa.CheckConstraint(
            "(channel = 'internet') = (keyed_by IS NULL)", name=op.f("ck_objections_keyed_by")
        ),
        sa.CheckConstraint(
            "grounds IN ('not_employed', 'not_trained', 'hours', 'amount', 'paid_before', 'other')",
            name=op.f("ck_objections_grounds"),
        ),
        sa.CheckConstraint(
            "lines IS NULL OR (claim_id IS NOT NULL AND cardinality(lines) > 0)",
            name=op.f("ck_objections_lines"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'rejected', 'upheld')", name=op.f("ck_objections_state")
        ),
        sa.CheckConstraint(
            "num_nulls(reason, decided_on, decided_by, decided_by_name)"
            " = CASE WHEN state = 'open' THEN 4 ELSE 0 END",
            name=op.f("ck_objections_decided"),
        ),
        sa.CheckConstraint("length(reason) > 1", name=op.f("ck_objections_in_writing")),
        sa.CheckConstraint(
            "lodged_on < due_on AND lodged_on <= decided_on", name=op.f("ck_objections_days")
        ),
        sa.ForeignKeyConstraint(
            ["notice_id", "bureau_code"],
            ["notices.id", "notices.bureau_code"],
            name=op.f("fk_objections_notice_id_bureau_code"),
        ),
        sa.ForeignKeyConstraint(
            ["notice_id", "claim_id"],
            ["notice_claims.notice_id", "notice_claims.claim_id"],
            name=op.f("fk_objections_notice_id_claim_id"),
        ),
        sa.ForeignKeyConstraint(["keyed_by"], ["accounts.id"], name=op.f("fk_objections_keyed_by")),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["accounts.id"], name=op.f("fk_objections_decided_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objections")),
        sa.UniqueConstraint("receipt", name=op.f("uq_objections_receipt")),
        sa.UniqueConstraint("id", "bureau_code", name=op.f("uq_objections_id_bureau_code")),
    )
    op.create_index("ix_objections_notice_id", "objections", ["notice_id"])
    op.create_index("ix_objections_bureau_code", "objections", ["bureau_code", "state", "id"])
    lock_down("objections")
    policy("objections", "by_the_public", "subsidy_public",
           "state = 'open' AND channel = 'internet'", "INSERT")  # fmt: skip
    policy("objections", "of_the_bureau", BUREAUS, OWN_BUREAU, "SELECT")
    keyed = f"{OWN_BUREAU} AND state = 'open' AND keyed_by = {OWN_ACCOUNT}"
    policy("objections", "by_own_hand", BUREAUS, keyed, "INSERT")
    policy("objections", "for_booking", "subsidy_ledger", "true", "SELECT")
    run(
        f"CREATE POLICY decided_by_own_hand ON objections FOR UPDATE TO {BUREAUS}"
        f" USING ({OWN_BUREAU} AND state = 'open')"
        f" WITH CHECK ({OWN_BUREAU} AND decided_by = {OWN_ACCOUNT})",
        f"GRANT INSERT ON objections TO {_OBJECTORS}",
        "GRANT SELECT, UPDATE (state, reason, decided_on, decided_by, decided_by_name)"
        f" ON objections TO {BUREAUS}",
        "GRANT SELECT ON objections TO subsidy_ledger",
        # Whoever objects gets a number, and his act is recorded as everybody's.
        "GRANT USAGE ON SEQUENCE receipt_numbers TO subsidy_public",
        "GRANT INSERT ON audit_events TO subsidy_public",
    )
    policy("audit_events", "of_objections", "subsidy_public",
           "account_id IS NULL AND object_kind = 'objections'", "INSERT")  # fmt: skip
    never_deleted("objections")


def _attachments() -> None:
    op.create_table(
        "objection_attachments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("objection_id", sa.Uuid(), nullable=False),
        sa.Column("bureau_code", sa.Text(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_objection_attachments_size")),
        sa.ForeignKeyConstraint(
            ["objection_id", "bureau_code"],
            ["objections.id", "objections.bureau_code"],
            name=op.f("fk_objection_attachments_objection_id_bureau_code"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection_attachments")),
    )
    op.create_index(
        "ix_objection_attachments_objection_id", "objection_attachments", ["objection_id"]
    )
    lock_down("objection_attachments")
    policy("objection_attachments", "of_the_bureau", BUREAUS, OWN_BUREAU, "SELECT")
    policy("objection_attachments", "for_booking", "subsidy_ledger", "true")
    run(
        f"GRANT SELECT ON objection_attachments TO {BUREAUS}",
        "GRANT SELECT, INSERT ON objection_attachments TO subsidy_ledger",
    )
    append_only("objection_attachments")


def _payments() -> None:
    op.drop_constraint("fk_payments_amount", "payments", type_="foreignkey")
    op.drop_index("uq_payments_one_per_claim", "payments")
    # What the claim has to pay in all, so that it stays as it is from the first payment on.
    op.add_column("payments", sa.Column("to_pay", _MONEY, nullable=True))
    # A payment whose result is known is final; what it says does not change here.
    run(
        "ALTER TABLE payments NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE payments DISABLE TRIGGER payment_final",
        "UPDATE payments SET to_pay = gross",
        "ALTER TABLE payments ENABLE TRIGGER payment_final",
        "ALTER TABLE payments FORCE ROW LEVEL SECURITY",
    )
    op.alter_column("payments", "to_pay", nullable=False)
    op.create_foreign_key(
        "fk_payments_to_pay", "payments", "claims", ["claim_id", "to_pay"], ["id", "to_pay"]
    )
    op.create_index(
        "uq_payments_one_on_its_way",
        "payments",
        ["claim_id"],
        unique=True,
        postgresql_where="state = 'sent'",
    )
    op.create_index("ix_payments_claim_id", "payments", ["claim_id"])
    run(
        # To wait for each other on a claim's row asks for the right to change it; it changes none.
        "CREATE POLICY to_wait_for ON claims FOR UPDATE TO subsidy_ledger"
        " USING (true) WITH CHECK (false)",
        "GRANT UPDATE (remark) ON claims TO subsidy_ledger",
    )


def _asked() -> None:
    asked = {
        MEMBERS: ASKED_BY_MEMBERS,
        f"{EVERYONE}": ASKED_BY_EVERYONE,
        _OBJECTORS: ASKED_BY_OBJECTORS,
    }
    for signature in (*INTERNAL, *(one for several in asked.values() for one in several)):
        run(
            f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC",
            f"ALTER FUNCTION {signature} OWNER TO subsidy_ledger",
        )
    for callers, signatures in asked.items():
        for signature in signatures:
            run(f"GRANT EXECUTE ON FUNCTION {signature} TO {callers}")
    run("GRANT EXECUTE ON FUNCTION name_terms(text) TO subsidy_ledger")


def _triggers() -> None:
    each = "FOR EACH ROW EXECUTE FUNCTION"
    listed = "REFERENCING NEW TABLE AS listed FOR EACH STATEMENT EXECUTE FUNCTION"
    ending = "NEW.state IN ('rejected', 'withdrawn', 'superseded') AND OLD.state <> NEW.state"
    run(
        f"CREATE TRIGGER enter_names AFTER INSERT ON notice_claims {listed} enter_names()",
        f"CREATE TRIGGER notice_adds_up AFTER INSERT ON notice_claims {listed} notice_adds_up()",
        f"CREATE TRIGGER end_once BEFORE UPDATE ON notice_claims {each} end_once()",
        "CREATE TRIGGER end_notice AFTER UPDATE OF state ON claims FOR EACH ROW"
        f" WHEN ({ending}) EXECUTE FUNCTION end_notice()",
        "CREATE TRIGGER money_stands BEFORE UPDATE OF state ON claims FOR EACH ROW"
        " WHEN (NEW.state IN ('rejected', 'withdrawn') AND OLD.state <> NEW.state)"
        " EXECUTE FUNCTION money_stands()",
        "CREATE TRIGGER paid_in_full AFTER UPDATE OF state ON claims FOR EACH ROW"
        " WHEN (NEW.state = 'paid' AND OLD.state <> 'paid') EXECUTE FUNCTION paid_in_full()",
        f"CREATE TRIGGER paid_what_is_due BEFORE INSERT OR UPDATE ON payments {each}"
        " paid_what_is_due()",
        f"CREATE TRIGGER object_in_time BEFORE INSERT ON objections {each} object_in_time()",
        f"CREATE TRIGGER decide_by_another_hand BEFORE UPDATE ON objections {each}"
        " decide_by_another_hand()",
    )
    # The names of what was published before.
    run(
        "ALTER TABLE notice_claims NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE notice_terms NO FORCE ROW LEVEL SECURITY",
        "INSERT INTO notice_terms SELECT DISTINCT term, n.notice_id FROM notice_claims AS n,"
        " unnest(name_terms(n.enterprise_name)) AS term",
        "ALTER TABLE notice_claims FORCE ROW LEVEL SECURITY",
        "ALTER TABLE notice_terms FORCE ROW LEVEL SECURITY",
    )
    append_only("notice_terms")


def downgrade() -> None:
    """Go back to one claim a notice and one payment a claim; refused where there are more."""
    for trigger in ("end_notice", "money_stands", "paid_in_full"):
        run(f"DROP TRIGGER {trigger} ON claims")
    run(
        "DROP TRIGGER paid_what_is_due ON payments",
        "DROP POLICY to_wait_for ON claims",
        "REVOKE UPDATE (remark) ON claims FROM subsidy_ledger",
        "DROP POLICY for_booking ON notices",
        "REVOKE ALL ON notices FROM subsidy_ledger",
        "DROP POLICY of_objections ON audit_events",
        "REVOKE INSERT ON audit_events FROM subsidy_public",
        "REVOKE USAGE ON SEQUENCE receipt_numbers FROM subsidy_public",
    )
    for signature in (*ASKED_BY_OBJECTORS, *ASKED_BY_EVERYONE, *ASKED_BY_MEMBERS):
        run(f"DROP FUNCTION {signature}")
    for table in ("objection_attachments", "objections", "notice_sites", "notice_terms"):
        op.drop_table(table)
    op.drop_index("ix_payments_claim_id", "payments")
    op.drop_index("uq_payments_one_on_its_way", "payments")
    op.drop_constraint("fk_payments_to_pay", "payments", type_="foreignkey")
    op.drop_column("payments", "to_pay")
    op.create_foreign_key(
        "fk_payments_amount", "payments", "claims", ["claim_id", "gross"], ["id", "to_pay"]
    )
    op.create_index(
        "uq_payments_one_per_claim",
        "payments",
        ["claim_id"],
        unique=True,
        postgresql_where="state <> 'failed'",
    )
    _one_claim_a_notice()
    run(_PAID_AFTER_NOTICE)
    op.drop_table("notice_claims")
    for signature in (*INTERNAL, *PLAIN):
        run(f"DROP FUNCTION {signature}")


def _one_claim_a_notice() -> None:
    op.drop_index("ix_notices_last_day", "notices")
    op.drop_index("ix_notices_bureau_code", "notices")
    op.drop_column("notices", "claims")
    op.add_column("notices", sa.Column("claim_id", sa.Uuid(), nullable=True))
    op.add_column("notices", sa.Column("enterprise_id", sa.Uuid(), nullable=True))
    run(
        "ALTER TABLE notices NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE notice_claims NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE notices DISABLE TRIGGER refuse_change",
        "UPDATE notices AS n SET claim_id = c.claim_id, enterprise_id = c.enterprise_id"
        " FROM notice_claims AS c WHERE c.notice_id = n.id AND c.amount = n.amount",
        "ALTER TABLE notices ENABLE TRIGGER refuse_change",
        "ALTER TABLE notices FORCE ROW LEVEL SECURITY",
    )
    op.drop_constraint(
        op.f("fk_notice_claims_notice_id_bureau_code"), "notice_claims", type_="foreignkey"
    )
    op.drop_constraint(op.f("uq_notices_id_bureau_code"), "notices")
    op.alter_column("notices", "claim_id", nullable=False)
    op.alter_column("notices", "enterprise_id", nullable=False)
    op.create_unique_constraint(op.f("uq_notices_claim_id"), "notices", ["claim_id"])
    op.create_foreign_key(
        "fk_notices_amount", "notices", "claims", ["claim_id", "amount"], ["id", "amount"]
    )
    op.create_foreign_key(
        op.f("fk_notices_claim_id_enterprise_id_bureau_code"),
        "notices",
        "claims",
        ["claim_id", "enterprise_id", "bureau_code"],
        ["id", "enterprise_id", "bureau_code"],
    )
