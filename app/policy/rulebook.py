"""Which rules are there, on which clauses do they rest, and what follows if one is not met?

The whole law of the hourly programme in one table, in the order of its checks. A finding stores
only the rule's name and figures; ``app.policy.explanation`` finds the words when it is read.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.policy import amount, deadline, enterprise, filing, materials, persons
from app.policy.case import ClaimCase, LineCase
from app.policy.findings import Answer
from app.policy.parameters import Parameters


class Scope(StrEnum):
    """What a rule is asked of."""

    CLAIM = "claim"
    LINE = "line"
    ROW = "row"


class Effect(StrEnum):
    """What follows from a finding: for the claim, for the line, or for the row of learning."""

    NONE = "none"
    WARNS = "warns"
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


@dataclass(frozen=True, slots=True)
class LineRule:
    """A rule about one person; ``at_filing`` tells that it is asked at his enrolment, too."""

    name: str
    ask: Callable[[LineCase, Parameters], Answer]
    clauses: tuple[str, ...]
    effect: Effect
    at_filing: bool
    scope: Scope = Scope.LINE


@dataclass(frozen=True, slots=True)
class RowReason:
    """A reason why a row of a learning file counts nothing or less (``app.policy.rows``)."""

    name: str
    clauses: tuple[str, ...]
    effect: Effect
    scope: Scope = Scope.ROW


_BLOCKS, _EXCLUDES, _WARNS = Effect.BLOCKS, Effect.EXCLUDES, Effect.WARNS
_NOTHING, _LESS = Effect.COUNTS_NOTHING, Effect.COUNTS_LESS
_FILED, _CLAIMED = True, False  # asked from the filing on, or of the claim only

RULES: Final[tuple[ClaimRule | LineRule, ...]] = (
    ClaimRule("of_the_hourly_programme", enterprise.of_the_hourly_programme,
              ("DL-2.3-a", "DL-2.3-c"), _BLOCKS, _FILED),
    ClaimRule("policy_has_begun", enterprise.policy_has_begun,
              ("DL-1-a", "DL-6-b", "A-02"), _BLOCKS, _FILED),
    ClaimRule("policy_has_not_ended", enterprise.policy_has_not_ended,
              ("DL-1-a", "DL-6-a", "A-02"), _BLOCKS, _FILED),
    ClaimRule("provincial_basis_in_force", enterprise.provincial_basis_in_force,
              ("LN-4-b", "DL-0-b", "A-02"), _WARNS, _FILED),
    ClaimRule("not_a_dispatch_company", enterprise.not_a_dispatch_company,
              ("DL-1-b", "A-10"), _BLOCKS, _FILED),
    ClaimRule("small_or_medium", enterprise.small_or_medium,
              ("DL-2.3-a", "LN-1.4-a", "LN-F-c7", "A-26"), _BLOCKS, _FILED),
    ClaimRule("legal_person", enterprise.legal_person,
              ("LN-1.4-a", "A-31"), _BLOCKS, _FILED),
    ClaimRule("registered_in_liaoning", enterprise.registered_in_liaoning,
              ("LN-1.4-a",), _BLOCKS, _FILED),
    ClaimRule("enterprise_verified", enterprise.enterprise_verified,
              ("DL-4.2-b", "LN-3.3-a"), _BLOCKS, _FILED),
    ClaimRule("not_blacklisted", enterprise.not_blacklisted,
              ("LN-3.3-c",), _BLOCKS, _FILED),
    ClaimRule("before_the_right_authority", enterprise.before_the_right_authority,
              ("LN-1.2-d", "DL-4.3-b"), _BLOCKS, _FILED),
    ClaimRule("approved_before_start", filing.approved_before_start,
              ("DL-4.2-a", "DL-4.2-f", "DL-3.3-a"), _BLOCKS, _FILED),
    ClaimRule("plan_complete", filing.plan_complete,
              ("DL-4.2-c", "LN-1.2-a"), _BLOCKS, _FILED),
    ClaimRule("main_business_stated", filing.main_business_stated,
              ("DL-2.3-a", "LN-1.1-b", "A-12"), _BLOCKS, _FILED),
    ClaimRule("content_listed", filing.content_listed,
              ("DL-2.3-b", "A-12"), _WARNS, _FILED),
    ClaimRule("mode_allowed", filing.mode_allowed,
              ("DL-1-e", "DL-2.3-c", "LN-2-a", "A-01"), _BLOCKS, _FILED),
    ClaimRule("platform_named", filing.platform_named,
              ("DL-4.2-d",), _BLOCKS, _FILED),
    ClaimRule("platform_not_blocked", filing.platform_not_blocked,
              ("DL-3.2-b",), _BLOCKS, _FILED),
    ClaimRule("platform_qualified", filing.platform_qualified,
              ("DL-3.1-a", "DL-3.2-a", "DL-3.2-b"), _BLOCKS, _FILED),
    ClaimRule("online_share_of_converted", filing.online_share_of_converted,
              ("DL-3.5-a", "LN-2-d", "A-08"), _BLOCKS, _FILED),
    ClaimRule("filing_materials_complete", filing.filing_materials_complete,
              ("DL-4.2-b", "DL-4.2-e", "DL-1-c", "DL-1-d"), _BLOCKS, _FILED),
    ClaimRule("commitments_accepted", materials.commitments_accepted,
              ("LN-F-c1", "LN-F-c4", "LN-F-c7", "LN-F-t", "A-01"), _BLOCKS, _CLAIMED),
    ClaimRule("claim_materials_complete", materials.claim_materials_complete,
              ("DL-4.3-c", "DL-4.3-d", "DL-4.3-e", "DL-2.3-d", "A-18"), _BLOCKS, _CLAIMED),
    ClaimRule("claimed_after_completion", deadline.claimed_after_completion,
              ("LN-1.2-b", "DL-4.3-a"), _BLOCKS, _CLAIMED),
    ClaimRule("claimed_in_time", deadline.claimed_in_time,
              ("DL-4.3-a", "LN-1.2-c", "A-09"), _WARNS, _CLAIMED),
    LineRule("id_valid", persons.id_valid,
             ("LN-1.2-f", "DL-4.3-c"), _EXCLUDES, _FILED),
    LineRule("once_on_roster", persons.once_on_roster,
             ("LN-1.2-f", "LN-1.3-g"), _EXCLUDES, _FILED),
    LineRule("employed_at_every_session", persons.employed_at_every_session,
             ("DL-1-d", "LN-F-c2a", "A-27"), _EXCLUDES, _CLAIMED),
    LineRule("still_employed_at_claim", persons.still_employed_at_claim,
             ("LN-F-c2b", "A-27"), _EXCLUDES, _CLAIMED),
    LineRule("post_named", persons.post_named,
             ("DL-4.2-c", "A-11"), _EXCLUDES, _FILED),
    LineRule("frontline", persons.frontline,
             ("DL-2.3-a", "LN-1.4-b", "A-11"), _EXCLUDES, _FILED),
    LineRule("post_sounds_frontline", persons.post_sounds_frontline,
             ("LN-1.4-b", "A-11"), _WARNS, _FILED),
    LineRule("dispatch_documented", persons.dispatch_documented,
             ("DL-1-d", "LN-1.4-b", "A-10"), _EXCLUDES, _FILED),
    LineRule("no_overlap", persons.no_overlap,
             ("LN-1.3-f", "A-17"), _EXCLUDES, _FILED),
    LineRule("not_yet_subsidised", persons.not_yet_subsidised,
             ("DL-2.3-g", "LN-1.3-g", "A-06"), _EXCLUDES, _FILED),
    LineRule("fewer_than_the_limit", persons.fewer_than_the_limit,
             ("DL-3.2-e", "LN-1.3-e", "A-05", "A-07"), _EXCLUDES, _FILED),
    LineRule("completed", amount.completed,
             ("DL-2.3-e", "DL-3.3-a", "A-13", "A-14"), _EXCLUDES, _CLAIMED),
    LineRule("CAP_ANNUAL", amount.within_annual_cap,
             ("DL-2.3-f", "A-03", "A-04"), _WARNS, _CLAIMED),
    LineRule("CAP_EXHAUSTED", amount.annual_cap_not_exhausted,
             ("DL-2.3-f", "A-04", "A-07"), _EXCLUDES, _CLAIMED),
    ClaimRule("cost_covers_subsidy", amount.cost_covers_subsidy,
              ("DL-4.2-c", "A-30"), _WARNS, _CLAIMED),
)  # fmt: skip

CLAIM_RULES: Final = tuple(rule for rule in RULES if isinstance(rule, ClaimRule))
LINE_RULES: Final = tuple(rule for rule in RULES if isinstance(rule, LineRule))

ROW_REASONS: Final = (
    RowReason("not_on_roster", ("DL-4.2-b", "LN-1.2-f"), _NOTHING),
    RowReason("course_not_filed", ("DL-3.3-a", "LN-1.2-b"), _NOTHING),
    RowReason("outside_plan_dates", ("DL-3.3-a", "LN-1.2-b"), _NOTHING),
    RowReason("before_approval", ("DL-4.2-f", "DL-3.3-a"), _NOTHING),
    RowReason("more_than_the_clock", ("DL-2.3-e", "DL-3.3-b"), _LESS),
    RowReason("overlaps_other_session", ("DL-2.3-e", "DL-3.3-b"), _LESS),
)

BY_NAME: Final[dict[str, ClaimRule | LineRule | RowReason]] = {
    entry.name: entry for entry in (*RULES, *ROW_REASONS)
}
