"""Which functions guard notices, objections and what is due? Their text is in ``sql/``."""

from pathlib import Path

INTERNAL = (
    "enter_names()",
    "end_notice()",
    "paid_what_is_due()",
    "paid_in_full()",
    "object_in_time()",
    "decide_by_another_hand()",
    "held_lines(uuid)",
    "claims_objected_to(uuid, uuid)",
)

ASKED_BY_MEMBERS = ("dues(uuid)",)

ASKED_BY_EVERYONE = ("told_objections(uuid)",)

ASKED_BY_OBJECTORS = (
    "count_objections(uuid)",
    "objection_of_token(uuid, bytea)",
    "attach_to_objection(uuid, bytea, uuid, text, text, bigint, bytea, integer)",
)
"""By the public, and by the officer who keys in what came by letter or telephone."""

PLAIN = ("notice_adds_up()", "end_once()", "money_stands()", "name_terms(text)")
"""These run with the caller's own rights."""


def functions() -> list[str]:
    """Return the statements that make the functions."""
    script = Path(__file__).with_name("sql") / "publicity_functions.sql"
    _, *statements = script.read_text("utf-8").split("\n--------\n")
    return statements
