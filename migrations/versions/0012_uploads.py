"""Which uploads are under way, and how far did they come?

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.guards import (
    BUREAUS,
    ENTERPRISE,
    MEMBERS,
    OWN_ACCOUNT,
    OWN_BUREAU,
    OWN_ENTERPRISE,
    lock_down,
    policy,
    run,
)

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_SWEEPER = "subsidy_sweeper"
_OWNER = ["account_id", "enterprise_id", "bureau_code"]
_MOVES = "received, writer, expires_at, evidence_id"


def upgrade() -> None:
    # What an archive lists; told by its content, like the media type, and as fixed.
    op.add_column(
        "evidence",
        sa.Column("contents", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    )
    run(
        "CREATE TRIGGER contents_fixed BEFORE UPDATE OF contents ON evidence"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    _uploads()
    _segments()
    for table in ("uploads", "upload_segments"):
        _own_hand(table)
        policy(table, "to_sweep", _SWEEPER, "true")
        run(f"GRANT SELECT, DELETE ON {table} TO {_SWEEPER}")
    run(
        f"GRANT SELECT, INSERT, DELETE, UPDATE ({_MOVES}) ON uploads TO {MEMBERS}",
        f"GRANT SELECT ON business_clock TO {_SWEEPER}",
        f"GRANT SELECT, INSERT, DELETE, UPDATE (size) ON upload_segments TO {MEMBERS}",
    )


def _uploads() -> None:
    op.create_table(
        "uploads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=True),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("bureau_code", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("writer", sa.Uuid(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("evidence_id", sa.Uuid(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("length > 0", name=op.f("ck_uploads_length")),
        sa.CheckConstraint("received BETWEEN 0 AND length", name=op.f("ck_uploads_received")),
        sa.CheckConstraint(
            "(received = length) = (evidence_id IS NOT NULL)", name=op.f("ck_uploads_finished")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_uploads_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["claim_id", "plan_id"], ["claims.id", "claims.plan_id"], name="fk_uploads_claim"
        ),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_uploads_evidence_id")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id", "enterprise_id", "bureau_code"],
            ["plans.id", "plans.enterprise_id", "plans.bureau_code"],
            name=op.f("fk_uploads_plan_id_enterprise_id_bureau_code"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
        sa.UniqueConstraint(
            "id", *_OWNER, name=op.f("uq_uploads_id_account_id_enterprise_id_bureau_code")
        ),
    )
    op.create_index("ix_uploads_expires_at", "uploads", ["expires_at"])


def _segments() -> None:
    op.create_table(
        "upload_segments",
        sa.Column("upload_id", sa.Uuid(), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("bureau_code", sa.Text(), nullable=False),
        sa.CheckConstraint("first >= 0", name=op.f("ck_upload_segments_first")),
        sa.CheckConstraint("size > 0", name=op.f("ck_upload_segments_size")),
        sa.ForeignKeyConstraint(
            ["upload_id", *_OWNER],
            ["uploads.id", *(f"uploads.{column}" for column in _OWNER)],
            name="fk_upload_segments_upload",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("upload_id", "first", name=op.f("pk_upload_segments")),
        sa.UniqueConstraint("name", name=op.f("uq_upload_segments_name")),
    )


def _own_hand(table: str) -> None:
    """Let the parties of the case see how far it is, and only who began it go on with it."""
    lock_down(table)
    for name, roles, theirs in (
        ("enterprise", ENTERPRISE, OWN_ENTERPRISE),
        ("bureau", BUREAUS, OWN_BUREAU),
    ):
        policy(table, f"of_the_{name}", roles, theirs, "SELECT")
        policy(table, f"by_own_hand_{name}", roles, f"{theirs} AND account_id = {OWN_ACCOUNT}")


def downgrade() -> None:
    run(f"REVOKE ALL ON business_clock FROM {_SWEEPER}")
    op.drop_table("upload_segments")
    op.drop_table("uploads")
    run("DROP TRIGGER contents_fixed ON evidence")
    op.drop_column("evidence", "contents")
