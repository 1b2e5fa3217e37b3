"""How many cases of a bureau await each step? The same work however many there are."""

from typing import Any, Final

from sqlalchemy import Integer, Row, and_, func, literal_column, select, text, true, union_all

from app.actors import Officer
from app.models import WorklistCount, WorklistEntry
from app.office import Desk
from app.policy.awaiting import STEPS, Awaited
from app.schemas.worklist import StepCount, WorkCounts

_FOLD_AT: Final = 1_000
_FOLD: Final = text("SELECT fold_worklist()")


async def counts(desk: Desk[Officer]) -> WorkCounts:
    """Return how many cases await each step; folds what came in since, when it is much."""
    fresh = select(
        WorklistEntry.step, WorklistEntry.since, WorklistEntry.due_on,
        literal_column("1", Integer), true(),
    ).where(~WorklistEntry.counted)  # fmt: skip
    known = select(
        WorklistCount.step, WorklistCount.since, WorklistCount.due_on, WorklistCount.cases,
        (WorklistCount.cases < 0).label("loose"),
    )  # fmt: skip
    every = union_all(known, fresh).subquery("every")
    step, since, due_on, cases, loose = every.c
    begun = since <= desk.today
    query = select(
        step,
        func.coalesce(func.sum(cases).filter(begun), 0).label("waiting"),
        func.coalesce(func.sum(cases).filter(and_(begun, due_on < desk.today)), 0).label("overdue"),
        func.coalesce(func.sum(cases).filter(~begun), 0).label("to_come"),
        func.count().filter(loose).label("loose"),
    ).group_by(step)
    found = {row.step: row for row in await desk.db.execute(query)}
    if sum(row.loose for row in found.values()) > _FOLD_AT:
        await desk.db.execute(_FOLD)
    told = [_count(step, found.get(step.name)) for step in STEPS]
    return WorkCounts(
        today=desk.today,
        waiting=sum(each.waiting for each in told),
        overdue=sum(each.overdue for each in told),
        steps=told,
    )


def _count(step: Awaited, row: Row[Any] | None) -> StepCount:
    return StepCount(
        step=step.name,
        title=step.title_zh,
        duty=step.duty,
        state=step.state,
        state_zh=step.state_zh,
        waiting=row.waiting if row else 0,
        overdue=row.overdue if row else 0,
        to_come=row.to_come if row else 0,
    )
