"""Which rows of learning fit the plan, and why do the others count nothing or less?"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Row, select

from app.actors import Member
from app.models import Trainee
from app.office import Desk
from app.policy.facts import Session
from app.policy.findings import Finding
from app.policy.rows import row_findings
from app.policy.timetable import Timetable
from app.services import facts, rosters
from app.sheets.learning import LearningRow

_EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001  the wall clock of Shanghai, as facts.Session says


class Examined(NamedTuple):
    """A row as it came, the session that the law reads, whose it is, and what it is found to be.

    ``trainee`` is nobody if the person does not stand on the roster.
    """

    row: LearningRow
    session: Session
    trainee: UUID | None
    findings: tuple[Finding, ...]


async def examined(
    desk: Desk[Member], plan: Row[Any], rows: Sequence[LearningRow]
) -> list[Examined]:
    """Return each row with its findings, in the order of the rows."""
    persons = await rosters.identify(desk, sorted({row.resident_id for row in rows}))
    roster = await desk.db.execute(
        select(Trainee.person_id, Trainee.id).where(Trainee.plan_id == plan.id)
    )
    enrolled = {row.person_id: row.id for row in roster}
    trainees = {number: enrolled.get(person) for number, person in persons.items()}
    filed = (await facts.of_plan(desk, plan, (), 0)).plan
    # Seconds of work for a large export: beside the event loop, so that others are served.
    return await asyncio.to_thread(held_against, filed, trainees, rows)


def held_against(
    plan: Timetable, trainees: Mapping[str, UUID | None], rows: Sequence[LearningRow]
) -> list[Examined]:
    """Return each row with its findings; *trainees* tells who stands on the roster, by ID."""
    numbers = {course.name: course.number for course in plan.courses}
    by_person: dict[str, list[LearningRow]] = defaultdict(list)
    for row in rows:
        by_person[row.resident_id].append(row)
    found: list[Examined] = []
    for resident_id, of_one in by_person.items():
        trainee = trainees[resident_id]
        sessions = [_session(row, numbers.get(row.course, 0)) for row in of_one]
        reasons = row_findings(plan, sessions, on_roster=trainee is not None)
        found += [
            Examined(row, session, trainee, several)
            for row, session, several in zip(of_one, sessions, reasons, strict=True)
        ]
    return sorted(found, key=lambda one: one.row.row)


def _session(row: LearningRow, course: int) -> Session:
    start = (row.started_at - _EPOCH).total_seconds()
    end = (row.ended_at - _EPOCH).total_seconds()
    return Session(course=course, start=int(start), end=int(end), stated=row.stated_seconds)
