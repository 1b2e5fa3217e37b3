"""How is looked up what stands against the persons of a plan? The text is in ``sql/``."""

from pathlib import Path

from migrations import deciding_functions, ledger_functions


def functions() -> list[str]:
    """Return the statements that replace ``lock_persons`` and ``standing``."""
    script = Path(__file__).with_name("sql") / "standing_functions.sql"
    _, *statements = script.read_text("utf-8").split("\n--------\n")
    return statements


def functions_before() -> list[str]:
    """Return the statements that put them back; settings of a function go with its text."""
    return [
        statement.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)
        for name, statements in (
            ("lock_persons(", ledger_functions.functions()),
            ("standing(", deciding_functions.functions()),
        )
        for statement in statements
        if f"FUNCTION {name}" in statement
    ]
