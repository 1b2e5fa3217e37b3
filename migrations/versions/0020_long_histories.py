"""What is read in the same time however long the history is?

Revision ID: 0020
Revises: 0019
"""

from migrations.elsewhere_functions import functions, functions_before
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


def upgrade() -> None:
    run(*functions(), _OF_ONE_PLAN)


def downgrade() -> None:
    run("DROP STATISTICS learning_records_of_one_plan", *functions_before())
