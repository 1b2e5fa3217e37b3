"""Who is asking the database? Every transaction begins by saying so, and row security listens."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any, Final, TypeVar

import asyncpg
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app import clock
from app.actors import Actor, Desks, EnterpriseUser
from app.models import BusinessClock
from app.office import Desk, Office

Caller = TypeVar("Caller", bound=Actor)

_IDENTIFY: Final = (
    "SELECT set_config('role', $1, true), set_config('app.account', $2, true),"
    " set_config('app.enterprise', $3, true), set_config('app.bureau', $4, true)"
)
_CLOCK: Final = select(BusinessClock.today)


def identity(actor: Actor) -> dict[str, str]:
    """Return the settings by which the database knows *actor*; absent ones are empty."""
    known = {"role": f"subsidy_{actor.role}", "account": "", "enterprise": "", "bureau": ""}
    if isinstance(actor, Desks):
        return known
    known["account"] = str(actor.account_id)
    if isinstance(actor, EnterpriseUser):
        known["enterprise"] = str(actor.enterprise_id)
    else:
        known["bureau"] = actor.bureau
    return known


@asynccontextmanager
async def open_desk(
    office: Office, actor: Caller, request_id: str, address: str
) -> AsyncIterator[Desk[Caller]]:
    """Open one transaction as *actor*; it commits on leaving and rolls back on any exception."""
    async with office.engine.connect() as db:
        driver = await _living(db)
        try:
            async with driver.transaction():
                await driver.execute(_IDENTIFY, *identity(actor).values())
                today = await _business_day(office, db)
                yield Desk(office, actor, db, driver, today, request_id, address)
        except (asyncpg.PostgresError, asyncpg.InterfaceError) as told:
            if driver.is_closed():
                raise ConnectionResetError("the database closed the connection") from told
            raise


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
