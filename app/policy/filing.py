"""Was the training filed as it must be: approved in time, complete, by an allowed channel?"""

from decimal import Decimal

from app.policy.case import ClaimCase
from app.policy.facts import Category, Material, Mode, PlanFacts, PlatformKind
from app.policy.findings import PASSED, Answer, failed, no_data, warned
from app.policy.learning import filed_hours
from app.policy.papers import stated
from app.policy.parameters import Parameters


def approved_before_start(case: ClaimCase, _law: Parameters) -> Answer:
    """The filing was approved on a day before the first session (DL-4.2-f, DL-3.3-a)."""
    plan = case.claim.plan
    if plan.approved_on is None:
        return no_data(starts_on=plan.starts_on.isoformat())
    if plan.approved_on < plan.starts_on:
        return PASSED
    return failed(approved_on=plan.approved_on.isoformat(), starts_on=plan.starts_on.isoformat())


def plan_complete(case: ClaimCase, _law: Parameters) -> Answer:
    """The plan states trainees, courses with class hours, dates and cost (DL-4.2-c)."""
    missing = ",".join(_unstated(case.claim.plan))
    return failed(missing=missing) if missing else PASSED


def _unstated(plan: PlanFacts) -> list[str]:
    """Return what the plan leaves unstated, by name."""
    stated = {
        "trainees": plan.trainees > 0,
        "courses": bool(plan.courses),
        "class_hours": all(course.class_hours > 0 for course in plan.courses),
        "course_mode": all(course.mode is not Mode.MIXED for course in plan.courses),
        "dates": plan.starts_on <= plan.ends_on,
        "cost": plan.cost is not None,
    }
    return [name for name, is_stated in stated.items() if not is_stated]


def main_business_stated(case: ClaimCase, law: Parameters) -> Answer:
    """Courses of job skills serve the main business; the plan says how (DL-2.3-a, A-12)."""
    plan = case.claim.plan
    needed = any(course.category in law.statement_categories for course in plan.courses)
    return failed() if needed and not plan.main_business.strip() else PASSED


def content_listed(case: ClaimCase, _law: Parameters) -> Answer:
    """Every course is of a kind that the notice lists, or an officer looks at it (DL-2.3-b)."""
    others = [each.name for each in case.claim.plan.courses if each.category is Category.OTHER]
    return warned(courses="、".join(others)) if others else PASSED


def other_content_explained(case: ClaimCase, _law: Parameters) -> Answer:
    """A course of no listed kind says what it teaches (DL-2.3-b, A-12)."""
    silent = [
        each.name
        for each in case.claim.plan.courses
        if each.category is Category.OTHER and not each.explanation.strip()
    ]
    return failed(courses="、".join(silent)) if silent else PASSED


def mode_allowed(case: ClaimCase, law: Parameters) -> Answer:
    """Training at a place is allowed to enterprises in this edition (DL-1-e, A-01)."""
    if case.claim.plan.mode is Mode.ONLINE or law.offline_enterprise_allowed:
        return PASSED
    return failed()


def platform_named(case: ClaimCase, _law: Parameters) -> Answer:
    """An online plan names its channel and gives a link or a screenshot (DL-4.2-d)."""
    plan, platform = case.claim.plan, case.claim.plan.platform
    if plan.mode is Mode.OFFLINE:
        return PASSED
    if platform is None or not platform.name.strip():
        return failed(missing="platform_name")
    if platform.address.strip() or Material.PLATFORM_SCREENSHOT in plan.materials:
        return PASSED
    withheld = plan.withheld.get(Material.PLATFORM_SCREENSHOT)
    return failed(missing=stated("platform_link", withheld))


def platform_not_blocked(case: ClaimCase, _law: Parameters) -> Answer:
    """The channel was not found unfit before training ended (DL-3.2-b)."""
    plan, platform = case.claim.plan, case.claim.plan.platform
    if platform is None or not platform.blocked:
        return PASSED
    since = platform.blocked_since
    if since is None:
        return failed(platform=platform.name)
    if since > plan.ends_on:
        return PASSED
    why = platform.blocked_reason
    return failed(platform=platform.name, since=since.isoformat(), why=why)


def platform_qualified(case: ClaimCase, _law: Parameters) -> Answer:
    """A channel neither listed nor its own meets the conditions of the notice (DL-3.2-b)."""
    platform = case.claim.plan.platform
    if platform is None or platform.kind is not PlatformKind.OTHER or platform.conditions_met:
        return PASSED
    if platform.conditions_met is None:
        return no_data(platform=platform.name)
    return failed(platform=platform.name)


def online_share_of_converted(case: ClaimCase, law: Parameters) -> Answer:
    """Converted courses are online for no more than their share, in principle (DL-3.5-a)."""
    plan = case.claim.plan
    online, total = filed_hours(plan, Mode.ONLINE), filed_hours(plan)
    if not plan.converted_from_offline or Decimal(online) <= law.converted_online_share * total:
        return PASSED
    return warned(online=online, total=total, percent=int(law.converted_online_share * 100))
