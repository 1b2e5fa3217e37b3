"""Which functions keep the order of locks, and what stays? Their text is in ``sql/``."""

from pathlib import Path

ASKED_BY_BUREAUS = ("lock_persons_of(uuid[])", "lock_budgets_of(uuid[])")

ATTACH = "attach_to_objection(uuid, bytea, uuid, text, text, bigint, bytea, integer, text)"
ATTACH_BEFORE = ATTACH.replace(", text)", ")")
"""Asked by the public, and by the officer who keys in what came by letter or telephone."""

OF_THE_LEDGER = ("moved_by_duty()",)
"""A trigger that looks where its caller may not."""

OF_THE_CALLER = ("claim_stays()", "assessed_under_examination()", "signed_as_assessed()")
"""Triggers that run with the caller's own rights."""

_HERE = Path(__file__).with_name("sql")


def functions() -> list[str]:
    """Return the statements that make and replace the functions."""
    return _statements("race_functions.sql")


def functions_before() -> list[str]:
    """Return the statements that put the replaced functions back."""
    return [
        each.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)
        for script, name in (
            ("money_functions.sql", "hold_budget()"),
            ("publicity_functions.sql", "attach_to_objection("),
        )
        for each in _statements(script)
        if f"FUNCTION {name}" in each
    ]


def _statements(script: str) -> list[str]:
    _, *statements = (_HERE / script).read_text("utf-8").split("\n--------\n")
    return statements
