"""Who may read every assessment? The auditor's role, from the machine only, and nothing else.

Revision ID: 0005
Revises: 0004
"""

from migrations.guards import policy, run

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TABLES = ("assessments", "assessment_lines")


def upgrade() -> None:
    for table in _TABLES:
        policy(table, "for_the_auditor", "subsidy_auditor", "true", "SELECT")
        run(f"GRANT SELECT ON {table} TO subsidy_auditor")


def downgrade() -> None:
    for table in _TABLES:
        run(
            f"REVOKE ALL ON {table} FROM subsidy_auditor",
            f"DROP POLICY for_the_auditor ON {table}",
        )
