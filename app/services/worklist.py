"""Which cases await the officers of a bureau, and in which order?

The list is asked tray by tray: a tray is one step, taken or not, with or without open signals. Each
is a short scan of one index in the order asked for, so that a page costs the same whatever the
list's length; what the trays give is merged.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    Select,
    Text,
    and_,
    func,
    literal,
    select,
    text,
    true,
    tuple_,
)

from app.actors import Officer
from app.models import Enterprise, Notice, Objection, WorklistEntry
from app.office import Desk
from app.policy.awaiting import BY_NAME, STEPS, Awaited, is_overdue
from app.schemas.worklist import Hold, Order, WorkItem, WorkPage

_NO_DAY: Final = date(9999, 12, 31)
"""The due day of what has none: it stands at the end of the list."""
_FEW: Final = 500
_NAME: Final = func.coalesce(Enterprise.name, Notice.enterprise_name, "")
_TOLD: Final = (
    select(*WorklistEntry.__table__.c, _NAME.label("enterprise_name"))
    .outerjoin(Enterprise, Enterprise.id == WorklistEntry.enterprise_id)
    .outerjoin(Objection, Objection.id == WorklistEntry.case_id)
    .outerjoin(Notice, Notice.id == Objection.notice_id)
)
"""An objection to a notice of several enterprises is told by the notice's name."""
_PLAN_ANEW: Final = text("SET LOCAL plan_cache_mode = force_custom_plan")
"""A plan for any range takes every range for rare, and sorts whole trays."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for; ``until`` bounds the day by which the list is ordered."""

    step: str | None = None
    state: str | None = None
    duty: str | None = None
    hold: Hold | None = None
    signals: bool | None = None
    amount_from: Decimal | None = None
    amount_to: Decimal | None = None
    until: date | None = None
    order: Order = Order.DUE
    after: tuple[date, UUID] | None = None
    limit: int = 20

    @property
    def steps(self) -> list[Awaited]:
        """The steps that are asked for."""
        return [
            step
            for step in STEPS
            if self.step in {None, step.name}
            and self.state in {None, step.state}
            and self.duty in {None, step.duty}
        ]


def place(told: str | None) -> tuple[date, UUID] | None:
    """Return the place after which a page begins, as the page before it told."""
    if told is None:
        return None
    day, _, case_id = told.partition("_")
    return date.fromisoformat(day), UUID(case_id)


async def listed(desk: Desk[Officer], asked: Asked) -> WorkPage:
    """Return a page of the cases that await the bureau's officers today."""
    if not asked.steps:
        return WorkPage(items=[])
    day = _day(asked)
    query = await _of_few(desk, asked)
    if query is None:
        query = _by_trays(desk, asked)
    waiting = query.subquery("waiting")
    page = _TOLD.join(waiting, waiting.c.case_id == WorklistEntry.case_id)
    ordered = page.order_by(waiting.c[day.key], waiting.c.case_id)
    rows = list(await desk.db.execute(ordered))
    shown = rows[: asked.limit]
    following = None
    if len(rows) > asked.limit:
        last = shown[-1]
        following = f"{getattr(last, day.key)}_{last.case_id}"
    return WorkPage(items=[_item(desk, row) for row in shown], next=following)


async def item(desk: Desk[Officer], case_id: UUID) -> WorkItem:
    """Return one case of the list."""
    found = await desk.db.execute(_TOLD.where(WorklistEntry.case_id == case_id))
    return _item(desk, found.one())


def _day(asked: Asked) -> Any:  # noqa: ANN401  a column
    return WorklistEntry.due_on if asked.order is Order.DUE else WorklistEntry.since


def _by_trays(desk: Desk[Officer], asked: Asked) -> Select[Any]:
    taken = {Hold.NOBODY: (False,), Hold.SOMEBODY: (True,)}.get(asked.hold or Hold.MINE)
    flagged = (False, True) if asked.signals is None else (asked.signals,)
    trays = list(product([step.name for step in asked.steps], taken or (False, True), flagged))
    names, holds, flags = zip(*trays, strict=True)
    tray = (
        func.unnest(
            literal(list(names), ARRAY(Text)),
            literal(list(holds), ARRAY(Boolean)),
            literal(list(flags), ARRAY(Boolean)),
        )
        .table_valued("step", "taken", "flagged", name="tray")
        .render_derived()
    )
    of_tray = and_(
        WorklistEntry.step == tray.c.step,
        WorklistEntry.taken == tray.c.taken,
        WorklistEntry.flagged == tray.c.flagged,
    )
    found = _within(asked, _ordered(desk, asked, of_tray).correlate(tray)).lateral("found")
    day = found.c[_day(asked).key]
    return (
        select(*found.c)
        .select_from(tray.join(found, true()))
        .order_by(day, found.c.case_id)
        .limit(asked.limit + 1)
    )


def _within(asked: Asked, ordered: Select[Any]) -> Select[Any]:
    """Return what of a tray lies in the range of amounts, met while the tray is walked in order."""
    if asked.amount_from is None and asked.amount_to is None:
        return ordered
    # The offset of nothing keeps the range out of the walk: by the index of amounts the planner
    # would fetch and sort all that lies in the range, once for each tray. What is met keeps the
    # walk's order; asked to sort once more, the planner would walk to the end and sort the tray.
    walked = ordered.limit(None).offset(0).lateral("walked")
    return select(walked).where(*_amounts(asked, walked.c.fen)).limit(asked.limit + 1)


async def _of_few(desk: Desk[Officer], asked: Asked) -> Select[Any] | None:
    """Return the query among what one officer holds, or among a rare amount; else nothing."""
    others: list[ColumnElement[bool]] = []
    if asked.hold is Hold.NOBODY:
        others = [~WorklistEntry.taken]
    if asked.hold is Hold.SOMEBODY:
        others = [WorklistEntry.taken.is_(True)]
    if asked.signals is not None:
        others.append(WorklistEntry.flagged == asked.signals)
    others.append(WorklistEntry.step.in_([step.name for step in asked.steps]))
    if asked.hold is Hold.MINE:
        mine = WorklistEntry.holder == desk.actor.account_id
        return _ordered(desk, asked, mine, *others, *_amounts(asked))
    amounts = _amounts(asked)
    if not amounts:
        return None
    # In the order of an index, so that it is walked whatever the planner thinks of the range.
    within = select(WorklistEntry.case_id).where(*amounts).order_by(WorklistEntry.fen)
    few = within.limit(_FEW + 1).cte("few").prefix_with("MATERIALIZED")
    found = await desk.db.execute(select(func.count()).select_from(few))
    if found.scalar_one() > _FEW:
        await desk.db.execute(_PLAN_ANEW)
        return None
    return _ordered(desk, asked, WorklistEntry.case_id.in_(select(few.c.case_id)), *others)


def _ordered(desk: Desk[Officer], asked: Asked, *conditions: ColumnElement[bool]) -> Select[Any]:
    """Return the query of which cases wait today under these conditions, in the order asked for.

    Only what places a case; SQLAlchemy makes an object of each column of each query on the way up.
    """
    day = _day(asked)
    placed = select(WorklistEntry.case_id, day, WorklistEntry.fen)
    query = placed.where(WorklistEntry.since <= desk.today, *conditions)
    if asked.until is not None:
        query = query.where(day <= asked.until)
    if asked.after is not None:
        query = query.where(tuple_(day, WorklistEntry.case_id) > tuple_(*asked.after))
    return query.order_by(day, WorklistEntry.case_id).limit(asked.limit + 1)


def _amounts(asked: Asked, fen: Any = WorklistEntry.fen) -> list[ColumnElement[bool]]:  # noqa: ANN401  a column
    bounds: Iterable[tuple[Decimal | None, Any]] = (
        (asked.amount_from, fen.__ge__), (asked.amount_to, fen.__le__),
    )  # fmt: skip
    return [bounded(int(bound * 100)) for bound, bounded in bounds if bound is not None]


def _item(desk: Desk[Officer], row: Any) -> WorkItem:  # noqa: ANN401  a row
    step = BY_NAME[row.step]
    due_on = None if row.due_on == _NO_DAY else row.due_on
    return WorkItem(
        **{**row._mapping, "due_on": due_on},
        id=row.case_id,
        state=step.state,
        state_zh=step.state_zh,
        step_title=step.title_zh,
        duty=step.duty,
        overdue=is_overdue(due_on, desk.today),
    )
