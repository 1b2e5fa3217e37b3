"""How is training to an enterprise's order paid, to one of the two who made it (DL-2.4-c)?"""

from typing import Final

from app.policy import amount, papers, payees
from app.policy.case import ClaimCase
from app.policy.findings import PASSED, Answer, failed, no_data
from app.policy.kinds import Material, Payee
from app.policy.measures import shared
from app.policy.measures.kind import Measure, by_level_of_plan
from app.policy.parameters import Parameters
from app.policy.rules import BLOCKS, CLAIMED, ClaimRule, Rule


def requirements_met(case: ClaimCase, _law: Parameters) -> Answer:
    """An officer finds the requirements of government-subsidised training met (DL-2.4-c)."""
    met = case.claim.requirements_met
    if met is None:
        return no_data()
    return PASSED if met else failed()


_RULES: Final[tuple[Rule, ...]] = (
    *shared.IN_FORCE,
    *shared.APPLICANT,
    *shared.CLASS,
    *shared.ENTERPRISE_MODE,
    *shared.LEVEL,
    ClaimRule("requirements_met", requirements_met,
              ("DL-2.4-c",), BLOCKS, CLAIMED),
    *shared.PAPERS,
    *shared.CONDUCT,
    *shared.RATED,
    ClaimRule("payee_institution_or_enterprise", payees.payee_institution_or_enterprise,
              ("DL-2.4-c",), BLOCKS, CLAIMED),
    *shared.PAID_ONCE,
    *shared.PERSON,
    *shared.ENTITLED,
    *shared.COMPLETED,
    *shared.CAPPED,
)  # fmt: skip

MEASURE: Final = Measure(
    code="order_training",
    title="企校订单培训补贴",
    clauses=("DL-2.4-c",),
    rules=_RULES,
    papers=papers.Papers(
        at_filing=(
            *papers.CLASS_AT_FILING,
            papers.Demand((Material.ORDER_AGREEMENT,), papers.EVERY, ("DL-2.4-c",)),
        ),
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
