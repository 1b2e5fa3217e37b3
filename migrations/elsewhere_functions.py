"""How do the signals look into others' cases since migration 0020? The text is in ``sql/``."""

from pathlib import Path

from migrations.signal_functions import functions as signal_functions


def functions() -> list[str]:
    """Return the statements that replace the functions."""
    script = Path(__file__).with_name("sql") / "elsewhere_functions.sql"
    _, *statements = script.read_text("utf-8").split("\n--------\n")
    return statements


def functions_before() -> list[str]:
    """Return the statements that put the replaced functions back."""
    return [
        statement.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)
        for statement in signal_functions()
        if "FUNCTION seen_elsewhere(" in statement
    ]
