"""Which functions keep a case's rows? Their text is in ``sql/``."""

from pathlib import Path

INTERNAL = ("keep_case_rows()",)


def functions() -> list[str]:
    """Return the statements that make the functions."""
    script = Path(__file__).with_name("sql") / "retention_functions.sql"
    _, *statements = script.read_text("utf-8").split("\n--------\n")
    return statements
