"""What is read in the same time however long the history is?

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

from migrations import elsewhere_functions, notice_functions
from migrations.guards import run

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


# A plan's records are of one enterprise, and nearly always of one batch: without this the planner
# multiplies the odds, takes 27,000 sessions for one, and sorts and joins them accordingly.
_OF_ONE_PLAN = """
    CREATE STATISTICS learning_records_of_one_plan (dependencies)
    ON plan_id, batch_id, enterprise_id, trainee_id FROM learning_records
"""


# What each is found by since then, and before.
_IN_ORDER = {
    "ix_notices_posted_on": (["posted_on", "last_day", "id"], ["posted_on", "id"]),
    "ix_notices_bureau_code": (["bureau_code", "last_day", "id"], ["bureau_code", "id"]),
}
_LAST_DAYS = (
    "ALTER TABLE notices NO FORCE ROW LEVEL SECURITY",
    "ALTER TABLE notice_terms NO FORCE ROW LEVEL SECURITY",
    "ALTER TABLE notice_terms DISABLE TRIGGER refuse_change",
    "UPDATE notice_terms AS t SET last_day = n.last_day FROM notices AS n WHERE n.id = t.notice_id",
    "ALTER TABLE notice_terms ENABLE TRIGGER refuse_change",
    "ALTER TABLE notices FORCE ROW LEVEL SECURITY",
    "ALTER TABLE notice_terms FORCE ROW LEVEL SECURITY",
)


def upgrade() -> None:
    run(*elsewhere_functions.functions(), _OF_ONE_PLAN)
    # Open and closed notices are two stretches of an index, however many open in a week.
    op.drop_constraint(op.f("pk_notice_terms"), "notice_terms")
    op.add_column("notice_terms", sa.Column("last_day", sa.Date(), nullable=True))
    run(*_LAST_DAYS)
    op.create_primary_key(
        op.f("pk_notice_terms"), "notice_terms", ["term", "last_day", "notice_id"]
    )
    for name, (columns, _) in _IN_ORDER.items():
        op.drop_index(name, "notices")
        op.create_index(name, "notices", columns)
    run(*notice_functions.functions())


def downgrade() -> None:
    run(*notice_functions.functions_before())
    for name, (_, columns) in _IN_ORDER.items():
        op.drop_index(name, "notices")
        op.create_index(name, "notices", columns)
    op.drop_constraint(op.f("pk_notice_terms"), "notice_terms")
    op.drop_column("notice_terms", "last_day")
    op.create_primary_key(op.f("pk_notice_terms"), "notice_terms", ["term", "notice_id"])
    run(
        "DROP STATISTICS learning_records_of_one_plan",
        *elsewhere_functions.functions_before(),
    )
