"""Which bureaus and industries are there, and which day is it in the sandbox?"""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.actors import Actor, SandboxKeeper
from app.errors import ClockMovesForward
from app.models import Bureau, BusinessClock
from app.office import Desk
from app.policy import sme
from app.schemas.law import BureauRead, ClockRead, ClockSet, IndustryRead
from app.services import acts


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
