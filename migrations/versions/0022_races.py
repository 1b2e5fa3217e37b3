"""In which order is locked, given back and taken, and what can no statement forge?

Revision ID: 0022
Revises: 0019
"""

from migrations.guards import BUREAUS, run
from migrations.race_functions import (
    ASKED_BY_BUREAUS,
    OF_THE_CALLER,
    OF_THE_LEDGER,
    functions,
    functions_before,
)

revision = "0022"
down_revision = "0019"
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


def upgrade() -> None:
    run(*functions())
    for signature in (*ASKED_BY_BUREAUS, *OF_THE_LEDGER):
        run(
            f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC",
            f"ALTER FUNCTION {signature} OWNER TO subsidy_ledger",
        )
    for signature in ASKED_BY_BUREAUS:
        run(f"GRANT EXECUTE ON FUNCTION {signature} TO {BUREAUS}")
    for name, table, event, when, function in _TRIGGERS:
        run(f"CREATE TRIGGER {name} {event} ON {table} {when} EXECUTE FUNCTION {function}()")
    run(f"ALTER TRIGGER supersede_the_old ON claims RENAME TO {_FIRST}")


def downgrade() -> None:
    run(
        f"ALTER TRIGGER {_FIRST} ON claims RENAME TO supersede_the_old",
        *functions_before(),
        *(f"DROP TRIGGER {name} ON {table}" for name, table, *_ in _TRIGGERS),
        *(
            f"DROP FUNCTION {signature}"
            for signature in (*ASKED_BY_BUREAUS, *OF_THE_LEDGER, *OF_THE_CALLER)
        ),
    )
