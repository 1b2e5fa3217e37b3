"""What stands against the persons of a plan, looked up person by person.

Revision ID: 0021
Revises: 0019
"""

from migrations.guards import run
from migrations.standing_functions import functions, functions_before

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run(*functions())


def downgrade() -> None:
    run(*functions_before())
