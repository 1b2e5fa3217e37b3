"""Which titles of a platform's exports were taught, by whom, and are they still remembered?"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from app.actors import EnterpriseUser, Member
from app.errors import NotFound, NotYourRole
from app.models import PlatformColumn, new_id
from app.office import Desk
from app.policy.platforms import plain_name
from app.schemas.platforms import ColumnRead
from app.schemas.words import Page
from app.services import acts, pages
from app.sheets.headers import NamedColumn, plain_title


async def of_plan(desk: Desk[Member], plan: Row[Any]) -> tuple[NamedColumn, ...]:
    """Return what is remembered for the platform of *plan*.

    The enterprise's own word comes first, then that of its bureau, then those of others.
    """
    if not plan.platform_name:
        return ()
    rows = await desk.db.execute(
        select(PlatformColumn.written, PlatformColumn.field, PlatformColumn.unit)
        .where(
            PlatformColumn.platform == plain_name(plan.platform_name),
            PlatformColumn.removed_on.is_(None),
            or_(
                PlatformColumn.enterprise_id == plan.enterprise_id,
                PlatformColumn.enterprise_id.is_(None),
            ),
        )
        .order_by(
            PlatformColumn.enterprise_id.is_(None),
            PlatformColumn.bureau_code != plan.bureau_code,
            PlatformColumn.id,
        )
    )
    return tuple(NamedColumn(row.written, row.field, row.unit or "") for row in rows)


async def remember(desk: Desk[Member], plan: Row[Any], words: Sequence[NamedColumn]) -> None:
    """Remember *words* by which columns of an export were read.

    An enterprise teaches for itself, a bureau for everybody who trains on the platform. A new word
    on a title takes the place of the teacher's earlier one.
    """
    if not plan.platform_name:
        return
    own = desk.actor.enterprise_id if isinstance(desk.actor, EnterpriseUser) else None
    known = {
        (plain_title(each.title), each.field, each.unit) for each in await _taught(desk, plan, own)
    }
    for each in words:
        if (plain_title(each.title), each.field, each.unit) not in known:
            await _teach(desk, plan, own, each)


async def listed(desk: Desk[Member], place: pages.Place, platform: str | None) -> Page[ColumnRead]:
    """Return a page of what is remembered and the caller may see, the latest first."""
    query = select(*PlatformColumn.__table__.c).where(PlatformColumn.removed_on.is_(None))
    if platform:
        query = query.where(PlatformColumn.platform == plain_name(platform))
    rows = await pages.rows(desk, query, PlatformColumn.id, place)
    return pages.page([ColumnRead.model_validate(row) for row in rows], place)


async def forget(desk: Desk[Member], column_id: UUID) -> ColumnRead:
    """Remember a title no longer; what was imported by it stays.

    Raises:
        NotFound: there is none, or it is another's.
        NotYourRole: another bureau taught it for everybody.
    """
    query = select(*PlatformColumn.__table__.c).where(PlatformColumn.id == column_id)
    row = (await desk.db.execute(query)).one_or_none()
    if row is None:
        raise NotFound
    if row.removed_on is not None:
        return ColumnRead.model_validate(row)
    removed = update(PlatformColumn).where(PlatformColumn.id == column_id).values(_removed(desk))
    if not (await desk.db.execute(removed)).rowcount:
        raise NotYourRole("共用的列名由记下它的经办部门删除。")
    row = (await desk.db.execute(query)).one()
    case = acts.Case(None, row.enterprise_id, row.bureau_code)
    await acts.record(
        desk, "forget", "platform_columns", column_id, case, title=row.written, field=row.field
    )
    return ColumnRead.model_validate(row)


async def _taught(desk: Desk[Member], plan: Row[Any], own: UUID | None) -> list[NamedColumn]:
    rows = await desk.db.execute(
        select(PlatformColumn.written, PlatformColumn.field, PlatformColumn.unit).where(
            PlatformColumn.platform == plain_name(plan.platform_name),
            PlatformColumn.bureau_code == plan.bureau_code,
            PlatformColumn.enterprise_id == own,
            PlatformColumn.removed_on.is_(None),
        )
    )
    return [NamedColumn(row.written, row.field, row.unit or "") for row in rows]


async def _teach(desk: Desk[Member], plan: Row[Any], own: UUID | None, word: NamedColumn) -> None:
    platform, title = plain_name(plan.platform_name), plain_title(word.title)
    await desk.db.execute(
        update(PlatformColumn)
        .where(
            PlatformColumn.platform == platform,
            PlatformColumn.title == title,
            PlatformColumn.bureau_code == plan.bureau_code,
            PlatformColumn.enterprise_id == own,
            PlatformColumn.removed_on.is_(None),
        )
        .values(_removed(desk))
    )
    column_id = new_id()
    await desk.db.execute(
        insert(PlatformColumn)
        .values(
            id=column_id,
            platform=platform,
            platform_name=plan.platform_name,
            enterprise_id=own,
            bureau_code=plan.bureau_code,
            title=title,
            written=word.title,
            field=word.field,
            unit=word.unit or None,
            taught_by=desk.actor.account_id,
            taught_by_name=desk.actor.name,
            taught_on=desk.today,
        )
        .on_conflict_do_nothing()
    )
    case = acts.Case(plan.id, plan.enterprise_id, plan.bureau_code)
    await acts.record(
        desk, "teach", "platform_columns", column_id, case, title=word.title, field=word.field
    )


def _removed(desk: Desk[Member]) -> dict[str, object]:
    return {
        "removed_on": desk.today,
        "removed_by": desk.actor.account_id,
        "removed_by_name": desk.actor.name,
    }
