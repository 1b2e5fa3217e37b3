"""May this person be counted: who he is, whose employee, and what he already received?"""

from app.policy.case import LineCase
from app.policy.facts import Employment, Material
from app.policy.findings import PASSED, Answer, failed, no_data, warned
from app.policy.identifiers import InvalidIdentifier, uscc
from app.policy.papers import stated
from app.policy.parameters import Parameters


def id_valid(case: LineCase, _law: Parameters) -> Answer:
    """The person is named by a valid resident ID (LN-1.2-f)."""
    return PASSED if case.person.id_valid else failed()


def once_on_roster(case: LineCase, _law: Parameters) -> Answer:
    """The person stands on the roster once (LN-1.2-f)."""
    return failed() if case.person.twice_on_roster else PASSED


def employed_at_every_session(case: LineCase, _law: Parameters) -> Answer:
    """The person was employed on the day of each counted session (LN-F-c2a, A-27)."""
    hired_on, left_on = case.person.hired_on, case.person.left_on
    first_day, last_day = case.learned.first_day, case.learned.last_day
    if hired_on is None:
        return no_data()
    if first_day is None or last_day is None:
        return PASSED
    if hired_on > first_day:
        return failed(hired_on=hired_on.isoformat(), left_on="—", day=first_day.isoformat())
    if left_on is not None and left_on < last_day:
        return failed(
            hired_on=hired_on.isoformat(), left_on=left_on.isoformat(), day=last_day.isoformat()
        )
    return PASSED


def still_employed_at_claim(case: LineCase, _law: Parameters) -> Answer:
    """The person is still the enterprise's employee when it claims (LN-F-c2b)."""
    left_on, claimed_on = case.person.left_on, case.claim.claimed_on
    left_before = left_on is not None and left_on < claimed_on
    if case.person.still_employed and not left_before:
        return PASSED
    if case.person.still_employed is None and not left_before:
        return no_data()
    left = left_on.isoformat() if left_on else "—"
    return failed(left_on=left, claimed_on=claimed_on.isoformat())


def post_named(case: LineCase, _law: Parameters) -> Answer:
    """The person's post has a name (DL-4.2-c, A-11)."""
    return PASSED if case.person.post.strip() else failed()


def frontline(case: LineCase, _law: Parameters) -> Answer:
    """The person works on the front line (LN-1.4-b)."""
    if case.person.frontline is None:
        return no_data()
    return PASSED if case.person.frontline else failed(post=case.person.post)


def post_sounds_frontline(case: LineCase, law: Parameters) -> Answer:
    """The name of the post gives no reason to doubt the front line (A-11)."""
    post = case.person.post
    for word in law.non_frontline_words:
        if word in post:
            return warned(post=post, word=word)
    return PASSED


def dispatch_documented(case: LineCase, _law: Parameters) -> Answer:
    """A dispatched worker's company, its code and the agreement are on record (DL-1-d)."""
    person = case.person
    if person.employment is not Employment.DISPATCHED:
        return PASSED
    plan, agreement = case.claim.plan, Material.DISPATCH_AGREEMENT
    told = {
        "dispatch_company": bool(person.dispatch_company.strip()),
        "dispatch_uscc": bool(person.dispatch_uscc.strip()),
        stated(agreement, plan.withheld.get(agreement)): (
            agreement in plan.materials | case.claim.materials
        ),
    }
    missing = ",".join(name for name, is_told in told.items() if not is_told)
    if missing:
        return no_data(missing=missing)
    try:
        uscc(person.dispatch_uscc)
    except InvalidIdentifier:
        return failed(company=person.dispatch_company)
    return PASSED


def no_overlap(case: LineCase, law: Parameters) -> Answer:
    """No other project of the person, at any enterprise, holds some of these days (LN-1.3-f)."""
    plan = case.claim.plan
    if not case.person.occupied or case.claim.measure not in law.sequence_measures:
        return PASSED
    return failed(starts_on=plan.starts_on.isoformat(), ends_on=plan.ends_on.isoformat())


def not_yet_subsidised(case: LineCase, _law: Parameters) -> Answer:
    """The person has not received a subsidy for this project (DL-2.3-g)."""
    return failed() if case.person.already_subsidised else PASSED


def fewer_than_the_limit(case: LineCase, law: Parameters) -> Answer:
    """The person has received fewer subsidies in the period than allowed (DL-3.2-e)."""
    counted, limit = case.person.counted, law.subsidies_per_person
    applies = law.subsidies_limit_strict and case.claim.measure in law.counted_measures
    return failed(counted=counted, limit=limit) if applies and counted >= limit else PASSED


def fewer_than_the_provincial_limit(case: LineCase, law: Parameters) -> Answer:
    """In principle three times, where the city's stricter sentence does not apply (LN-1.3-e)."""
    counted, limit = case.person.counted, law.provincial_subsidies_per_person
    applies = not law.subsidies_limit_strict and case.claim.measure in law.counted_measures
    return warned(counted=counted, limit=limit) if applies and counted >= limit else PASSED


def no_certificate_subsidy_beside(case: LineCase, _law: Parameters) -> Answer:
    """The same training did not also bring a subsidy for a certificate (A-29)."""
    return warned() if case.person.certificate_subsidised else PASSED


def passed_its_test(case: LineCase, _law: Parameters) -> Answer:
    """Where the plan ends in a test, the person passed it (A-13)."""
    if not case.claim.plan.tested or case.person.test_passed:
        return PASSED
    return no_data() if case.person.test_passed is None else failed()
