"""In which order is locked, given back and taken, when many decide at once?

Revision ID: 0022
Revises: 0019
"""

from migrations.guards import BUREAUS, run
from migrations.race_functions import ASKED_BY_BUREAUS, functions, functions_before

revision = "0022"
down_revision = "0019"
branch_labels = None
depends_on = None

# Triggers fire in the order of their names: the old decision gives back before the new one takes.
_FIRST = "a_decision_gives_way"


def upgrade() -> None:
    run(*functions())
    for signature in ASKED_BY_BUREAUS:
        run(
            f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC",
            f"ALTER FUNCTION {signature} OWNER TO subsidy_ledger",
            f"GRANT EXECUTE ON FUNCTION {signature} TO {BUREAUS}",
        )
    run(f"ALTER TRIGGER supersede_the_old ON claims RENAME TO {_FIRST}")


def downgrade() -> None:
    run(
        f"ALTER TRIGGER {_FIRST} ON claims RENAME TO supersede_the_old",
        *functions_before(),
        *(f"DROP FUNCTION {signature}" for signature in ASKED_BY_BUREAUS),
    )
