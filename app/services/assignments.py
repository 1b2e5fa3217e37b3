"""Who takes a case, hands it over, takes it over or releases it? Each leaves a row for ever."""

from typing import Any
from uuid import UUID

from sqlalchemy import insert, text

from app.actors import Officer
from app.errors import DutyMissing, NotAColleague, NotAwaited
from app.models import Assignment, Claim, Plan, new_id
from app.office import Desk
from app.policy.awaiting import BY_NAME
from app.schemas.worklist import Colleague, HandingOver, Taking, WorkItem
from app.services import acts, cases, holding, worklist

_COLLEAGUES = text("SELECT * FROM colleagues()")


async def take(desk: Desk[Officer], table: cases.Cases, case_id: UUID, word: Taking) -> WorkItem:
    """Take a case; with a reason also from another officer, so that nobody blocks it for ever.

    Raises:
        CaseHeld: another officer holds it, and no reason was given.
        NotAwaited, DutyMissing, NotFound: as named.
    """
    listed = await _listed(desk, table, case_id)
    me = desk.actor.account_id
    if listed.holder not in {None, me}:
        if word.reason is None:
            raise holding.held(listed.holder_name)
        await _record(desk, table, listed, "take_over", (me, desk.actor.name), word.reason)
    elif listed.holder is None:
        await _record(desk, table, listed, "take", (me, desk.actor.name), word.reason)
    return await worklist.item(desk, case_id)


async def hand_over(
    desk: Desk[Officer], table: cases.Cases, case_id: UUID, word: HandingOver
) -> WorkItem:
    """Hand a case that one holds, or nobody holds, to an officer of the bureau with the duty.

    Raises:
        NotAColleague: the receiver is none, or lacks the duty.
        CaseHeld: another officer holds it.
        NotAwaited, DutyMissing, NotFound: as named.
    """
    listed = await _listed(desk, table, case_id)
    await holding.refuse_held(desk, case_id)
    to = {each.id: each for each in await colleagues(desk)}.get(word.to)
    if to is None or to.id == desk.actor.account_id:
        raise NotAColleague
    if BY_NAME[listed.step].duty not in to.duties:
        raise NotAColleague(f"{to.name} 没有办理该环节的职责。")
    await _record(desk, table, listed, "hand_over", (to.id, to.name), word.reason)
    return await worklist.item(desk, case_id)


async def release(desk: Desk[Officer], table: cases.Cases, case_id: UUID) -> WorkItem:
    """Put a case that one holds back on the list; one that nobody holds is there already.

    Raises:
        CaseHeld: another officer holds it.
        NotAwaited, DutyMissing, NotFound: as named.
    """
    listed = await _listed(desk, table, case_id)
    await holding.refuse_held(desk, case_id)
    if listed.holder is not None:
        await _record(desk, table, listed, "release", (None, None), None)
    return await worklist.item(desk, case_id)


async def colleagues(desk: Desk[Officer]) -> list[Colleague]:
    """Return the officers of the caller's bureau, with their duties."""
    return [Colleague.model_validate(row) for row in await desk.db.execute(_COLLEAGUES)]


async def _listed(desk: Desk[Officer], table: cases.Cases, case_id: UUID) -> Any:  # noqa: ANN401  a row
    """Return the row of the list, with the case locked: who comes second sees who came first."""
    await cases.found(desk, table, case_id, lock=True)
    listed = await holding.listed(desk, case_id)
    if listed is None or listed.since > desk.today:
        raise NotAwaited
    step = BY_NAME[listed.step]
    if step.duty not in desk.actor.duties:
        raise DutyMissing(f"办理「{step.title_zh}」需要职责：{step.duty}。")
    return listed


async def _record(
    desk: Desk[Officer],
    table: cases.Cases,
    listed: Any,  # noqa: ANN401  a row
    act: str,
    to: tuple[UUID | None, str | None],
    reason: str | None,
) -> None:
    """Write the row of the history; the database moves the case by it."""
    told = {"from_name": listed.holder_name, "to_name": to[1], "reason": reason}
    await desk.db.execute(
        insert(Assignment).values(
            id=new_id(),
            **{"plan_id" if table is Plan else "claim_id": listed.case_id},
            enterprise_id=listed.enterprise_id,
            bureau_code=listed.bureau_code,
            step=listed.step,
            act=act,
            from_id=listed.holder,
            to_id=to[0],
            officer_id=desk.actor.account_id,
            officer_name=desk.actor.name,
            done_on=desk.today,
            **told,
        )
    )
    # Without the enterprise: who of the bureau works on its case is not its to see.
    case = acts.Case(listed.case_id, None, listed.bureau_code)
    said = {name: value for name, value in told.items() if value is not None}
    await acts.record(
        desk, act, table.__tablename__, listed.case_id, case, step=listed.step, **said
    )


PLANS, CLAIMS = Plan, Claim
"""What may be taken: the routes name it so."""
