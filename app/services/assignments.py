"""Who takes a case, hands it over, takes it over or releases it? Each leaves a row for ever."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert, text

from app.actors import Officer
from app.errors import DutyMissing, NotAColleague, NotAwaited
from app.models import Assignment, Claim, Plan, new_id
from app.office import Desk
from app.policy.awaiting import BY_NAME
from app.schemas.worklist import Colleague, HandingOver, Taking, WorkItem
from app.services import acts, cases, holding, outcomes, worklist

_COLLEAGUES: Final = text("SELECT * FROM colleagues()")
_Found = Callable[[Desk[Officer], UUID], Awaitable[UUID | None]]


@dataclass(frozen=True, slots=True)
class Takeable:
    """What may be taken: its key in the history and its table.

    ``locked`` keeps everybody else from it and returns the case whose history tells the act.
    """

    key: str
    table: str
    locked: _Found


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A case that waits: its row of the list, and under which case its history is told."""

    what: Takeable
    told_of: UUID | None
    row: Any


def _of_procedure(table: cases.Cases) -> _Found:
    async def locked(desk: Desk[Officer], case_id: UUID) -> UUID:
        await cases.found(desk, table, case_id, lock=True)
        return case_id

    return locked


async def _objection(desk: Desk[Officer], objection_id: UUID) -> UUID | None:
    claim_id: UUID | None = (await outcomes.locked(desk, objection_id)).claim_id
    return claim_id


PLANS: Final = Takeable("plan_id", "plans", _of_procedure(Plan))
CLAIMS: Final = Takeable("claim_id", "claims", _of_procedure(Claim))
OBJECTIONS: Final = Takeable("objection_id", "objections", _objection)


async def take(desk: Desk[Officer], what: Takeable, case_id: UUID, word: Taking) -> WorkItem:
    """Take a case; with a reason also from another officer, so that nobody blocks it for ever.

    Raises:
        CaseHeld: another officer holds it, and no reason was given.
        NotAwaited, DutyMissing, NotFound: as named.
    """
    waiting = await _listed(desk, what, case_id)
    me = desk.actor.account_id
    if waiting.row.holder not in {None, me}:
        if word.reason is None:
            raise holding.held(waiting.row.holder_name)
        await _record(desk, waiting, "take_over", (me, desk.actor.name), word.reason)
    elif waiting.row.holder is None:
        await _record(desk, waiting, "take", (me, desk.actor.name), word.reason)
    return await worklist.item(desk, case_id)


async def hand_over(
    desk: Desk[Officer], what: Takeable, case_id: UUID, word: HandingOver
) -> WorkItem:
    """Hand a case that one holds, or nobody holds, to an officer of the bureau with the duty.

    Raises:
        NotAColleague: the receiver is none, or lacks the duty.
        CaseHeld: another officer holds it.
        NotAwaited, DutyMissing, NotFound: as named.
    """
    waiting = await _listed(desk, what, case_id)
    await holding.refuse_held(desk, case_id)
    to = {each.id: each for each in await colleagues(desk)}.get(word.to)
    if to is None or to.id == desk.actor.account_id:
        raise NotAColleague
    if BY_NAME[waiting.row.step].duty not in to.duties:
        raise NotAColleague(f"{to.name} 没有办理该环节的职责。")
    await _record(desk, waiting, "hand_over", (to.id, to.name), word.reason)
    return await worklist.item(desk, case_id)


async def release(desk: Desk[Officer], what: Takeable, case_id: UUID) -> WorkItem:
    """Put a case that one holds back on the list; one that nobody holds is there already.

    Raises:
        CaseHeld: another officer holds it.
        NotAwaited, DutyMissing, NotFound: as named.
    """
    waiting = await _listed(desk, what, case_id)
    await holding.refuse_held(desk, case_id)
    if waiting.row.holder is not None:
        await _record(desk, waiting, "release", (None, None), None)
    return await worklist.item(desk, case_id)


async def colleagues(desk: Desk[Officer]) -> list[Colleague]:
    """Return the officers of the caller's bureau, with their duties."""
    return [Colleague.model_validate(row) for row in await desk.db.execute(_COLLEAGUES)]


async def _listed(desk: Desk[Officer], what: Takeable, case_id: UUID) -> _Waiting:
    """Return the case as it waits, locked: who comes second sees who came first."""
    told_of = await what.locked(desk, case_id)
    row = await holding.listed(desk, case_id)
    if row is None or row.since > desk.today:
        raise NotAwaited
    step = BY_NAME[row.step]
    if step.duty not in desk.actor.duties:
        raise DutyMissing(f"办理「{step.title_zh}」需要职责：{step.duty}。")
    return _Waiting(what, told_of, row)


async def _record(
    desk: Desk[Officer],
    waiting: _Waiting,
    act: str,
    to: tuple[UUID | None, str | None],
    reason: str | None,
) -> None:
    """Write the row of the history; the database moves the case by it."""
    what, row = waiting.what, waiting.row
    told = {"from_name": row.holder_name, "to_name": to[1], "reason": reason}
    await desk.db.execute(
        insert(Assignment).values(
            id=new_id(),
            **{what.key: row.case_id},
            enterprise_id=row.enterprise_id,
            bureau_code=row.bureau_code,
            step=row.step,
            act=act,
            from_id=row.holder,
            to_id=to[0],
            officer_id=desk.actor.account_id,
            officer_name=desk.actor.name,
            done_on=desk.today,
            **told,
        )
    )
    # Without the enterprise: who of the bureau works on its case is not its to see.
    case = acts.Case(waiting.told_of, None, row.bureau_code)
    said = {name: value for name, value in told.items() if value is not None}
    await acts.record(desk, act, what.table, row.case_id, case, step=row.step, **said)
