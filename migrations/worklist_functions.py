"""Which functions keep the work list, and who may call them? Their text is in ``sql/``."""

from pathlib import Path

INTERNAL = (
    "list_case(worklist)",
    "list_claim()",
    "list_plan()",
    "list_signal()",
    "hold_case()",
)
ASKED_BY_BUREAUS = ("colleagues()", "fold_worklist()")
TRIGGERS = ("checks_done()", "checks_stay_asked()")


def functions() -> list[str]:
    """Return the statements that make the functions."""
    script = Path(__file__).with_name("sql") / "worklist_functions.sql"
    _, *statements = script.read_text("utf-8").split("\n--------\n")
    return statements
