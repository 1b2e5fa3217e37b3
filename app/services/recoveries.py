"""What is demanded back, in which instalments does it come, and who lets go of the rest?"""

from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, bindparam, func, insert, select, text, update

from app.actors import Member, Officer
from app.errors import (
    DayToCome,
    DutyMissing,
    MoreThanDemanded,
    NotFound,
    TwoPersons,
    WrongState,
)
from app.models import Recovery, RecoveryDecision, RecoveryPayment, new_id
from app.office import Desk
from app.policy.procedure import Duty
from app.schemas.advances import (
    DecisionCreate,
    DecisionRead,
    Instalment,
    InstalmentRead,
    RecoveryRead,
)
from app.services import acts

_LOCK: Final = text("SELECT FROM recoveries WHERE id = :id FOR NO KEY UPDATE")
_OPEN: Final = select(func.open_of_recovery(bindparam("id")))


async def of_claim(desk: Desk[Member], claim_id: UUID) -> list[RecoveryRead]:
    """Return what is demanded back of a claim that the caller may see, oldest first."""
    query = select(Recovery.id).where(Recovery.claim_id == claim_id).order_by(Recovery.id)
    return [await read(desk, each) for each in list(await desk.db.scalars(query))]


async def read(desk: Desk[Member], recovery_id: UUID) -> RecoveryRead:
    """Return one demand with its instalments and decisions.

    Raises:
        NotFound: there is none, or it is another's.
    """
    row = await found(desk, recovery_id)
    parts = await desk.db.execute(
        select(*RecoveryPayment.__table__.c)
        .where(RecoveryPayment.recovery_id == recovery_id)
        .order_by(RecoveryPayment.id)
    )
    decided = await desk.db.execute(
        select(*RecoveryDecision.__table__.c)
        .where(RecoveryDecision.recovery_id == recovery_id)
        .order_by(RecoveryDecision.id)
    )
    late = row.state == "demanded" and row.due_on is not None and row.due_on < desk.today
    return RecoveryRead(
        **row._mapping,
        open=await left_open(desk, recovery_id),
        overdue=late,
        instalments=[InstalmentRead.model_validate(each) for each in parts],
        decisions=[DecisionRead.model_validate(each) for each in decided],
    )


async def found(desk: Desk[Member], recovery_id: UUID) -> Row[Any]:
    """Return the row of a demand that the caller may see.

    Raises:
        NotFound: there is none, or it is another's.
    """
    query = select(*Recovery.__table__.c).where(Recovery.id == recovery_id)
    row = (await desk.db.execute(query)).one_or_none()
    if row is None:
        raise NotFound
    return row


async def left_open(desk: Desk[Member], recovery_id: UUID) -> Decimal:
    """Return what neither came back nor is being kept back of a payment."""
    amount: Decimal = (await desk.db.execute(_OPEN, {"id": recovery_id})).scalar_one()
    return amount


async def pay(desk: Desk[Officer], recovery_id: UUID, part: Instalment) -> RecoveryRead:
    """Record an instalment; the demand is met with the last one, and what it frees is free.

    Raises:
        NotFound, DutyMissing: as named.
        WrongState: it was met, or written off, before.
        MoreThanDemanded: it is more than is open.
        ReferenceKnown: the same bank reference was recorded before.
        DayToCome: the money cannot have come on a day that is yet to come.
    """
    row = await _locked(desk, recovery_id, Duty.PAY)
    if part.paid_on > desk.today:
        raise DayToCome
    open_amount = await left_open(desk, recovery_id)
    if part.amount > open_amount:
        raise MoreThanDemanded(open=open_amount, amount=part.amount)
    await desk.db.execute(
        insert(RecoveryPayment).values(
            id=new_id(),
            recovery_id=row.id,
            enterprise_id=row.enterprise_id,
            bureau_code=row.bureau_code,
            kind="transfer",
            recorded_by=desk.actor.account_id,
            **part.model_dump(),
        )
    )
    await _record(desk, "repaid", row, amount=str(part.amount), bank_reference=part.bank_reference)
    return await read(desk, recovery_id)


async def decide(desk: Desk[Officer], recovery_id: UUID, new: DecisionCreate) -> RecoveryRead:
    """Sign first that a demand is kept back of later payments, or that its rest is written off.

    Raises:
        NotFound, DutyMissing: as named.
        WrongState: the demand is closed, or this was decided before.
    """
    row = await _locked(desk, recovery_id, Duty.APPROVE)
    await desk.db.execute(
        insert(RecoveryDecision).values(
            id=new_id(),
            recovery_id=row.id,
            enterprise_id=row.enterprise_id,
            bureau_code=row.bureau_code,
            decided_by=desk.actor.account_id,
            decided_by_name=desk.actor.name,
            decided_on=desk.today,
            **new.model_dump(),
        )
    )
    await _record(desk, f"decide_{new.kind}", row, reason=new.reason)
    return await read(desk, recovery_id)


async def countersign(desk: Desk[Officer], recovery_id: UUID, decision_id: UUID) -> RecoveryRead:
    """Sign second; with it the decision holds.

    Raises:
        NotFound, DutyMissing: as named.
        TwoPersons: the officer signed first.
        WrongState: it was countersigned, the demand is closed, or a payment waits for its result.
    """
    row = await _locked(desk, recovery_id, Duty.APPROVE)
    query = select(*RecoveryDecision.__table__.c).where(
        RecoveryDecision.id == decision_id, RecoveryDecision.recovery_id == recovery_id
    )
    decision = (await desk.db.execute(query)).one_or_none()
    if decision is None:
        raise NotFound
    if decision.decided_by == desk.actor.account_id:
        raise TwoPersons
    if decision.countersigned_on is not None:
        raise WrongState("该决定已经会签。", state=row.state, possible=[])
    signed = {
        "countersigned_by": desk.actor.account_id,
        "countersigned_by_name": desk.actor.name,
        "countersigned_on": desk.today,
    }
    await desk.db.execute(
        update(RecoveryDecision).where(RecoveryDecision.id == decision_id).values(signed)
    )
    if decision.kind == "write_off":
        await desk.db.execute(
            update(Recovery).where(Recovery.id == recovery_id).values(state="written_off")
        )
    await _record(desk, f"countersign_{decision.kind}", row, reason=decision.reason)
    return await read(desk, recovery_id)


async def _locked(desk: Desk[Officer], recovery_id: UUID, duty: Duty) -> Row[Any]:
    await desk.db.execute(_LOCK, {"id": recovery_id})
    row = await found(desk, recovery_id)
    if duty not in desk.actor.duties:
        raise DutyMissing
    if row.state != "demanded":
        raise WrongState("该笔款项已退回或已核销。", state=row.state, possible=[])
    return row


async def _record(desk: Desk[Officer], act: str, row: Row[Any], **told: object) -> None:
    case = acts.Case(row.claim_id, row.enterprise_id, row.bureau_code)
    await acts.record(desk, act, "recoveries", row.id, case, receipt=row.receipt, **told)
