"""Which notices are looked for? By name, number, bureau, day, open or closed; newest first.

However many there are, a page is read off an index: notices, and the terms of their names, stand in
the order of the days on which they close, and of several terms the rarest is walked.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    bindparam,
    case,
    exists,
    func,
    select,
    text,
    tuple_,
)

from app.actors import Actor
from app.models import Notice, NoticeClaim, NoticeTerm
from app.office import Desk
from app.policy import workdays
from app.schemas.notices import NoticeSummary
from app.schemas.words import Page
from app.services import pages

_ENDED: Final = func.count(NoticeClaim.ended)
_STANDING: Final = (
    select(
        case(
            (_ENDED == 0, "in_force"),
            (func.count() == _ENDED, func.min(NoticeClaim.ended)),
            else_="partly_ended",
        )
    )
    .where(NoticeClaim.notice_id == Notice.id)
    .scalar_subquery()
    .label("standing")
)
SUMMARY: Final[Select[*tuple[Any, ...]]] = select(
    Notice.id,
    Notice.receipt,
    Notice.bureau_code,
    Notice.enterprise_name,
    Notice.claims,
    Notice.amount,
    Notice.posted_on,
    Notice.last_day,
    _STANDING,
)
"""What a list tells of a notice; the published text stays where it is."""

# How far back its hundredth-newest notice lies tells how rare a term is, at the price of a hundred
# entries of the index.
_RAREST: Final = text("""
    SELECT u.term FROM unnest(name_terms(:asked)) AS u (term)
    WHERE length(u.term) = least(2, length(:asked))
    ORDER BY (SELECT ROW(t.last_day, t.notice_id) FROM notice_terms AS t WHERE t.term = u.term
              ORDER BY t.last_day DESC, t.notice_id DESC OFFSET 100 LIMIT 1) NULLS FIRST
    LIMIT 1
""").bindparams(bindparam("asked"))
_WHOLE_TERM: Final = 2


@dataclass(frozen=True, slots=True)
class Looked:
    """What is looked for; an empty part is not asked about."""

    enterprise: str = ""
    receipt: str = ""
    bureau: str = ""
    day: date | None = None
    closed: bool | None = None


async def listed(desk: Desk[Actor], looked: Looked, place: pages.Place) -> Page[NoticeSummary]:
    """Return a page of notices, newest first: the one that closes last leads."""
    query = SUMMARY.where(*_conditions(looked))
    last_day, notice_id = Notice.last_day, Notice.id
    name = looked.enterprise.strip().lower()
    if name:
        query = await _named(desk, query, name, looked.day)
        last_day, notice_id = NoticeTerm.last_day, NoticeTerm.notice_id
    if looked.closed is not None:
        query = query.where(last_day < desk.today if looked.closed else last_day >= desk.today)
    if place.before is not None:
        where = select(Notice.last_day).where(Notice.id == place.before).scalar_subquery()
        query = query.where(tuple_(last_day, notice_id) < tuple_(where, place.before))
    ordered = query.order_by(last_day.desc(), notice_id.desc()).limit(place.limit + 1)
    rows = await desk.db.execute(ordered)
    return pages.page([NoticeSummary(**told(desk, row)) for row in rows], place)


def told(desk: Desk[Actor], row: Row[Any]) -> dict[str, Any]:
    """Return what the row of a notice tells in a list."""
    told = {name: row._mapping[name] for name in SUMMARY.selected_columns.keys()}  # noqa: SIM118
    return {**told, "closed": workdays.is_closed(row.last_day, desk.today)}


def _conditions(looked: Looked) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if looked.receipt:
        claimed = select(NoticeClaim.notice_id).where(NoticeClaim.claim_receipt == looked.receipt)
        numbered = select(Notice.id).where(Notice.receipt == looked.receipt)
        wanted.append(Notice.id.in_(claimed.union_all(numbered)))
    if looked.bureau:
        wanted.append(Notice.bureau_code == looked.bureau)
    if looked.day is not None:
        wanted.append(Notice.posted_on == looked.day)
    return wanted


async def _named(
    desk: Desk[Actor], query: Select[*tuple[Any, ...]], name: str, day: date | None
) -> Select[*tuple[Any, ...]]:
    rarest = await desk.db.scalar(_RAREST, {"asked": name})
    query = query.join(NoticeTerm, NoticeTerm.notice_id == Notice.id)
    query = query.where(NoticeTerm.term == rarest)
    if day is not None:
        # What was posted on a day closes about then: nothing newer is walked through.
        of_day = select(func.min(Notice.last_day), func.max(Notice.last_day))
        of_day = of_day.where(Notice.posted_on == day)
        first, last = (await desk.db.execute(of_day)).one()
        query = query.where(NoticeTerm.last_day.between(first, last))
    if len(name) <= _WHOLE_TERM:
        return query
    holds = func.lower(NoticeClaim.enterprise_name).contains(name, autoescape=True)
    return query.where(exists().where(NoticeClaim.notice_id == Notice.id, holds))
