"""What may a member ask of others' cases under the other measures? Their text is in ``sql/``."""

from pathlib import Path

ASKED_BY_MEMBERS = ("standing_of_details(uuid)", "class_paid_to(uuid)")


def functions() -> list[str]:
    """Return the statements that make the functions."""
    script = Path(__file__).with_name("sql") / "measure_functions.sql"
    _, *statements = script.read_text("utf-8").split("\n--------\n")
    return statements
