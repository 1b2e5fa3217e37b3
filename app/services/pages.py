"""Which page of a list is asked for? Keyset pages over time-ordered ids, newest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import (
    Integer,
    Row,
    Select,
    Text,
    bindparam,
    cast,
    func,
    literal_column,
    select,
)
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
    """A list that is asked for all day long: the database makes the JSON of its items.

    Its statements are compiled once (see app.hot). ``item`` names the members of an item.
    """

    def __init__(
        self,
        item: Mapping[str, Any],
        key: InstrumentedAttribute[UUID],
        state: InstrumentedAttribute[str],
    ) -> None:
        members = chain.from_iterable((literal_column(f"'{name}'"), item[name]) for name in item)
        query = select(key, cast(func.json_build_object(*members), Text).label("item"))
        ordered = query.order_by(key.desc()).limit(bindparam("limit", type_=Integer))
        asked = {"state": state == bindparam("state"), "before": key < bindparam("before")}
        which: tuple[tuple[str, ...], ...] = ((), ("state",), ("before",), ("state", "before"))
        self._statements = {
            names: Hot(ordered.where(*(asked[name] for name in names))) for names in which
        }

    async def page(
        self, desk: Desk[Actor], place: Place, state: str | None, **given: object
    ) -> str:
        """Return the JSON of the page; ``given`` are the parameters of the members."""
        asked = {"state": state, "before": place.before}
        known = {name: value for name, value in asked.items() if value is not None}
        statement = self._statements[tuple(known)]
        rows = await statement.rows(desk.driver, limit=place.limit + 1, **known, **given)
        shown = rows[: place.limit]
        following = f'"{shown[-1]["id"]}"' if len(rows) > place.limit else "null"
        return f'{{"items":[{",".join([row["item"] for row in shown])}],"next":{following}}}'


def page(items: list[Item], place: Place) -> Page[Item]:
    """Return the page of *items*, of which there may be one too many."""
    shown = items[: place.limit]
    return Page(items=shown, next=shown[-1].id if len(items) > place.limit else None)
