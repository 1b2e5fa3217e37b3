"""Which page of a list is asked for? Keyset pages over time-ordered ids, newest first."""

from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Row, Select
from sqlalchemy.orm import InstrumentedAttribute

from app.actors import Actor
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


def page(items: list[Item], place: Place) -> Page[Item]:
    """Return the page of *items*, of which there may be one too many."""
    shown = items[: place.limit]
    return Page(items=shown, next=shown[-1].id if len(items) > place.limit else None)
