"""What does a new database need? Roles, migrations, reference data, and a first account."""

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import Final
from uuid import UUID

import asyncpg
from alembic import command
from alembic.config import Config
from sqlalchemy import insert, select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from app.actors import PROVINCIAL_CENTRE
from app.database import OWNER, for_asyncpg, for_sqlalchemy, make_engine, refuse_unsafe_role
from app.models import (
    Account,
    Bureau,
    CalendarDay,
    ListedPlatform,
    ReferenceRate,
    SignatureLimit,
    new_id,
)
from app.policy import parameters
from app.policy.facets import Rate
from app.policy.platforms import plain_name
from app.reference import seeds
from app.services.passwords import hashed

_PROJECT: Final = Path(__file__).resolve().parent.parent
_FIRST_YEAR: Final = 2019
_REACH_SECONDS: Final = 20


class DatabaseUnusable(RuntimeError):  # noqa: N818  an answer for the person at the terminal
    """The database cannot be used as it is; the text says why and what to do."""


async def reach(url: str) -> None:
    """Check that the database of *url* answers.

    Raises:
        DatabaseUnusable: it does not, or does not let in.
    """
    try:
        connection = await asyncpg.connect(for_asyncpg(url), timeout=_REACH_SECONDS)
        await connection.close()
    except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise DatabaseUnusable(f"{_shown(url)} cannot be used: {_said(error)}") from error


async def refuse_unfit(url: str) -> None:
    """Check that the service can work with *url*: it answers, is migrated, and its role is safe.

    Raises:
        DatabaseUnusable: it does not answer, or has no tables.
        app.database.UnsafeDatabaseRoleError: the role could read or change what it must not.
    """
    await reach(url)
    engine = make_engine(url, pool=1)
    try:
        await refuse_unsafe_role(engine)
        async with engine.connect() as db:
            has_tables = await db.scalar(text("SELECT to_regclass('public.payments') IS NOT NULL"))
    finally:
        await engine.dispose()
    if not has_tables:
        advice = "run `subsidy database migrate` once with DATABASE_OWNER_URL"
        raise DatabaseUnusable(f"{_shown(url)} has no tables yet: {advice}")


def _shown(url: str) -> str:
    """Return *url* without its password."""
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return "the database URL"


def _said(error: Exception) -> str:
    return str(error) or type(error).__name__


def migrate(owner_url: str) -> None:
    """Bring the tables up to date; runs as the owner, outside any event loop."""
    config = Config(_PROJECT / "alembic.ini")
    config.attributes["url"] = owner_url
    command.upgrade(config, "head")


async def load_reference(owner_url: str) -> None:
    """Enter bureaus, platforms, working days and minimum wages, or bring them up to date.

    The limit of the third signature comes with them: the database itself holds it.
    """
    bureaus = [
        {key: getattr(each, key) for key in ("code", "name", "kind", "source")}
        for each in seeds.bureaus()
    ]
    platforms = [
        {
            "name": each.name,
            "plain_name": plain_name(each.name),
            "kind": each.kind,
            "hosts": list(each.hosts),
            "source": each.source,
        }
        for each in seeds.platforms()
    ]
    known = seeds.working_days(_FIRST_YEAR, seeds.last_known_year())
    days = [{"day": day, "working": working} for day, working in known.items()]
    limits = [
        {"valid_from": each.starts_on, "valid_to": each.ends_on, "amount": each.value}
        for each in parameters.all_entries()
        if each.key == "third_signature_above"
    ]
    engine = create_async_engine(for_sqlalchemy(owner_url), poolclass=NullPool)
    async with engine.begin() as db:
        await db.execute(text(f"SET LOCAL ROLE {OWNER}"))
        for table, key, rows in (
            (Bureau, "code", bureaus),
            (CalendarDay, "day", days),
            (SignatureLimit, "valid_from", limits),
        ):
            new = upsert(table)
            changed = {column: new.excluded[column] for column in rows[0] if column != key}
            await db.execute(new.on_conflict_do_update(index_elements=[key], set_=changed), rows)
        # What officers decided of a platform since stays.
        await db.execute(upsert(ListedPlatform).on_conflict_do_nothing(), platforms)
        await _enter_rates(db, [seeds.wage_rate(wage) for wage in seeds.minimum_wages()])
    await engine.dispose()


async def load_sample_rates(owner_url: str) -> None:
    """Enter the sample figures of the measures that pay by other documents, marked as samples."""
    engine = create_async_engine(for_sqlalchemy(owner_url), poolclass=NullPool)
    async with engine.begin() as db:
        await db.execute(text(f"SET LOCAL ROLE {OWNER}"))
        await _enter_rates(db, [seed.rate for seed in seeds.rates()])
    await engine.dispose()


async def _enter_rates(db: AsyncConnection, rates: list[Rate]) -> None:
    """Enter figures that are not there yet; what an office entered stays."""
    rows = [
        {"id": new_id(), **asdict(rate), "key": list(rate.key), "note": "", "entered_by": None}
        for rate in rates
    ]
    await db.execute(upsert(ReferenceRate).on_conflict_do_nothing(), rows)


async def create_account(  # noqa: PLR0913  the columns of an account, each by its name
    owner_url: str,
    *,
    username: str,
    name: str,
    password: str,
    bureau: str | None = None,
    duties: tuple[str, ...] = (),
    enterprise: UUID | None = None,
    platform: str | None = None,
    colleague_of: str | None = None,
    one_time: bool = False,
) -> bool:
    """Make an account of a bureau or a platform, or, without one, of a new enterprise.

    Returns ``False`` if the user name is taken. This is how the first accounts are made: on the
    machine, with the owner's URL. *colleague_of* names a user for whose enterprise this is a clerk;
    a *one_time* password must be changed at the first sign-in.

    Raises:
        DatabaseUnusable: the catalogue has no platform of this name.
    """
    role = "platform" if platform else "enterprise" if bureau is None else _role(bureau)
    engine = create_async_engine(for_sqlalchemy(owner_url), poolclass=NullPool)
    async with engine.begin() as db:
        await db.execute(text("SET LOCAL ROLE subsidy_registrar"))
        if await db.scalar(select(Account.id).where(Account.username == username)):
            made = False
        else:
            if colleague_of is not None:
                theirs = select(Account.enterprise_id).where(Account.username == colleague_of)
                enterprise = await db.scalar(theirs)
            await db.execute(
                insert(Account).values(
                    username=username,
                    name=name,
                    password_hash=await asyncio.to_thread(hashed, password),
                    role=role,
                    bureau_code=bureau,
                    enterprise_id=(enterprise or new_id()) if role == "enterprise" else None,
                    platform_id=await _platform(db, platform) if platform else None,
                    duties=list(duties),
                    clerk=colleague_of is not None,
                    must_change_password=one_time,
                )
            )
            made = True
    await engine.dispose()
    return made


async def _platform(db: AsyncConnection, name: str) -> UUID:
    """Return the platform of the catalogue that bears the name, as names are compared there."""
    query = select(ListedPlatform.id).where(ListedPlatform.plain_name == plain_name(name))
    found: UUID | None = await db.scalar(query)
    if found is None:
        raise DatabaseUnusable(f"the catalogue has no platform named {name!r}")
    return found


def _role(bureau: str) -> str:
    return "centre" if bureau == PROVINCIAL_CENTRE else "district"
