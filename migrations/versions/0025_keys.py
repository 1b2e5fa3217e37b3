"""Whom do outside issuers vouch for, which systems sign in, and under which keys is what sealed?

Revision ID: 0025
Revises: 0019
"""

from typing import Final

import sqlalchemy as sa
from alembic import op

from migrations.guards import (
    BUREAUS,
    ENTERPRISE,
    MEMBERS,
    OWN_ACCOUNT,
    OWN_BUREAU,
    OWN_ENTERPRISE,
    append_only,
    lock_down,
    never_deleted,
    policy,
    run,
)
from migrations.key_functions import ASKED_BY_BUREAUS, SEALED_ID_OF

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_NOW: Final = sa.text("now()")
_OUTSIDE: Final = "subsidy_outside"
_SEALER: Final = "subsidy_resealer"
_SCANNER: Final = "subsidy_scanner"
_SIGN_IN: Final = "subsidy_sign_in"
_REGISTRAR: Final = "subsidy_registrar"
_SEALED: Final = {
    "persons": "id_sealed",
    "enterprises": "account_sealed",
    "payments": "account_sealed",
    "objections": "said_sealed",
    "file_keys": "key_sealed",
    "accounts": "email_sealed",
    "second_factors": "secret_sealed",
}
"""Every sealed column; the sealer may change these and no other."""
_KEYS: Final = {"file_keys": "sha256", "second_factors": "account_id"}
"""By which column a row is found, where it is not its id."""
_GUARDED: Final = (
    ("payments", "payment_final", "BEFORE UPDATE"),
    ("payments", "paid_what_is_due", "BEFORE INSERT OR UPDATE"),
    ("objections", "decide_by_another_hand", "BEFORE UPDATE"),
)
"""Triggers that keep whole rows as they are: what is sealed anew says what it said."""


def upgrade() -> None:
    _accounts()
    _outside_identities()
    _service_accounts()
    _file_keys()
    _outside()
    _sealer()
    run(
        SEALED_ID_OF,
        *(f"REVOKE ALL ON FUNCTION {one} FROM PUBLIC" for one in ASKED_BY_BUREAUS),
        *(f"ALTER FUNCTION {one} OWNER TO subsidy_ledger" for one in ASKED_BY_BUREAUS),
        *(f"GRANT EXECUTE ON FUNCTION {one} TO {BUREAUS}" for one in ASKED_BY_BUREAUS),
    )


def _accounts() -> None:
    """Keep passwords away from accounts that never sign in with one."""
    op.create_check_constraint(
        op.f("ck_accounts_without_password"),
        "accounts",
        "username !~ '^(outside:|svc-)' OR password_hash = '!'",
    )


def _outside_identities() -> None:
    op.create_table(
        "outside_identities",
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("belongs", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("uscc", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_outside_identities_account_id")
        ),
        sa.PrimaryKeyConstraint("issuer", "subject", "belongs", name=op.f("pk_outside_identities")),
        sa.UniqueConstraint("account_id", name=op.f("uq_outside_identities_account_id")),
    )
    op.create_index("ix_outside_identities_belongs", "outside_identities", ["belongs"])
    lock_down("outside_identities")
    policy("outside_identities", "for_introducing", _OUTSIDE, "true")
    own = f"account_id = {OWN_ACCOUNT}"
    policy("outside_identities", "of_the_account", ENTERPRISE, own, "SELECT")
    run(
        f"GRANT SELECT, INSERT ON outside_identities TO {_OUTSIDE}",
        f"GRANT SELECT ON outside_identities TO {ENTERPRISE}",
    )
    append_only("outside_identities")


def _service_accounts() -> None:
    op.create_table(
        "service_accounts",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("cardinality(scopes) > 0", name=op.f("ck_service_accounts_scopes")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_service_accounts_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_service_accounts")),
        sa.UniqueConstraint("client_id", name=op.f("uq_service_accounts_client_id")),
    )
    op.create_table(
        "service_secrets",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("slot", sa.SmallInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("slot IN (1, 2)", name=op.f("ck_service_secrets_slot")),
        sa.CheckConstraint("octet_length(digest) = 32", name=op.f("ck_service_secrets_digest")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["service_accounts.account_id"],
            name=op.f("fk_service_secrets_account_id"),
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_service_secrets")),
    )
    op.create_index(
        "uq_service_secrets_two_at_once",
        "service_secrets",
        ["account_id", "slot"],
        unique=True,
        postgresql_where="revoked_at IS NULL",
    )
    for table in ("service_accounts", "service_secrets"):
        lock_down(table)
        policy(table, "for_sign_in", _SIGN_IN, "true", "SELECT")
        policy(table, "for_the_registrar", _REGISTRAR, "true")
        run(
            f"GRANT SELECT ON {table} TO {_SIGN_IN}",
            f"GRANT SELECT, INSERT, UPDATE (revoked_at) ON {table} TO {_REGISTRAR}",
        )
        never_deleted(table)


def _file_keys() -> None:
    op.create_table(
        "file_keys",
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=True),
        sa.Column("bureau_code", sa.Text(), nullable=False),
        sa.Column("key_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_file_keys")),
    )
    lock_down("file_keys")
    for name, roles, own in (
        ("of_the_enterprise", ENTERPRISE, OWN_ENTERPRISE),
        ("of_the_bureau", BUREAUS, OWN_BUREAU),
    ):
        policy("file_keys", name, roles, own, "SELECT")
        policy("file_keys", f"kept_{name}", roles, own, "INSERT")
    policy("file_keys", "for_the_scanner", _SCANNER, "true", "SELECT")
    run(
        f"GRANT SELECT, INSERT ON file_keys TO {MEMBERS}",
        f"GRANT SELECT (sha256, key_sealed) ON file_keys TO {_SCANNER}",
    )
    never_deleted("file_keys")


def _outside() -> None:
    """Let the desk that takes outside tokens make accounts without a password, and no others."""
    theirs = "username LIKE 'outside:%' AND password_hash = '!'"
    policy("accounts", "for_introducing", _OUTSIDE, theirs)
    policy("enterprises", "for_introducing", _OUTSIDE, "state = 'verified'", "SELECT")
    about = "object_kind = 'accounts'"
    policy("audit_events", "by_the_introducer", _OUTSIDE, about, "INSERT")
    run(
        f"GRANT SELECT, INSERT, UPDATE (name, duties, enterprise_id) ON accounts TO {_OUTSIDE}",
        f"GRANT SELECT (id, uscc, state) ON enterprises TO {_OUTSIDE}",
        f"GRANT SELECT ON bureaus, business_clock TO {_OUTSIDE}",
        f"GRANT INSERT ON audit_events TO {_OUTSIDE}",
    )


def _sealer() -> None:
    """Let `subsidy keys rotate` see what is sealed and put the same under another key."""
    for table, column in _SEALED.items():
        policy(table, "for_resealing", _SEALER, "true")
        key = _KEYS.get(table, "id")
        run(f"GRANT SELECT ({key}, {column}), UPDATE ({column}) ON {table} TO {_SEALER}")
    for table in ("evidence", "payment_batches"):
        policy(table, "for_resealing", _SEALER, "true", "SELECT")
    run(
        f"GRANT SELECT (id_digest) ON persons TO {_SEALER}",
        f"GRANT INSERT ON file_keys TO {_SEALER}",
        f"GRANT SELECT (sha256, sealed, enterprise_id, bureau_code) ON evidence TO {_SEALER}",
        f"GRANT SELECT (xlsx_kept, csv_kept, bureau_code) ON payment_batches TO {_SEALER}",
    )
    policy("audit_events", "by_the_sealer", _SEALER, "act = 'reseal'", "INSERT")
    run(f"GRANT INSERT ON audit_events TO {_SEALER}")
    _guard(f"WHEN (current_user <> '{_SEALER}') ")


def _guard(condition: str) -> None:
    for table, function, event in _GUARDED:
        run(
            f"DROP TRIGGER {function} ON {table}",
            f"CREATE TRIGGER {function} {event} ON {table} FOR EACH ROW"
            f" {condition}EXECUTE FUNCTION {function}()",
        )


def downgrade() -> None:
    """Go back; refused while files have keys of their own, which nobody could open then."""
    run(
        "ALTER TABLE file_keys NO FORCE ROW LEVEL SECURITY",
        "DO $$ BEGIN IF EXISTS (SELECT FROM file_keys) THEN"
        " RAISE EXCEPTION 'files are sealed under keys of their own'; END IF; END $$",
    )
    _guard("")
    for signature in ASKED_BY_BUREAUS:
        run(f"DROP FUNCTION {signature}")
    for table in (*_SEALED, "evidence", "payment_batches"):
        run(f"DROP POLICY for_resealing ON {table}", f"REVOKE ALL ON {table} FROM {_SEALER}")
    run(
        "DROP POLICY by_the_sealer ON audit_events",
        "DROP POLICY by_the_introducer ON audit_events",
        "DROP POLICY for_introducing ON accounts",
        "DROP POLICY for_introducing ON enterprises",
        f"REVOKE ALL ON accounts, enterprises, bureaus, business_clock, audit_events"
        f" FROM {_OUTSIDE}",
        f"REVOKE ALL ON audit_events FROM {_SEALER}",
    )
    for table in ("file_keys", "service_secrets", "service_accounts", "outside_identities"):
        op.drop_table(table)
    op.drop_constraint(op.f("ck_accounts_without_password"), "accounts")
