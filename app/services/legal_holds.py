"""Which cases are kept whole, by whose order, and who ended it?

Nothing of a case is deleted by default. A hold also keeps what could still be replaced: the roster
and the courses of a draft or a returned plan; the database refuses it, whoever asks.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select, update

from app.actors import Officer
from app.errors import DutyMissing, NotFound, TwoPersons, WrongState
from app.models import LegalHold, Plan, new_id
from app.office import Desk
from app.policy.procedure import Duty
from app.schemas.legal_holds import LegalHoldCreate, LegalHoldLift, LegalHoldRead
from app.services import acts, cases


async def place(desk: Desk[Officer], plan_id: UUID, new: LegalHoldCreate) -> LegalHoldRead:
    """Place a hold on a case: the plan with all its claims.

    Raises:
        NotFound: there is no such plan, or it is another bureau's.
        DutyMissing: the officer does not approve.
    """
    plan = await _in_charge(desk, plan_id)
    hold_id = new_id()
    await desk.db.execute(
        insert(LegalHold).values(
            id=hold_id,
            plan_id=plan.id,
            enterprise_id=plan.enterprise_id,
            bureau_code=plan.bureau_code,
            placed_on=desk.today,
            placed_by=desk.actor.account_id,
            placed_by_name=desk.actor.name,
            **new.model_dump(),
        )
    )
    await acts.record(
        desk, "place", "legal_holds", hold_id, _unseen(plan), **new.model_dump(mode="json")
    )
    return await _hold(desk, plan_id, hold_id)


async def lift(
    desk: Desk[Officer], plan_id: UUID, hold_id: UUID, word: LegalHoldLift
) -> LegalHoldRead:
    """End a hold; another officer than the one who placed it does.

    Raises:
        NotFound: there is no such plan or hold, or it is another bureau's.
        TwoPersons: the officer placed it himself.
        WrongState: it was lifted before.
        DutyMissing: the officer does not approve.
    """
    plan = await _in_charge(desk, plan_id)
    hold = await _hold(desk, plan_id, hold_id)
    if hold.lifted_on is not None:
        raise WrongState("该封存保全已经解除。", state="lifted", possible=[])
    own = select(LegalHold.placed_by).where(LegalHold.id == hold_id)
    if await desk.db.scalar(own) == desk.actor.account_id:
        raise TwoPersons
    await desk.db.execute(
        update(LegalHold)
        .where(LegalHold.id == hold_id)
        .values(
            lifted_on=desk.today,
            lifted_by=desk.actor.account_id,
            lifted_by_name=desk.actor.name,
            lifted_reason=word.reason,
            lifted_document=word.document,
        )
    )
    await acts.record(
        desk, "lift", "legal_holds", hold_id, _unseen(plan), **word.model_dump(mode="json")
    )
    return await _hold(desk, plan_id, hold_id)


async def of_plan(desk: Desk[Officer], plan_id: UUID) -> list[LegalHoldRead]:
    """Return the holds of a case, lifted ones included, oldest first."""
    await cases.found(desk, Plan, plan_id)
    rows = await desk.db.execute(
        select(*LegalHold.__table__.c).where(LegalHold.plan_id == plan_id).order_by(LegalHold.id)
    )
    return [LegalHoldRead.model_validate(row) for row in rows]


async def _in_charge(desk: Desk[Officer], plan_id: UUID) -> Row[Any]:
    """Return the plan, locked: of two who lift a hold at once, the second sees it lifted."""
    plan = await cases.found(desk, Plan, plan_id, lock=True)
    if Duty.APPROVE not in desk.actor.duties:
        raise DutyMissing
    return plan


async def _hold(desk: Desk[Officer], plan_id: UUID, hold_id: UUID) -> LegalHoldRead:
    query = select(*LegalHold.__table__.c).where(
        LegalHold.id == hold_id, LegalHold.plan_id == plan_id
    )
    row = (await desk.db.execute(query)).one_or_none()
    if row is None:
        raise NotFound
    return LegalHoldRead.model_validate(row)


def _unseen(plan: Row[Any]) -> acts.Case:
    """Return the case of the act; the enterprise does not see that its papers are looked into."""
    return acts.Case(plan.id, None, plan.bureau_code)
