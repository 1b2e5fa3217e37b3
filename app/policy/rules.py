"""What is a rule? A question with a name, its clauses, and what follows if it is not met."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from app.policy.case import ClaimCase, LineCase
from app.policy.findings import Answer
from app.policy.parameters import Parameters


class Scope(StrEnum):
    """What a rule is asked of."""

    CLAIM = "claim"
    LINE = "line"
    ROW = "row"


class Effect(StrEnum):
    """What follows from a finding: for the claim, for the line, or for the row of learning.

    ``NEEDS_DECISION`` marks a rule "in principle" (原则上): it takes no money by itself, but
    nobody may approve before an officer has set it aside for the case, with reason and reference.
    """

    NONE = "none"
    WARNS = "warns"
    NEEDS_DECISION = "needs_decision"
    EXCLUDES = "excludes"
    BLOCKS = "blocks"
    COUNTS_NOTHING = "counts_nothing"
    COUNTS_LESS = "counts_less"


@dataclass(frozen=True, slots=True)
class ClaimRule:
    """A rule about the claim; ``at_filing`` tells that the filing is asked it, too."""

    name: str
    ask: Callable[[ClaimCase, Parameters], Answer]
    clauses: tuple[str, ...]
    effect: Effect
    at_filing: bool
    scope: Scope = Scope.CLAIM

    @property
    def in_principle(self) -> bool:
        """Tell whether an officer may set the rule aside for one case."""
        return self.effect is Effect.NEEDS_DECISION


@dataclass(frozen=True, slots=True)
class LineRule:
    """A rule about one person; ``at_filing`` tells that it is asked at his enrolment, too."""

    name: str
    ask: Callable[[LineCase, Parameters], Answer]
    clauses: tuple[str, ...]
    effect: Effect
    at_filing: bool
    scope: Scope = Scope.LINE

    @property
    def in_principle(self) -> bool:
        """Tell whether an officer may set the rule aside for one case."""
        return self.effect is Effect.NEEDS_DECISION


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding that no rule makes: of a row of learning, or of what an officer decided."""

    name: str
    clauses: tuple[str, ...]
    effect: Effect
    scope: Scope = Scope.ROW
    in_principle: bool = False


Rule = ClaimRule | LineRule
BLOCKS, EXCLUDES, WARNS = Effect.BLOCKS, Effect.EXCLUDES, Effect.WARNS
NEEDS_DECISION = Effect.NEEDS_DECISION
FILED, CLAIMED = True, False  # asked from the filing on, or of the claim only
