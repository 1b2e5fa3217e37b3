"""How is skill upgrading of newly hired or resumed employees paid, by certificate (DL-2.1)?"""

from datetime import date
from typing import Final

from app.policy import amount, papers, payees
from app.policy.case import LineCase, Wanted
from app.policy.facts import ClaimFacts, PersonFacts
from app.policy.findings import PASSED, Answer, failed, no_data
from app.policy.kinds import Material, Payee
from app.policy.measures import shared
from app.policy.measures.kind import Measure
from app.policy.parameters import Parameters
from app.policy.rules import BLOCKS, CLAIMED, EXCLUDES, FILED, ClaimRule, LineRule, Rule


def newly_hired_or_resumed(case: LineCase, _law: Parameters) -> Answer:
    """The person was newly hired or came back to work, before he claims for it (DL-2.1-b)."""
    start, claimed_on = case.person.start, case.claim.claimed_on
    if start is None:
        return no_data()
    if start.on <= claimed_on:
        return PASSED
    return failed(day=start.on.isoformat(), claimed_on=claimed_on.isoformat())


def certificate_earned(case: LineCase, _law: Parameters) -> Answer:
    """The training led to a numbered certificate, issued after it began (DL-2.1-a)."""
    certificate, plan = case.person.certificate, case.claim.plan
    if certificate is None or not certificate.number.strip():
        return no_data()
    issued_on, claimed_on = certificate.issued_on, case.claim.claimed_on
    if plan.starts_on <= issued_on <= claimed_on:
        return PASSED
    return failed(
        issued_on=issued_on.isoformat(),
        starts_on=plan.starts_on.isoformat(),
        claimed_on=claimed_on.isoformat(),
    )


def by_level_of_certificate(person: PersonFacts, claim: ClaimFacts, day: date) -> Wanted | None:
    """Return the rate of the level that was reached, or before it that the plan aims at."""
    reached = person.certificate.level if person.certificate else claim.plan.level
    return None if reached is None else Wanted((reached.value,), day)


_RULES: Final[tuple[Rule, ...]] = (
    *shared.IN_FORCE,
    *shared.APPLICANT,
    *shared.CLASS,
    *shared.ENTERPRISE_MODE,
    *shared.LEVEL,
    *shared.PAPERS,
    *shared.CONDUCT,
    *shared.RATED,
    ClaimRule("payee_enterprise_or_employee", payees.payee_enterprise_or_employee,
              ("DL-2.1-a",), BLOCKS, CLAIMED),
    *shared.PERSON,
    *shared.EMPLOYED,
    LineRule("newly_hired_or_resumed", newly_hired_or_resumed,
             ("DL-2.1-b",), EXCLUDES, CLAIMED),
    *shared.ENTITLED,
    *shared.COMPLETED,
    LineRule("certificate_earned", certificate_earned,
             ("DL-2.1-a", "A-13"), EXCLUDES, CLAIMED),
    LineRule("certificate_paid_once", payees.certificate_paid_once,
             ("DL-2.1-a",), EXCLUDES, FILED),
    *shared.CAPPED,
)  # fmt: skip

MEASURE: Final = Measure(
    code="skill_upgrade",
    title="岗位技能提升培训补贴",
    clauses=("DL-2.1-a", "DL-2.1-b"),
    rules=_RULES,
    papers=papers.Papers(
        at_filing=(*papers.CLASS_AT_FILING, papers.DISPATCH),
        at_claim=(
            papers.Demand((Material.APPLICATION_FORM,), papers.EVERY, ("DL-4.3-c",)),
            *papers.RECORDS,
            papers.Demand((Material.CERTIFICATE_COPY,), papers.EVERY, ("DL-2.1-a",)),
            papers.ACCOUNT,
        ),
    ),
    payees=frozenset({Payee.ENTERPRISE, Payee.EMPLOYEE}),
    gross=amount.flat,
    wanted=by_level_of_certificate,
)
