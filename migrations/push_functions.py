"""What may a platform ask of the plans that are filed with it? The text is in ``sql/``."""

from pathlib import Path

ASKED_BY_PLATFORMS = (
    "receives_push(uuid)",
    "plans_for_push(text[], uuid[])",
    "trainees_for_push(uuid[], bytea[])",
)
INTERNAL = ("compared_name(text)", "filed_with_caller(uuid[])")
"""Asked by the functions above only."""


def functions() -> list[str]:
    """Return the statements that make the functions."""
    script = Path(__file__).with_name("sql") / "push_functions.sql"
    _, *statements = script.read_text("utf-8").split("\n--------\n")
    return statements
