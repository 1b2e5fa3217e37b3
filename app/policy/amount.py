"""How much is due: gross by class hours, trimmed at the cap, for completed training only?"""

from decimal import Decimal
from typing import Final

from app.policy.case import ClaimCase, LineCase
from app.policy.facets import Rate
from app.policy.facts import ClaimFacts, PersonFacts
from app.policy.findings import PASSED, Answer, failed, no_data, warned
from app.policy.learning import Learned
from app.policy.money import NOTHING
from app.policy.parameters import Parameters

UNLIMITED: Final = Decimal("Infinity")
"""What remains where no cap applies."""


def by_class_hours(
    _person: PersonFacts, _claim: ClaimFacts, learned: Learned, _rate: Rate | None, law: Parameters
) -> Decimal:
    """Return the yuan of the class hours that the person learned (DL-2.3-e)."""
    return law.rate_per_class_hour * learned.hours


def flat(
    _person: PersonFacts, _claim: ClaimFacts, _learned: Learned, rate: Rate | None, _law: Parameters
) -> Decimal:
    """Return the reference rate of one person; without one there is nothing to pay."""
    return NOTHING if rate is None else rate.amount


def remaining(person: PersonFacts, year: int, law: Parameters) -> Decimal:
    """Return the yuan that the cap of that year still leaves to the person (DL-2.3-f)."""
    left = law.cap_per_person_year - person.used.get(year, NOTHING)
    return max(NOTHING, left)


def completed(case: LineCase, law: Parameters) -> Answer:
    """The person completed the training: the filed class hours are verified (DL-2.3-e, A-13).

    A flat rate is for the whole training: only class hours can be paid in part.
    """
    hours, filed = case.learned.hours, case.filed_hours
    if hours and hours >= law.completion_ratio * filed:
        return PASSED
    answer = warned if hours and law.pay_partial_hours and case.rate is None else failed
    return answer(minutes=case.learned.minutes, hours=hours, filed=filed)


def within_annual_cap(case: LineCase, law: Parameters) -> Answer:
    """The gross amount fits under the cap, or is trimmed to what it leaves (DL-2.3-f, A-03)."""
    left = case.remaining
    if left == NOTHING or case.gross <= left:
        return PASSED
    return warned(
        year=case.year,
        cap=law.cap_per_person_year,
        gross=case.gross,
        remaining=left,
        reduction=case.gross - left,
    )


def annual_cap_not_exhausted(case: LineCase, law: Parameters) -> Answer:
    """The cap of the year leaves something; otherwise the line uses up no time (A-07)."""
    if case.remaining > NOTHING:
        return PASSED
    return failed(year=case.year, cap=law.cap_per_person_year, gross=case.gross)


def cost_covers_subsidy(case: ClaimCase, _law: Parameters) -> Answer:
    """The subsidy does not exceed the cost that the plan declares (A-30)."""
    cost = case.claim.plan.cost
    if cost is None:
        return no_data()
    return PASSED if case.due <= cost else warned(due=case.due, cost=cost)
