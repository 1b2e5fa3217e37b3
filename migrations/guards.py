"""Who may touch which rows? The sentences of SQL that every migration with tables speaks.

One policy per caller's role, because policies joined by OR keep the planner from the index; the
identity is read once per statement through a sub-select.
"""

from alembic import op

ENTERPRISE = "subsidy_enterprise"
PLATFORM = "subsidy_platform"
BUREAUS = "subsidy_district, subsidy_centre"
MEMBERS = f"{ENTERPRISE}, {BUREAUS}"
EVERYONE = f"{MEMBERS}, subsidy_public, subsidy_sign_in, subsidy_registrar"

OWN_ENTERPRISE = (
    "enterprise_id = (SELECT nullif(current_setting('app.enterprise', true), '')::uuid)"
)
OWN_BUREAU = "bureau_code = (SELECT current_setting('app.bureau', true))"
OWN_PLATFORM = "platform_id = (SELECT nullif(current_setting('app.platform', true), '')::uuid)"
OWN_ACCOUNT = "(SELECT nullif(current_setting('app.account', true), '')::uuid)"


def run(*statements: str) -> None:
    """Execute the statements in turn."""
    for statement in statements:
        op.execute(statement)


def lock_down(table: str) -> None:
    """Turn row-level security on, also for the owner: without a policy nobody sees a row."""
    run(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
    )


def policy(table: str, name: str, roles: str, using: str, command: str = "ALL") -> None:
    """Let *roles* see and write the rows for which *using* holds."""
    clause = {
        "SELECT": f"USING ({using})",
        "INSERT": f"WITH CHECK ({using})",
    }.get(command, f"USING ({using}) WITH CHECK ({using})")
    run(f"CREATE POLICY {name} ON {table} FOR {command} TO {roles} {clause}")


def owned(table: str, enterprise: str, bureau: str) -> None:
    """Give an enterprise its own rows and a bureau its own, each with the named privileges."""
    lock_down(table)
    if enterprise:
        policy(table, "of_the_enterprise", ENTERPRISE, OWN_ENTERPRISE)
        run(f"GRANT {enterprise} ON {table} TO {ENTERPRISE}")
    if bureau:
        policy(table, "of_the_bureau", BUREAUS, OWN_BUREAU)
        run(f"GRANT {bureau} ON {table} TO {BUREAUS}")


def append_only(table: str) -> None:
    """Refuse every change and deletion, whoever asks."""
    run(
        f"CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def never_deleted(table: str) -> None:
    """Refuse every deletion, whoever asks."""
    run(
        f"CREATE TRIGGER never_deleted BEFORE DELETE OR TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def follows(table: str, first: str, *moves: str) -> None:
    """Let a case begin in the state *first* and go on by *moves* only (written ``from>to``)."""
    run(
        f"CREATE POLICY begins ON {table} AS RESTRICTIVE FOR INSERT TO {MEMBERS}"
        f" WITH CHECK (state = '{first}')",
        f"CREATE TRIGGER follow_procedure BEFORE UPDATE OF state ON {table} FOR EACH ROW"
        f" WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION follow_procedure({_quoted(moves)})",
    )


def _quoted(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)
