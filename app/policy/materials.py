"""Which papers must be on record at filing and at claim, and which of them are missing?"""

from collections.abc import Set as AbstractSet

from app.policy.facts import ClaimFacts, PlanFacts
from app.policy.kinds import Material
from app.policy.measures import hourly_sme, measure


def missing_at_filing(
    plan: PlanFacts,
    also: AbstractSet[Material] = frozenset(),
    code: str = hourly_sme.MEASURE.code,
) -> tuple[Material, ...]:
    """Return the papers that a filing under the measure *code* still lacks.

    *also* are papers handed in later. The roster and the plan themselves are records of the system
    and need no paper.

    Raises:
        UnknownMeasure: there is no such measure.
    """
    return measure(code).papers.missing_at_filing(plan, also)


def missing_at_claim(claim: ClaimFacts) -> tuple[Material, ...]:
    """Return the papers that the claim still lacks; papers of the filing count too.

    Raises:
        UnknownMeasure: there is no such measure.
    """
    return measure(claim.measure).papers.missing_at_claim(claim)
