"""In which order is locked, given back and taken, and what can no statement forge?

Revision ID: 0022
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

from migrations.guards import BUREAUS, append_only, policy, run
from migrations.race_functions import (
    ASKED_BY_BUREAUS,
    ATTACH,
    ATTACH_BEFORE,
    OF_THE_CALLER,
    OF_THE_LEDGER,
    functions,
    functions_before,
)

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

# Triggers fire in the order of their names: the old decision gives back before the new one takes.
_FIRST = "a_decision_gives_way"
_ADDED = "REFERENCING NEW TABLE AS added FOR EACH STATEMENT"
_TRIGGERS = (
    ("claim_stays", "claims", "BEFORE UPDATE", "FOR EACH ROW", "claim_stays"),
    ("signed_as_assessed", "claims", "BEFORE UPDATE OF state",
     "FOR EACH ROW WHEN (NEW.state = 'approved' AND OLD.state <> 'approved')",
     "signed_as_assessed"),
    ("under_examination", "assessments", "AFTER INSERT", _ADDED, "assessed_under_examination"),
    ("under_examination", "assessment_lines", "AFTER INSERT", _ADDED,
     "assessed_under_examination"),
    ("under_examination", "overrides", "BEFORE INSERT", "FOR EACH ROW",
     "decided_under_examination"),
    *(("moved_by_duty", table, "AFTER INSERT OR UPDATE", "FOR EACH STATEMENT", "moved_by_duty")
      for table in ("payment_batches", "payments", "recovery_payments")),
)  # fmt: skip

_FILES = "objection_attachments"
_SCANNER = "subsidy_scanner"
_SCANNED = "scan, scan_detail, scanned_at, scan_after, scan_attempts"
_FIXED = "id, objection_id, bureau_code, filename, media_type, size, sha256, created_at"
_WAITS = "scan IN ('pending', 'not_scanned')"


def upgrade() -> None:
    _scanned()
    run(f"DROP FUNCTION {ATTACH_BEFORE}", *functions())
    for signature in (*ASKED_BY_BUREAUS, *OF_THE_LEDGER, ATTACH):
        run(
            f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC",
            f"ALTER FUNCTION {signature} OWNER TO subsidy_ledger",
        )
    for signature in ASKED_BY_BUREAUS:
        run(f"GRANT EXECUTE ON FUNCTION {signature} TO {BUREAUS}")
    run(f"GRANT EXECUTE ON FUNCTION {ATTACH} TO subsidy_public, {BUREAUS}")
    for name, table, event, when, function in _TRIGGERS:
        run(f"CREATE TRIGGER {name} {event} ON {table} {when} EXECUTE FUNCTION {function}()")
    run(f"ALTER TRIGGER supersede_the_old ON claims RENAME TO {_FIRST}")


def _scanned() -> None:
    """Have what comes with an objection scanned as evidence is; what came before waits, too."""
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
        op.add_column(_FILES, column)
    op.create_check_constraint(
        op.f(f"ck_{_FILES}_scan"),
        _FILES,
        "scan IN ('pending', 'clean', 'infected', 'unscannable', 'not_scanned')",
    )
    op.create_check_constraint(
        op.f(f"ck_{_FILES}_scanned"), _FILES, f"({_WAITS}) = (scanned_at IS NULL)"
    )
    op.create_index(f"ix_{_FILES}_sha256", _FILES, ["sha256"])
    op.create_index(
        f"ix_{_FILES}_to_scan", _FILES, ["scan", "id"], postgresql_where=sa.text(_WAITS)
    )
    policy(_FILES, "for_scanner", _SCANNER, "true", "SELECT")
    run(
        f"CREATE POLICY to_scan ON {_FILES} FOR UPDATE TO {_SCANNER} USING (true)",
        f"GRANT SELECT (id, sha256, size, {_SCANNED}), UPDATE ({_SCANNED}) ON {_FILES}"
        f" TO {_SCANNER}",
        f"DROP TRIGGER refuse_change ON {_FILES}",
        f"CREATE TRIGGER refuse_change BEFORE UPDATE OF {_FIXED} OR DELETE OR TRUNCATE ON {_FILES}"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    )


def downgrade() -> None:
    run(
        f"DROP FUNCTION {ATTACH}",
        f"ALTER TRIGGER {_FIRST} ON claims RENAME TO supersede_the_old",
        *functions_before(),
        f"REVOKE ALL ON FUNCTION {ATTACH_BEFORE} FROM PUBLIC",
        f"ALTER FUNCTION {ATTACH_BEFORE} OWNER TO subsidy_ledger",
        f"GRANT EXECUTE ON FUNCTION {ATTACH_BEFORE} TO subsidy_public, {BUREAUS}",
        *(f"DROP TRIGGER {name} ON {table}" for name, table, *_ in _TRIGGERS),
        *(
            f"DROP FUNCTION {signature}"
            for signature in (*ASKED_BY_BUREAUS, *OF_THE_LEDGER, *OF_THE_CALLER)
        ),
        f"DROP TRIGGER refuse_change ON {_FILES}",
        f"DROP POLICY to_scan ON {_FILES}",
        f"DROP POLICY for_scanner ON {_FILES}",
        f"REVOKE ALL (id, sha256, size, {_SCANNED}) ON {_FILES} FROM {_SCANNER}",
    )
    append_only(_FILES)
    for index in ("to_scan", "sha256"):
        op.drop_index(f"ix_{_FILES}_{index}", _FILES)
    for check in ("scanned", "scan"):
        op.drop_constraint(op.f(f"ck_{_FILES}_{check}"), _FILES, type_="check")
    for column in reversed(_SCANNED.split(", ")):
        op.drop_column(_FILES, column)
