"""Which functions keep budgets, payments and recoveries, and who may call them? See ``sql/``."""

from pathlib import Path

_REVERSE = "reverse_entitlements(uuid, text, boolean, uuid[], numeric[], uuid)"
INTERNAL = (
    "holds_budget(claims)",
    _REVERSE,
    "reverse_recovered()",
    "hold_budget()",
    "reserve_budget(claims, integer, numeric)",
    "release_budget(claims, numeric)",
    "move_slices()",
    "cut_budget(text, integer, text)",
    "spread_budget()",
    "budget_refusal(text, integer, text, numeric, numeric)",
)
"""They run with the rights of the ledger, and nobody calls them but the ledger and its triggers."""

ASKED_BY_BUREAUS = ("budget_figures(text, integer, text)",)
ASKED_BY_THE_AUDITOR = ("ledger_differences()", "ledger_size()")
OF_THE_CALLER = (
    "confirmed_once()", "payment_allowed()", "payment_final()",
    "book_offsets()", "open_of_recovery(uuid)", "recovered_within_demand()", "recovery_met()",
    "recovery_closed_rightly()", "demanded_of_paid()", "line_of_paid()", "offset_allowed()",
    "blacklisted_for_cause()",
)  # fmt: skip
"""They run with the caller's own rights."""


def functions() -> list[str]:
    """Return the statements that make the functions."""
    script = Path(__file__).with_name("sql") / "money_functions.sql"
    _, *statements = script.read_text("utf-8").split("\n--------\n")
    return statements


def settling_the_advance() -> str:
    """Return the statement that makes ``settle_the_advance`` as it was until this migration."""
    script = Path(__file__).with_name("sql") / "deciding_functions.sql"
    return next(
        each for each in script.read_text("utf-8").split("\n--------\n")
        if "FUNCTION settle_the_advance()" in each
    )  # fmt: skip


_ALL_DEMANDED = "SELECT coalesce(sum(r.amount), 0) FROM recoveries AS r"
# What is written off never came back: only what was repaid of it is not deducted once more.
_STILL_DEMANDED = """SELECT coalesce(sum(CASE r.state WHEN 'written_off' THEN (
            SELECT coalesce(sum(b.amount), 0) FROM recovery_payments AS b WHERE b.recovery_id = r.id
        ) ELSE r.amount END), 0) FROM recoveries AS r"""


def settling_what_was_not_written_off() -> str:
    """Return the statement that makes it as it is since then.

    Raises:
        ValueError: the text that is to be replaced is not there.
    """
    before = settling_the_advance()
    if _ALL_DEMANDED not in before:
        raise ValueError("settle_the_advance does not read as it did")
    # What was kept back of a payment for a demand was paid all the same.
    return before.replace(_ALL_DEMANDED, _STILL_DEMANDED).replace("sum(p.amount)", "sum(p.gross)")
