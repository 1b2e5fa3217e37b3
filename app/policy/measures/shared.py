"""Which rules do several measures take, and on which clauses do they rest?

A finding stores only a rule's name and figures; ``app.policy.explanation`` finds the words when it
is read. Within a measure the rules stand in the order of their checks.
"""

from typing import Final

from app.policy import (
    amount,
    conduct,
    deadline,
    enterprise,
    evidence,
    filing,
    payees,
    persons,
    rates,
)
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

IN_FORCE: Final[tuple[Rule, ...]] = (
    ClaimRule("measure_in_force", enterprise.measure_in_force,
              ("DL-1-a", "LN-3.1-a"), BLOCKS, FILED),
    ClaimRule("policy_has_begun", enterprise.policy_has_begun,
              ("DL-1-a", "DL-6-b", "A-02"), BLOCKS, FILED),
    ClaimRule("policy_has_not_ended", enterprise.policy_has_not_ended,
              ("DL-1-a", "DL-6-a", "A-02"), BLOCKS, FILED),
)  # fmt: skip

PROVINCE: Final[tuple[Rule, ...]] = (
    ClaimRule("provincial_basis_in_force", enterprise.provincial_basis_in_force,
              ("LN-4-b", "DL-0-b", "A-02"), WARNS, FILED),
)  # fmt: skip

APPLICANT: Final[tuple[Rule, ...]] = (
    ClaimRule("not_a_dispatch_company", enterprise.not_a_dispatch_company,
              ("DL-1-b", "A-10"), BLOCKS, FILED),
    ClaimRule("enterprise_verified", enterprise.enterprise_verified,
              ("DL-4.2-b", "LN-3.3-a"), BLOCKS, FILED),
    ClaimRule("not_blacklisted", enterprise.not_blacklisted,
              ("LN-3.3-c",), BLOCKS, FILED),
    ClaimRule("before_the_right_authority", enterprise.before_the_right_authority,
              ("LN-1.2-d", "DL-4.3-b"), BLOCKS, FILED),
)  # fmt: skip

CLASS: Final[tuple[Rule, ...]] = (
    ClaimRule("approved_before_start", filing.approved_before_start,
              ("DL-4.2-a", "DL-4.2-f", "DL-3.3-a"), BLOCKS, FILED),
    ClaimRule("plan_complete", filing.plan_complete,
              ("DL-4.2-c", "LN-1.2-a"), BLOCKS, FILED),
    ClaimRule("commission_documented", conduct.commission_documented,
              ("DL-3.2-d",), BLOCKS, FILED),
    ClaimRule("platform_named", filing.platform_named,
              ("DL-4.2-d",), BLOCKS, FILED),
    ClaimRule("platform_not_blocked", filing.platform_not_blocked,
              ("DL-3.2-b", "LN-2-c"), BLOCKS, FILED),
    ClaimRule("platform_qualified", filing.platform_qualified,
              ("DL-3.1-a", "DL-3.2-a", "DL-3.2-b", "LN-2-b", "LN-2-c"), BLOCKS, FILED),
    ClaimRule("online_share_of_converted", filing.online_share_of_converted,
              ("DL-3.5-a", "LN-2-d", "A-08"), NEEDS_DECISION, FILED),
    ClaimRule("class_not_suspended", conduct.class_not_suspended,
              ("DL-1-c", "DL-5.1-b"), WARNS, FILED),
)  # fmt: skip

ENTERPRISE_MODE: Final[tuple[Rule, ...]] = (
    ClaimRule("mode_allowed", filing.mode_allowed,
              ("DL-1-e", "DL-2.3-c", "LN-2-a", "A-01"), BLOCKS, FILED),
)  # fmt: skip

PAPERS: Final[tuple[Rule, ...]] = (
    ClaimRule("filing_materials_complete", evidence.filing_materials_complete,
              ("DL-4.2-b", "DL-4.2-e", "DL-1-c", "DL-1-d"), BLOCKS, FILED),
    ClaimRule("claim_materials_complete", evidence.claim_materials_complete,
              ("DL-4.3-c", "DL-4.3-d", "DL-4.3-e", "DL-2.3-d", "LN-1.2-g", "A-18"),
              BLOCKS, CLAIMED),
)  # fmt: skip

CONDUCT: Final[tuple[Rule, ...]] = (
    ClaimRule("claimed_after_completion", deadline.claimed_after_completion,
              ("LN-1.2-b", "DL-4.3-a"), BLOCKS, CLAIMED),
    ClaimRule("courses_as_planned", conduct.courses_as_planned,
              ("LN-1.2-b", "LN-F-c3"), WARNS, CLAIMED),
    ClaimRule("dates_as_planned", conduct.dates_as_planned,
              ("LN-1.2-b", "LN-F-c3"), WARNS, CLAIMED),
    ClaimRule("people_as_planned", conduct.people_as_planned,
              ("LN-1.2-b", "LN-F-c3"), WARNS, CLAIMED),
    ClaimRule("hours_as_planned", conduct.hours_as_planned,
              ("LN-1.2-b", "LN-F-c3"), WARNS, CLAIMED),
    ClaimRule("evaluated_after_training", evidence.evaluated_after_training,
              ("DL-5.2-b", "LN-F-c3"), WARNS, CLAIMED),
)  # fmt: skip

RATED: Final[tuple[Rule, ...]] = (
    ClaimRule("rate_in_force", rates.rate_in_force,
              ("DL-2.1-a", "DL-2.4-c", "DL-2.2-c"), BLOCKS, FILED),
    ClaimRule("rate_verified", rates.rate_verified,
              ("DL-2.1-a", "DL-2.4-c", "DL-2.2-c"), WARNS, FILED),
)  # fmt: skip

LEVEL: Final[tuple[Rule, ...]] = (
    ClaimRule("level_stated", conduct.level_stated,
              ("LN-1.2-a", "LN-F-1"), BLOCKS, FILED),
)  # fmt: skip

PAID_ONCE: Final[tuple[Rule, ...]] = (
    ClaimRule("class_paid_once", payees.class_paid_once,
              ("DL-2.4-c", "DL-2.1-a"), BLOCKS, CLAIMED),
)  # fmt: skip

PERSON: Final[tuple[Rule, ...]] = (
    LineRule("id_valid", persons.id_valid,
             ("LN-1.2-f", "DL-4.3-c"), EXCLUDES, FILED),
    LineRule("once_on_roster", persons.once_on_roster,
             ("LN-1.2-f", "LN-1.3-g"), EXCLUDES, FILED),
)  # fmt: skip

EMPLOYED: Final[tuple[Rule, ...]] = (
    LineRule("employed_at_every_session", persons.employed_at_every_session,
             ("DL-1-d", "LN-F-c2a", "A-27"), EXCLUDES, CLAIMED),
    LineRule("still_employed_at_claim", persons.still_employed_at_claim,
             ("LN-F-c2b", "A-27"), EXCLUDES, CLAIMED),
    LineRule("dispatch_documented", persons.dispatch_documented,
             ("DL-1-d", "LN-1.4-b", "A-10"), EXCLUDES, FILED),
)  # fmt: skip

ENTITLED: Final[tuple[Rule, ...]] = (
    LineRule("no_overlap", persons.no_overlap,
             ("LN-1.3-f", "A-17"), EXCLUDES, FILED),
    LineRule("not_yet_subsidised", persons.not_yet_subsidised,
             ("DL-2.3-g", "LN-1.3-g", "A-06"), EXCLUDES, FILED),
    LineRule("fewer_than_the_limit", persons.fewer_than_the_limit,
             ("DL-3.2-e", "A-05", "A-07"), EXCLUDES, FILED),
    LineRule("fewer_than_the_provincial_limit", persons.fewer_than_the_provincial_limit,
             ("LN-1.3-e", "A-05", "A-07"), NEEDS_DECISION, FILED),
)  # fmt: skip

COMPLETED: Final[tuple[Rule, ...]] = (
    LineRule("completed", amount.completed,
             ("DL-2.3-e", "DL-3.3-a", "LN-3.2-a", "A-13", "A-14"), EXCLUDES, CLAIMED),
    LineRule("passed_its_test", persons.passed_its_test,
             ("DL-2.3-e", "LN-1.1-c", "A-13"), EXCLUDES, CLAIMED),
)  # fmt: skip

CAPPED: Final[tuple[Rule, ...]] = (
    LineRule("CAP_ANNUAL", amount.within_annual_cap,
             ("DL-2.3-f", "A-03", "A-04"), WARNS, CLAIMED),
    LineRule("CAP_EXHAUSTED", amount.annual_cap_not_exhausted,
             ("DL-2.3-f", "A-04", "A-07"), EXCLUDES, CLAIMED),
)  # fmt: skip
