"""How is the new-type apprenticeship paid, by level and by months of a person-year (DL-2.1-c)?"""

from datetime import date
from decimal import Decimal
from typing import Final

from app.policy import papers, payees
from app.policy.case import LineCase, Wanted
from app.policy.facets import Rate
from app.policy.facts import ClaimFacts, PersonFacts
from app.policy.findings import PASSED, Answer, failed, no_data, warned
from app.policy.kinds import Material, Payee
from app.policy.learning import Learned
from app.policy.measures import shared
from app.policy.measures.kind import Measure
from app.policy.money import NOTHING, rounded_down
from app.policy.months import whole_months
from app.policy.parameters import Parameters
from app.policy.rules import BLOCKS, CLAIMED, EXCLUDES, FILED, WARNS, ClaimRule, LineRule, Rule

MONTHS_OF_A_YEAR: Final = 12


def months_served(person: PersonFacts, claim: ClaimFacts) -> int:
    """Return the whole months of the agreed apprenticeship that lie behind the person.

    Only days of the filed plan count: nothing is paid from before its approval (DL-4.2-f).
    """
    agreed, plan = person.apprentice, claim.plan
    if agreed is None:
        return 0
    ends = [agreed.ends_on, plan.ends_on, claim.claimed_on, person.left_on or agreed.ends_on]
    return whole_months(max(agreed.starts_on, plan.starts_on), min(ends))


def by_months(
    person: PersonFacts, claim: ClaimFacts, _learned: Learned, rate: Rate | None, _law: Parameters
) -> Decimal:
    """Return the rate of a person-year for the months served, cut to the fen."""
    if rate is None:
        return NOTHING
    return rounded_down(rate.amount * months_served(person, claim) / MONTHS_OF_A_YEAR)


def by_level_of_agreement(person: PersonFacts, claim: ClaimFacts, day: date) -> Wanted | None:
    """Return the rate of the agreed level, or where nothing is agreed yet of the plan's."""
    level = person.apprentice.level if person.apprentice else claim.plan.level
    return None if level is None else Wanted((level.value,), day)


def apprenticeship_agreed(case: LineCase, _law: Parameters) -> Answer:
    """A numbered agreement names level and days (DL-2.1-c)."""
    agreed = case.person.apprentice
    if agreed is None or not agreed.agreement.strip():
        return no_data()
    if agreed.starts_on <= agreed.ends_on:
        return PASSED
    return failed(starts_on=agreed.starts_on.isoformat(), ends_on=agreed.ends_on.isoformat())


def apprenticed_for_a_month(case: LineCase, _law: Parameters) -> Answer:
    """At least one whole month of the apprenticeship was served (DL-2.1-c)."""
    return PASSED if months_served(case.person, case.claim) else failed()


def apprenticed_as_agreed(case: LineCase, _law: Parameters) -> Answer:
    """The agreed months were served to the end; less is paid by months (DL-2.1-c)."""
    agreed = case.person.apprentice
    if agreed is None:
        return PASSED
    served = months_served(case.person, case.claim)
    full = whole_months(agreed.starts_on, agreed.ends_on)
    return PASSED if served >= full else warned(served=served, full=full)


_RULES: Final[tuple[Rule, ...]] = (
    *shared.IN_FORCE,
    *shared.APPLICANT,
    *shared.CLASS,
    *shared.ENTERPRISE_MODE,
    *shared.PAPERS,
    *shared.RATED,
    ClaimRule("payee_is_the_entity", payees.payee_is_the_entity,
              ("DL-2.2-d", "DL-2.1-c"), BLOCKS, CLAIMED),
    *shared.PERSON,
    LineRule("apprenticeship_agreed", apprenticeship_agreed,
             ("DL-2.1-c",), EXCLUDES, FILED),
    LineRule("apprenticed_for_a_month", apprenticed_for_a_month,
             ("DL-2.1-c",), EXCLUDES, CLAIMED),
    LineRule("apprenticed_as_agreed", apprenticed_as_agreed,
             ("DL-2.1-c",), WARNS, CLAIMED),
    *shared.ENTITLED,
)  # fmt: skip

MEASURE: Final = Measure(
    code="apprenticeship",
    title="企业新型学徒制培训补贴",
    clauses=("DL-2.1-c",),
    rules=_RULES,
    papers=papers.Papers(
        at_filing=(
            papers.LICENCE,
            papers.TEACHING_PLAN,
            papers.SAFETY,
            papers.COMMISSION,
            papers.Demand((Material.APPRENTICESHIP_AGREEMENT,), papers.EVERY, ("DL-2.1-c",)),
        ),
        at_claim=(
            papers.Demand((Material.APPLICATION_FORM,), papers.EVERY, ("DL-4.3-c",)),
            papers.Demand((Material.TRAINING_RECORD,), papers.EVERY, ("DL-3.3-c",)),
            papers.ACCOUNT,
        ),
    ),
    payees=frozenset({Payee.ENTERPRISE}),
    gross=by_months,
    wanted=by_level_of_agreement,
)
