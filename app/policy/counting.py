"""Which session brought which seconds? The same count as `app.policy.learning`, told row by row.

`learn` gives the sums and is asked for every claim; this gives what each session adds to them, so
that an auditor can add up by hand. Of sessions alike in all the first in the record counts.
"""

from collections.abc import Sequence
from typing import NamedTuple

from app.policy.facts import Session
from app.policy.learning import Syllabus, is_suspended


class Counted(NamedTuple):
    """What one session brings, in seconds.

    ``own`` lie in it and in no session that began earlier, ``seconds`` of these fit into what was
    filed for its course. ``hours`` are its whole class hours, where the course is cut so.
    """

    own: int = 0
    seconds: int = 0
    hours: int = 0


class CourseSum(NamedTuple):
    """What the sessions of one course add up to: seconds before and after the cut, class hours.

    ``hours`` is None for a course whose seconds are added to those of the others first.
    """

    number: int
    sessions: int
    own: int
    seconds: int
    filed: int
    hours: int | None


class Count(NamedTuple):
    """What each session brings, in the order asked, what each course does, and the sum."""

    sessions: tuple[Counted, ...]
    courses: tuple[CourseSum, ...]
    seconds: int
    hours: int


_NOTHING = Counted()


def count(sessions: Sequence[Session], plan: Syllabus) -> Count:
    """Return what every session brings; the sums are those of `learn`."""
    covered = plan.opens
    own = dict.fromkeys(plan.courses, 0)
    told = [_NOTHING] * len(sessions)
    for start, stop, course, place in _fitting(sessions, plan):
        begin = max(covered, start)
        if stop <= begin:
            continue
        covered, length = stop, stop - begin
        room = max(plan.courses[course].seconds - own[course], 0)
        told[place] = Counted(length, min(length, room), length // plan.class_hour)
        own[course] += length
    courses = tuple(_sum(number, sessions, told, plan) for number in plan.courses)
    seconds = sum(course.seconds for course in courses)
    cumulative = sum(course.seconds for course in courses if course.hours is None)
    whole = sum(course.hours or 0 for course in courses)
    return Count(tuple(told), courses, seconds, whole + cumulative // plan.class_hour)


def _fitting(sessions: Sequence[Session], plan: Syllabus) -> list[tuple[int, int, int, int]]:
    """Return the sessions that fit the plan as start, stop, course and place, by their starts."""
    stopped = (
        (start, min(end, start + stated), course, place)
        for place, (course, start, end, stated) in enumerate(sessions)
        if course in plan.courses and start >= plan.opens and end <= plan.closes
    )
    return sorted(
        (start, stop, course, place)
        for start, stop, course, place in stopped
        if not is_suspended(start, stop, plan.suspended)
    )


def _sum(
    number: int, sessions: Sequence[Session], told: Sequence[Counted], plan: Syllabus
) -> CourseSum:
    filed = plan.courses[number]
    brought = [
        each for one, each in zip(sessions, told, strict=True) if one.course == number and each.own
    ]
    whole = min(sum(each.hours for each in brought), filed.class_hours)
    return CourseSum(
        number=number,
        sessions=len(brought),
        own=sum(each.own for each in brought),
        seconds=sum(each.seconds for each in brought),
        filed=filed.seconds,
        hours=None if filed.cumulative else whole,
    )
