"""What does a new database need? Roles, migrations, reference data, and a first account."""

import asyncio
from pathlib import Path
from typing import Final
from uuid import UUID

from alembic import command
from alembic.config import Config
from sqlalchemy import insert, select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from app.actors import PROVINCIAL_CENTRE
from app.database import OWNER, for_sqlalchemy
from app.models import Account, Bureau, CalendarDay, ListedPlatform, new_id
from app.reference import seeds
from app.services.passwords import hashed

_PROJECT: Final = Path(__file__).resolve().parent.parent
_CALENDAR: Final = (2019, 2026)


def migrate(owner_url: str) -> None:
    """Bring the tables up to date; runs as the owner, outside any event loop."""
    config = Config(_PROJECT / "alembic.ini")
    config.attributes["url"] = owner_url
    command.upgrade(config, "head")


async def load_reference(owner_url: str) -> None:
    """Enter bureaus, platforms and working days; what is there already is brought up to date."""
    bureaus = [
        {key: getattr(each, key) for key in ("code", "name", "kind", "source")}
        for each in seeds.bureaus()
    ]
    platforms = [
        {
            "name": each.name,
            "kind": each.kind,
            "hosts": " ".join(each.hosts),
            "source": each.source,
        }
        for each in seeds.platforms()
    ]
    days = [
        {"day": day, "working": working} for day, working in seeds.working_days(*_CALENDAR).items()
    ]
    engine = create_async_engine(for_sqlalchemy(owner_url), poolclass=NullPool)
    async with engine.begin() as db:
        await db.execute(text(f"SET LOCAL ROLE {OWNER}"))
        for table, key, rows in (
            (Bureau, "code", bureaus),
            (ListedPlatform, "name", platforms),
            (CalendarDay, "day", days),
        ):
            new = upsert(table)
            changed = {column: new.excluded[column] for column in rows[0] if column != key}
            await db.execute(new.on_conflict_do_update(index_elements=[key], set_=changed), rows)
    await engine.dispose()


async def create_account(
    owner_url: str,
    *,
    username: str,
    name: str,
    password: str,
    bureau: str | None = None,
    duties: tuple[str, ...] = (),
    enterprise: UUID | None = None,
) -> bool:
    """Make an account of a bureau, or, without one, of a new enterprise.

    Returns ``False`` if the user name is taken. This is how the first accounts are made: on the
    machine, with the owner's URL.
    """
    role = "enterprise" if bureau is None else _role(bureau)
    engine = create_async_engine(for_sqlalchemy(owner_url), poolclass=NullPool)
    async with engine.begin() as db:
        await db.execute(text("SET LOCAL ROLE subsidy_registrar"))
        if await db.scalar(select(Account.id).where(Account.username == username)):
            made = False
        else:
            await db.execute(
                insert(Account).values(
                    username=username,
                    name=name,
                    password_hash=await asyncio.to_thread(hashed, password),
                    role=role,
                    bureau_code=bureau,
                    enterprise_id=(enterprise or new_id()) if bureau is None else None,
                    duties=list(duties),
                )
            )
            made = True
    await engine.dispose()
    return made


def _role(bureau: str) -> str:
    return "centre" if bureau == PROVINCIAL_CENTRE else "district"
