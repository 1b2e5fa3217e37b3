"""Which functions hold what officers decide? Their text is in ``sql/``, and that of before, too."""

from pathlib import Path

TRIGGERS = (
    "third_signature()",
    "decided_as_assessed()",
    "figures_stand()",
    "supersedes_a_decision()",
    "supersede_the_old()",
    "superseded_by_a_decision()",
    "successor_stands()",
    "points_answered()",
    "answered_once()",
    "decided_under_examination()",
)

OF_THE_LEDGER = ("signs_by_duty()", "keep_the_round()")
"""Triggers that look where their caller may not."""

_REPLACED = {
    "ledger_functions.sql": ("standing", "reserve_entitlements"),
    "measure_functions.sql": ("settle_the_advance", "refuse_late_details"),
}
_HERE = Path(__file__).with_name("sql")


def functions() -> list[str]:
    """Return the statements that make and replace the functions."""
    return _statements("deciding_functions.sql")


def functions_before() -> list[str]:
    """Return the statements that put the replaced functions back."""
    return [
        statement.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)
        for script, names in _REPLACED.items()
        for statement in _statements(script)
        if statement.split("CREATE FUNCTION ", 1)[-1].split("(", 1)[0] in names
    ]


def _statements(script: str) -> list[str]:
    _, *statements = (_HERE / script).read_text("utf-8").split("\n--------\n")
    return statements
