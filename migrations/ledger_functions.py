"""Which functions book in the ledger, and who may call them? Their text is in ``sql/``."""

from pathlib import Path

INTERNAL = ("move_balances()", "own_plan(uuid)", "own_claim(uuid)", "lock_persons(uuid)")

ASKED_BY_MEMBERS = (
    "identify_persons(uuid[], bytea[], bytea[])",
    "standing(uuid, text, text, boolean)",
    "release_calendar(uuid)",
    "narrow_calendar(uuid, uuid[], date[], date[])",
    "release_entitlements(uuid)",
)

ASKED_BY_BUREAUS = (
    "occupy_calendar(uuid)",
    "reserve_entitlements(uuid, text, text, numeric, integer)",
    "post_entitlements(uuid)",
)


def functions() -> list[str]:
    """Return the statements that make the functions."""
    script = Path(__file__).with_name("sql") / "ledger_functions.sql"
    _, *statements = script.read_text("utf-8").split("\n--------\n")
    return statements
