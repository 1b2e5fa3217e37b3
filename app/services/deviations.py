"""Where does what was held deviate from what was filed (LN-1.2-b)?"""

from typing import Final
from uuid import UUID

from app.actors import Member
from app.hot import Row as HotRow
from app.models import Plan
from app.office import Desk
from app.policy import learning
from app.policy.facts import Course, PersonFacts
from app.policy.findings import Line
from app.policy.learning import Syllabus
from app.schemas.claims import Employed
from app.schemas.conduct import CourseHeld, DeviationsRead, PersonHeld
from app.schemas.findings import FindingRead
from app.services import assessments, cases

_AS_PLANNED: Final = frozenset(
    {"courses_as_planned", "dates_as_planned", "people_as_planned", "hours_as_planned"}
)
"""The rules of ``app.policy.conduct`` that compare plan and actual."""

_NOBODY: Final = Employed(still_employed=[])


async def of_plan(desk: Desk[Member], plan_id: UUID) -> DeviationsRead:
    """Return plan against actual, as the law sees the records of today.

    Raises:
        NotFound: there is no such plan, or it is another's.
        NoPolicyInForce: the plan lies outside every edition.
    """
    plan = await cases.found(desk, Plan, plan_id)
    done = await assessments.of_plan(desk, plan, _NOBODY, 0)
    filed, lines = done.facts.plan, done.result.lines
    syllabus = learning.syllabus(filed, done.law)
    hours = learning.filed_hours(filed)
    return DeviationsRead(
        starts_on=filed.starts_on,
        ends_on=filed.ends_on,
        first_day=min((line.first_day for line in lines if line.first_day), default=None),
        last_day=max((line.last_day for line in lines if line.last_day), default=None),
        findings=[FindingRead.of(one) for one in done.result.findings if one.rule in _AS_PLANNED],
        courses=[_course(each, syllabus, done.facts.persons) for each in filed.courses],
        persons=[_person(row, line, hours) for row, line in zip(done.people, lines, strict=True)],
    )


def _course(course: Course, syllabus: Syllabus, persons: tuple[PersonFacts, ...]) -> CourseHeld:
    """Return one course by itself: a second that two courses claim shows in both."""
    learned = [
        learning.learn((one for one in person.sessions if one.course == course.number), syllabus)
        for person in persons
    ]
    return CourseHeld(
        number=course.number,
        name=course.name,
        mode=course.mode,
        filed_hours=course.class_hours,
        taught_hours=max((each.hours for each in learned), default=0),
        persons=sum(each.first_day is not None for each in learned),
        persons_reached=sum(each.hours >= course.class_hours for each in learned),
    )


def _person(row: HotRow, line: Line, filed: int) -> PersonHeld:
    return PersonHeld(
        number=line.number,
        name=row.name,
        id_masked=row.id_masked,
        filed_hours=filed,
        learned_hours=line.hours,
        minutes=line.minutes,
        first_day=line.first_day,
        last_day=line.last_day,
    )
