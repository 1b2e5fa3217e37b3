"""Is the claim made after the training, and in time?"""

from datetime import date

from app.policy.case import ClaimCase
from app.policy.findings import PASSED, Answer, failed, no_data, warned
from app.policy.months import months_later
from app.policy.parameters import Parameters


def last_claim_day(completed_on: date, law: Parameters) -> date:
    """Return the same day some months on, or the month's last where it has no such day (A-09)."""
    return months_later(completed_on, law.claim_deadline_months)


def claimed_after_completion(case: ClaimCase, _law: Parameters) -> Answer:
    """The training was completed before it is claimed (LN-1.2-b)."""
    completed_on, claimed_on = case.completed_on, case.claim.claimed_on
    if completed_on is None:
        return no_data()
    if completed_on <= claimed_on:
        return PASSED
    return failed(completed_on=completed_on.isoformat(), claimed_on=claimed_on.isoformat())


def claimed_in_time(case: ClaimCase, law: Parameters) -> Answer:
    """The claim is made within three months, in principle (DL-4.3-a)."""
    if case.completed_on is None:
        return no_data()
    last_day, claimed_on = last_claim_day(case.completed_on, law), case.claim.claimed_on
    if claimed_on <= last_day:
        return PASSED
    return warned(
        completed_on=case.completed_on.isoformat(),
        last_day=last_day.isoformat(),
        claimed_on=claimed_on.isoformat(),
        months=law.claim_deadline_months,
    )
