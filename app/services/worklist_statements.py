"""How is a page of the work list found at the same cost, however long the list is?

The list is asked tray by tray: a tray is one step, taken or not, with or without open signals. Each
is a short scan of one index in the order asked for; what the trays give is merged. What one officer
holds, and what lies in a rare range of amounts, is so little that it is fetched and sorted.

All statements take ``steps``, ``holds`` and ``flags`` (arrays; of trays one each), ``today``,
``until``, ``after_day`` and ``after_id`` (the place after which the page begins) and ``most``
(rows). Those of a range of amounts take ``least_fen`` and ``most_fen``, too, and those of one
officer ``account`` beside these; how many lie in a range is counted up to ``few``.
"""

from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    Integer,
    Select,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    false,
    func,
    literal_column,
    select,
    true,
    tuple_,
)

from app.hot import Hot
from app.models import Enterprise, Notice, Objection, WorklistEntry
from app.schemas.worklist import Order

FEW: Final = 2_500
"""As many are fetched and sorted sooner than the trays are walked for those in a range."""

_LIST: Final = WorklistEntry.__table__.c
_DAYS: Final = {Order.DUE: "due_on", Order.AGE: "since"}
_STEPS: Final = bindparam("steps", type_=ARRAY(Text))
_HOLDS: Final = bindparam("holds", type_=ARRAY(Boolean))
_FLAGS: Final = bindparam("flags", type_=ARRAY(Boolean))
_MOST: Final = bindparam("most", type_=Integer)

_NAME: Final = func.coalesce(Enterprise.name, Notice.enterprise_name, literal_column("''"))
_TOLD: Final = (
    select(*_LIST, _NAME.label("enterprise_name"))
    .outerjoin(Enterprise, Enterprise.id == WorklistEntry.enterprise_id)
    .outerjoin(Objection, Objection.id == WorklistEntry.case_id)
    .outerjoin(Notice, Notice.id == Objection.notice_id)
)
"""An objection to a notice of several enterprises is told by the notice's name."""


def _in_range(fen: Any) -> ColumnElement[bool]:  # noqa: ANN401  a column
    least, most = (bindparam(name, type_=BigInteger) for name in ("least_fen", "most_fen"))
    return and_(fen >= least, fen <= most)


def _placed(order: Order, *conditions: ColumnElement[bool], of: Any = _LIST) -> Select[Any]:  # noqa: ANN401  columns
    """Return the query of which cases wait today under these conditions, in the order."""
    day = of[_DAYS[order]]
    after = tuple_(bindparam("after_day", type_=Date), bindparam("after_id", type_=Uuid))
    return (
        select(of.case_id, day, of.fen)
        .where(
            of.since <= bindparam("today", type_=Date),
            day <= bindparam("until", type_=Date),
            tuple_(day, of.case_id) > after,
            *conditions,
        )
        .order_by(day, of.case_id)
        .limit(_MOST)
    )


def _asked_for(of: Any) -> tuple[ColumnElement[bool], ...]:  # noqa: ANN401  columns
    return (
        of.step == func.any(_STEPS), of.taken == func.any(_HOLDS), of.flagged == func.any(_FLAGS),
    )  # fmt: skip


def _by_trays(order: Order, *, ranged: bool) -> Select[Any]:
    tray = func.unnest(_STEPS, _HOLDS, _FLAGS).table_valued("step", "taken", "flagged", name="tray")
    tray = tray.render_derived()
    of_tray = (_LIST[name] == tray.c[name] for name in ("step", "taken", "flagged"))
    in_tray = _placed(order, *of_tray).correlate(tray)
    found = (_walked(in_tray) if ranged else in_tray).lateral("found")
    query = select(*found.c).select_from(tray.join(found, true()))
    return query.order_by(found.c[_DAYS[order]], found.c.case_id).limit(_MOST)


def _walked(in_tray: Select[Any]) -> Select[Any]:
    """Return what of a tray lies in the range of amounts, met while the tray is walked in order.

    The planner takes any range for rare, and would fetch and sort whole trays. The offset of
    nothing keeps the range out of the walk; of a CASE it assumes that it often holds.
    """
    walked = in_tray.limit(None).offset(literal_column("0")).lateral("walked")
    often = case((_in_range(walked.c.fen), true()), else_=false())
    return select(walked).where(often).limit(_MOST)


def _of_few(order: Order) -> Select[Any]:
    """Return the query that sorts all that lies in the range, read from the index of amounts."""
    few = _BY_AMOUNT.offset(literal_column("0")).subquery("few").c
    return _placed(order, *_asked_for(few), of=few)


def _page(query: Select[Any], order: Order) -> Hot:
    waiting = query.subquery("waiting")
    page = _TOLD.join(waiting, waiting.c.case_id == WorklistEntry.case_id)
    return Hot(page.order_by(waiting.c[_DAYS[order]], waiting.c.case_id))


# In the order of the index that holds all of these, so that it is read and nothing else, whatever
# the planner thinks of the range.
_BY_AMOUNT: Final = (
    select(*(_LIST[n] for n in ("fen", "case_id", "since", "due_on", "step", "taken", "flagged")))
    .where(_in_range(_LIST.fen))
    .order_by(_LIST.fen, _LIST.case_id)
)
_COUNTED: Final = _BY_AMOUNT.limit(bindparam("few", type_=Integer)).subquery()
# What has no amount lies below all that have one.
_MINE: Final = (
    _LIST.holder == bindparam("account", type_=Uuid),
    _in_range(func.coalesce(_LIST.fen, literal_column("-1"))),
)

ONE: Final = Hot(_TOLD.where(WorklistEntry.case_id == bindparam("case_id", type_=Uuid)))
IN_RANGE: Final = Hot(select(func.count().label("cases")).select_from(_COUNTED))
TRAYS: Final = {order: _page(_by_trays(order, ranged=False), order) for order in Order}
RANGE: Final = {order: _page(_by_trays(order, ranged=True), order) for order in Order}
RARE: Final = {order: _page(_of_few(order), order) for order in Order}
MINE: Final = {order: _page(_placed(order, *_MINE, *_asked_for(_LIST)), order) for order in Order}
