"""How is a claim examined, approved, returned, rejected or withdrawn?"""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, select, text

from app.actors import Member, Officer
from app.errors import AssessmentChanged, DecisionStands
from app.hot import Hot
from app.models import Claim, Trainee
from app.office import Desk
from app.policy import checks
from app.policy.explanation import effect_of
from app.policy.facts import Purpose
from app.policy.measures import is_capped, is_counted
from app.policy.money import NOTHING
from app.policy.procedure import HOLDS_ENTITLEMENT, ClaimState
from app.policy.rulebook import Effect
from app.schemas.claims import (
    AssessmentRead,
    ClaimRead,
    LineRead,
)
from app.schemas.findings import FindingRead
from app.schemas.words import Reason, Remarked
from app.services import acts, advances, assessments, cases, claims, dues, kept, signals, tasks

_RESERVE: Final = Hot(
    text("SELECT reserve_entitlements(:assessment, :measure, :period, :cap, :times)")
)
_RELEASE: Final = text("SELECT release_entitlements(:claim)")


async def assessment(desk: Desk[Member], claim_id: UUID) -> AssessmentRead:
    """Return the claim's assessment in force: every line, every finding, every clause."""
    await cases.found(desk, Claim, claim_id)
    stored = await kept.latest(desk, claim_id)
    names = {
        row.id: row
        for row in await desk.db.execute(
            select(Trainee.id, Trainee.name, Trainee.id_masked)
            .join(Claim, Claim.plan_id == Trainee.plan_id)
            .where(Claim.id == claim_id)
        )
    }
    lines = [
        LineRead(
            **{**row._mapping, "findings": _told(row.findings)},
            name=names[row.trainee_id].name,
            id_masked=names[row.trainee_id].id_masked,
        )
        for row in await kept.lines(desk, stored.id)
    ]
    return AssessmentRead(
        **{**stored._mapping, "findings": _told(stored.findings)},
        persons_paid=sum(line.payable > 0 for line in lines),
        lines=lines,
    )


async def review(desk: Desk[Officer], claim_id: UUID, word: Remarked) -> ClaimRead:
    """Sign that the claim was examined and its assessment is right.

    Raises:
        FindingsBlock: findings block the claim, or nothing is payable.
        ChecksOpen: an officer's own check is not made, or not met.
        WrongState, DutyMissing, SignedAlready, CaseHeld: as named.
    """
    row = await cases.found(desk, Claim, claim_id, lock=True)
    move = cases.may(desk, Claim, row, "review")
    stored = await kept.latest(desk, claim_id)
    _refuse_blocked(row, stored, await kept.lines(desk, stored.id))
    await tasks.refuse_open(desk, row)
    await cases.advance(desk, Claim, row, move, remark=word.remark, assessment_id=stored.id)
    return await claims.read(desk, claim_id)


async def reassess(desk: Desk[Officer], claim_id: UUID) -> ClaimRead:
    """Assess a reviewed claim again with today's balances; it is to be reviewed again."""
    row = await cases.found(desk, Claim, claim_id, lock=True)
    move = cases.may(desk, Claim, row, "reassess")
    _, done = await assessments.again(desk, row)
    await cases.advance(
        desk,
        Claim,
        row,
        move,
        amount=done.result.amount,
        persons=done.persons_paid,
        asked_checks=checks.asked(done.facts, done.result),
    )
    await kept.store(desk, claim_id, done)
    await signals.look(desk, claim_id, row.plan_id, done)
    return await claims.read(desk, claim_id)


async def approve(desk: Desk[Officer], claim_id: UUID, word: Remarked) -> ClaimRead:
    """Approve a reviewed claim and reserve its money, person by person.

    The figures are assessed again under the lock; nobody signs an unseen figure.

    Raises:
        AssessmentChanged: the balances moved since the review.
        SignalsOpen: a signal of the present round was not cleared.
        SignedAlready: the officer reviewed the claim, cleared a signal of it, decided on a line of
            it, made the decision anew, or keyed it in.
        WrongState, DutyMissing, CapReached, ProjectSubsidised: as named.
    """
    row = await cases.found(desk, Claim, claim_id, lock=True)
    move = cases.may(desk, Claim, row, "approve")
    await signals.refuse_open(desk, row)
    stored, done = await assessments.again(desk, row)
    _refuse_changed(stored, done)
    signed = {"remark": word.remark, "assessment_id": stored.id}
    approved = await cases.advance(desk, Claim, row, move, **signed)
    if row.supersedes is not None:
        old = acts.Case(row.supersedes, row.enterprise_id, row.bureau_code)
        told = {"state": ClaimState.SUPERSEDED, "by": row.receipt}
        await acts.record(desk, "supersede", "claims", old.id, old, **told)
    if row.kind == Purpose.CLAIM:
        limits = _limits(row.measure, done)
        await _RESERVE.rows(desk.driver, assessment=stored.id, **limits)
    return claims.told(approved, await dues.told(desk, approved))


async def reject(desk: Desk[Officer], claim_id: UUID, word: Reason) -> ClaimRead:
    """Refuse the subsidy with reasons; what was reserved is free again, an advance comes back.

    A redetermination that is refused leaves the decision as it stood.

    Raises:
        WrongState: an advanced claim is published already; it is settled.
        DecisionStands: it took the place of another decision already.
    """
    row = await cases.found(desk, Claim, claim_id, lock=True)
    if row.advanced == 0 or row.supersedes is not None:
        return await _close(desk, claim_id, "reject", word)
    if row.state == ClaimState.PUBLISHED:
        raise cases.wrong_state(Claim, row.state, "已公示的申请请在公示期满后拨付或结清。")
    await _close(desk, claim_id, "reject", word, amount=NOTHING)
    await advances.demand(desk, await cases.found(desk, Claim, claim_id))
    return await claims.read(desk, claim_id)


async def withdraw(desk: Desk[Member], claim_id: UUID, word: Reason) -> ClaimRead:
    """Withdraw the claim; what was reserved is free again.

    Raises:
        DecisionStands: it is a decision made anew, and not an application.
        WrongState, NotYourRole: as named.
    """
    return await _close(desk, claim_id, "withdraw", word)


async def _close(
    desk: Desk[Member], claim_id: UUID, name: str, word: Reason, **changes: object
) -> ClaimRead:
    row = await cases.found(desk, Claim, claim_id, lock=True)
    move = cases.may(desk, Claim, row, name)
    if row.supersedes is not None and (name == "withdraw" or row.state in HOLDS_ENTITLEMENT):
        raise DecisionStands
    await cases.advance(desk, Claim, row, move, remark=word.reason, **changes)
    if row.state in HOLDS_ENTITLEMENT and move.target not in HOLDS_ENTITLEMENT:
        await desk.db.execute(_RELEASE, {"claim": claim_id})
    return await claims.read(desk, claim_id)


def _limits(measure: str, done: kept.Assessed) -> dict[str, Any]:
    """Return where to book, and up to what; without a cap or a count of the measure, no limit."""
    law = done.law
    return {
        "measure": measure,
        "period": done.balances.policy_period,
        "cap": law.cap_per_person_year if is_capped(measure, law) else None,
        "times": law.subsidies_per_person if is_counted(measure, law) else None,
    }


def _refuse_blocked(claim: Row[Any], stored: Row[Any], lines: list[Row[Any]]) -> None:
    """Refuse what blocks the claim, and every breach "in principle" that nobody decided on.

    A claim that comes to nothing after an advance goes on: settling it brings the advance back.
    """
    if stored.amount == 0 and claim.advanced > 0:
        return
    found = kept.unpacked(stored.findings)
    for line in lines:
        found += kept.unpacked(line.findings)
    stopping = [one for one in found if effect_of(one) in {Effect.BLOCKS, Effect.NEEDS_DECISION}]
    if stopping or stored.amount == 0:
        excluded = [one for one in found if effect_of(one) is Effect.EXCLUDES]
        raise cases.blocked(stopping or excluded, stored.amount)


def _refuse_changed(stored: kept.Basis, done: kept.Assessed) -> None:
    seen = stored.payable
    now = {line.number: line.payable for line in done.result.lines}
    changed = [
        {"number": number, "reviewed": str(seen[number]), "now": str(now[number])}
        for number in seen
        if seen[number] != now[number]
    ]
    if changed or stored.amount != done.result.amount:
        raise AssessmentChanged(changed=changed)


def _told(stored: list[Any]) -> list[FindingRead]:
    return [FindingRead.of(one) for one in kept.unpacked(stored)]
