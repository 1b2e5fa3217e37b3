"""Which bureaus and industries are there, and which day is it in the sandbox?"""

import math
from typing import Final

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from app import clock
from app.actors import Actor, SandboxKeeper, Visitor
from app.errors import ClockMovesForward
from app.models import Bureau, BusinessClock
from app.office import Desk
from app.policy import sme
from app.schemas.law import BureauRead, ClockRead, ClockSet, Health, IndustryRead
from app.services import acts

_LATE_ROUNDS: Final = 6
_LATE_SECONDS: Final = 60
"""An event that waits longer than so many rounds of sealing, and so long, is late."""


async def bureaus(desk: Desk[Actor]) -> list[BureauRead]:
    """Return the handling bureaus."""
    rows = await desk.db.execute(select(*Bureau.__table__.c).order_by(Bureau.code))
    return [BureauRead.model_validate(row) for row in rows]


def industries() -> list[IndustryRead]:
    """Return the industries of the SME standard with its verbatim sentences."""
    return [IndustryRead.model_validate(each) for each in sme.industries()]


async def set_clock(desk: Desk[SandboxKeeper], new: ClockSet) -> ClockRead:
    """Set the sandbox's business day; it only moves forward.

    Raises:
        ClockMovesForward: the day lies before the current business day.
    """
    if new.today < desk.today:
        raise ClockMovesForward(f"当前业务日期为 {desk.today}。")
    await desk.db.execute(
        insert(BusinessClock)
        .values(one_row=True, today=new.today)
        .on_conflict_do_update(index_elements=["one_row"], set_={"today": new.today})
    )
    nobody = acts.Case(None, None, None)
    await acts.record(desk, "set_clock", "sandbox", new.today, nobody, was=str(desk.today))
    return ClockRead(today=new.today)


async def health(desk: Desk[Visitor]) -> Health:
    """Tell that the database answers, and how far the sealing of audit events is behind."""
    lag = (await desk.db.execute(text("SELECT sealed_at, oldest FROM audit_lag()"))).one()
    waiting = 0.0 if lag.oldest is None else max((clock.now() - lag.oldest).total_seconds(), 0.0)
    settings = desk.office.settings
    return Health(
        status="ok",
        sandbox=settings.sandbox,
        audit_sealed_at=lag.sealed_at,
        audit_unsealed_seconds=math.ceil(waiting),
        audit_late=waiting > max(_LATE_ROUNDS * settings.audit_seal_seconds, _LATE_SECONDS),
    )
