"""What did an officer decide otherwise, on which rule "in principle", and why?

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

from migrations.guards import (
    BUREAUS,
    ENTERPRISE,
    OWN_ACCOUNT,
    OWN_BUREAU,
    OWN_ENTERPRISE,
    append_only,
    lock_down,
    policy,
    run,
)

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "overrides",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("bureau_code", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("officer_name", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "length(reason) > 1 AND length(reference) > 0", name=op.f("ck_overrides_in_writing")
        ),
        sa.ForeignKeyConstraint(
            ["claim_id", "enterprise_id", "bureau_code"],
            ["claims.id", "claims.enterprise_id", "claims.bureau_code"],
            name=op.f("fk_overrides_claim_id_enterprise_id_bureau_code"),
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["accounts.id"], name=op.f("fk_overrides_officer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_overrides")),
    )
    op.create_index("ix_overrides_claim_id", "overrides", ["claim_id", "round"])
    lock_down("overrides")
    policy("overrides", "of_the_enterprise", ENTERPRISE, OWN_ENTERPRISE, "SELECT")
    policy("overrides", "of_the_bureau", BUREAUS, OWN_BUREAU, "SELECT")
    own_hand = f"{OWN_BUREAU} AND officer_id = {OWN_ACCOUNT}"
    policy("overrides", "by_own_hand", BUREAUS, own_hand, "INSERT")
    run(
        f"GRANT SELECT ON overrides TO {ENTERPRISE}, {BUREAUS}",
        f"GRANT INSERT ON overrides TO {BUREAUS}",
    )
    append_only("overrides")


def downgrade() -> None:
    op.drop_table("overrides")
