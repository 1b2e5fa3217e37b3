"""May an officer who audits change what he looks at? Not by any statement.

Revision ID: 0030
Revises: 0029
"""

from typing import Final

from migrations.guards import BUREAUS, OWN_ACCOUNT, run

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_AUDITS: Final = "audits()"
# Every table that officers write, whichever they are; his being refused is an event, too, and
# accounts have administrators only, who do not audit.
_ON_EVERY: Final = """
    DO $$
    DECLARE
        written record;
    BEGIN
        FOR written IN
            SELECT c.relname, command, lower(format('no_auditor_%ss', command)) AS named,
                CASE command WHEN 'INSERT' THEN 'WITH CHECK' ELSE 'USING' END AS clause
            FROM pg_class AS c, unnest(ARRAY['INSERT', 'UPDATE', 'DELETE']) AS command
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
              AND c.relrowsecurity
              AND c.relname NOT IN ('audit_events', 'stored_answers', 'accounts')
              AND CASE command
                  WHEN 'DELETE' THEN has_table_privilege('subsidy_district', c.oid, command)
                  ELSE has_any_column_privilege('subsidy_district', c.oid, command) END
            ORDER BY 1, 2
        LOOP
            EXECUTE format(STATEMENT, VALUES_OF_IT);
        END LOOP;
    END
    $$
"""


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
        _on_every(
            f"CREATE POLICY %I ON %I AS RESTRICTIVE FOR %s TO {BUREAUS}"
            f" %s ((SELECT NOT {_AUDITS}))",
            "written.named, written.relname, written.command, written.clause",
        ),
    )


def downgrade() -> None:
    run(
        _on_every("DROP POLICY %I ON %I", "written.named, written.relname"),
        f"DROP FUNCTION {_AUDITS}",
    )


def _on_every(statement: str, values: str) -> str:
    return _ON_EVERY.replace("STATEMENT, VALUES_OF_IT", f"'{statement}', {values}")
