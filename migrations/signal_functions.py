"""What may a member ask of others' cases for the signals? The text is in ``sql/``."""

from pathlib import Path

ASKED_BY_MEMBERS = ("seen_elsewhere(uuid, date, integer, text[], text[])",)
TRIGGERS = ("signals_cleared()", "cleared_once()")


def functions() -> list[str]:
    """Return the statements that make the functions."""
    script = Path(__file__).with_name("sql") / "signal_functions.sql"
    _, *statements = script.read_text("utf-8").split("\n--------\n")
    return statements
