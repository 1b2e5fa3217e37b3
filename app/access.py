"""Who is asking the database? Every transaction begins by saying so, and row security listens."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Final, TypeVar

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from app import clock
from app.actors import Actor, Desks, EnterpriseUser
from app.models import BusinessClock
from app.office import Desk, Office

Caller = TypeVar("Caller", bound=Actor)

_IDENTIFY: Final = text(
    "SELECT set_config('role', :role, true), set_config('app.account', :account, true),"
    " set_config('app.enterprise', :enterprise, true), set_config('app.bureau', :bureau, true)"
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
    async with office.engine.begin() as db:
        await db.execute(_IDENTIFY, identity(actor))
        today = await _business_day(office, db)
        yield Desk(office, actor, db, today, request_id, address)


async def _business_day(office: Office, db: AsyncConnection) -> date:
    if office.settings.sandbox:
        set_day = await db.scalar(_CLOCK)
        if set_day is not None:
            return set_day
    return clock.calendar_day()
