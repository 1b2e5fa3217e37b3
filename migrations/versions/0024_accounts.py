"""Accounts of one's own: duties by another's hand, sign-up, invitations, resets, second factors.

Revision ID: 0024
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

from migrations.account_functions import (
    ASKED_AT_SIGN_IN,
    ASKED_BY_BUREAUS,
    ASKED_BY_ENTERPRISES,
    INTERNAL,
    PLAIN,
    functions,
)
from migrations.guards import (
    BUREAUS,
    ENTERPRISE,
    OWN_ACCOUNT,
    OWN_BUREAU,
    OWN_ENTERPRISE,
    append_only,
    lock_down,
    never_deleted,
    policy,
    run,
)

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_NOW = sa.text("now()")
_LEDGER = "subsidy_ledger"
_HOLDER = "subsidy_holder"
_SIGN_IN = "subsidy_sign_in"
_ADMINISTERS = "(SELECT charged_with('administer'))"
_LOOKS_AT_ACCOUNTS = "(SELECT charged_with('administer') OR charged_with('audit'))"
_MANAGES = "(SELECT manages())"
_HANDLED = "EXISTS (SELECT FROM enterprises AS e WHERE e.id = enterprise_id)"
_ANOTHERS = f"{OWN_BUREAU} AND id <> {OWN_ACCOUNT} AND {_ADMINISTERS}"
_DUTIES = {
    "duties": "duties <@ ARRAY['review', 'approve', 'pay', 'administer', 'audit']",
    # Who grants rights, or looks into what was done with them, has none of them.
    "apart": "NOT duties && ARRAY['administer', 'audit'] OR cardinality(duties) = 1",
    "clerk": "NOT clerk OR role = 'enterprise'",
}
_BY_HOLDER = "password_hash, must_change_password, failures, locked_until, email_sealed"
_TABLES = ("licences", "second_factors", "password_resets", "invitations", "sign_ups")


def upgrade() -> None:
    _columns()
    _sign_ups()
    _tokens()
    _second_factors()
    _licences()
    _functions()
    _rights()
    _own_rights()
    _auditor()
    _filing()
    _triggers()


def _id(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _text(name: str) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=False)


def _bytes(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.LargeBinary(), nullable=nullable)


def _moment(name: str, *, given: bool = False, nullable: bool = False) -> sa.Column:
    default = None if given or nullable else _NOW
    return sa.Column(name, sa.DateTime(timezone=True), server_default=default, nullable=nullable)


def _yes(name: str, default: str) -> sa.Column:
    return sa.Column(name, sa.Boolean(), server_default=default, nullable=False)


def _by(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["accounts.id"], name=op.f(f"fk_{table}_{column}"))


def _columns() -> None:
    for column in (
        _yes("clerk", "false"),
        _yes("must_change_password", "false"),
        _bytes("email_sealed", nullable=True),
    ):
        op.add_column("accounts", column)
    op.drop_constraint(op.f("ck_accounts_duties"), "accounts")
    for name, rule in _DUTIES.items():
        op.create_check_constraint(op.f(f"ck_accounts_{name}"), "accounts", rule)
    op.create_index("ix_accounts_enterprise_id", "accounts", ["enterprise_id"])
    op.create_index("ix_accounts_bureau_code", "accounts", ["bureau_code"])
    op.add_column("refresh_tokens", _moment("began_at"))
    op.add_column(
        "refresh_tokens", sa.Column("address", sa.Text(), server_default="", nullable=False)
    )
    op.create_index("ix_refresh_tokens_account_id", "refresh_tokens", ["account_id"])
    op.add_column("enterprises", _yes("accepted", "false"))
    op.add_column("enterprises", _bytes("accepted_digest", nullable=True))
    op.add_column(
        "enterprises", sa.Column("revision", sa.Integer(), server_default="1", nullable=False)
    )
    op.drop_constraint(op.f("uq_enterprises_uscc"), "enterprises")
    op.create_index(
        "uq_enterprises_uscc", "enterprises", ["uscc"], unique=True, postgresql_where="accepted"
    )
    op.create_index("ix_enterprises_uscc", "enterprises", ["uscc"])
    op.drop_constraint(op.f("ck_enterprises_state"), "enterprises")
    op.create_check_constraint(
        op.f("ck_enterprises_state"),
        "enterprises",
        "state IN ('registered', 'verified', 'returned', 'closed')",
    )
    run(
        "ALTER TABLE enterprises NO FORCE ROW LEVEL SECURITY",
        "UPDATE enterprises SET accepted = true, accepted_digest = account_digest"
        " WHERE state = 'verified'",
        "ALTER TABLE enterprises FORCE ROW LEVEL SECURITY",
    )
    op.create_check_constraint(
        op.f("ck_enterprises_accepted"), "enterprises", "accepted OR state <> 'verified'"
    )


def _sign_ups() -> None:
    op.create_table(
        "sign_ups",
        _id("enterprise_id"),
        _text("uscc"),
        _text("name"),
        _moment("created_at"),
        sa.PrimaryKeyConstraint("enterprise_id", name=op.f("pk_sign_ups")),
    )


def _tokens() -> None:
    op.create_table(
        "invitations",
        _id("id"),
        _id("enterprise_id"),
        sa.Column("clerk", sa.Boolean(), nullable=False),
        _bytes("token_digest"),
        _id("invited_by"),
        _moment("created_at"),
        _moment("expires_at", given=True),
        _moment("used_at", nullable=True),
        _id("account_id", nullable=True),
        _moment("revoked_at", nullable=True),
        sa.CheckConstraint(
            "(used_at IS NULL) = (account_id IS NULL)", name=op.f("ck_invitations_used")
        ),
        _by("invitations", "invited_by"),
        _by("invitations", "account_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_invitations_token_digest")),
    )
    op.create_index("ix_invitations_enterprise_id", "invitations", ["enterprise_id"])
    op.create_table(
        "password_resets",
        _bytes("digest"),
        _id("account_id"),
        _text("channel"),
        _id("issued_by", nullable=True),
        _moment("issued_at"),
        _moment("expires_at", given=True),
        _moment("used_at", nullable=True),
        sa.CheckConstraint(
            "channel IN ('bureau', 'mail') AND (channel = 'bureau') = (issued_by IS NOT NULL)",
            name=op.f("ck_password_resets_channel"),
        ),
        _by("password_resets", "account_id"),
        _by("password_resets", "issued_by"),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_password_resets")),
    )
    op.create_index("ix_password_resets_account_id", "password_resets", ["account_id"])


def _second_factors() -> None:
    op.create_table(
        "second_factors",
        _id("account_id"),
        _bytes("secret_sealed"),
        sa.Column("last_step", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column(
            "recovery_digests", sa.ARRAY(sa.LargeBinary()), server_default="{}", nullable=False
        ),
        _moment("created_at"),
        _moment("confirmed_at", nullable=True),
        _by("second_factors", "account_id"),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_second_factors")),
    )


def _licences() -> None:
    op.create_table(
        "licences",
        _id("id"),
        _id("enterprise_id"),
        _text("filename"),
        _text("media_type"),
        sa.Column("size", sa.BigInteger(), nullable=False),
        _bytes("sha256"),
        _id("uploaded_by"),
        _moment("created_at"),
        sa.CheckConstraint("size > 0", name=op.f("ck_licences_size")),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.id"], name=op.f("fk_licences_enterprise_id")
        ),
        _by("licences", "uploaded_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licences")),
    )
    op.create_index("ix_licences_enterprise_id", "licences", ["enterprise_id"])
    append_only("licences")


def _functions() -> None:
    run(*functions())
    asked = {
        BUREAUS: ASKED_BY_BUREAUS, ENTERPRISE: ASKED_BY_ENTERPRISES, _SIGN_IN: ASKED_AT_SIGN_IN,
    }  # fmt: skip
    for signature in (*INTERNAL, *(one for several in asked.values() for one in several)):
        run(
            f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC",
            f"ALTER FUNCTION {signature} OWNER TO {_LEDGER}",
        )
    for callers, signatures in asked.items():
        for signature in signatures:
            run(f"GRANT EXECUTE ON FUNCTION {signature} TO {callers}")
    run(
        f"GRANT SELECT (enterprise_id, clerk) ON accounts TO {_LEDGER}",
        f"GRANT SELECT, UPDATE (state, remark) ON enterprises TO {_LEDGER}",
        "GRANT SELECT (account_id, revoked_at), UPDATE (revoked_at) ON refresh_tokens"
        f" TO {_LEDGER}",
        f"GRANT SELECT, DELETE ON second_factors TO {_LEDGER}",
        f"GRANT SELECT ON sign_ups, invitations, licences TO {_LEDGER}",
    )
    for table in _TABLES:
        lock_down(table)
    for table in ("enterprises", "refresh_tokens", *_TABLES):
        if table != "password_resets":
            policy(table, "for_guarding", _LEDGER, "true")


def _rights() -> None:
    """Grant what members may do to accounts other than their own."""
    run(
        "DROP POLICY for_sign_in ON accounts",
        f"GRANT INSERT, UPDATE (password_hash, must_change_password) ON accounts TO {_SIGN_IN}",
    )
    policy("accounts", "for_sign_in", _SIGN_IN, "true", "SELECT")
    policy("accounts", "at_sign_in", _SIGN_IN, "true", "UPDATE")
    joined = "role = 'enterprise' AND may_join(enterprise_id, clerk)"
    policy("accounts", "signed_up", _SIGN_IN, joined, "INSERT")
    policy("accounts", "of_the_bureau", BUREAUS, f"{OWN_BUREAU} AND {_LOOKS_AT_ACCOUNTS}", "SELECT")
    handled = f"enterprise_id IS NOT NULL AND {_LOOKS_AT_ACCOUNTS} AND {_HANDLED}"
    policy("accounts", "of_its_enterprises", BUREAUS, handled, "SELECT")
    made = f"{OWN_BUREAU} AND {_ADMINISTERS} AND must_change_password"
    policy("accounts", "by_an_administrator", BUREAUS, made, "INSERT")
    policy("accounts", "by_another_hand", BUREAUS, _ANOTHERS, "UPDATE")
    policy("accounts", "of_the_enterprise", ENTERPRISE, OWN_ENTERPRISE, "SELECT")
    managed = f"{OWN_ENTERPRISE} AND id <> {OWN_ACCOUNT} AND {_MANAGES}"
    policy("accounts", "by_another_manager", ENTERPRISE, managed, "UPDATE")
    seen = "id, username, name, role, duties, active, created_at, locked_until, clerk"
    seen += ", enterprise_id, bureau_code, must_change_password"
    run(
        f"GRANT SELECT ({seen}) ON accounts TO {BUREAUS}, {ENTERPRISE}",
        "GRANT INSERT (id, username, name, password_hash, role, bureau_code, duties,"
        f" must_change_password) ON accounts TO {BUREAUS}",
        "GRANT UPDATE (duties, active, password_hash, must_change_password, failures,"
        f" locked_until) ON accounts TO {BUREAUS}",
        f"GRANT UPDATE (clerk, active) ON accounts TO {ENTERPRISE}",
    )
    policy("sign_ups", "at_sign_in", _SIGN_IN, "true", "INSERT")
    policy("sign_ups", "of_the_enterprise", ENTERPRISE, OWN_ENTERPRISE, "SELECT")
    policy("invitations", "by_a_manager", ENTERPRISE,
           f"{OWN_ENTERPRISE} AND {_MANAGES} AND invited_by = {OWN_ACCOUNT} AND used_at IS NULL",
           "INSERT")  # fmt: skip
    policy("invitations", "of_the_enterprise", ENTERPRISE,
           f"{OWN_ENTERPRISE} AND {_MANAGES}", "SELECT")  # fmt: skip
    policy("invitations", "taken_back", ENTERPRISE,
           f"{OWN_ENTERPRISE} AND {_MANAGES}", "UPDATE")  # fmt: skip
    policy("invitations", "at_sign_in", _SIGN_IN, "true")
    policy("password_resets", "at_sign_in", _SIGN_IN, "true")
    theirs = "EXISTS (SELECT FROM accounts AS a WHERE a.id = account_id"
    theirs += " AND a.enterprise_id IS NOT NULL)"
    policy("password_resets", "by_an_administrator", BUREAUS,
           f"channel = 'bureau' AND issued_by = {OWN_ACCOUNT} AND {_ADMINISTERS} AND {theirs}",
           "INSERT")  # fmt: skip
    run(
        f"GRANT INSERT ON sign_ups TO {_SIGN_IN}",
        f"GRANT SELECT ON sign_ups TO {ENTERPRISE}",
        f"GRANT SELECT, INSERT, UPDATE (revoked_at) ON invitations TO {ENTERPRISE}",
        f"GRANT SELECT, UPDATE (used_at, account_id) ON invitations TO {_SIGN_IN}",
        f"GRANT SELECT, INSERT, UPDATE (used_at) ON password_resets TO {_SIGN_IN}",
        f"GRANT INSERT ON password_resets TO {BUREAUS}",
    )
    policy("licences", "of_the_enterprise", ENTERPRISE, OWN_ENTERPRISE, "SELECT")
    policy("licences", "by_the_enterprise", ENTERPRISE,
           f"{OWN_ENTERPRISE} AND uploaded_by = {OWN_ACCOUNT}", "INSERT")  # fmt: skip
    policy("licences", "of_the_bureau", BUREAUS, _HANDLED, "SELECT")
    run(
        f"GRANT SELECT, INSERT ON licences TO {ENTERPRISE}",
        f"GRANT SELECT ON licences TO {BUREAUS}",
    )


def _filing() -> None:
    """Let who signed up himself file only after a bureau accepted that he holds the credit code."""
    shown = (
        "EXISTS (SELECT FROM enterprises AS e WHERE e.id = plans.enterprise_id AND e.accepted)"
        " OR NOT EXISTS (SELECT FROM sign_ups AS s WHERE s.enterprise_id = plans.enterprise_id)"
    )
    run(
        f"CREATE POLICY by_the_accepted ON plans AS RESTRICTIVE FOR UPDATE TO {ENTERPRISE}"
        f" USING (true) WITH CHECK (state <> 'submitted' OR {shown})"
    )


def _auditor() -> None:
    """Let ``subsidy evidence verify`` see whose the files beside the evidence are."""
    for table in ("licences", "objection_attachments", "payment_batches"):
        policy(table, "for_the_auditor", "subsidy_auditor", "true", "SELECT")
        run(f"GRANT SELECT ON {table} TO subsidy_auditor")


def _own_rights() -> None:
    """Grant what anybody who signed in may do to his own account, whatever his role."""
    mine = f"account_id = {OWN_ACCOUNT}"
    policy("accounts", "ones_own", _HOLDER, f"id = {OWN_ACCOUNT}", "SELECT")
    policy("accounts", "by_its_holder", _HOLDER, f"id = {OWN_ACCOUNT}", "UPDATE")
    policy("refresh_tokens", "ones_own", _HOLDER, mine)
    policy("second_factors", "ones_own", _HOLDER, mine)
    policy("second_factors", "at_sign_in", _SIGN_IN, "true")
    policy("audit_events", "by_its_holder", _HOLDER, mine, "INSERT")
    run(
        f"GRANT SELECT, UPDATE ({_BY_HOLDER}) ON accounts TO {_HOLDER}",
        "GRANT SELECT (family_id, account_id, issued_at, began_at, address, expires_at, used_at,"
        f" revoked_at), UPDATE (revoked_at) ON refresh_tokens TO {_HOLDER}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON second_factors TO {_HOLDER}",
        "GRANT SELECT, UPDATE (last_step, recovery_digests), DELETE ON second_factors"
        f" TO {_SIGN_IN}",
        f"GRANT INSERT ON audit_events TO {_HOLDER}",
        f"GRANT SELECT ON business_clock TO {_HOLDER}",
    )


def _triggers() -> None:
    each = "FOR EACH ROW EXECUTE FUNCTION"
    run(
        "CREATE TRIGGER end_sessions AFTER UPDATE ON accounts FOR EACH ROW"
        " WHEN (NEW.password_hash <> OLD.password_hash OR OLD.active AND NOT NEW.active)"
        " EXECUTE FUNCTION end_sessions()",
        f"CREATE TRIGGER accept_registration BEFORE INSERT OR UPDATE ON enterprises {each}"
        " accept_registration()",
        "CREATE TRIGGER close_rivals AFTER INSERT OR UPDATE ON enterprises FOR EACH ROW"
        " WHEN (NEW.state = 'verified') EXECUTE FUNCTION close_rivals()",
        f"CREATE TRIGGER paid_to_accepted BEFORE INSERT ON payments {each} paid_to_accepted()",
    )
    never_deleted("accounts")


def downgrade() -> None:
    """Go back to accounts without administrators; refused where one code is registered twice."""
    run(
        "DROP TRIGGER never_deleted ON accounts",
        "DROP TRIGGER paid_to_accepted ON payments",
        "DROP TRIGGER close_rivals ON enterprises",
        "DROP TRIGGER accept_registration ON enterprises",
        "DROP TRIGGER end_sessions ON accounts",
    )
    dropped = {
        "accounts": (
            "for_sign_in", "at_sign_in", "signed_up", "of_the_bureau", "of_its_enterprises",
            "by_an_administrator", "by_another_hand", "of_the_enterprise", "by_another_manager",
            "ones_own", "by_its_holder",
        ),
        "refresh_tokens": ("ones_own", "for_guarding"),
        "enterprises": ("for_guarding",),
        "audit_events": ("by_its_holder",),
        "objection_attachments": ("for_the_auditor",),
        "plans": ("by_the_accepted",),
    }  # fmt: skip
    for table, names in dropped.items():
        for name in names:
            run(f"DROP POLICY {name} ON {table}")
    policy("accounts", "for_sign_in", _SIGN_IN, "true")
    run(
        f"REVOKE ALL ON accounts FROM {BUREAUS}, {ENTERPRISE}, {_HOLDER}",
        f"REVOKE INSERT, UPDATE (password_hash, must_change_password) ON accounts FROM {_SIGN_IN}",
        "REVOKE SELECT (enterprise_id, clerk) ON accounts FROM subsidy_ledger",
        f"REVOKE ALL ON refresh_tokens FROM {_HOLDER}, {_LEDGER}",
        f"REVOKE ALL ON enterprises FROM {_LEDGER}",
        f"REVOKE ALL ON audit_events, business_clock FROM {_HOLDER}",
        "REVOKE ALL ON objection_attachments, payment_batches FROM subsidy_auditor",
    )
    for table in _TABLES:
        op.drop_table(table)
    for signature in (
        *ASKED_BY_BUREAUS, *ASKED_BY_ENTERPRISES, *ASKED_AT_SIGN_IN, *INTERNAL, *PLAIN,
    ):  # fmt: skip
        run(f"DROP FUNCTION {signature}")
    _former_columns()


def _former_columns() -> None:
    op.drop_constraint(op.f("ck_enterprises_accepted"), "enterprises")
    op.drop_constraint(op.f("ck_enterprises_state"), "enterprises")
    op.create_check_constraint(
        op.f("ck_enterprises_state"),
        "enterprises",
        "state IN ('registered', 'verified', 'returned')",
    )
    op.drop_index("ix_enterprises_uscc", "enterprises")
    op.drop_index("uq_enterprises_uscc", "enterprises")
    op.create_unique_constraint(op.f("uq_enterprises_uscc"), "enterprises", ["uscc"])
    for column in ("revision", "accepted_digest", "accepted"):
        op.drop_column("enterprises", column)
    op.drop_index("ix_refresh_tokens_account_id", "refresh_tokens")
    for column in ("address", "began_at"):
        op.drop_column("refresh_tokens", column)
    op.drop_index("ix_accounts_bureau_code", "accounts")
    op.drop_index("ix_accounts_enterprise_id", "accounts")
    for name in _DUTIES:
        op.drop_constraint(op.f(f"ck_accounts_{name}"), "accounts")
    op.create_check_constraint(
        op.f("ck_accounts_duties"), "accounts", "duties <@ ARRAY['review', 'approve', 'pay']"
    )
    for column in ("email_sealed", "must_change_password", "clerk"):
        op.drop_column("accounts", column)
