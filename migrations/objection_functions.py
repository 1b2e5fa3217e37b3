"""Which functions list objections among what awaits officers? Their text is in ``sql/``."""

from pathlib import Path

from migrations.publicity_functions import functions as publicity_functions
from migrations.worklist_functions import functions as worklist_functions

INTERNAL = (
    "list_objection(uuid)",
    "list_objected()",
    "list_objections_to(uuid)",
    "list_made_anew()",
    "list_ended()",
    "had_a_hand(objections, text, uuid)",
)
_REPLACED = ("FUNCTION decide_by_another_hand()", "FUNCTION hold_case()")


def functions() -> list[str]:
    """Return the statements that make and replace the functions."""
    script = Path(__file__).with_name("sql") / "objection_functions.sql"
    _, *statements = script.read_text("utf-8").split("\n--------\n")
    return statements


def functions_before() -> list[str]:
    """Return the statements that put the replaced functions back."""
    return [
        statement.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)
        for statement in (*publicity_functions(), *worklist_functions())
        if any(name in statement for name in _REPLACED)
    ]
