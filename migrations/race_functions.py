"""Which functions keep the order of locks, and what stays? Their text is in ``sql/``."""

from pathlib import Path

ASKED_BY_BUREAUS = ("lock_persons_of(uuid[])", "lock_budgets_of(uuid[])")

OF_THE_LEDGER = ("moved_by_duty()",)
"""A trigger that looks where its caller may not."""

OF_THE_CALLER = ("claim_stays()", "assessed_under_examination()", "signed_as_assessed()")
"""Triggers that run with the caller's own rights."""

_HERE = Path(__file__).with_name("sql")


def functions() -> list[str]:
    """Return the statements that make and replace the functions."""
    return _statements("race_functions.sql")


def functions_before() -> list[str]:
    """Return the statements that put the replaced function back."""
    return [
        each.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)
        for each in _statements("money_functions.sql")
        if "FUNCTION hold_budget()" in each
    ]


def _statements(script: str) -> list[str]:
    _, *statements = (_HERE / script).read_text("utf-8").split("\n--------\n")
    return statements
