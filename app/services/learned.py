"""What have the people of a plan learned so far, and which records show it?"""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Label, Row, select

from app.actors import Member
from app.models import LearningBatch, LearningRecord, Plan, PushedRecord, Trainee
from app.office import Desk
from app.policy import learning
from app.policy.facts import PersonFacts, PlanFacts
from app.policy.parameters import Parameters
from app.schemas.learning import LearningBatchRead, LearningRecordRead, PersonProgress
from app.services import cases, facts, law, people


async def batches(desk: Desk[Member], plan_id: UUID) -> list[LearningBatchRead]:
    """Return the imports of a plan, replaced ones included, oldest first."""
    await cases.found(desk, Plan, plan_id)
    rows = await desk.db.execute(
        select(*LearningBatch.__table__.c)
        .where(LearningBatch.plan_id == plan_id)
        .order_by(LearningBatch.id)
    )
    return [_batch(row) for row in rows]


async def records(
    desk: Desk[Member], plan_id: UUID, number: int | None, after: int, limit: int
) -> list[LearningRecordRead]:
    """Return stored sessions of a plan (of one person, if *number* is given) after an id."""
    await cases.found(desk, Plan, plan_id)
    records = LearningRecord.__table__.c
    query = (
        select(
            *records,
            Trainee.number.label("trainee_number"),
            pushed_key(records.batch_id, records.row),
        )
        .join(Trainee, Trainee.id == LearningRecord.trainee_id, isouter=True)
        .where(LearningRecord.plan_id == plan_id, LearningRecord.id > after)
        .order_by(LearningRecord.id)
        .limit(limit)
    )
    if number is not None:
        query = query.where(Trainee.number == number)
    return [LearningRecordRead.model_validate(row) for row in await desk.db.execute(query)]


async def progress(desk: Desk[Member], plan_id: UUID) -> list[PersonProgress]:
    """Return what each person of the plan has learned so far, by the rules of the law."""
    plan = await cases.found(desk, Plan, plan_id)
    applied = law.of(plan.ends_on)
    rows = await people.persons(desk, plan_id, plan.measure, applied)
    persons = tuple(people.person(row, employed=frozenset(), left={}) for row in rows)
    filed = (await facts.of_plan(desk, plan, persons, 0)).plan
    return [_progress(row, one, filed, applied) for row, one in zip(rows, persons, strict=True)]


def pushed_key(batch: ColumnElement[UUID], row: ColumnElement[int]) -> Label[str]:
    """Return the platform's own key of a record; a file's records have none."""
    return (
        select(PushedRecord.key)
        .where(PushedRecord.batch_id == batch, PushedRecord.row == row)
        .scalar_subquery()
        .label("key")
    )


def _batch(row: Row[Any]) -> LearningBatchRead:
    source = "file" if row.platform_id is None else "push"
    told = {**row._mapping, "sha256": row.sha256.hex(), "source": source}
    return LearningBatchRead.model_validate(told)


def _progress(
    row: Row[Any], person: PersonFacts, plan: PlanFacts, applied: Parameters
) -> PersonProgress:
    learned = learning.learn(person.sessions, learning.syllabus(plan, applied))
    filed = learning.filed_hours(plan)
    return PersonProgress(
        number=row.number,
        name=row.name,
        id_masked=row.id_masked,
        minutes=learned.minutes,
        class_hours=learned.hours,
        filed_hours=filed,
        completed=learned.hours >= filed * applied.completion_ratio,
        first_day=learned.first_day.isoformat() if learned.first_day else None,
        last_day=learned.last_day.isoformat() if learned.last_day else None,
    )
