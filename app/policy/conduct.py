"""Was the class carried out as filed: courses, hours, dates, people, and by whom?"""

from app.policy.case import ClaimCase
from app.policy.facts import PlanFacts
from app.policy.findings import PASSED, Answer, failed, no_data, warned
from app.policy.kinds import Mode
from app.policy.learning import DAY, day_of, filed_hours, midnight, syllabus, taught
from app.policy.parameters import Parameters


def commission_documented(case: ClaimCase, _law: Parameters) -> Answer:
    """A commissioned institution is named, and how it trains beside work (DL-3.2-d)."""
    plan = case.claim.plan
    if plan.commission is None:
        return PASSED
    stated = {
        "commission_institution": bool(plan.commission.institution.strip()),
        "organisation": plan.organisation is not None,
    }
    missing = ",".join(name for name, is_stated in stated.items() if not is_stated)
    return failed(missing=missing) if missing else PASSED


def class_not_suspended(case: ClaimCase, _law: Parameters) -> Answer:
    """No officer suspended the class; learning on suspended days counts nothing (DL-1-c)."""
    suspensions = case.claim.plan.suspensions
    if not suspensions:
        return PASSED
    last = max(suspensions, key=lambda each: each.from_day)
    ended = last.to_day.isoformat() if last.to_day else "—"
    return warned(from_day=last.from_day.isoformat(), to_day=ended, why=last.reason)


def courses_as_planned(case: ClaimCase, law: Parameters) -> Answer:
    """What was taught are the filed courses, all of them and no other (LN-1.2-b)."""
    plan = case.claim.plan
    done = taught(case.claim.persons, case.learned, syllabus(plan, law), filed_hours(plan))
    untaught = "、".join(each.name for each in plan.courses if each.number not in done)
    filed = {course.number for course in plan.courses}
    unfiled = sum(course not in filed for course, *_ in _misfits(case))
    if not (untaught or unfiled):
        return PASSED
    return warned(untaught=untaught or "—", unfiled=unfiled)


def dates_as_planned(case: ClaimCase, _law: Parameters) -> Answer:
    """Learning lies inside the filed dates (LN-1.2-b)."""
    opens, closes = _filed_seconds(case.claim.plan)
    outside = [start for _, start, end, _ in _misfits(case) if start < opens or end > closes]
    if not outside:
        return PASSED
    return warned(rows=len(outside), day=day_of(min(outside)).isoformat())


def people_as_planned(case: ClaimCase, _law: Parameters) -> Answer:
    """Everybody who was enrolled took part (LN-1.2-b)."""
    absent = sum(each.first_day is None for each in case.learned)
    return warned(absent=absent, enrolled=len(case.learned)) if absent else PASSED


def hours_as_planned(case: ClaimCase, _law: Parameters) -> Answer:
    """Who took part took part in all filed class hours (LN-1.2-b)."""
    filed = filed_hours(case.claim.plan)
    short = sum(each.hours < filed for each in case.learned if each.first_day is not None)
    return warned(short=short, filed=filed) if short else PASSED


def offline_part_done(case: ClaimCase, _law: Parameters) -> Answer:
    """The offline rest of a converted class is done, else the case stays open (DL-3.5-b)."""
    plan = case.claim.plan
    if not plan.converted_from_offline:
        return PASSED
    offline = [each for each in plan.courses if each.mode is Mode.OFFLINE]
    held = {course for person in case.claim.persons for course, *_ in person.sessions}
    waiting = sum(each.class_hours for each in offline if each.number not in held)
    return failed(waiting=waiting) if waiting else PASSED


def online_while_suspended(case: ClaimCase, law: Parameters) -> Answer:
    """Institutions train online only until offline training is resumed (DL-3.4-a, LN-2-a)."""
    if law.offline_institution_allowed:
        return PASSED
    plan, resumed_on = case.claim.plan, case.claim.offline_resumed_on
    if plan.mode is Mode.OFFLINE and (resumed_on is None or plan.starts_on < resumed_on):
        return failed(day=plan.starts_on.isoformat())
    offline = {each.number for each in plan.courses if each.mode is Mode.OFFLINE}
    days = {
        day_of(start)
        for person in case.claim.persons
        for course, start, *_ in person.sessions
        if course in offline
    }
    early = [day for day in days if resumed_on is None or day < resumed_on]
    return failed(day=min(early).isoformat()) if early else PASSED


def level_stated(case: ClaimCase, _law: Parameters) -> Answer:
    """The plan names the level of the trade, by which its rate is found (LN-1.2-a)."""
    return PASSED if case.claim.plan.level else no_data()


def _filed_seconds(plan: PlanFacts) -> tuple[int, int]:
    return midnight(plan.starts_on), midnight(plan.ends_on) + DAY


def _misfits(case: ClaimCase) -> list[tuple[int, int, int, int]]:
    """Return the sessions of everybody for whom some did not count by course or date."""
    return [
        session
        for person, done in zip(case.claim.persons, case.learned, strict=True)
        if done.misfits
        for session in person.sessions
    ]
