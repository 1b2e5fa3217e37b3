"""How is a traced session told, with the row it was read from and why it counts less?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from app import clock
from app.policy.counting import Count, Counted
from app.policy.facts import PlanFacts, Session
from app.policy.findings import Finding
from app.schemas.findings import FindingRead
from app.schemas.tracing import CourseTotal, Figures, SessionSource
from app.services.rows_behind import Behind, Difference, session_of

_TEXTS = {
    Difference.ALTERED: "{where}：记录已被改动。决定所依据的是 {was}，记录现为 {now}。",
    Difference.MISSING: "决定所依据的一次学习（{was}）已没有对应的记录。",
    Difference.ADDED: "{where}：该记录（{now}）不在决定所依据的学习之内。",
}


Keys = Mapping[tuple[UUID, int], str]
"""The platforms' own keys of the rows that they pushed, by batch and row."""


@dataclass(frozen=True, slots=True)
class Told:
    """The plan of a person, what each of his sessions brings, and why it brings less."""

    plan: PlanFacts
    count: Count
    reasons: Sequence[tuple[Finding, ...]]


def session(
    each: Behind, person: Told, files: Mapping[UUID, Row[Any]], keys: Keys
) -> SessionSource:
    """Return one session as it was decided on, or a row that was not decided on."""
    told, row = each.session, each.row
    brought = Counted() if each.place is None else person.count.sessions[each.place]
    why = () if each.place is None else person.reasons[each.place]
    names = {course.number: course.name for course in person.plan.courses}
    return SessionSource(
        **_times(told),
        course=row.course if row is not None else names.get(told.course, ""),
        day=_moment(told.start).date(),
        own_seconds=brought.own,
        counted_seconds=brought.seconds,
        reasons=[FindingRead.of(one) for one in why],
        beyond_filed=brought.seconds < brought.own,
        record_id=row.id if row is not None else None,
        batch_id=row.batch_id if row is not None else None,
        row=row.row if row is not None else None,
        filename=files[row.batch_id].filename if row is not None else None,
        key=keys.get((row.batch_id, row.row)) if row is not None else None,
        difference=each.difference,
        now=_now(each),
    )


def courses(count: Count, plan: PlanFacts) -> list[CourseTotal]:
    """Return what each course adds up to."""
    names = {course.number: course.name for course in plan.courses}
    return [
        CourseTotal(
            number=each.number,
            name=names[each.number],
            sessions=each.sessions,
            own_seconds=each.own,
            filed_seconds=each.filed,
            counted_seconds=each.seconds,
            class_hours=each.hours,
        )
        for each in count.courses
    ]


def differences(found: Sequence[Behind], files: Mapping[UUID, Row[Any]]) -> list[str]:
    """Return, line by line, where a row is not what the decision rests on."""
    return [
        _TEXTS[each.difference].format(
            where=_where(each.row, files),
            was=_in_words(each.session),
            now=_in_words(each.session if each.row is None else session_of(each.row)),
        )
        for each in found
        if each.difference
    ]


def _where(row: Row[Any] | None, files: Mapping[UUID, Row[Any]]) -> str:
    if row is None:
        return ""
    return f"学习记录 {row.id}（{files[row.batch_id].filename} 第 {row.row} 行）"


def _in_words(told: Session) -> str:
    start, end = _moment(told.start), _moment(told.end)
    return f"课程{told.course}，{start:%Y-%m-%d %H:%M:%S} 至 {end:%H:%M:%S}，{told.stated} 秒"


def _now(each: Behind) -> Figures | None:
    if each.difference is not Difference.ALTERED or each.row is None:
        return None
    return Figures(**_times(session_of(each.row)))


def _times(told: Session) -> dict[str, Any]:
    return {
        "course_number": told.course,
        "started_at": _moment(told.start),
        "ended_at": _moment(told.end),
        "stated_seconds": told.stated,
    }


def _moment(second: int) -> datetime:
    """Return the moment of a second on the clock of ``Session``."""
    return datetime.fromtimestamp(second, UTC).replace(tzinfo=clock.SHANGHAI)
