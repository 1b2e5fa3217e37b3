"""Which rules are there in all measures, and what follows from each? By the name in a finding."""

from collections.abc import Mapping
from itertools import chain
from typing import Final

from app.policy import advance
from app.policy.measures import MEASURES
from app.policy.measures.kind import Measure
from app.policy.rules import ClaimRule, Effect, LineRule, Remark, Rule, Scope

__all__ = ["BY_NAME", "OVERRIDDEN", "REMARKS", "ClaimRule", "Effect", "LineRule", "Rule", "Scope"]

_NOTHING, _LESS = Effect.COUNTS_NOTHING, Effect.COUNTS_LESS

OVERRIDDEN: Final = Remark(
    "overridden",
    ("DL-4.3-a", "DL-3.5-a", "LN-1.2-c", "LN-1.3-e", "LN-2-d"),
    Effect.WARNS,
    Scope.CLAIM,
)
"""The finding that an officer set a rule "in principle" aside."""

LINE_EXCLUDED: Final = Remark("line_excluded", ("DL-4.3-f",), Effect.EXCLUDES, Scope.LINE)
LINE_REDUCED: Final = Remark("line_reduced", ("DL-4.3-f",), Effect.WARNS, Scope.LINE)
"""The findings that an officer decided on a line: it brings nothing, or less."""

REMARKS: Final = (
    Remark("not_on_roster", ("DL-4.2-b", "LN-1.2-f"), _NOTHING),
    Remark("course_not_filed", ("DL-3.3-a", "LN-1.2-b"), _NOTHING),
    Remark("outside_plan_dates", ("DL-3.3-a", "LN-1.2-b"), _NOTHING),
    Remark("before_approval", ("DL-4.2-f", "DL-3.3-a"), _NOTHING),
    Remark("during_suspension", ("DL-1-c", "DL-5.1-b"), _NOTHING),
    Remark("more_than_the_clock", ("DL-2.3-e", "DL-3.3-b", "DL-3.3-c", "DL-4.2-g"), _LESS),
    Remark("overlaps_other_session", ("DL-2.3-e", "DL-3.3-b", "LN-1.1-f"), _LESS),
    OVERRIDDEN,
    LINE_EXCLUDED,
    LINE_REDUCED,
)


def by_name(measures: Mapping[str, Measure]) -> dict[str, Rule | Remark]:
    """Return every rule of the *measures*, and every remark, by name.

    Raises:
        ValueError: two measures mean different rules by one name.
    """
    found: dict[str, Rule | Remark] = {each.name: each for each in REMARKS}
    for rule in chain(advance.RULES, *(measure.rules for measure in measures.values())):
        if found.setdefault(rule.name, rule) != rule:
            raise ValueError(f"two rules are called {rule.name}")
    return found


BY_NAME: Final = by_name(MEASURES)
