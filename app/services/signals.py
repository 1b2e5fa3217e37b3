"""What does not fit in a claim, and who looked at it? Raised by a filing, cleared by a reviewer."""

import json
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, bindparam, select, text, update

from app.actors import Member, Officer
from app.errors import DutyMissing, NotFound, SignalCleared, SignalsOpen, SignedAlready
from app.hot import Hot
from app.models import Claim, SignalRecord, new_id
from app.office import Desk
from app.policy.procedure import STATES_ZH, ClaimState, Duty
from app.policy.signals import Signal, explain, raise_all
from app.schemas.signals import Clearance, SignalRead
from app.services import acts, cases, kept, signal_facts

_RAISE: Final = Hot(
    text(
        """
    INSERT INTO signals (id, claim_id, enterprise_id, bureau_code, round, kind, severity, data,
                         rows, raised_on)
    SELECT u.id, c.id, c.enterprise_id, c.bureau_code, c.round, u.kind, u.severity, u.data::jsonb,
           u.rows::bigint[], :today
    FROM claims AS c, unnest(
        CAST(:ids AS uuid[]), CAST(:kinds AS text[]), CAST(:severities AS text[]),
        CAST(:data AS text[]), CAST(:rows AS text[])) AS u (id, kind, severity, data, rows)
    WHERE c.id = :claim_id
    """
    )
)
_OF_ROUND: Final = Hot(
    select(*SignalRecord.__table__.c).where(
        SignalRecord.claim_id == bindparam("claim_id"), SignalRecord.round == bindparam("round")
    )
)
_OPEN_TO_CLEARING: Final = frozenset({ClaimState.FILED, ClaimState.REVIEWED})


async def look(desk: Desk[Member], claim_id: UUID, plan_id: UUID, done: kept.Assessed) -> None:
    """Store what does not fit in the round of a claim that has just begun."""
    facts = await signal_facts.gathered(desk, plan_id, done)
    if raise_all(facts):
        facts = await signal_facts.with_rows(desk, plan_id, facts)
        await _store(desk, claim_id, raise_all(facts))


async def of_claim(desk: Desk[Officer], claim_id: UUID) -> list[SignalRead]:
    """Return the signals of a claim of the officer's bureau: those of the last round first."""
    claim = await cases.found(desk, Claim, claim_id)
    query = (
        select(*SignalRecord.__table__.c)
        .where(SignalRecord.claim_id == claim_id)
        .order_by(SignalRecord.round.desc(), SignalRecord.id)
    )
    return [_told(row, claim) for row in await desk.db.execute(query)]


async def clear(
    desk: Desk[Officer], claim_id: UUID, signal_id: UUID, word: Clearance
) -> SignalRead:
    """Clear one signal with a remark; who does so does not approve the claim.

    Raises:
        NotFound: no such signal of the claim's present round.
        SignalCleared: it was cleared before.
        WrongState: the claim is not under examination.
        DutyMissing: the officer does not review.
        SignedAlready: the officer keyed the case in.
    """
    claim = await cases.found(desk, Claim, claim_id, lock=True)
    _refuse(desk, claim)
    found = await _one(desk, claim, signal_id)
    if found.cleared_on is not None:
        raise SignalCleared
    await desk.db.execute(
        update(SignalRecord)
        .where(SignalRecord.id == signal_id)
        .values(
            cleared_by=desk.actor.account_id,
            cleared_by_name=desk.actor.name,
            cleared_on=desk.today,
            remark=word.remark,
        )
    )
    # Without the enterprise: it reads its case's history, and signals are not its to see.
    case = acts.Case(claim.id, None, claim.bureau_code)
    await acts.record(
        desk, "clear", "signals", signal_id, case, kind=found.kind, remark=word.remark
    )
    return _told(await _one(desk, claim, signal_id), claim)


async def refuse_open(desk: Desk[Officer], claim: Row[Any]) -> None:
    """Let nobody approve what does not fit before it was looked at, nor who looked at it himself.

    Raises:
        SignalsOpen: signals of the present round wait to be cleared.
        SignedAlready: the officer cleared one of them.
    """
    rows = await _OF_ROUND.rows(desk.driver, claim_id=claim.id, round=claim.round)
    waiting = [row for row in rows if row.cleared_on is None]
    if waiting:
        raise SignalsOpen(
            signals=[
                {"id": str(row.id), "kind": row.kind, "title": explain(row.kind, row.data).title}
                for row in waiting
            ]
        )
    if any(row.cleared_by == desk.actor.account_id for row in rows):
        raise SignedAlready("核销疑点的人员不得审批同一申请。")


async def _store(desk: Desk[Member], claim_id: UUID, found: tuple[Signal, ...]) -> None:
    await _RAISE.rows(
        desk.driver,
        claim_id=claim_id,
        today=desk.today,
        ids=[new_id() for _ in found],
        kinds=[each.kind for each in found],
        severities=[each.severity for each in found],
        data=[json.dumps(each.data, ensure_ascii=False) for each in found],
        rows=["{" + ",".join(map(str, each.rows)) + "}" for each in found],
    )


async def _one(desk: Desk[Officer], claim: Row[Any], signal_id: UUID) -> Row[Any]:
    query = select(*SignalRecord.__table__.c).where(
        SignalRecord.id == signal_id,
        SignalRecord.claim_id == claim.id,
        SignalRecord.round == claim.round,
    )
    row = (await desk.db.execute(query)).one_or_none()
    if row is None:
        raise NotFound("没有该疑点，或其属于以前的轮次。")
    return row


def _refuse(desk: Desk[Officer], claim: Row[Any]) -> None:
    if Duty.REVIEW not in desk.actor.duties:
        raise DutyMissing
    if claim.state not in _OPEN_TO_CLEARING:
        raise cases.wrong_state(
            Claim, claim.state, f"当前状态为「{STATES_ZH[claim.state]}」，不能再核销疑点。"
        )
    if claim.keyed_by == desk.actor.account_id:
        raise SignedAlready("录入该事项的人员不得核销疑点。")


def _told(row: Row[Any], claim: Row[Any]) -> SignalRead:
    words = explain(row.kind, row.data)
    return SignalRead(
        **row._mapping,
        title=words.title,
        text=words.text,
        advice=words.advice,
        open=row.round == claim.round and row.cleared_on is None,
    )
