"""Who qualifies, under which measure, and before which authority?"""

from datetime import date

from app.policy.case import ClaimCase
from app.policy.facts import EnterpriseFacts, InsuranceLevel, LegalForm
from app.policy.findings import PASSED, Answer, failed, no_data, warned
from app.policy.parameters import Parameters
from app.policy.sme import classify


def _tested_day(case: ClaimCase, law: Parameters) -> date:
    """Return the day that must lie in the time of the policy (A-02)."""
    plan = case.claim.plan
    return {
        "training_start": plan.starts_on,
        "completion": case.completed_on or plan.ends_on,
        "claim": case.claim.claimed_on,
    }[law.validity_date]


def measure_in_force(case: ClaimCase, law: Parameters) -> Answer:
    """The measure is one of those that this edition grants (DL-1-a)."""
    return PASSED if case.claim.measure in law.measures else failed()


def policy_has_begun(case: ClaimCase, law: Parameters) -> Answer:
    """The training does not precede the notice (DL-6-b)."""
    day = _tested_day(case, law)
    if day >= law.valid_from:
        return PASSED
    return failed(day=day.isoformat(), valid_from=law.valid_from.isoformat())


def policy_has_not_ended(case: ClaimCase, law: Parameters) -> Answer:
    """The training lies in the epidemic period, which has no end until one is declared (DL-6-a)."""
    day, ended_on = _tested_day(case, law), case.claim.period_ended_on
    if ended_on is None or day <= ended_on:
        return PASSED
    return failed(day=day.isoformat(), ended_on=ended_on.isoformat())


def provincial_basis_in_force(case: ClaimCase, law: Parameters) -> Answer:
    """The provincial notice, or an extension on record, covers the training (LN-4-b)."""
    day = _tested_day(case, law)
    valid_to = case.claim.province_extended_to or law.provincial_valid_to
    if day <= valid_to:
        return PASSED
    return warned(day=day.isoformat(), valid_to=valid_to.isoformat())


def not_a_dispatch_company(case: ClaimCase, _law: Parameters) -> Answer:
    """Labour-dispatch companies are excluded as applicants (DL-1-b)."""
    dispatch_company = case.claim.enterprise.dispatch_company
    if dispatch_company is None:
        return no_data()
    return failed() if dispatch_company else PASSED


def small_or_medium(case: ClaimCase, law: Parameters) -> Answer:
    """The enterprise is medium, small or micro under the standard in force (LN-1.4-a)."""
    applicant = case.claim.enterprise
    size = classify(
        applicant.industry, applicant.headcount, applicant.revenue_wan, applicant.assets_wan
    )
    if size.is_sme:
        return PASSED
    data = {"explanation": size.explanation_zh, "figures_on": law.sme_figures_on.isoformat()}
    return no_data(**data) if size.is_sme is None else failed(standard=law.sme_standard, **data)


def legal_person(case: ClaimCase, _law: Parameters) -> Answer:
    """The enterprise is a legal person of its own (LN-1.4-a, A-31)."""
    form = case.claim.enterprise.legal_form
    if form is None:
        return no_data()
    return PASSED if form is LegalForm.LEGAL_PERSON else failed(form=form.value)


def registered_in_liaoning(case: ClaimCase, _law: Parameters) -> Answer:
    """The enterprise is registered in Liaoning (LN-1.4-a)."""
    registered = case.claim.enterprise.registered_in_liaoning
    if registered is None:
        return no_data()
    return PASSED if registered else failed()


def enterprise_verified(case: ClaimCase, _law: Parameters) -> Answer:
    """An officer has compared the enterprise with its papers (DL-4.2-b)."""
    return PASSED if case.claim.enterprise.verified else failed()


def not_blacklisted(case: ClaimCase, _law: Parameters) -> Answer:
    """The enterprise is not barred for false claims (LN-3.3-c)."""
    return barred(case.claim.enterprise)


def barred(applicant: EnterpriseFacts) -> Answer:
    """Answer since when and by which document an applicant is barred, if it is (LN-3.3-c)."""
    if not applicant.blacklisted:
        return PASSED
    since = applicant.blacklisted_since
    return failed(
        since=since.isoformat() if since else "", document=applicant.blacklisting_document
    )


def before_the_right_authority(case: ClaimCase, law: Parameters) -> Answer:
    """Who pays unemployment insurance at provincial level goes to the centre (LN-1.2-d)."""
    insurance = case.claim.enterprise.insurance
    if insurance is None:
        return no_data()
    if (insurance is InsuranceLevel.PROVINCE) == case.claim.handled_by_centre:
        return PASSED
    return failed(insurance=insurance.value, centre=law.provincial_centre)
