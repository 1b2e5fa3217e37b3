"""How are small and medium enterprises paid by class hours (DL-2.3)?"""

from typing import Final

from app.policy import amount, deadline, enterprise, evidence, filing, papers, persons
from app.policy.kinds import Material, Payee
from app.policy.measures import shared
from app.policy.measures.kind import Measure
from app.policy.rules import (
    BLOCKS,
    CLAIMED,
    EXCLUDES,
    FILED,
    NEEDS_DECISION,
    WARNS,
    ClaimRule,
    LineRule,
    Rule,
)

_RULES: Final[tuple[Rule, ...]] = (
    *shared.IN_FORCE,
    *shared.PROVINCE,
    *shared.APPLICANT,
    ClaimRule("small_or_medium", enterprise.small_or_medium,
              ("DL-2.3-a", "LN-1.4-a", "LN-F-c7", "A-26"), BLOCKS, FILED),
    ClaimRule("legal_person", enterprise.legal_person,
              ("LN-1.4-a", "A-31"), BLOCKS, FILED),
    ClaimRule("registered_in_liaoning", enterprise.registered_in_liaoning,
              ("LN-1.4-a",), BLOCKS, FILED),
    *shared.CLASS,
    *shared.ENTERPRISE_MODE,
    ClaimRule("main_business_stated", filing.main_business_stated,
              ("DL-2.3-a", "LN-1.1-b", "LN-F-c3a", "A-12"), BLOCKS, FILED),
    ClaimRule("content_listed", filing.content_listed,
              ("DL-2.3-b", "A-12"), WARNS, FILED),
    ClaimRule("other_content_explained", filing.other_content_explained,
              ("DL-2.3-b", "A-12"), BLOCKS, FILED),
    *shared.PAPERS,
    ClaimRule("more_than_courseware", evidence.more_than_courseware,
              ("DL-2.3-d", "LN-1.2-g", "A-18"), BLOCKS, CLAIMED),
    ClaimRule("commitments_accepted", evidence.commitments_accepted,
              ("LN-F-c1", "LN-F-c4", "LN-F-c5", "LN-F-c6", "LN-F-c7", "LN-F-t", "LN-1.1-a", "A-01"),
              BLOCKS, CLAIMED),
    *shared.CONDUCT,
    ClaimRule("claimed_in_time", deadline.claimed_in_time,
              ("DL-4.3-a", "LN-1.2-c", "A-09"), NEEDS_DECISION, CLAIMED),
    *shared.PERSON,
    *shared.EMPLOYED,
    LineRule("post_named", persons.post_named,
             ("DL-4.2-c", "A-11"), EXCLUDES, FILED),
    LineRule("frontline", persons.frontline,
             ("DL-2.3-a", "LN-1.4-b", "A-11"), EXCLUDES, FILED),
    LineRule("post_sounds_frontline", persons.post_sounds_frontline,
             ("LN-1.4-b", "A-11"), WARNS, FILED),
    *shared.ENTITLED,
    *shared.COMPLETED,
    LineRule("no_certificate_subsidy_beside", persons.no_certificate_subsidy_beside,
             ("DL-2.3-f", "A-29"), WARNS, CLAIMED),
    *shared.CAPPED,
    ClaimRule("cost_covers_subsidy", amount.cost_covers_subsidy,
              ("DL-4.2-c", "A-30"), WARNS, CLAIMED),
)  # fmt: skip

MEASURE: Final = Measure(
    code="hourly_sme",
    title="中小微企业职工培训补贴（按课时）",
    clauses=("DL-2.3-a", "DL-2.3-e"),
    rules=_RULES,
    papers=papers.Papers(
        at_filing=(
            papers.LICENCE,
            papers.SME_PROOF,
            papers.TEACHING_PLAN,
            papers.SAFETY,
            papers.COMMISSION,
            papers.DISPATCH,
        ),
        at_claim=(
            papers.Demand(
                (Material.APPLICATION_FORM,), papers.EVERY, ("DL-4.3-c", "LN-1.2-h", "LN-F-s")
            ),
            *papers.RECORDS,
            papers.ACCOUNT,
        ),
    ),
    payees=frozenset({Payee.ENTERPRISE}),
    gross=amount.by_class_hours,
)
