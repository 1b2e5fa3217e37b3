"""Who is asking the database? Every transaction begins by saying so, and row security listens."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any, Final, TypeVar

import asyncpg
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app import clock
from app.actors import AccountHolder, Actor, Desks, EnterpriseUser, PlatformSystem, Sweeper
from app.models import BusinessClock
from app.office import Desk, Office

Caller = TypeVar("Caller", bound=Actor)

# One message to the server: the transaction begins and is told who is asking. The values are our
# own ids and codes; anything else in them is a bug, and is not sent.
_BEGIN: Final = (
    "BEGIN; SELECT set_config('role', '{role}', true),"
    " set_config('app.account', '{account}', true),"
    " set_config('app.enterprise', '{enterprise}', true),"
    " set_config('app.bureau', '{bureau}', true),"
    " set_config('app.platform', '{platform}', true)"
)
_PATIENCE: Final = (
    ", set_config('statement_timeout', '{}s', true), set_config('lock_timeout', '{}s', true),"
    " set_config('idle_in_transaction_session_timeout', '{}s', true)"
)
_OF_THE_DRIVER: Final = (asyncpg.PostgresError, asyncpg.InterfaceError)
_PLAIN: Final = re.compile(r"[A-Za-z0-9_-]*")
_CLOCK: Final = select(BusinessClock.today)


def identity(actor: Actor) -> dict[str, str]:
    """Return the settings by which the database knows *actor*; absent ones are empty."""
    known = dict.fromkeys(("account", "enterprise", "bureau", "platform"), "")
    known["role"] = f"subsidy_{actor.role}"
    if isinstance(actor, Desks):
        return known
    known["account"] = str(actor.account_id)
    if isinstance(actor, EnterpriseUser):
        known["enterprise"] = str(actor.enterprise_id)
    elif isinstance(actor, PlatformSystem):
        known["platform"] = str(actor.platform_id)
    elif not isinstance(actor, AccountHolder):
        known["bureau"] = actor.bureau
    return known


@asynccontextmanager
async def open_desk(
    office: Office, actor: Caller, request_id: str, address: str
) -> AsyncIterator[Desk[Caller]]:
    """Open one transaction as *actor*; it commits on leaving and rolls back on any exception.

    Raises:
        Crowded: too many wait for a connection already.
    """
    with office.crowd:
        async with _seated(office, actor, request_id, address) as desk:
            yield desk


@asynccontextmanager
async def _seated(
    office: Office, actor: Caller, request_id: str, address: str
) -> AsyncIterator[Desk[Caller]]:
    async with office.engine.connect() as db:
        driver = await _living(db)
        try:
            await driver.execute(beginning(actor) + _patience(office, actor))
            today = await _business_day(office, db)
            yield Desk(office, actor, db, driver, today, request_id, address)
            await _commit(driver)
        except BaseException as told:
            await asyncio.shield(_roll_back(driver))
            if driver.is_closed() and isinstance(told, _OF_THE_DRIVER):
                raise ConnectionResetError("the database closed the connection") from told
            raise


async def _commit(driver: Any) -> None:  # noqa: ANN401  asyncpg has no types
    """Commit; of a transaction that failed, PostgreSQL would only say that it rolled back."""
    if await driver.execute("COMMIT") != "COMMIT":
        raise RuntimeError("a failed transaction was about to pass as committed")


def beginning(actor: Actor) -> str:
    """Return the statement that opens a transaction as *actor*."""
    known = identity(actor)
    if not all(_PLAIN.fullmatch(value) for value in known.values()):
        raise ValueError("an identity is made of plain ids and codes")
    return _BEGIN.format(**known)


def _patience(office: Office, actor: Actor) -> str:
    """Return how long the transaction may take; sweeping takes as long as it takes.

    Said in each transaction, since a pooler would not keep it for the connection.
    """
    if isinstance(actor, Sweeper):
        return ""
    settings = office.settings
    return _PATIENCE.format(
        settings.statement_seconds, settings.lock_seconds, settings.idle_transaction_seconds
    )


async def _roll_back(driver: Any) -> None:  # noqa: ANN401  asyncpg has no types
    if not driver.is_closed() and driver.is_in_transaction():
        await driver.execute("ROLLBACK")


async def _living(db: AsyncConnection) -> Any:  # noqa: ANN401  asyncpg has no types
    """Return the driver's connection; one that the server closed is replaced first."""
    driver: Any = (await db.get_raw_connection()).driver_connection
    if driver.is_closed():
        await db.invalidate()
        driver = (await db.get_raw_connection()).driver_connection
    return driver


async def _business_day(office: Office, db: AsyncConnection) -> date:
    if office.settings.sandbox:
        set_day = await db.scalar(_CLOCK)
        if set_day is not None:
            return set_day
    return clock.calendar_day()
