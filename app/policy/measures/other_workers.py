"""How are other workers paid for whom institutions and large enterprises train (DL-3.4, LN-2)?"""

from typing import Final

from app.policy import amount, conduct, papers, payees
from app.policy.case import ClaimCase
from app.policy.findings import PASSED, Answer, failed, no_data
from app.policy.kinds import Material, Payee
from app.policy.measures import shared
from app.policy.measures.kind import Measure, by_level_of_plan
from app.policy.parameters import Parameters
from app.policy.rules import BLOCKS, CLAIMED, FILED, WARNS, ClaimRule, Rule
from app.policy.sme import classify


def institution_or_large(case: ClaimCase, _law: Parameters) -> Answer:
    """Schools, training institutions and large enterprises train other workers (LN-2-b)."""
    applicant = case.claim.enterprise
    if applicant.entity in payees.SCHOOLS:
        return PASSED
    size = classify(
        applicant.industry, applicant.headcount, applicant.revenue_wan, applicant.assets_wan
    )
    if size.is_sme is None:
        return no_data(explanation=size.explanation_zh)
    return failed(explanation=size.explanation_zh) if size.is_sme else PASSED


def existing_procedure_followed(case: ClaimCase, _law: Parameters) -> Answer:
    """The class runs in the existing procedure, under its number there (DL-4.4-a)."""
    return PASSED if case.claim.procedure_reference.strip() else no_data()


_RULES: Final[tuple[Rule, ...]] = (
    *shared.IN_FORCE,
    *shared.PROVINCE,
    *shared.APPLICANT,
    ClaimRule("institution_or_large", institution_or_large,
              ("DL-1-f", "DL-3.4-b", "LN-2-b"), BLOCKS, FILED),
    ClaimRule("existing_procedure_followed", existing_procedure_followed,
              ("DL-4.4-a",), WARNS, FILED),
    *shared.CLASS,
    ClaimRule("online_while_suspended", conduct.online_while_suspended,
              ("DL-3.4-a", "LN-2-a", "A-01"), BLOCKS, FILED),
    *shared.LEVEL,
    *shared.PAPERS,
    *shared.CONDUCT,
    ClaimRule("offline_part_done", conduct.offline_part_done,
              ("DL-3.5-b", "LN-2-e"), BLOCKS, CLAIMED),
    *shared.RATED,
    ClaimRule("payee_is_who_trained", payees.payee_is_who_trained,
              ("DL-4.4-a", "LN-2-b"), BLOCKS, CLAIMED),
    *shared.PAID_ONCE,
    *shared.PERSON,
    *shared.ENTITLED,
    *shared.COMPLETED,
    *shared.CAPPED,
)  # fmt: skip

MEASURE: Final = Measure(
    code="other_workers",
    title="其他劳动者线上培训补贴",
    clauses=("DL-1-f", "DL-3.4-a", "DL-3.4-b", "LN-2-b"),
    rules=_RULES,
    papers=papers.Papers(
        at_filing=papers.CLASS_AT_FILING,
        at_claim=(
            papers.Demand((Material.APPLICATION_FORM,), papers.EVERY, ("DL-4.4-a",)),
            *papers.RECORDS,
            papers.ACCOUNT,
        ),
    ),
    payees=frozenset({Payee.INSTITUTION, Payee.ENTERPRISE}),
    gross=amount.flat,
    wanted=by_level_of_plan,
)
