"""By what are learning records found again, and where is a person enrolled?

Revision ID: 0015
Revises: 0014
"""

from alembic import op

from migrations.guards import MEMBERS, run

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

# The records of one plan come in pages by their ids: without the first a page of a large plan is
# sorted out of all its rows. A bureau's days come in pages by their starts: the second is the only
# way to them that does not read its whole history. The third finds the replaced batches of a plan,
# too, which the unique index on its files leaves out.
_INDEXES = {
    "ix_learning_records_plan_id_id": ("learning_records", ["plan_id", "id"]),
    "ix_learning_records_bureau_code_started_at": (
        "learning_records", ["bureau_code", "started_at", "id"],
    ),
    "ix_learning_batches_plan_id": ("learning_batches", ["plan_id", "id"]),
}  # fmt: skip
_ENROLLED_AS = "enrolled_as(bytea)"


def upgrade() -> None:
    for name, (table, columns) in _INDEXES.items():
        op.create_index(name, table, columns)
    # Persons are nobody's rows: a member asks by the digest of an ID, and is told of his own
    # enterprise's or bureau's roster entries only. Nobody becomes known by being asked for.
    run(
        """
        CREATE FUNCTION enrolled_as(asked bytea) RETURNS TABLE (trainee uuid, plan uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
            SELECT t.id, t.plan_id
            FROM persons AS p JOIN trainees AS t ON t.person_id = p.id
            WHERE p.id_digest = asked
              AND (t.enterprise_id::text = current_setting('app.enterprise', true)
                   OR t.bureau_code = current_setting('app.bureau', true));
        $$
        """,
        f"REVOKE ALL ON FUNCTION {_ENROLLED_AS} FROM PUBLIC",
        f"ALTER FUNCTION {_ENROLLED_AS} OWNER TO subsidy_ledger",
        f"GRANT EXECUTE ON FUNCTION {_ENROLLED_AS} TO {MEMBERS}",
    )


def downgrade() -> None:
    run(f"DROP FUNCTION {_ENROLLED_AS}")
    for name, (table, _) in _INDEXES.items():
        op.drop_index(name, table)
