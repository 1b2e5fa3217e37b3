"""Which functions guard accounts and credit codes, and who may call them? Text is in ``sql/``."""

from pathlib import Path

ASKED_BY_BUREAUS = ("charged_with(text)",)
ASKED_BY_ENTERPRISES = ("manages()",)
ASKED_AT_SIGN_IN = ("may_join(uuid,boolean)",)
INTERNAL = ("end_sessions()", "accept_registration()", "close_rivals()")
PLAIN = ("paid_to_accepted()",)


def functions() -> list[str]:
    """Return the statements that make the functions."""
    script = Path(__file__).with_name("sql") / "account_functions.sql"
    _, *statements = script.read_text("utf-8").split("\n--------\n")
    return statements
