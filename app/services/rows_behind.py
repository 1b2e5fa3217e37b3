"""Which stored rows are the sessions that a decision rests on, and do they still say the same?

The decision keeps its sessions as figures, in the order of their rows. The rows that stood in their
place then are those of the batches imported before and not replaced before; an import leaves them
as they were, so anything else is an alteration.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Row, select

from app import clock
from app.actors import Member
from app.models import LearningRecord
from app.office import Desk
from app.policy.facts import Session

_SHANGHAI: Final = int(clock.SHANGHAI.utcoffset(None).total_seconds())
_COLUMNS: Final = tuple(LearningRecord.__table__.c)


class Difference(StrEnum):
    """How a row differs from what the decision rests on."""

    ALTERED = "altered"
    MISSING = "missing"
    ADDED = "added"


class Behind(NamedTuple):
    """One session as it was decided on, and the row it is read from.

    ``place`` is that of the session in the facts; a row that was not decided on has none, and
    stands for itself.
    """

    place: int | None
    session: Session
    row: Row[Any] | None
    difference: Difference | None = None


async def rows(
    desk: Desk[Member], plan_id: UUID, trainee: UUID | None
) -> dict[UUID, list[Row[Any]]]:
    """Return the rows of a plan by trainee (of one only, if named), replaced ones included."""
    query = select(*_COLUMNS).where(
        LearningRecord.plan_id == plan_id, LearningRecord.trainee_id.is_not(None)
    )
    if trainee is not None:
        query = query.where(LearningRecord.trainee_id == trainee)
    found: dict[UUID, list[Row[Any]]] = defaultdict(list)
    for row in await desk.db.execute(query.order_by(LearningRecord.id)):
        found[row.trainee_id].append(row)
    return found


def standing(batches: Iterable[Row[Any]], decision: UUID) -> frozenset[UUID]:
    """Return the batches that stood when the facts of *decision* were read.

    Ids follow the clock, and no import is let in between a filing and the decisions on it.
    """
    return frozenset(
        each.id
        for each in batches
        if each.id < decision and (each.replaced_by is None or each.replaced_by > decision)
    )


def behind(
    sessions: Sequence[Session], found: Sequence[Row[Any]], stood: frozenset[UUID]
) -> list[Behind]:
    """Return each session with its row, and every row that stood and is no session.

    A session without a row that says the same is set against one that stood and is nobody's.
    """
    places: dict[Session, list[Row[Any]]] = defaultdict(list)
    for row in sorted(found, key=lambda row: row.batch_id in stood):
        places[session_of(row)].append(row)
    matched: dict[int, Row[Any]] = {}
    for place, session in reversed(list(enumerate(sessions))):
        if places[session]:
            matched[place] = places[session].pop()
    strays = _strays(found, matched, stood)
    told = [_told(place, session, matched, strays) for place, session in enumerate(sessions)]
    return told + [Behind(None, session_of(row), row, Difference.ADDED) for row in strays]


def session_of(row: Row[Any]) -> Session:
    """Return what a row says, as the law reads it."""
    return Session(
        row.course_number,
        int(row.started_at.timestamp()) + _SHANGHAI,
        int(row.ended_at.timestamp()) + _SHANGHAI,
        row.stated_seconds,
    )


def _strays(
    found: Sequence[Row[Any]], matched: Mapping[int, Row[Any]], stood: frozenset[UUID]
) -> list[Row[Any]]:
    taken = {row.id for row in matched.values()}
    return [row for row in found if row.batch_id in stood and row.id not in taken]


def _told(
    place: int, session: Session, matched: Mapping[int, Row[Any]], strays: list[Row[Any]]
) -> Behind:
    if place in matched:
        return Behind(place, session, matched[place])
    if strays:
        return Behind(place, session, strays.pop(0), Difference.ALTERED)
    return Behind(place, session, None, Difference.MISSING)
