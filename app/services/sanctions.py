"""What follows an established violation: who is barred, until when, and to whom is it handed?"""

from uuid import UUID

from sqlalchemy import insert, update

from app.actors import Officer
from app.errors import DayToCome, NotEstablished, WrongState
from app.models import Blacklisting, ViolationTransfer, new_id
from app.office import Desk
from app.policy.procedure import Duty
from app.schemas.violations import BlacklistingCreate, Lift, TransferCreate, ViolationRead
from app.services import violations


async def blacklist(
    desk: Desk[Officer], violation_id: UUID, new: BlacklistingCreate
) -> ViolationRead:
    """Bar the enterprise from a day on: no filing, no application, no payment.

    Raises:
        NotEstablished: the violation was not established.
        WrongState: it was barred for it before, or the days are out of order.
        DutyMissing, NotFound: as named.
    """
    row = await violations.found(desk, violation_id)
    violations.in_charge(desk, Duty.APPROVE)
    if row.state != "established":
        raise NotEstablished
    if new.until_day is not None and new.until_day < new.from_day:
        raise WrongState("截止日期早于列入日期。", state=row.state, possible=[])
    await desk.db.execute(
        insert(Blacklisting).values(
            id=new_id(),
            violation_id=row.id,
            enterprise_id=row.enterprise_id,
            bureau_code=row.bureau_code,
            listed_by=desk.actor.account_id,
            listed_by_name=desk.actor.name,
            **new.model_dump(),
        )
    )
    days = {"from_day": new.from_day.isoformat(), "document": new.document}
    return await violations.recorded(desk, "blacklist", violation_id, **days)


async def lift(desk: Desk[Officer], violation_id: UUID, word: Lift) -> ViolationRead:
    """Bar the enterprise no longer, from today on.

    Raises:
        WrongState: it is not barred for this, or was lifted before.
        DutyMissing, NotFound: as named.
    """
    row = await violations.found(desk, violation_id)
    violations.in_charge(desk, Duty.APPROVE)
    lifted = await desk.db.execute(
        update(Blacklisting)
        .where(
            Blacklisting.violation_id == violation_id,
            Blacklisting.lifted_on.is_(None),
            Blacklisting.from_day <= desk.today,
        )
        .values(
            lifted_on=desk.today,
            lifted_reason=word.reason,
            lifted_document=word.document,
            lifted_by=desk.actor.account_id,
            lifted_by_name=desk.actor.name,
        )
    )
    if lifted.rowcount == 0:
        raise WrongState("没有可以解除的失信名单记录。", state=row.state, possible=[])
    return await violations.recorded(desk, "lift", violation_id, document=word.document)


async def transfer(desk: Desk[Officer], violation_id: UUID, new: TransferCreate) -> ViolationRead:
    """Record that an established case was handed to another authority.

    Raises:
        NotEstablished: the violation was not established.
        DayToCome: it cannot have been handed over on a day that is yet to come.
        DutyMissing, NotFound: as named.
    """
    row = await violations.found(desk, violation_id)
    violations.in_charge(desk, Duty.APPROVE)
    if row.state != "established":
        raise NotEstablished
    if new.transferred_on > desk.today:
        raise DayToCome
    await desk.db.execute(
        insert(ViolationTransfer).values(
            id=new_id(),
            violation_id=row.id,
            enterprise_id=row.enterprise_id,
            bureau_code=row.bureau_code,
            recorded_by=desk.actor.account_id,
            **new.model_dump(),
        )
    )
    return await violations.recorded(desk, "transfer", violation_id, authority=new.authority)
