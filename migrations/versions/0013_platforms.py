"""Which platforms are there, and how do they name their columns?

Revision ID: 0013
Revises: 0012
"""

from typing import Any, Final

import sqlalchemy as sa
from alembic import op

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
    never_deleted,
    policy,
    run,
)

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_NOW: Final = sa.text("now()")
_NOBODY: Final = "'00000000-0000-0000-0000-000000000000'::uuid"
_EXAMINED: Final[dict[str, Any]] = {
    "in_china": sa.Boolean(),
    "qualified": sa.Boolean(),
    "creditworthy": sa.Boolean(),
    "public_service": sa.Boolean(),
    "examined_remark": sa.Text(),
    "examined_document": sa.Text(),
    "examined_on": sa.Date(),
    "examined_by": sa.Uuid(),
    "examined_by_name": sa.Text(),
    "examined_at_bureau": sa.Text(),
    "valid_from": sa.Date(),
}
_BLOCKED: Final[dict[str, Any]] = {
    "blocked_since": sa.Date(),
    "blocked_reason": sa.Text(),
    "blocked_by": sa.Uuid(),
    "blocked_by_name": sa.Text(),
    "blocked_at_bureau": sa.Text(),
}
_MAY_CHANGE: Final = ", ".join(("hosts", "source", *_EXAMINED, "valid_to", *_BLOCKED))
# As app.policy.platforms.plain_name does it: what is there already are names of the notices.
_PLAIN: Final = (
    r"lower(regexp_replace(normalize(name, NFKC),"
    r" '[[:space:]\"“”‘’「」《》()·.,，。_—–-]+', '', 'g'))"
)


def upgrade() -> None:
    words = sa.Column(
        "columns", sa.dialects.postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False
    )
    op.add_column("learning_batches", words)
    _grow()
    _check()
    _guard()
    _events()
    _columns()


def _grow() -> None:
    """Give the catalogue its new columns; a platform is known by its id from now on."""
    op.drop_constraint("ck_platforms_kind", "platforms")
    op.drop_constraint("pk_platforms", "platforms")
    key = sa.text("gen_random_uuid()")
    op.add_column("platforms", sa.Column("id", sa.Uuid(), server_default=key, nullable=False))
    op.create_primary_key("pk_platforms", "platforms", ["id"])
    op.add_column("platforms", sa.Column("plain_name", sa.Text()))
    op.add_column("platforms", sa.Column("enterprise_id", sa.Uuid()))
    columns = {**_EXAMINED, "valid_to": sa.Date(), **_BLOCKED}
    for name, kind in columns.items():
        op.add_column("platforms", sa.Column(name, kind))
    run(
        f"UPDATE platforms SET plain_name = {_PLAIN}",  # noqa: S608  a constant of this file
        "UPDATE platforms SET kind = 'other', blocked_since = '2020-02-24',"
        " blocked_reason = source || '（原登记为停用）' WHERE kind = 'blocked'",
        "ALTER TABLE platforms ALTER plain_name SET NOT NULL,"
        " ALTER hosts TYPE text[] USING string_to_array(hosts, ' ')",
    )


def _check() -> None:
    for name, rule in {
        "kind": "kind IN ('listed', 'own', 'other')",
        "owner": "(kind = 'own') = (enterprise_id IS NOT NULL)",
        "examined": f"num_nulls({', '.join(_EXAMINED)}) IN (0, 11)"
        " AND (valid_from IS NOT NULL OR valid_to IS NULL)",
        "days": "valid_from <= valid_to",
        "blocked": "num_nulls(blocked_since, blocked_reason) IN (0, 2)"
        " AND length(blocked_reason) > 1"
        " AND num_nulls(blocked_by, blocked_by_name, blocked_at_bureau) IN (0, 3)"
        " AND (blocked_by IS NULL OR blocked_since IS NOT NULL)",
    }.items():
        op.create_check_constraint(op.f(f"ck_platforms_{name}"), "platforms", rule)
    for column, other in {
        "enterprise_id": "enterprises", "examined_by": "accounts", "blocked_by": "accounts",
    }.items():  # fmt: skip
        key = op.f(f"fk_platforms_{column}")
        op.create_foreign_key(key, "platforms", other, [column], ["id"])
    op.create_index("uq_platforms_name", "platforms", ["name"], unique=True)
    op.create_index("uq_platforms_plain_name", "platforms", ["plain_name"], unique=True)
    op.create_index("ix_platforms_hosts", "platforms", ["hosts"], postgresql_using="gin")


def _guard() -> None:
    lock_down("platforms")
    readers = f"{EVERYONE}, subsidy_sandbox, subsidy_owner"
    policy("platforms", "for_everyone", readers, "true", "SELECT")
    policy("platforms", "by_the_owner", "subsidy_owner", "true", "INSERT")
    policy("platforms", "by_bureaus", BUREAUS, "true", "INSERT")
    run(
        f"CREATE POLICY decided_by_bureaus ON platforms FOR UPDATE TO {BUREAUS}"
        " USING (true) WITH CHECK (true)",
        f"GRANT INSERT, UPDATE ({_MAY_CHANGE}) ON platforms TO {BUREAUS}",
    )
    never_deleted("platforms")


def _events() -> None:
    op.create_table(
        "platform_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("platform_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("business_day", sa.Date(), nullable=False),
        sa.Column("bureau_code", sa.Text(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("officer_name", sa.Text(), nullable=False),
        sa.Column("details", sa.dialects.postgresql.JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.CheckConstraint(
            "act IN ('enter', 'correct', 'examine', 'block', 'unblock')",
            name=op.f("ck_platform_events_act"),
        ),
        sa.ForeignKeyConstraint(
            ["platform_id"], ["platforms.id"], name=op.f("fk_platform_events_platform_id")
        ),
        sa.ForeignKeyConstraint(
            ["bureau_code"], ["bureaus.code"], name=op.f("fk_platform_events_bureau_code")
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["accounts.id"], name=op.f("fk_platform_events_officer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_events")),
    )
    op.create_index("ix_platform_events_platform_id", "platform_events", ["platform_id", "id"])
    lock_down("platform_events")
    policy("platform_events", "for_everyone", EVERYONE, "true", "SELECT")
    own_hand = f"{OWN_BUREAU} AND officer_id = {OWN_ACCOUNT}"
    policy("platform_events", "by_own_hand", BUREAUS, own_hand, "INSERT")
    run(
        f"GRANT SELECT ON platform_events TO {EVERYONE}",
        f"GRANT INSERT ON platform_events TO {BUREAUS}",
    )
    append_only("platform_events")


def _columns() -> None:
    op.create_table(
        "platform_columns",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("platform_name", sa.Text(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=True),
        sa.Column("bureau_code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("written", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("taught_by", sa.Uuid(), nullable=False),
        sa.Column("taught_by_name", sa.Text(), nullable=False),
        sa.Column("taught_on", sa.Date(), nullable=False),
        sa.Column("removed_on", sa.Date(), nullable=True),
        sa.Column("removed_by", sa.Uuid(), nullable=True),
        sa.Column("removed_by_name", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.CheckConstraint(
            "unit IN ('seconds', 'minutes', 'hours')", name=op.f("ck_platform_columns_unit")
        ),
        sa.CheckConstraint(
            "num_nulls(removed_on, removed_by, removed_by_name) IN (0, 3)",
            name=op.f("ck_platform_columns_removed"),
        ),
        *(
            sa.ForeignKeyConstraint([column], [key], name=op.f(f"fk_platform_columns_{column}"))
            for column, key in {
                "enterprise_id": "enterprises.id",
                "bureau_code": "bureaus.code",
                "taught_by": "accounts.id",
                "removed_by": "accounts.id",
            }.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_columns")),
    )
    op.create_index(
        "uq_platform_columns_title",
        "platform_columns",
        ["platform", "bureau_code", sa.text(f"coalesce(enterprise_id, {_NOBODY})"), "title"],
        unique=True,
        postgresql_where="removed_on IS NULL",
    )
    op.create_index("ix_platform_columns_bureau_code", "platform_columns", ["bureau_code", "id"])
    _guard_columns()


def _guard_columns() -> None:
    lock_down("platform_columns")
    shared = "enterprise_id IS NULL"
    taught = f"taught_by = {OWN_ACCOUNT} AND removed_on IS NULL"
    own, bureau = f"({OWN_ENTERPRISE} OR {shared})", f"({OWN_BUREAU} OR {shared})"
    policy("platform_columns", "of_the_enterprise", ENTERPRISE, own, "SELECT")
    policy("platform_columns", "of_the_bureau", BUREAUS, bureau, "SELECT")
    by_enterprise = f"{OWN_ENTERPRISE} AND {taught}"
    by_bureau = f"{OWN_BUREAU} AND {shared} AND {taught}"
    policy("platform_columns", "taught_by_the_enterprise", ENTERPRISE, by_enterprise, "INSERT")
    policy("platform_columns", "taught_by_the_bureau", BUREAUS, by_bureau, "INSERT")
    by_own_hand = f"removed_by = {OWN_ACCOUNT}"
    run(
        f"CREATE POLICY removed_by_the_enterprise ON platform_columns FOR UPDATE TO {ENTERPRISE}"
        f" USING ({OWN_ENTERPRISE} AND removed_on IS NULL) WITH CHECK ({by_own_hand})",
        f"CREATE POLICY removed_by_the_bureau ON platform_columns FOR UPDATE TO {BUREAUS}"
        f" USING ({OWN_BUREAU} AND removed_on IS NULL) WITH CHECK ({by_own_hand})",
        "GRANT SELECT, INSERT, UPDATE (removed_on, removed_by, removed_by_name)"
        f" ON platform_columns TO {MEMBERS}",
    )
    never_deleted("platform_columns")


def downgrade() -> None:
    op.drop_column("learning_batches", "columns")
    op.drop_table("platform_columns")
    op.drop_table("platform_events")
    run(
        "DROP TRIGGER never_deleted ON platforms",
        *(
            f"DROP POLICY {name} ON platforms"
            for name in ("for_everyone", "by_the_owner", "by_bureaus", "decided_by_bureaus")
        ),
        f"REVOKE INSERT, UPDATE ({_MAY_CHANGE}) ON platforms FROM {BUREAUS}",
        "ALTER TABLE platforms NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY",
    )
    op.drop_index("ix_platforms_hosts", "platforms")
    op.drop_constraint("ck_platforms_kind", "platforms")
    run(
        "DELETE FROM platforms WHERE kind <> 'listed' AND blocked_since IS NULL",
        "UPDATE platforms SET kind = 'blocked' WHERE blocked_since IS NOT NULL",
        "ALTER TABLE platforms ALTER hosts TYPE text USING array_to_string(hosts, ' ')",
    )
    # Their constraints and indexes go with the columns.
    for name in ("id", "plain_name", "enterprise_id", *_EXAMINED, "valid_to", *_BLOCKED):
        op.drop_column("platforms", name)
    op.drop_index("uq_platforms_name", "platforms")
    op.create_primary_key("pk_platforms", "platforms", ["name"])
    kinds = "kind IN ('listed', 'blocked')"
    op.create_check_constraint(op.f("ck_platforms_kind"), "platforms", kinds)
