"""Which platforms push their records themselves, and which keys are known?

Revision ID: 0014
Revises: 0013
"""

from typing import Final

import sqlalchemy as sa
from alembic import op

from migrations.guards import (
    MEMBERS,
    OWN_ACCOUNT,
    OWN_PLATFORM,
    PLATFORM,
    never_deleted,
    owned,
    policy,
    run,
)
from migrations.push_functions import ASKED_BY_PLATFORMS, INTERNAL, functions

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_ROLES: Final = {
    "role": "role IN ('enterprise', 'district', 'centre', 'platform')",
    "belongs": "(role = 'enterprise') = (enterprise_id IS NOT NULL)"
    " AND (role IN ('district', 'centre')) = (bureau_code IS NOT NULL)"
    " AND (role = 'platform') = (platform_id IS NOT NULL)"
    " AND (role = 'centre') = (bureau_code IS NOT DISTINCT FROM 'LN-PROV')",
    "no_duty_outside": "role IN ('district', 'centre') OR duties = '{}'",
}
_ROLES_BEFORE: Final = {
    "role": "role IN ('enterprise', 'district', 'centre')",
    "belongs": "(role = 'enterprise') = (enterprise_id IS NOT NULL)"
    " AND (role <> 'enterprise') = (bureau_code IS NOT NULL)"
    " AND (role = 'centre') = (bureau_code IS NOT DISTINCT FROM 'LN-PROV')",
    "no_duty_outside": "role <> 'enterprise' OR duties = '{}'",
}
_BATCH: Final = ["id", "platform_id", "enterprise_id", "bureau_code"]
_BATCH_WRITTEN: Final = (
    "id, plan_id, enterprise_id, bureau_code, filename, sha256, columns, rows,"
    " rows_with_findings, imported_by, platform_id"
)
_BATCH_READ: Final = (
    "id, plan_id, platform_id, sha256, rows, rows_with_findings, replaced_by, created_at"
)
_RECORD: Final = (
    "batch_id, plan_id, enterprise_id, bureau_code, row, trainee_id, name, id_masked,"
    " course_number, course, started_at, ended_at, stated_seconds, device, address, finding"
)
_LOOKED_INTO: Final = ("platforms", "suspensions")


def upgrade() -> None:
    _accounts(_ROLES, grow=True)
    _batches()
    _keys()
    _functions()
    _guard()


def _accounts(rules: dict[str, str], *, grow: bool) -> None:
    """Let an account belong to a platform, or no longer."""
    for name in rules:
        op.drop_constraint(op.f(f"ck_accounts_{name}"), "accounts")
    if grow:
        op.add_column("accounts", sa.Column("platform_id", sa.Uuid(), nullable=True))
        op.create_foreign_key(
            op.f("fk_accounts_platform_id"), "accounts", "platforms", ["platform_id"], ["id"]
        )
    else:
        op.drop_column("accounts", "platform_id")
    for name, rule in rules.items():
        op.create_check_constraint(op.f(f"ck_accounts_{name}"), "accounts", rule)


def _batches() -> None:
    op.add_column("learning_batches", sa.Column("platform_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_learning_batches_platform_id"),
        "learning_batches", "platforms", ["platform_id"], ["id"],
    )  # fmt: skip
    op.create_unique_constraint(
        op.f("uq_learning_batches_id_platform_id_enterprise_id_bureau_code"),
        "learning_batches", _BATCH,
    )  # fmt: skip
    op.create_index(
        "ix_learning_batches_platform_id",
        "learning_batches",
        ["platform_id", "id"],
        postgresql_where="platform_id IS NOT NULL",
    )


def _keys() -> None:
    op.create_table(
        "pushed_records",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("platform_id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("bureau_code", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(collation="C"), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("standing", sa.Boolean(), server_default="true", nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id", "platform_id", "enterprise_id", "bureau_code"],
            [f"learning_batches.{column}" for column in _BATCH],
            name=op.f("fk_pushed_records_batch_id_platform_id_enterprise_id_bureau_code"),
        ),
        sa.PrimaryKeyConstraint("batch_id", "row", name=op.f("pk_pushed_records")),
    )
    op.create_index(
        "uq_pushed_records_standing",
        "pushed_records",
        ["platform_id", "key"],
        unique=True,
        postgresql_where="standing",
    )
    owned("pushed_records", "SELECT", "SELECT")
    never_deleted("pushed_records")


def _functions() -> None:
    run(*functions())
    for signature in (*INTERNAL, *ASKED_BY_PLATFORMS):
        run(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
    for signature in INTERNAL:
        run(f"GRANT EXECUTE ON FUNCTION {signature} TO subsidy_ledger")
    for signature in ASKED_BY_PLATFORMS:
        run(
            f"ALTER FUNCTION {signature} OWNER TO subsidy_ledger",
            f"GRANT EXECUTE ON FUNCTION {signature} TO {PLATFORM}",
        )
    for table in _LOOKED_INTO:
        policy(table, "for_pushes", "subsidy_ledger", "true", "SELECT")
        run(f"GRANT SELECT ON {table} TO subsidy_ledger")
    run(
        # To lock a plan is a right to update it; the policy lets no changed row pass.
        "CREATE POLICY locked_for_pushes ON plans FOR UPDATE TO subsidy_ledger"
        " USING (true) WITH CHECK (false)",
        "GRANT UPDATE (id) ON plans TO subsidy_ledger",
    )


def _guard() -> None:
    """Let a platform put in whole batches of its own, with their rows, and see its own keys."""
    of_own_batch = (
        "EXISTS (SELECT FROM learning_batches AS b WHERE b.id = batch_id"
        " AND b.plan_id = learning_records.plan_id AND b.created_at = now())"
    )
    replaced = (
        "EXISTS (SELECT FROM learning_batches AS b WHERE b.id = batch_id"
        " AND b.replaced_by IS NOT NULL)"
    )
    may_push = f"{OWN_PLATFORM} AND receives_push(plan_id)"
    by_own_hand = f"{may_push} AND imported_by = {OWN_ACCOUNT}"
    own_row = OWN_PLATFORM.replace("platform_id =", "id =")
    policy("platforms", "of_the_platform", PLATFORM, own_row, "SELECT")
    policy("learning_batches", "of_the_platform", PLATFORM, OWN_PLATFORM, "SELECT")
    policy("learning_batches", "pushed", PLATFORM, by_own_hand, "INSERT")
    policy("learning_records", "pushed", PLATFORM, of_own_batch, "INSERT")
    policy("pushed_records", "of_the_platform", PLATFORM, OWN_PLATFORM, "SELECT")
    policy("pushed_records", "pushed", PLATFORM, OWN_PLATFORM, "INSERT")
    policy("audit_events", "by_a_platform", PLATFORM, f"account_id = {OWN_ACCOUNT}", "INSERT")
    policy("stored_answers", "of_a_platform", PLATFORM, f"account_id = {OWN_ACCOUNT}")
    run(
        f"CREATE POLICY replaced_by_the_platform ON learning_batches FOR UPDATE TO {PLATFORM}"
        f" USING ({OWN_PLATFORM} AND replaced_by IS NULL) WITH CHECK ({may_push})",
        f"CREATE POLICY ended_with_its_batch ON pushed_records FOR UPDATE TO {PLATFORM}"
        f" USING ({OWN_PLATFORM} AND standing)"
        f" WITH CHECK ({OWN_PLATFORM} AND NOT standing AND {replaced})",
        # Nobody else pushes in a platform's name, or puts a file in the place of what it pushed.
        f"CREATE POLICY imported ON learning_batches AS RESTRICTIVE FOR INSERT TO {MEMBERS}"
        " WITH CHECK (platform_id IS NULL)",
        f"CREATE POLICY not_of_a_platform ON learning_batches AS RESTRICTIVE FOR UPDATE"
        f" TO {MEMBERS} USING (platform_id IS NULL)",
        f"GRANT SELECT (id, name, kind, blocked_since, blocked_reason) ON platforms TO {PLATFORM}",
        f"GRANT SELECT ({_BATCH_READ}), INSERT ({_BATCH_WRITTEN}), UPDATE (replaced_by)"
        f" ON learning_batches TO {PLATFORM}",
        f"GRANT INSERT ({_RECORD}) ON learning_records TO {PLATFORM}",
        f"GRANT SELECT, INSERT, UPDATE (standing) ON pushed_records TO {PLATFORM}",
        f"GRANT INSERT ON audit_events TO {PLATFORM}",
        f"GRANT SELECT, INSERT, UPDATE (status, media_type, body) ON stored_answers TO {PLATFORM}",
        f"GRANT SELECT ON business_clock TO {PLATFORM}",
    )


def downgrade() -> None:
    _unguard()
    for signature in (*ASKED_BY_PLATFORMS, *reversed(INTERNAL)):
        run(f"DROP FUNCTION {signature}")
    op.drop_table("pushed_records")
    op.drop_index("ix_learning_batches_platform_id", "learning_batches")
    op.drop_constraint(
        op.f("uq_learning_batches_id_platform_id_enterprise_id_bureau_code"), "learning_batches"
    )
    op.drop_column("learning_batches", "platform_id")
    _accounts(_ROLES_BEFORE, grow=False)


def _unguard() -> None:
    """Take back what rests on the functions and columns that go."""
    for table, names in {
        "platforms": ("of_the_platform", "for_pushes"),
        "suspensions": ("for_pushes",),
        "plans": ("locked_for_pushes",),
        "learning_batches": (
            "of_the_platform", "pushed", "replaced_by_the_platform", "imported",
            "not_of_a_platform",
        ),
        "learning_records": ("pushed",),
        "audit_events": ("by_a_platform",),
        "stored_answers": ("of_a_platform",),
    }.items():  # fmt: skip
        run(*(f"DROP POLICY {name} ON {table}" for name in names))
    run(
        "REVOKE ALL ON platforms, learning_batches, learning_records, audit_events,"
        f" stored_answers, business_clock FROM {PLATFORM}",
        "REVOKE ALL ON platforms, suspensions FROM subsidy_ledger",
        "REVOKE UPDATE (id) ON plans FROM subsidy_ledger",
    )
