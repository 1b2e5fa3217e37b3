"""How is a decision made anew after an objection was upheld? As another that takes its place."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, Date, Integer, Row, Text, bindparam, insert, or_, select

from app.actors import Member, Officer
from app.errors import DutyMissing, NothingTakenAway, SignedAlready
from app.models import Claim, Redetermination, new_id
from app.office import Desk
from app.policy import checks
from app.policy.facts import Purpose
from app.policy.findings import Line
from app.policy.procedure import STATES_ZH, ClaimState, Duty
from app.schemas.claims import ClaimRead
from app.schemas.deciding import RedeterminationRead, RedetermineCreate
from app.services import (
    acts,
    assessments,
    cases,
    claims,
    clocks,
    holding,
    kept,
    line_decisions,
    signals,
)

# The new decision says what the old one said, but for its number, its day and its figures.
_SAME: Final = (
    "fund",
    "plan_id", "enterprise_id", "bureau_code", "channel", "keyed_by", "kind", "measure", "payee",
    "class_reference", "requirements_met", "form", "commitments_version", "commitments_accepted",
    "accepted_by", "accepted_at",
)  # fmt: skip
_MAKE: Final = kept.storing(
    f"INSERT INTO claims (id, receipt, state, filed_on, amount, persons, supersedes, step_began_on,"  # noqa: S608  our own column names
    f" due_on, step_days_used, asked_checks, {', '.join(_SAME)})"
    f" SELECT :id, :receipt, 'filed', :today, :due, :persons, old.id, :step_began_on, :due_on,"
    f" :step_days_used, :asked_checks, old.{', old.'.join(_SAME)}"
    f" FROM claims AS old WHERE old.id = :old RETURNING *",
    bindparam("step_began_on", type_=Date),
    bindparam("due_on", type_=Date),
    bindparam("step_days_used", type_=Integer),
    bindparam("asked_checks", type_=ARRAY(Text)),
)
_MADE_ANEW: Final = frozenset({ClaimState.PUBLISHED, ClaimState.PAID})


async def redetermine(desk: Desk[Officer], claim_id: UUID, new: RedetermineCreate) -> ClaimRead:
    """Make a published or paid decision anew, from its facts and today's records.

    It is judged by the day of the claim. What was decided on single lines is carried over, but for
    the lines of ``lifted``. It goes the way of every claim; once it is approved it takes the old
    one's place, and what that one brought counts as advanced.

    Raises:
        WrongState: the decision is not published or paid, or only an advance.
        RedeterminationOpen: it is being made anew already.
        NothingTakenAway: nothing was decided on a line of ``lifted``.
        DutyMissing: the officer does not review.
        SignedAlready: the officer keyed the case in.
        CaseHeld: another officer holds the objection that was upheld.
    """
    old = await cases.found(desk, Claim, claim_id, lock=True)
    _refuse(desk, old)
    await holding.refuse_held_anew(desk, old.id)
    standing = await line_decisions.standing(desk, old.id)
    carried = _but_for(standing, new.lifted)
    _, now = await assessments.again(desk, old)
    done = assessments.assessed_with(
        now,
        persons=await assessments.with_records(desk, old, now),
        decisions=tuple(line_decisions.as_fact(row) for row in carried),
    )
    made = await _made(desk, old, done)
    await _in_writing(desk, made, new)
    await _carry(desk, made, carried, done)
    await signals.look(desk, made.id, made.plan_id, done)
    return await claims.read(desk, made.id)


async def of_claim(desk: Desk[Member], claim_id: UUID) -> list[RedeterminationRead]:
    """Return where the claim was made anew, and of what it is the new decision, oldest first."""
    await cases.found(desk, Claim, claim_id)
    rows = await desk.db.execute(
        select(*Redetermination.__table__.c, Claim.receipt, Claim.state, Claim.amount)
        .join(Claim, Claim.id == Redetermination.claim_id)
        .where(or_(Redetermination.claim_id == claim_id, Redetermination.supersedes == claim_id))
        .order_by(Redetermination.claim_id)
    )
    return [RedeterminationRead.model_validate(row) for row in rows]


def _refuse(desk: Desk[Officer], old: Row[Any]) -> None:
    if Duty.REVIEW not in desk.actor.duties:
        raise DutyMissing
    if old.kind != Purpose.CLAIM:
        raise cases.wrong_state(Claim, old.state, "预拨由补贴申请结清，不单独重新核定。")
    if old.state not in _MADE_ANEW:
        raise cases.wrong_state(
            Claim,
            old.state,
            f"当前状态为「{STATES_ZH[old.state]}」：已公示或已拨付的决定方可重新核定。",
        )
    if old.keyed_by == desk.actor.account_id:
        raise SignedAlready("录入该事项的人员不得办理重新核定。")


def _but_for(standing: list[Row[Any]], lifted: list[int]) -> list[Row[Any]]:
    unknown = sorted(set(lifted) - {row.number for row in standing})
    if unknown:
        raise NothingTakenAway("这些人员没有有效的核减决定。", numbers=unknown)
    return [row for row in standing if row.number not in lifted]


async def _made(desk: Desk[Officer], old: Row[Any], done: kept.Assessed) -> Row[Any]:
    (made,) = await _MAKE.rows(
        desk.driver,
        id=new_id(),
        old=old.id,
        receipt=await cases.receipt(desk, "CH", old.bureau_code),
        persons=done.persons_paid,
        asked_checks=checks.asked(done.facts, done.result),
        **await clocks.of_filing(desk),
        **kept.columns(desk, done),
    )
    row: Row[Any] = made
    return row


async def _in_writing(desk: Desk[Officer], made: Row[Any], new: RedetermineCreate) -> None:
    await desk.db.execute(
        insert(Redetermination).values(
            claim_id=made.id,
            enterprise_id=made.enterprise_id,
            bureau_code=made.bureau_code,
            supersedes=made.supersedes,
            objection=new.objection,
            reason=new.reason,
            officer_id=desk.actor.account_id,
            officer_name=desk.actor.name,
            decided_on=desk.today,
        )
    )
    told = {**new.model_dump(), "receipt": made.receipt, "amount": str(made.amount)}
    for case_id in (made.supersedes, made.id):
        case = acts.Case(case_id, made.enterprise_id, made.bureau_code)
        await acts.record(desk, "redetermine", "claims", case_id, case, **told)


async def _carry(
    desk: Desk[Officer], made: Row[Any], carried: list[Row[Any]], done: kept.Assessed
) -> None:
    lines = {line.number: line for line in done.result.lines}
    same = ("number", "kind", "amount", "hours", "reason", "reference")
    for row in carried:
        told = {key: row._mapping[key] for key in same}
        figures = {"before": _before(lines[row.number]), "after": lines[row.number].payable}
        await line_decisions.record(desk, made.id, made, told, **figures, carried_from=row.id)


def _before(line: Line) -> object:
    """Return what the line would bring without the decision; its finding, the last, tells."""
    return line.findings[-1].data["before"]
