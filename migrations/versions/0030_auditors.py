"""May an officer who audits change what he looks at? Not by any statement.

Revision ID: 0030
Revises: 0029
"""

from typing import Final

import sqlalchemy as sa
from alembic import op

from migrations.guards import BUREAUS, OWN_ACCOUNT, run

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_COMMANDS: Final = {"INSERT": "WITH CHECK", "UPDATE": "USING", "DELETE": "USING"}
_AUDITS: Final = "audits()"
# His being refused is an event, too. Accounts have administrators only, who do not audit.
_LEFT_OUT: Final = ("audit_events", "stored_answers", "accounts")
_WRITTEN: Final = sa.text("""
    SELECT c.relname, command FROM pg_class AS c, unnest(:commands) AS command
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
      AND c.relrowsecurity AND c.relname <> ALL (:left_out)
      AND CASE command WHEN 'DELETE' THEN has_table_privilege('subsidy_district', c.oid, command)
          ELSE has_any_column_privilege('subsidy_district', c.oid, command) END
    ORDER BY 1, 2
""").bindparams(
    sa.bindparam("commands", list(_COMMANDS), type_=sa.ARRAY(sa.Text)),
    sa.bindparam("left_out", list(_LEFT_OUT), type_=sa.ARRAY(sa.Text)),
)


def upgrade() -> None:
    # By the ledger's role, since a policy on accounts cannot ask accounts itself. Whom the accounts
    # do not know audits nothing; what else he may, the other policies say.
    run(
        f"""
        CREATE FUNCTION {_AUDITS} RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
        SET search_path = public, pg_temp
        RETURN EXISTS (SELECT FROM accounts WHERE id = {OWN_ACCOUNT} AND 'audit' = ANY (duties))
        """,
        f"REVOKE ALL ON FUNCTION {_AUDITS} FROM PUBLIC",
        f"ALTER FUNCTION {_AUDITS} OWNER TO subsidy_ledger",
        f"GRANT EXECUTE ON FUNCTION {_AUDITS} TO {BUREAUS}",
    )
    for table, command in op.get_bind().execute(_WRITTEN).all():
        run(
            f"CREATE POLICY {_name(command)} ON {table} AS RESTRICTIVE FOR {command}"
            f" TO {BUREAUS} {_COMMANDS[command]} ((SELECT NOT {_AUDITS}))"
        )


def downgrade() -> None:
    for table, command in op.get_bind().execute(_WRITTEN).all():
        run(f"DROP POLICY {_name(command)} ON {table}")
    run(f"DROP FUNCTION {_AUDITS}")


def _name(command: str) -> str:
    return f"no_auditor_{command.lower()}s"
