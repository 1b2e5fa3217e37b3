"""In which transaction was an event written, which seal covers it, and who may read of it?

Revision ID: 0023
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

from migrations.guards import MEMBERS, append_only, lock_down, policy, run

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_INDEXES = {
    "ix_audit_events_written_in": ["written_in", "id"],
    "ix_audit_events_object": ["object_kind", "object_id", "id"],
}
# What is published, and the law's figures, are everybody's to read: so is how they came about. The
# public is told what and when, not which officer's hand, nor what stands in the details.
_PUBLISHED = "object_kind IN ('notices', 'platforms', 'rates', 'declarations') AND outcome = 'done'"
_TOLD_TO_ALL = "id, at, business_day, role, act, object_kind, object_id, outcome"
_LAG = "audit_lag()"


def upgrade() -> None:
    # What was written before there were seals was written in no transaction that still runs.
    op.add_column(
        "audit_events", sa.Column("written_in", sa.BigInteger(), nullable=False, server_default="0")
    )
    op.alter_column("audit_events", "written_in", server_default=None)
    for name, columns in _INDEXES.items():
        op.create_index(name, "audit_events", columns)
    _stamped()
    _refusals()
    _seals()
    _lag()


def _stamped() -> None:
    """Let the database itself say when and in which transaction an event is written."""
    run(
        """
        CREATE FUNCTION stamp_event() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $$
        BEGIN
            NEW.at := now();
            NEW.written_in := pg_current_xact_id()::text::bigint;
            RETURN NEW;
        END
        $$
        """,
        "CREATE TRIGGER stamp_event BEFORE INSERT ON audit_events"
        " FOR EACH ROW EXECUTE FUNCTION stamp_event()",
    )


def _refusals() -> None:
    refused = "account_id IS NULL AND outcome = 'refused' AND case_id IS NULL"
    policy("audit_events", "of_refusals", "subsidy_public", refused, "INSERT")
    policy("audit_events", "of_what_is_published", MEMBERS, _PUBLISHED, "SELECT")
    policy("audit_events", "of_what_is_public", "subsidy_public", _PUBLISHED, "SELECT")
    run(f"GRANT SELECT ({_TOLD_TO_ALL}) ON audit_events TO subsidy_public")


def _seals() -> None:
    op.create_table(
        "audit_seals",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("first_id", sa.BigInteger(), nullable=False),
        sa.Column("last_id", sa.BigInteger(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("leaves", sa.LargeBinary(), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.Column("floor_id", sa.BigInteger(), nullable=False),
        sa.Column("highest_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("events > 0", name=op.f("ck_audit_seals_events")),
        sa.CheckConstraint(
            "octet_length(leaves) = 40 * events", name=op.f("ck_audit_seals_leaves")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_seals")),
        sa.UniqueConstraint("previous", name=op.f("uq_audit_seals_previous")),
        sa.UniqueConstraint("digest", name=op.f("uq_audit_seals_digest")),
    )
    lock_down("audit_seals")
    append_only("audit_seals")
    for table in ("audit_events", "audit_seals"):
        # Also where a session says that it replicates, which lays other triggers aside.
        run(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER refuse_change")
    for table in ("audit_events", "audit_seals"):
        policy(table, "for_the_sealer", "subsidy_sealer", "true", "SELECT")
        policy(table, "for_the_auditor", "subsidy_auditor", "true", "SELECT")
        policy(table, "for_the_lag", "subsidy_ledger", "true", "SELECT")
        run(f"GRANT SELECT ON {table} TO subsidy_sealer, subsidy_auditor, subsidy_ledger")
    policy("audit_seals", "by_the_sealer", "subsidy_sealer", "true", "INSERT")
    run("GRANT INSERT ON audit_seals TO subsidy_sealer")


def _lag() -> None:
    """Let anybody ask how old the oldest event without a seal is, and nothing else of it."""
    run(
        """
        CREATE FUNCTION audit_lag() RETURNS TABLE (sealed_at timestamptz, oldest timestamptz)
        LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DECLARE
            last audit_seals;
            since bigint;
        BEGIN
            SELECT * INTO last FROM audit_seals ORDER BY number DESC LIMIT 1;
            IF last IS NULL THEN
                RETURN QUERY SELECT NULL::timestamptz,
                    (SELECT e.at FROM audit_events AS e ORDER BY e.id LIMIT 1);
                RETURN;
            END IF;
            since := pg_snapshot_xmin(last.snapshot::pg_snapshot)::text::bigint;
            RETURN QUERY SELECT last.sealed_at, least(
                (SELECT e.at FROM audit_events AS e
                 WHERE e.written_in >= since AND e.id > last.floor_id
                   AND NOT pg_visible_in_snapshot(
                       e.written_in::text::xid8, last.snapshot::pg_snapshot)
                 ORDER BY e.written_in, e.id LIMIT 1),
                (SELECT e.at FROM audit_events AS e
                 WHERE e.id > greatest(last.highest_id, last.floor_id) ORDER BY e.id LIMIT 1));
        END
        $$
        """,
        f"REVOKE ALL ON FUNCTION {_LAG} FROM PUBLIC",
        f"ALTER FUNCTION {_LAG} OWNER TO subsidy_ledger",
        f"GRANT EXECUTE ON FUNCTION {_LAG} TO subsidy_public",
    )


def downgrade() -> None:
    run(f"DROP FUNCTION {_LAG}")
    op.drop_table("audit_seals")
    run("REVOKE ALL ON audit_events FROM subsidy_sealer, subsidy_auditor, subsidy_ledger")
    for name in ("for_the_sealer", "for_the_auditor", "for_the_lag", "of_refusals",
                 "of_what_is_published", "of_what_is_public"):  # fmt: skip
        run(f"DROP POLICY {name} ON audit_events")
    run(
        f"REVOKE SELECT ({_TOLD_TO_ALL}) ON audit_events FROM subsidy_public",  # noqa: S608  ours
        "ALTER TABLE audit_events ENABLE TRIGGER refuse_change",
        "DROP TRIGGER stamp_event ON audit_events",
        "DROP FUNCTION stamp_event()",
    )
    for name in _INDEXES:
        op.drop_index(name, "audit_events")
    op.drop_column("audit_events", "written_in")
