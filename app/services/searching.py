"""Which stored learning records fit a question: by person, plan, course, day or batch?"""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    DateTime,
    Row,
    Select,
    and_,
    func,
    literal,
    select,
    text,
    tuple_,
)

from app import clock
from app.actors import EnterpriseUser, Member
from app.errors import NotFound
from app.models import LearningBatch, LearningRecord, Plan, Trainee
from app.office import Desk
from app.policy import counting, learning
from app.schemas.searching import RecordFound, RecordSearch, RecordsFound, RecordTotals
from app.services import acts, cases, facts, law, rosters, rows_behind
from app.services.learned import pushed_key

_ENROLLED: Final = text("SELECT trainee, plan FROM enrolled_as(:digest)")
_MICROSECOND: Final = timedelta(microseconds=1)
_BEGINNING: Final = datetime(1, 1, 1, tzinfo=UTC)
Where = list[ColumnElement[bool]]


async def search(desk: Desk[Member], asked: RecordSearch) -> RecordsFound:
    """Return a page of the records that the caller may see and that fit.

    Raises:
        NotFound: no such plan or batch, or another's.
    """
    where, whose = await _asked(desk, asked)
    bounded = bool(asked.plan_id or asked.batch_id or whose is not None)
    if not bounded and isinstance(desk.actor, EnterpriseUser):
        # Its own plans are few: found by them, it needs no index of its own.
        where.append(LearningRecord.plan_id.in_(select(Plan.id)))
        bounded = True
    found = _found(where)
    # A page of a plan must not walk the bureau's records in the order of their days.
    fenced = found.cte("found").prefix_with("MATERIALIZED") if bounded else found.cte("found")
    rows = list(await desk.db.execute(_page(fenced, asked)))
    shown = rows[: asked.limit]
    return RecordsFound(
        items=[RecordFound.model_validate(row) for row in shown],
        next=_mark(shown[-1]) if len(rows) > asked.limit else None,
        totals=await _totals(desk, fenced, whose) if bounded and asked.after is None else None,
    )


async def _asked(desk: Desk[Member], asked: RecordSearch) -> tuple[Where, dict[UUID, UUID] | None]:
    """Return the conditions and, if one person is asked for, his plans by his roster entries."""
    where = _plain(asked)
    whose: dict[UUID, UUID] | None = None
    if asked.plan_id is not None:
        await cases.found(desk, Plan, asked.plan_id)
        where.append(LearningRecord.plan_id == asked.plan_id)
    if asked.batch_id is not None:
        where += await _of_batch(desk, asked.batch_id)
    if asked.number is not None and asked.plan_id is not None:
        whose = await _numbered(desk, asked.plan_id, asked.number)
    if asked.resident_id is not None:
        persons = await _enrolled(desk, asked.resident_id)
        whose = persons if whose is None else {key: persons[key] for key in whose & persons.keys()}
    if whose is not None:
        where.append(LearningRecord.plan_id.in_(whose.values()))
        where.append(LearningRecord.trainee_id.in_(whose))
    return where, whose


def _plain(asked: RecordSearch) -> Where:
    where: Where = []
    if asked.course is not None:
        where.append(LearningRecord.course == asked.course)
    if asked.first_day is not None:
        where.append(LearningRecord.started_at >= _midnight(asked.first_day))
    if asked.last_day is not None:
        where.append(LearningRecord.started_at < _midnight(asked.last_day) + timedelta(days=1))
    if asked.with_finding is not None:
        has = LearningRecord.finding.is_not(None)
        where.append(has if asked.with_finding else LearningRecord.finding.is_(None))
    if asked.standing is not None:
        gone = LearningBatch.replaced_by.is_not(None)
        where.append(gone if asked.standing == "replaced" else LearningBatch.replaced_by.is_(None))
    return where


async def _of_batch(desk: Desk[Member], batch_id: UUID) -> Where:
    plan_id = await desk.db.scalar(
        select(LearningBatch.plan_id).where(LearningBatch.id == batch_id)
    )
    if plan_id is None:
        raise NotFound("没有这个导入批次。")
    return [LearningRecord.batch_id == batch_id, LearningRecord.plan_id == plan_id]


async def _numbered(desk: Desk[Member], plan_id: UUID, number: int) -> dict[UUID, UUID]:
    rows = await desk.db.execute(
        select(Trainee.id, Trainee.plan_id).where(
            Trainee.plan_id == plan_id, Trainee.number == number
        )
    )
    return {row.id: row.plan_id for row in rows}


async def _enrolled(desk: Desk[Member], resident_id: str) -> dict[UUID, UUID]:
    """Return where a person is enrolled, as far as it is the caller's; asking leaves its trace."""
    digest = desk.office.sealer.digest(resident_id, rosters.ID)
    rows = await desk.db.execute(_ENROLLED, {"digest": digest})
    found = {row.trainee: row.plan for row in rows}
    plans = sorted({str(row) for row in found.values()})
    await acts.record(desk, "search_person", "learning_records", "", _own(desk), plans=plans)
    return found


def _own(desk: Desk[Member]) -> acts.Case:
    if isinstance(desk.actor, EnterpriseUser):
        return acts.Case(None, desk.actor.enterprise_id, None)
    return acts.Case(None, None, desk.actor.bureau)


def _found(where: Where) -> Select[*tuple[Any, ...]]:
    return (
        select(
            *LearningRecord.__table__.c,
            Trainee.number.label("trainee_number"),
            LearningBatch.replaced_by.is_not(None).label("replaced"),
        )
        .join(LearningBatch, LearningBatch.id == LearningRecord.batch_id)
        .join(Trainee, Trainee.id == LearningRecord.trainee_id, isouter=True)
        .where(and_(*where))
    )


def _page(found: CTE, asked: RecordSearch) -> Select[*tuple[Any, ...]]:
    place = (found.c.started_at, found.c.id)
    key = pushed_key(found.c.batch_id, found.c.row)
    query = select(found, key).order_by(*place).limit(asked.limit + 1)
    if asked.after is None:
        return query
    since, last = map(int, asked.after.split("-"))
    start = literal(_BEGINNING + since * _MICROSECOND, DateTime(timezone=True))
    return query.where(tuple_(*place) > tuple_(start, literal(last, BigInteger)))


def _mark(row: Row[Any]) -> str:
    return f"{(row.started_at - _BEGINNING) // _MICROSECOND}-{row.id}"


async def _totals(desk: Desk[Member], found: CTE, whose: dict[UUID, UUID] | None) -> RecordTotals:
    row = (
        await desk.db.execute(
            select(
                func.count().label("sessions"),
                func.count(found.c.finding).label("with_finding"),
                func.coalesce(func.sum(found.c.stated_seconds), 0).label("stated_seconds"),
            ).select_from(found)
        )
    ).one()
    counted = None
    if whose is not None:
        fitting = set(await desk.db.scalars(select(found.c.id)))
        counted = 0
        for trainee, plan_id in whose.items():
            counted += await _counted(desk, plan_id, trainee, fitting)
    return RecordTotals(**row._mapping, counted_seconds=counted)


async def _counted(
    desk: Desk[Member], plan_id: UUID, trainee: UUID, fitting: Collection[int]
) -> int:
    """Return the seconds that the fitting rows of one person bring, as things stand."""
    plan = await cases.found(desk, Plan, plan_id)
    filed = (await facts.of_plan(desk, plan, (), 0)).plan
    standing = frozenset(
        await desk.db.scalars(
            select(LearningBatch.id).where(
                LearningBatch.plan_id == plan_id, LearningBatch.replaced_by.is_(None)
            )
        )
    )
    told = await rows_behind.rows(desk, plan_id, trainee)
    rows = [row for row in told.get(trainee, []) if row.batch_id in standing]
    sessions = [rows_behind.session_of(row) for row in rows]
    count = counting.count(sessions, learning.syllabus(filed, law.of(plan.ends_on)))
    brought = zip(rows, count.sessions, strict=True)
    return sum(each.seconds for row, each in brought if row.id in fitting)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, clock.SHANGHAI)
