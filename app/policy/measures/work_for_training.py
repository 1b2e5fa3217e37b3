"""How is taking on and training people at work paid, by months of the minimum wage (DL-2.2)?"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from app.policy import papers, payees
from app.policy.case import ClaimCase, LineCase, Wanted
from app.policy.facets import Rate
from app.policy.facts import ClaimFacts, PersonFacts
from app.policy.findings import PASSED, Answer, failed, no_data, warned
from app.policy.kinds import Entity, InsuranceLevel, Material, Payee, PersonCategory
from app.policy.learning import Learned
from app.policy.measures import shared
from app.policy.measures.kind import Measure
from app.policy.money import NOTHING
from app.policy.months import whole_months
from app.policy.parameters import Parameters
from app.policy.rules import BLOCKS, CLAIMED, EXCLUDES, FILED, ClaimRule, LineRule, Rule

_PRODUCES: Final = frozenset({Entity.ENTERPRISE, Entity.COOPERATIVE, Entity.WORKSHOP})


def months_employed(person: PersonFacts, claim: ClaimFacts, law: Parameters) -> int:
    """Return the whole months at work up to the claim or the leaving day, three at most."""
    job = person.placement
    if job is None:
        return 0
    yesterday = claim.claimed_on - timedelta(days=1)
    last = min(yesterday, person.left_on or yesterday)
    return min(law.wage_months, whole_months(job.employed_from, last))


def by_months_of_wage(
    person: PersonFacts, claim: ClaimFacts, _learned: Learned, rate: Rate | None, law: Parameters
) -> Decimal:
    """Return the minimum wage of the district for the whole months at work (DL-2.2-c)."""
    return NOTHING if rate is None else rate.amount * months_employed(person, claim, law)


def by_wage_of_district(person: PersonFacts, claim: ClaimFacts, _day: date) -> Wanted | None:
    """Return the wage of the seat's district on the day the job began (A-16)."""
    job = person.placement
    return Wanted((claim.district,), job.employed_from) if job else None


def taken_on_by_a_producer(case: ClaimCase, _law: Parameters) -> Answer:
    """Enterprises, cooperatives and poverty-alleviation workshops take people on (DL-2.2-b)."""
    entity = case.claim.enterprise.entity
    return PASSED if entity in _PRODUCES else failed(entity=entity.value)


def category_evidenced(case: LineCase, _law: Parameters) -> Answer:
    """A certificate and the office that issued it prove the person's category (DL-2.2-a)."""
    job = case.person.placement
    if job is None or not (job.certificate.strip() and job.issued_by.strip()):
        return no_data()
    return PASSED


def insured_unless_poor_labourer(case: LineCase, _law: Parameters) -> Answer:
    """But for poor labourers, only an insured enterprise is paid (DL-2.2-a, DL-2.2-b)."""
    job, applicant = case.person.placement, case.claim.enterprise
    if job is None or job.category is PersonCategory.POOR_LABOURER:
        return PASSED
    if applicant.insurance is None:
        return no_data(category=job.category.value)
    insured = applicant.insurance is not InsuranceLevel.NONE
    if insured and applicant.entity is Entity.ENTERPRISE:
        return PASSED
    return failed(category=job.category.value)


def employed_for_a_month(case: LineCase, law: Parameters) -> Answer:
    """Nobody is paid for less than a whole month at work (A-16)."""
    return PASSED if months_employed(case.person, case.claim, law) else failed()


def employed_for_three_months(case: LineCase, law: Parameters) -> Answer:
    """Three months lie behind a person who stays; who left is paid by whole months (A-16)."""
    months = months_employed(case.person, case.claim, law)
    if months >= law.wage_months:
        return PASSED
    left = case.person.left_on is not None and case.person.left_on < case.claim.claimed_on
    answer = warned if left and law.wage_pro_rata else failed
    return answer(months=months, full=law.wage_months)


def once_per_employer(case: LineCase, _law: Parameters) -> Answer:
    """An employer is paid once for a person (A-16)."""
    job = case.person.placement
    return failed() if job is not None and job.paid_before else PASSED


_RULES: Final[tuple[Rule, ...]] = (
    *shared.IN_FORCE,
    *shared.APPLICANT,
    ClaimRule("taken_on_by_a_producer", taken_on_by_a_producer,
              ("DL-2.2-a", "DL-2.2-b", "DL-4.1-a"), BLOCKS, FILED),
    *shared.PAPERS,
    *shared.RATED,
    ClaimRule("payee_is_the_entity", payees.payee_is_the_entity,
              ("DL-2.2-d", "DL-2.1-c"), BLOCKS, CLAIMED),
    *shared.PERSON,
    LineRule("category_evidenced", category_evidenced,
             ("DL-2.2-a", "DL-2.2-b"), EXCLUDES, FILED),
    LineRule("insured_unless_poor_labourer", insured_unless_poor_labourer,
             ("DL-2.2-a", "DL-2.2-b", "A-16"), EXCLUDES, FILED),
    LineRule("employed_for_a_month", employed_for_a_month,
             ("DL-2.2-c", "A-16"), EXCLUDES, CLAIMED),
    LineRule("employed_for_three_months", employed_for_three_months,
             ("DL-2.2-c", "A-16"), EXCLUDES, CLAIMED),
    LineRule("once_per_employer", once_per_employer,
             ("DL-2.2-c", "A-16"), EXCLUDES, FILED),
)  # fmt: skip

MEASURE: Final = Measure(
    code="work_for_training",
    title="以工代训补贴",
    clauses=("DL-2.2-a", "DL-2.2-b", "DL-2.2-c", "DL-2.2-d"),
    rules=_RULES,
    papers=papers.Papers(
        at_filing=(papers.LICENCE,),
        at_claim=(
            papers.Demand((Material.APPLICATION_FORM,), papers.EVERY, ("DL-4.1-a",)),
            papers.Demand((Material.PERSON_CATEGORY_PROOF,), papers.EVERY, ("DL-2.2-a",)),
            papers.Demand(
                (Material.WAGE_SLIPS, Material.INSURANCE_RECORD), papers.EVERY, ("DL-2.2-c", "A-16")
            ),
            papers.Demand((Material.TRAINING_RECORD,), papers.EVERY, ("DL-2.2-a",)),
            papers.ACCOUNT,
        ),
    ),
    payees=frozenset({Payee.ENTERPRISE}),
    gross=by_months_of_wage,
    wanted=by_wage_of_district,
    by_district=True,
)
