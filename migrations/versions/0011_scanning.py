"""Which evidence was looked at by a scanner, and what did it say?

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

from migrations.guards import MEMBERS, append_only, policy, run

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_SCANNER = "subsidy_scanner"
_AUDITOR = "subsidy_auditor"
_SCANNED = "scan, scan_detail, scanned_at, scan_after, scan_attempts"
_FIXED = (
    "id, plan_id, claim_id, enterprise_id, bureau_code, kind, filename, media_type, size, sha256,"
    " sealed, uploaded_by, created_at"
)
# What the scanner needs to find the bytes, and the auditor to say what rests on them.
_READ = {
    _SCANNER: {"evidence": f"id, sha256, size, sealed, {_SCANNED}"},
    _AUDITOR: {
        "evidence": "id, plan_id, sha256, size, sealed, scan",
        "plans": "id, receipt",
        "claims": "id, plan_id, receipt",
    },
}
_WAITS = "scan IN ('pending', 'not_scanned')"


def upgrade() -> None:
    _columns()
    _triggers()
    for role, tables in _READ.items():
        for table, columns in tables.items():
            policy(table, f"for_{role.removeprefix('subsidy_')}", role, "true", "SELECT")
            run(f"GRANT SELECT ({columns}) ON {table} TO {role}")
    run(
        f"CREATE POLICY to_scan ON evidence FOR UPDATE TO {_SCANNER} USING (true)",
        f"GRANT UPDATE ({_SCANNED}) ON evidence TO {_SCANNER}",
        # Nobody but the scanner says that a file is clean.
        f"CREATE POLICY comes_unscanned ON evidence AS RESTRICTIVE FOR INSERT TO {MEMBERS}"
        f" WITH CHECK ({_WAITS})",
    )


def _columns() -> None:
    for column in (
        sa.Column("scan", sa.Text(), server_default="not_scanned", nullable=False),
        sa.Column("scan_detail", sa.Text(), nullable=True),
        sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "scan_after",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("scan_attempts", sa.SmallInteger(), server_default="0", nullable=False),
    ):
        op.add_column("evidence", column)
    op.create_check_constraint(
        op.f("ck_evidence_scan"),
        "evidence",
        "scan IN ('pending', 'clean', 'infected', 'unscannable', 'not_scanned')",
    )
    op.create_check_constraint(
        op.f("ck_evidence_scanned"), "evidence", f"({_WAITS}) = (scanned_at IS NULL)"
    )
    op.create_index(
        "ix_evidence_to_scan", "evidence", ["scan", "id"], postgresql_where=sa.text(_WAITS)
    )


def _triggers() -> None:
    run(
        # What was uploaded stands for ever; only what the scanner says of it may change.
        "DROP TRIGGER refuse_change ON evidence",
        f"CREATE TRIGGER refuse_change BEFORE UPDATE OF {_FIXED} OR DELETE OR TRUNCATE ON evidence"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
        """
        CREATE FUNCTION evidence_not_infected() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $$
        BEGIN
            IF EXISTS (SELECT FROM evidence WHERE plan_id = NEW.plan_id GROUP BY kind
                       HAVING bool_or(scan = 'infected')
                          AND NOT bool_or(scan IN ('clean', 'not_scanned'))) THEN
                RAISE EXCEPTION 'of some material there are only infected files'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'claims_evidence_not_infected';
            END IF;
            RETURN NEW;
        END
        $$
        """,
        "CREATE TRIGGER evidence_not_infected BEFORE UPDATE OF state ON claims FOR EACH ROW"
        " WHEN (NEW.state = 'approved' AND OLD.state <> 'approved')"
        " EXECUTE FUNCTION evidence_not_infected()",
    )


def downgrade() -> None:
    run(
        "DROP TRIGGER evidence_not_infected ON claims",
        "DROP FUNCTION evidence_not_infected()",
        "DROP TRIGGER refuse_change ON evidence",
        "DROP POLICY comes_unscanned ON evidence",
        "DROP POLICY to_scan ON evidence",
    )
    append_only("evidence")
    for role, tables in _READ.items():
        for table, columns in tables.items():
            run(
                f"REVOKE ALL ({columns}) ON {table} FROM {role}",
                f"DROP POLICY for_{role.removeprefix('subsidy_')} ON {table}",
            )
    run(f"REVOKE ALL ({_SCANNED}) ON evidence FROM {_SCANNER}")
    op.drop_index("ix_evidence_to_scan", "evidence")
    op.drop_constraint(op.f("ck_evidence_scanned"), "evidence", type_="check")
    op.drop_constraint(op.f("ck_evidence_scan"), "evidence", type_="check")
    for column in reversed(_SCANNED.split(", ")):
        op.drop_column("evidence", column)
