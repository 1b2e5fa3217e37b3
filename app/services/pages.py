"""Which page of a list is asked for? Keyset pages over time-ordered ids, newest first."""

from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Integer, Row, Select, bindparam
from sqlalchemy.orm import InstrumentedAttribute

from app.actors import Actor
from app.hot import Hot
from app.office import Desk
from app.schemas.words import Numbered, Page


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins (before this id) and how many items it holds."""

    limit: int
    before: UUID | None = None


Item = TypeVar("Item", bound=Numbered)


async def rows(
    desk: Desk[Actor],
    query: Select[*tuple[Any, ...]],
    key: InstrumentedAttribute[UUID],
    place: Place,
) -> list[Row[Any]]:
    """Return the rows of the page, and one more if there is a next page."""
    if place.before is not None:
        query = query.where(key < place.before)
    found = await desk.db.execute(query.order_by(key.desc()).limit(place.limit + 1))
    return list(found)


class HotList:
    """A list that is asked for all day long: its statements are compiled once (see app.hot)."""

    def __init__(
        self,
        query: Select[*tuple[Any, ...]],
        key: InstrumentedAttribute[UUID],
        state: InstrumentedAttribute[str],
    ) -> None:
        ordered = query.order_by(key.desc()).limit(bindparam("limit", type_=Integer))
        asked = {"state": state == bindparam("state"), "before": key < bindparam("before")}
        which: tuple[tuple[str, ...], ...] = ((), ("state",), ("before",), ("state", "before"))
        self._statements = {
            names: Hot(ordered.where(*(asked[name] for name in names))) for names in which
        }

    async def rows(self, desk: Desk[Actor], place: Place, state: str | None) -> list[Any]:
        """Return the rows of the page, and one more if there is a next page."""
        given = {"state": state, "before": place.before}
        known = {name: value for name, value in given.items() if value is not None}
        statement = self._statements[tuple(known)]
        return await statement.rows(desk.driver, limit=place.limit + 1, **known)


def page(items: list[Item], place: Place) -> Page[Item]:
    """Return the page of *items*, of which there may be one too many."""
    shown = items[: place.limit]
    return Page(items=shown, next=shown[-1].id if len(items) > place.limit else None)
