"""What do officers decide on single lines? To exclude or reduce one, in writing; never to raise."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, insert, select
from sqlalchemy.dialects.postgresql import distinct_on

from app.actors import Member, Officer
from app.errors import DutyMissing, NothingTakenAway, PersonsUnknown, SignedAlready
from app.models import Bureau, Claim, LineDecisionRecord, Trainee, new_id
from app.office import Desk
from app.policy.facets import LineDecision
from app.policy.facts import Purpose
from app.policy.findings import Line
from app.policy.kinds import Ruling
from app.policy.measures import is_a_class
from app.policy.procedure import STATES_ZH, ClaimState, Duty
from app.schemas.deciding import LineDecisionCreate, LineDecisionRead
from app.services import acts, assessments, cases
from app.services.kept import Assessed

_WHOSE: Final = "审核岗位"


async def decide(desk: Desk[Officer], claim_id: UUID, new: LineDecisionCreate) -> LineDecisionRead:
    """Decide on one line; the claim is assessed again with it. Who decides does not approve.

    Raises:
        NothingTakenAway: the line would bring no less, or there is nothing to lift.
        PersonsUnknown: there is no such line.
        WrongState: the claim is not under examination.
        DutyMissing: the officer does not review.
        SignedAlready: the officer keyed the case in.
    """
    claim = await cases.found(desk, Claim, claim_id, lock=True)
    _refuse(desk, claim)
    _, now = await assessments.again(desk, claim)
    line = _line(now, new.number)
    others = tuple(each for each in now.facts.decisions if each.person != new.number)
    lawful = _line(assessments.assessed_with(now, decisions=others), new.number)
    if new.kind is Ruling.LIFT:
        decisions, before = _lifted(now, others), line
    else:
        _refuse_hours(claim, new)
        decisions, before = (*others, _decision(new)), lawful
    after = _line(assessments.assessed_with(now, decisions=decisions), new.number)
    if new.kind is not Ruling.LIFT and after.payable >= before.payable:
        raise NothingTakenAway(f"依现有材料应补贴 {before.payable} 元，该决定没有减少补贴。")
    figures = {"before": before.payable, "after": after.payable}
    decision_id = await record(desk, claim.id, claim, new.model_dump(), **figures)
    await assessments.assess_with(desk, claim_id, now, decisions=decisions)
    (told,) = [each for each in await of_claim(desk, claim_id) if each.id == decision_id]
    return told


async def of_claim(desk: Desk[Member], claim_id: UUID) -> list[LineDecisionRead]:
    """Return every decision on a line of the claim, oldest first, and which are in force."""
    claim = await cases.found(desk, Claim, claim_id)
    office = await desk.db.scalar(select(Bureau.name).where(Bureau.code == claim.bureau_code))
    rows = list(
        await desk.db.execute(
            select(*LineDecisionRecord.__table__.c, Trainee.name, Trainee.id_masked)
            .join(
                Trainee,
                (Trainee.plan_id == claim.plan_id) & (Trainee.number == LineDecisionRecord.number),
            )
            .where(LineDecisionRecord.claim_id == claim_id)
            .order_by(LineDecisionRecord.ordinal)
        )
    )
    last = {row.number: row.id for row in rows}
    return [
        LineDecisionRead(
            **row._mapping,
            decided_by=f"{office}（{_WHOSE}）",
            in_force=last[row.number] == row.id and row.kind != Ruling.LIFT,
            carried=row.carried_from is not None,
        )
        for row in rows
    ]


async def standing(desk: Desk[Member], claim_id: UUID) -> list[Row[Any]]:
    """Return the last decision on each line of the claim, unless it lifted the one before."""
    last = (
        select(*LineDecisionRecord.__table__.c)
        .ext(distinct_on(LineDecisionRecord.number))
        .where(LineDecisionRecord.claim_id == claim_id)
        .order_by(LineDecisionRecord.number, LineDecisionRecord.ordinal.desc())
    )
    return [row for row in await desk.db.execute(last) if row.kind != Ruling.LIFT]


async def in_force(desk: Desk[Member], claim_id: UUID) -> tuple[LineDecision, ...]:
    """Return what is decided on the lines of the claim, as the law reads it."""
    return tuple(as_fact(row) for row in await standing(desk, claim_id))


def as_fact(row: Row[Any]) -> LineDecision:
    """Return a stored decision as the law reads it."""
    return LineDecision(
        row.number, Ruling(row.kind), row.reason, row.reference, row.amount, row.hours
    )


async def record(
    desk: Desk[Officer], claim_id: UUID, case: Row[Any], told: dict[str, Any], **figures: object
) -> UUID:
    """Write a decision down under the officer's name, and the act; return its id."""
    decision_id = new_id()
    await desk.db.execute(
        insert(LineDecisionRecord).values(
            id=decision_id,
            claim_id=claim_id,
            enterprise_id=case.enterprise_id,
            bureau_code=case.bureau_code,
            officer_id=desk.actor.account_id,
            officer_name=desk.actor.name,
            decided_on=desk.today,
            **{"round": case.round, **told, **figures},
        )
    )
    whose = acts.Case(claim_id, case.enterprise_id, case.bureau_code)
    said = {key: str(value) for key, value in {**told, **figures}.items() if value is not None}
    await acts.record(desk, "decide_line", "claims", claim_id, whose, **said)
    return decision_id


def _refuse(desk: Desk[Officer], claim: Row[Any]) -> None:
    if Duty.REVIEW not in desk.actor.duties:
        raise DutyMissing
    if claim.state != ClaimState.FILED:
        raise cases.wrong_state(
            Claim,
            claim.state,
            f"当前状态为「{STATES_ZH[claim.state]}」，只能在审核前对单行作出决定；"
            "已审核的请先办理「重新核算」。",
        )
    if claim.keyed_by == desk.actor.account_id:
        raise SignedAlready("录入该事项的人员不得对其作出核减决定。")


def _refuse_hours(claim: Row[Any], new: LineDecisionCreate) -> None:
    by_hours = claim.kind == Purpose.CLAIM and is_a_class(claim.measure)
    if new.hours is not None and not by_hours:
        raise NothingTakenAway("该项补贴不按课时计算，请填写核减后的金额。")


def _line(done: Assessed, number: int) -> Line:
    for line in done.result.lines:
        if line.number == number:
            return line
    raise PersonsUnknown(numbers=[number], both=[])


def _lifted(now: Assessed, others: tuple[LineDecision, ...]) -> tuple[LineDecision, ...]:
    if len(others) == len(now.facts.decisions):
        raise NothingTakenAway("该人员没有有效的核减决定可以撤销。")
    return others


def _decision(new: LineDecisionCreate) -> LineDecision:
    return LineDecision(new.number, new.kind, new.reason, new.reference, new.amount, new.hours)
