"""Which checks does a claim ask, by rule and by eye, and which of them are done?"""

from collections import defaultdict
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, insert, select

from app.actors import Officer
from app.errors import ChecksOpen, DutyMissing, NotFound, SignedAlready
from app.models import Claim, OfficerCheck, Signature, new_id
from app.office import Desk
from app.policy.checks import BY_CODE, Check
from app.policy.explanation import effect_of, explain
from app.policy.findings import Finding, Outcome
from app.policy.procedure import STATES_ZH, ClaimState, Duty
from app.policy.rulebook import Effect
from app.schemas.tasks import CheckCreate, TaskList, TaskOutcome, TaskRead, Ticked
from app.services import acts, cases, holding, kept

_OPEN_TO_CHECKING: Final = frozenset({ClaimState.FILED, ClaimState.REVIEWED})
_STOPPING: Final = frozenset({Effect.BLOCKS, Effect.NEEDS_DECISION})
_OUTCOMES: Final = {
    Outcome.PASSED: TaskOutcome.PASSED,
    Outcome.FAILED: TaskOutcome.FAILED,
    Outcome.NO_DATA: TaskOutcome.NO_DATA,
    Outcome.WARNED: TaskOutcome.OFFICER_NEEDED,
}
_TICKED: Final = {Ticked.MET: TaskOutcome.PASSED, Ticked.NOT_MET: TaskOutcome.FAILED}
_GRAVEST_FIRST: Final = (Outcome.FAILED, Outcome.NO_DATA, Outcome.WARNED, Outcome.PASSED)


async def of_claim(desk: Desk[Officer], claim_id: UUID) -> TaskList:
    """Return every check of a claim of the officer's bureau: the officers' own, then the rules'."""
    claim = await cases.found(desk, Claim, claim_id)
    stored = await kept.latest(desk, claim_id)
    found: dict[str, list[tuple[int | None, Finding]]] = defaultdict(list)
    for one in kept.unpacked(stored.findings):
        found[one.rule].append((None, one))
    for line in await kept.lines(desk, stored.id):
        for one in kept.unpacked(line.findings):
            found[one.rule].append((line.number, one))
    ticks = await _ticks(desk, claim)
    tasks = [_by_officer(BY_CODE[code], ticks.get(code)) for code in claim.asked_checks]
    tasks += [_by_rule(several) for several in found.values()]
    return TaskList(round=claim.round, open=sum(task.blocking for task in tasks), tasks=tasks)


async def check(desk: Desk[Officer], claim_id: UUID, word: CheckCreate) -> TaskList:
    """Record an officer's own check; the latest of the round counts.

    Raises:
        NotFound: the claim does not ask it.
        WrongState: the claim is not under examination.
        DutyMissing: the officer does not review.
        SignedAlready: the officer keyed the case in.
        CaseHeld: another officer holds the case.
    """
    claim = await cases.found(desk, Claim, claim_id, lock=True)
    _refuse(desk, claim)
    await _refuse_who_keyed_in(desk, claim)
    if word.check not in claim.asked_checks:
        raise NotFound("该申请不需要此项核对。")
    await holding.refuse_held(desk, claim_id)
    await desk.db.execute(
        insert(OfficerCheck).values(
            id=new_id(),
            claim_id=claim.id,
            enterprise_id=claim.enterprise_id,
            bureau_code=claim.bureau_code,
            round=claim.round,
            code=word.check,
            outcome=word.outcome,
            remark=word.remark,
            officer_id=desk.actor.account_id,
            officer_name=desk.actor.name,
            checked_on=desk.today,
        )
    )
    # Without the enterprise: how its case is examined is not its to see.
    case = acts.Case(claim.id, None, claim.bureau_code)
    told = word.model_dump(mode="json", exclude_none=True)
    await acts.record(desk, "check", "claims", claim.id, case, round=claim.round, **told)
    return await of_claim(desk, claim_id)


async def refuse_open(desk: Desk[Officer], claim: Row[Any]) -> None:
    """Let nobody sign before each check asked of an officer is met in the present round.

    Raises:
        ChecksOpen: some are not; the database refuses the approval for the same reason.
        SignedAlready: they are not the caller's to make: he keyed the case in.
    """
    ticks = await _ticks(desk, claim)
    waiting = [
        {"check": code, "title": BY_CODE[code].title, "outcome": tick.outcome if tick else None}
        for code in claim.asked_checks
        if (tick := ticks.get(code)) is None or tick.outcome != Ticked.MET
    ]
    if waiting:
        await _refuse_who_keyed_in(desk, claim)
        raise ChecksOpen(checks=waiting)


async def _ticks(desk: Desk[Officer], claim: Row[Any]) -> dict[str, Row[Any]]:
    """Return the latest of each check in the claim's present round."""
    query = (
        select(*OfficerCheck.__table__.c)
        .where(OfficerCheck.claim_id == claim.id, OfficerCheck.round == claim.round)
        .order_by(OfficerCheck.id)
    )
    return {row.code: row for row in await desk.db.execute(query)}


def _refuse(desk: Desk[Officer], claim: Row[Any]) -> None:
    if Duty.REVIEW not in desk.actor.duties:
        raise DutyMissing
    if claim.state not in _OPEN_TO_CHECKING:
        raise cases.wrong_state(
            Claim, claim.state, f"当前状态为「{STATES_ZH[claim.state]}」，不能再登记核对结果。"
        )


async def _refuse_who_keyed_in(desk: Desk[Officer], claim: Row[Any]) -> None:
    """Let nobody check what he keyed in himself, the case or a correction of it."""
    me = desk.actor.account_id
    query = select(Signature.step).where(
        Signature.case_id == claim.id, Signature.officer_id == me, Signature.step == "keyed_in"
    )
    if claim.keyed_by == me or await desk.db.scalar(query) is not None:
        raise SignedAlready("录入该事项的人员不得核对。")


def _by_officer(asked: Check, tick: Row[Any] | None) -> TaskRead:
    met = tick is not None and tick.outcome == Ticked.MET
    return TaskRead(
        code=asked.code,
        by="officer",
        title=asked.title,
        clauses=list(asked.clauses),
        outcome=TaskOutcome.OFFICER_NEEDED if tick is None else _TICKED[Ticked(tick.outcome)],
        text=asked.advice,
        remedy="" if met else "请核对并登记结果；不符合的，请退回补正或不予补贴。",
        persons=[],
        blocking=not met,
        officer_name=tick.officer_name if tick else None,
        checked_on=tick.checked_on if tick else None,
        remark=tick.remark if tick else None,
    )


def _by_rule(found: list[tuple[int | None, Finding]]) -> TaskRead:
    """Return what one rule found, of the claim or of its persons: the gravest answer in words."""
    _, gravest = min(found, key=lambda each: _GRAVEST_FIRST.index(each[1].outcome))
    words = explain(gravest)
    concerned = [
        number
        for number, one in found
        if number is not None and one.outcome is gravest.outcome is not Outcome.PASSED
    ]
    return TaskRead(
        code=gravest.rule,
        by="automatic",
        title=words.title,
        clauses=list(words.clauses),
        outcome=_OUTCOMES[gravest.outcome],
        text=words.reason,
        remedy=words.remedy,
        persons=concerned,
        blocking=any(effect_of(one) in _STOPPING for _, one in found),
    )
