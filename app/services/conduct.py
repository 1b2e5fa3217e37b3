"""How does an officer watch over an approved class: suspend, resume, ask for its evaluation?"""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.actors import Member, Officer
from app.errors import DayToCome, DutyMissing, WrongState
from app.models import Claim, EvaluationRecord, Plan, SuspensionRecord, new_id
from app.office import Desk
from app.policy.kinds import Purpose
from app.policy.procedure import STATES_ZH, ClaimState, Duty, PlanState
from app.schemas.conduct import (
    EvaluationCreate,
    EvaluationRead,
    Resumption,
    SuspensionCreate,
    SuspensionRead,
)
from app.services import acts, cases

_DECIDED: Final = frozenset(
    {ClaimState.APPROVED, ClaimState.PUBLISHED, ClaimState.PAYING, ClaimState.PAID}
)


async def suspend(desk: Desk[Officer], plan_id: UUID, new: SuspensionCreate) -> SuspensionRead:
    """Suspend a class from a day on (DL-1-c): what is learned then counts nothing.

    Raises:
        ClassSuspended: it is suspended on some of these days already.
        WrongState: the plan is not approved, or its claim was decided on.
        DutyMissing: the officer does not review.
    """
    plan = await _in_charge(desk, plan_id)
    await _refuse_decided(desk, plan_id)
    suspension_id = new_id()
    from_day = new.from_day or desk.today
    await desk.db.execute(
        insert(SuspensionRecord).values(
            id=suspension_id,
            plan_id=plan.id,
            enterprise_id=plan.enterprise_id,
            bureau_code=plan.bureau_code,
            from_day=from_day,
            reason=new.reason,
            suspended_by=desk.actor.account_id,
            suspended_by_name=desk.actor.name,
        )
    )
    await acts.record(
        desk, "suspend", "plans", plan.id, acts.Case.of(plan),
        from_day=from_day.isoformat(), reason=new.reason,
    )  # fmt: skip
    return await _suspension(desk, suspension_id)


async def resume(desk: Desk[Officer], plan_id: UUID, word: Resumption) -> SuspensionRead:
    """End the suspension of a class; ``to_day`` is its last day.

    Raises:
        ResumedBeforeSuspended: that day lies before the first.
        WrongState: the class is not suspended, or its claim was decided on.
        DutyMissing: the officer does not review.
    """
    plan = await _in_charge(desk, plan_id)
    await _refuse_decided(desk, plan_id)
    ended = (
        update(SuspensionRecord)
        .where(SuspensionRecord.plan_id == plan_id, SuspensionRecord.to_day.is_(None))
        .values(
            to_day=word.to_day,
            remark=word.remark,
            resumed_by=desk.actor.account_id,
            resumed_by_name=desk.actor.name,
        )
        .returning(SuspensionRecord.id)
    )
    suspension_id = await desk.db.scalar(ended)
    if suspension_id is None:
        raise WrongState("该班级没有尚未结束的暂停。", state=plan.state, possible=[])
    await acts.record(
        desk, "resume", "plans", plan.id, acts.Case.of(plan),
        to_day=word.to_day.isoformat(), remark=word.remark,
    )  # fmt: skip
    return await _suspension(desk, suspension_id)


async def suspensions(desk: Desk[Member], plan_id: UUID) -> list[SuspensionRead]:
    """Return the suspensions of a plan that the caller may see, in the order of their days."""
    await cases.found(desk, Plan, plan_id)
    rows = await desk.db.execute(
        select(*SuspensionRecord.__table__.c)
        .where(SuspensionRecord.plan_id == plan_id)
        .order_by(SuspensionRecord.from_day)
    )
    return [SuspensionRead.model_validate(row) for row in rows]


async def ask_for_evaluation(desk: Desk[Officer], plan_id: UUID) -> EvaluationRead:
    """Ask that a class be evaluated after training (DL-5.2-b); who asked first stays on record.

    Raises:
        WrongState: the plan is not approved.
        DutyMissing: the officer does not review.
    """
    plan = await _in_charge(desk, plan_id)
    before = await evaluation(desk, plan_id)
    if before.due:
        return before
    asked = {"asked_on": desk.today, "asked_by": desk.actor.account_id}
    await _keep(desk, plan, asked)
    await acts.record(desk, "ask_for_evaluation", "plans", plan.id, acts.Case.of(plan))
    return await evaluation(desk, plan_id)


async def evaluate(desk: Desk[Officer], plan_id: UUID, new: EvaluationCreate) -> EvaluationRead:
    """Record the evaluation of a class; recorded again it is corrected.

    Raises:
        DayToCome: it cannot have been made on a day that is yet to come.
        WrongState: the plan is not approved.
        DutyMissing: the officer does not review.
    """
    plan = await _in_charge(desk, plan_id)
    if new.made_on > desk.today:
        raise DayToCome
    await _keep(desk, plan, {**new.model_dump(), "recorded_by": desk.actor.account_id})
    told = new.model_dump(mode="json")
    await acts.record(desk, "evaluate", "plans", plan.id, acts.Case.of(plan), **told)
    return await evaluation(desk, plan_id)


async def evaluation(desk: Desk[Member], plan_id: UUID) -> EvaluationRead:
    """Return what is known of the evaluation of a plan that the caller may see."""
    await cases.found(desk, Plan, plan_id)
    query = select(*EvaluationRecord.__table__.c).where(EvaluationRecord.plan_id == plan_id)
    row = (await desk.db.execute(query)).one_or_none()
    if row is None:
        return EvaluationRead(due=False, asked_on=None, made_on=None, made_by=None, result=None)
    return EvaluationRead(**row._mapping, due=row.asked_on is not None)


async def _in_charge(desk: Desk[Officer], plan_id: UUID) -> Row[Any]:
    """Return the locked row of an approved plan that the officer may act on."""
    plan = await cases.found(desk, Plan, plan_id, lock=True)
    if Duty.REVIEW not in desk.actor.duties:
        raise DutyMissing
    if plan.state != PlanState.APPROVED:
        raise cases.wrong_state(
            Plan, plan.state, f"当前状态为「{STATES_ZH[plan.state]}」，备案审核通过后方可办理。"
        )
    return plan


async def _refuse_decided(desk: Desk[Officer], plan_id: UUID) -> None:
    """Refuse where the claim is decided: its days were counted, and will not be again.

    The claim's row is locked, so that nobody decides on it meanwhile.
    """
    states = await desk.db.scalars(
        select(Claim.state)
        .where(Claim.plan_id == plan_id, Claim.kind == Purpose.CLAIM)
        .with_for_update()
    )
    for state in states:
        if state in _DECIDED:
            raise cases.wrong_state(
                Claim, state, f"补贴申请状态为「{STATES_ZH[state]}」，不能再变更暂停日期。"
            )


async def _suspension(desk: Desk[Officer], suspension_id: UUID) -> SuspensionRead:
    query = select(*SuspensionRecord.__table__.c).where(SuspensionRecord.id == suspension_id)
    return SuspensionRead.model_validate((await desk.db.execute(query)).one())


async def _keep(desk: Desk[Officer], plan: Row[Any], columns: dict[str, Any]) -> None:
    new = upsert(EvaluationRecord).values(
        plan_id=plan.id,
        enterprise_id=plan.enterprise_id,
        bureau_code=plan.bureau_code,
        **columns,
    )
    await desk.db.execute(new.on_conflict_do_update(index_elements=["plan_id"], set_=columns))
