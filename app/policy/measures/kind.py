"""What makes a measure: its rules, its papers, and how the amount of a line follows?"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from app.policy.case import Wanted
from app.policy.facets import Rate
from app.policy.facts import ClaimFacts, PersonFacts
from app.policy.kinds import Payee
from app.policy.learning import Learned
from app.policy.papers import Papers
from app.policy.parameters import Parameters
from app.policy.rules import ClaimRule, LineRule, Rule

Amount = Callable[[PersonFacts, ClaimFacts, Learned, Rate | None, Parameters], Decimal]
Want = Callable[[PersonFacts, ClaimFacts, date], Wanted | None]


def by_no_reference(_person: PersonFacts, _claim: ClaimFacts, _day: date) -> Wanted | None:
    """Return that the amount rests on no reference rate."""
    return None


def by_level_of_plan(_person: PersonFacts, claim: ClaimFacts, day: date) -> Wanted | None:
    """Return the rate of the level that the plan names, on the day of completion (A-02)."""
    level = claim.plan.level
    return None if level is None else Wanted((level.value,), day)


@dataclass(frozen=True)
class Measure:
    """One measure. Caps, counts and the calendar are not here: parameters name their measures.

    ``gross`` gives the yuan of a line before any cap, ``wanted`` the reference rate that it is
    paid by; the day it is handed is that of completion, or of the filed end. A rate is entered for
    a level of the trade, or where ``by_district`` for a district's code.
    """

    code: str
    title: str
    clauses: tuple[str, ...]
    rules: tuple[Rule, ...]
    papers: Papers
    payees: frozenset[Payee]
    gross: Amount
    wanted: Want = by_no_reference
    by_district: bool = False

    @cached_property
    def claim_rules(self) -> tuple[ClaimRule, ...]:
        """The rules about the claim itself."""
        return tuple(rule for rule in self.rules if isinstance(rule, ClaimRule))

    @cached_property
    def line_rules(self) -> tuple[LineRule, ...]:
        """The rules about one person."""
        return tuple(rule for rule in self.rules if isinstance(rule, LineRule))
