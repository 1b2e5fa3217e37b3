"""What may a bureau spend of the fund in a year, and what of it is promised, paid and free?"""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, insert, select, text, update

from app.actors import Officer
from app.errors import BudgetConfirmed, DutyMissing, NotFound, TwoPersons
from app.models import Budget, new_id
from app.office import Desk
from app.policy.procedure import Duty
from app.schemas.budgets import BudgetCreate, BudgetFigures, BudgetRead
from app.services import acts, law

_FIGURES: Final = text("SELECT * FROM budget_figures(:bureau, :year, :fund)")
_UNLIMITED: Final = "尚未登记{year}年度预算：审批和拨付暂不受限额控制，请按文件登记。"


async def enter(desk: Desk[Officer], new: BudgetCreate) -> BudgetRead:
    """Enter the budget of the officer's own bureau; another officer is to confirm it.

    Raises:
        DutyMissing: the officer does not approve.
        NoPolicyInForce: no fund is told, and no edition names one today.
    """
    _in_charge(desk)
    budget_id = new_id()
    await desk.db.execute(
        insert(Budget).values(
            id=budget_id,
            bureau_code=desk.actor.bureau,
            year=new.year,
            fund=new.fund or law.of(desk.today).fund,
            amount=new.amount,
            document=new.document,
            entered_by=desk.actor.account_id,
            entered_by_name=desk.actor.name,
            entered_on=desk.today,
        )
    )
    return await _recorded(desk, "enter", budget_id)


async def confirm(desk: Desk[Officer], budget_id: UUID) -> BudgetRead:
    """Confirm a budget that another officer entered: from now on nothing above it is approved.

    Raises:
        NotFound, DutyMissing: as named.
        TwoPersons: the officer entered it.
        BudgetConfirmed: it was confirmed, or a newer one was.
        BudgetBelowCommitted: more is promised or paid already.
    """
    row = await _found(desk, budget_id)
    _in_charge(desk)
    if row.entered_by == desk.actor.account_id:
        raise TwoPersons
    signed = {
        "confirmed_by": desk.actor.account_id,
        "confirmed_by_name": desk.actor.name,
        "confirmed_on": desk.today,
    }
    if row.confirmed_on is not None:
        raise BudgetConfirmed
    await desk.db.execute(update(Budget).where(Budget.id == budget_id).values(signed))
    return await _recorded(desk, "confirm", budget_id)


async def figures(desk: Desk[Officer], year: int | None, fund: str | None) -> BudgetFigures:
    """Return the budget of the officer's bureau with what is promised, paid and free of it."""
    of_year, of_fund = year or desk.today.year, fund or law.of(desk.today).fund
    asked = {"bureau": desk.actor.bureau, "year": of_year, "fund": of_fund}
    found = (await desk.db.execute(_FIGURES, asked)).one()
    entered = await desk.db.execute(
        select(*Budget.__table__.c)
        .where(Budget.year == of_year, Budget.fund == of_fund)
        .order_by(Budget.id.desc())
    )
    limited = found.amount is not None
    return BudgetFigures(
        bureau_code=desk.actor.bureau,
        year=of_year,
        fund=of_fund,
        limited=limited,
        note=None if limited else _UNLIMITED.format(year=of_year),
        budget=found.amount,
        reserved=found.reserved,
        paid=found.paid,
        free=found.free,
        history=[BudgetRead.model_validate(row) for row in entered],
    )


def _in_charge(desk: Desk[Officer]) -> None:
    if Duty.APPROVE not in desk.actor.duties:
        raise DutyMissing


async def _found(desk: Desk[Officer], budget_id: UUID) -> Row[Any]:
    query = select(*Budget.__table__.c).where(Budget.id == budget_id)
    row = (await desk.db.execute(query)).one_or_none()
    if row is None:
        raise NotFound
    return row


async def _recorded(desk: Desk[Officer], act: str, budget_id: UUID) -> BudgetRead:
    row = await _found(desk, budget_id)
    case = acts.Case(row.id, None, row.bureau_code)
    told = {"year": row.year, "amount": str(row.amount), "document": row.document}
    await acts.record(desk, act, "budgets", row.id, case, **told)
    return BudgetRead.model_validate(row)
