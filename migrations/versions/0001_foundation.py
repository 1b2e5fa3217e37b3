"""Who may sign in, what was done, and the reference data that officers keep by date.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.guards import (
    BUREAUS,
    ENTERPRISE,
    EVERYONE,
    MEMBERS,
    OWN_ACCOUNT,
    OWN_BUREAU,
    OWN_ENTERPRISE,
    append_only,
    lock_down,
    policy,
    run,
)

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(
        """
        CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $$
        BEGIN
            RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'append_only';
        END
        $$
        """
    )
    run(
        """
        CREATE FUNCTION follow_procedure() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $$
        BEGIN
            IF OLD.state || '>' || NEW.state <> ALL (TG_ARGV) THEN
                RAISE EXCEPTION '% does not follow from %', NEW.state, OLD.state
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'follow_procedure';
            END IF;
            RETURN NEW;
        END
        $$
        """
    )
    op.create_table(
        "bureaus",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('district', 'pioneer_zone', 'centre')", name=op.f("ck_bureaus_kind")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_bureaus")),
    )
    op.create_table(
        "platforms",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("hosts", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('listed', 'blocked')", name=op.f("ck_platforms_kind")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_platforms")),
    )
    op.create_table(
        "calendar_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_days")),
    )
    op.create_table(
        "business_clock",
        sa.Column("one_row", sa.Boolean(), nullable=False),
        sa.Column("today", sa.Date(), nullable=False),
        sa.CheckConstraint("one_row", name=op.f("ck_business_clock_one_row")),
        sa.PrimaryKeyConstraint("one_row", name=op.f("pk_business_clock")),
    )
    op.create_table(
        "accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=True),
        sa.Column("bureau_code", sa.Text(), nullable=True),
        sa.Column("duties", postgresql.ARRAY(sa.TEXT()), server_default="{}", nullable=False),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(role = 'enterprise') = (enterprise_id IS NOT NULL)"
            " AND (role <> 'enterprise') = (bureau_code IS NOT NULL)"
            " AND (role = 'centre') = (bureau_code IS NOT DISTINCT FROM 'LN-PROV')",
            name=op.f("ck_accounts_belongs"),
        ),
        sa.CheckConstraint(
            "duties <@ ARRAY['review', 'approve', 'pay']", name=op.f("ck_accounts_duties")
        ),
        sa.CheckConstraint(
            "role <> 'enterprise' OR duties = '{}'", name=op.f("ck_accounts_no_duty_outside")
        ),
        sa.CheckConstraint(
            "role IN ('enterprise', 'district', 'centre')", name=op.f("ck_accounts_role")
        ),
        sa.ForeignKeyConstraint(
            ["bureau_code"], ["bureaus.code"], name=op.f("fk_accounts_bureau_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("username", name=op.f("uq_accounts_username")),
    )
    op.create_table(
        "refresh_tokens",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "issued_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_refresh_tokens_account_id")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_refresh_tokens")),
    )
    op.create_index("ix_refresh_tokens_family_id", "refresh_tokens", ["family_id"], unique=False)
    op.create_table(
        "audit_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("business_day", sa.Date(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("account_name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("object_kind", sa.Text(), nullable=False),
        sa.Column("object_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("enterprise_id", sa.Uuid(), nullable=True),
        sa.Column("bureau_code", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), server_default="done", nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column(
            "details", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False
        ),
        sa.CheckConstraint("outcome IN ('done', 'refused')", name=op.f("ck_audit_events_outcome")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_events")),
    )
    op.create_index("ix_audit_events_case_id", "audit_events", ["case_id", "id"], unique=False)
    op.create_table(
        "stored_answers",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("account_id", "key", name=op.f("pk_stored_answers")),
    )
    op.create_table(
        "persons",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("id_digest", sa.LargeBinary(), nullable=False),
        sa.Column("id_sealed", sa.LargeBinary(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persons")),
        sa.UniqueConstraint("id_digest", name=op.f("uq_persons_id_digest")),
    )
    run(
        "GRANT SELECT ON bureaus, platforms, calendar_days, business_clock"
        f" TO {EVERYONE}, subsidy_sandbox",
        "CREATE SEQUENCE receipt_numbers",
        f"GRANT USAGE ON SEQUENCE receipt_numbers TO {MEMBERS}",
    )
    _accounts()
    _audit()
    lock_down("stored_answers")
    policy("stored_answers", "of_the_account", MEMBERS, f"account_id = {OWN_ACCOUNT}")
    run(f"GRANT SELECT, INSERT, UPDATE (status, media_type, body) ON stored_answers TO {MEMBERS}")
    lock_down("persons")


def _accounts() -> None:
    for table in ("accounts", "refresh_tokens"):
        lock_down(table)
        policy(table, "for_sign_in", "subsidy_sign_in", "true")
    policy("accounts", "for_the_registrar", "subsidy_registrar", "true")
    run(
        "GRANT SELECT, UPDATE (failures, locked_until) ON accounts TO subsidy_sign_in",
        "GRANT SELECT, INSERT, UPDATE ON accounts TO subsidy_registrar",
        "GRANT SELECT, INSERT, UPDATE (used_at, revoked_at) ON refresh_tokens TO subsidy_sign_in",
    )


def _audit() -> None:
    lock_down("audit_events")
    policy("audit_events", "by_its_author", MEMBERS, f"account_id = {OWN_ACCOUNT}", "INSERT")
    desks = "subsidy_sign_in, subsidy_registrar, subsidy_sandbox"
    policy("audit_events", "by_a_desk", desks, "true", "INSERT")
    policy("audit_events", "of_the_enterprise", ENTERPRISE, OWN_ENTERPRISE, "SELECT")
    policy("audit_events", "of_the_bureau", BUREAUS, OWN_BUREAU, "SELECT")
    run(
        f"GRANT INSERT ON audit_events TO {MEMBERS}, {desks}",
        f"GRANT SELECT ON audit_events TO {MEMBERS}",
    )
    append_only("audit_events")


def downgrade() -> None:
    op.drop_table("persons")
    op.drop_table("stored_answers")
    op.drop_table("audit_events")
    op.drop_table("refresh_tokens")
    op.drop_table("accounts")
    op.drop_table("business_clock")
    op.drop_table("calendar_days")
    op.drop_table("platforms")
    op.drop_table("bureaus")
    op.execute("DROP SEQUENCE receipt_numbers")
    op.execute("DROP FUNCTION follow_procedure()")
    op.execute("DROP FUNCTION refuse_change()")
