"""How much did a person verifiably learn? Minutes and class hours from the record of sessions.

A second counts once, however many sessions claim it: it belongs to the session that began first;
of two that began together to the one that ended first, then to the course with the lower number.
A session lasts no longer than its clock and no longer than the record states, measured from its
start. The order of the record therefore changes nothing.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final, NamedTuple

from app.policy.facts import Mode, PersonFacts, PlanFacts, Session
from app.policy.parameters import Parameters
from app.policy.timetable import Timetable

DAY: Final = 86_400
"""Seconds of a day."""

_FIRST_DAY: Final = date(1970, 1, 1).toordinal()


class FiledCourse(NamedTuple):
    """What a course may bring at most: seconds and class hours.

    ``cumulative`` tells that its seconds are added up before they are cut to class hours.
    """

    seconds: int
    class_hours: int
    cumulative: bool


class Syllabus(NamedTuple):
    """The filed plan as learning is measured by it: from and before which second, which courses.

    ``class_hour`` is the length of a class hour in seconds; ``suspended`` are the stretches on
    which an officer suspended the class.
    """

    opens: int
    closes: int
    class_hour: int
    courses: Mapping[int, FiledCourse]
    suspended: tuple[tuple[int, int], ...] = ()


class Learned(NamedTuple):
    """What one person verifiably learned, and the days of his first and last counted session.

    ``misfits`` counts the sessions that do not fit the plan at all.
    """

    minutes: int
    hours: int
    first_day: date | None
    last_day: date | None
    misfits: int = 0


def midnight(day: date) -> int:
    """Return the second at which *day* begins, on the clock of ``Session``."""
    return (day.toordinal() - _FIRST_DAY) * DAY


def day_of(second: int) -> date:
    """Return the day in which *second* lies."""
    return date.fromordinal(second // DAY + _FIRST_DAY)


def syllabus(plan: PlanFacts, law: Parameters) -> Syllabus:
    """Return what may count: after the day of approval, inside the filed dates, filed courses."""
    class_hour = law.class_hour_minutes * 60
    opens, closes = _window(plan)
    courses = {
        course.number: FiledCourse(
            course.class_hours * class_hour,
            course.class_hours,
            (law.online_rounding if course.mode is Mode.ONLINE else law.offline_rounding)
            == "cumulative",
        )
        for course in plan.courses
    }
    return Syllabus(opens, closes, class_hour, courses, suspended_seconds(plan, closes))


def suspended_seconds(plan: Timetable, closes: int) -> tuple[tuple[int, int], ...]:
    """Return from and before which seconds the class was suspended (DL-1-c)."""
    return tuple(
        (midnight(each.from_day), midnight(each.to_day) + DAY if each.to_day else closes)
        for each in plan.suspensions
    )


def is_suspended(start: int, end: int, suspended: Iterable[tuple[int, int]]) -> bool:
    """Tell whether a session touches a stretch on which the class was suspended."""
    return any(start < until and end > since for since, until in suspended)


def _window(plan: PlanFacts) -> tuple[int, int]:
    """Return the first second that can count, and the first that no longer can."""
    closes = midnight(plan.ends_on) + DAY
    if plan.approved_on is None:
        return closes, closes
    return max(midnight(plan.starts_on), midnight(plan.approved_on) + DAY), closes


def learn(sessions: Iterable[Session], plan: Syllabus) -> Learned:
    """Return what the sessions bring: one pass over them in the order of their starts."""
    opens, closes, class_hour, courses, suspended = plan
    sessions = tuple(sessions)
    fitting = [
        (start, end if end - start < stated else start + stated, course)
        for course, start, end, stated in sessions
        if course in courses and start >= opens and end <= closes
    ]
    if suspended:
        fitting = [
            (start, stop, course)
            for start, stop, course in fitting
            if not is_suspended(start, stop, suspended)
        ]
    misfits = len(sessions) - len(fitting)
    fitting.sort()
    seconds = dict.fromkeys(courses, 0)
    whole_hours = dict.fromkeys(courses, 0)
    first: int | None = None
    covered = opens
    for start, stop, course in fitting:
        begin = start if start > covered else covered  # noqa: FURB136  max() is a call per session
        if stop > begin:
            first = begin if first is None else first
            covered = stop
            spent = stop - begin
            seconds[course] += spent
            whole_hours[course] += spent // class_hour
    if first is None:
        return Learned(0, 0, None, None, misfits)
    minutes, hours = _counted(seconds, whole_hours, plan)
    return Learned(minutes, hours, day_of(first), day_of(covered - 1), misfits)


def _counted(
    seconds: Mapping[int, int], whole_hours: Mapping[int, int], plan: Syllabus
) -> tuple[int, int]:
    """Cut what was learned to what was filed, course by course; return minutes, class hours."""
    verified = cumulative = hours = 0
    for number, filed in plan.courses.items():
        counted = min(seconds[number], filed.seconds)
        verified += counted
        if filed.cumulative:
            cumulative += counted
        else:
            hours += min(whole_hours[number], filed.class_hours)
    return verified // 60, hours + cumulative // plan.class_hour


NOTHING_LEARNED: Final = Learned(0, 0, None, None)


def completion_day(learned: Iterable[Learned]) -> date | None:
    """Return the day of the last counted session of the class (A-09)."""
    return max((each.last_day for each in learned if each.last_day), default=None)


def last_counted_day(plan: PlanFacts, records: Iterable[Iterable[Session]]) -> date | None:
    """Return the completion day of a class without counting what each person learned."""
    opens, closes = _window(plan)
    filed = frozenset(course.number for course in plan.courses)
    suspended = suspended_seconds(plan, closes)
    stops = (
        min(end, start + stated)
        for record in records
        for course, start, end, stated in record
        if course in filed
        and start >= opens
        and end <= closes
        and end > start
        and stated > 0
        and not (suspended and is_suspended(start, min(end, start + stated), suspended))
    )
    stop = max(stops, default=None)
    return None if stop is None else day_of(stop - 1)


def taught(
    persons: Iterable[PersonFacts], learned: Iterable[Learned], plan: Syllabus, filed: int
) -> frozenset[int]:
    """Return the numbers of the courses of which somebody's record shows learning.

    Who learned all *filed* class hours learned every course, so records are read only without him.
    """
    pairs = [
        (person, done) for person, done in zip(persons, learned, strict=True) if done.first_day
    ]
    if any(done.hours == filed for _, done in pairs):
        return frozenset(plan.courses)
    return frozenset(
        number
        for person, _ in pairs
        for number in plan.courses
        if learn((each for each in person.sessions if each.course == number), plan).first_day
    )


def filed_hours(plan: PlanFacts, mode: Mode | None = None) -> int:
    """Return the filed class hours of the plan, or of its courses in one mode."""
    hours: Counter[Mode] = Counter()
    for course in plan.courses:
        hours[course.mode] += course.class_hours
    return hours.total() if mode is None else hours[mode]
