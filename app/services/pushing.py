"""How do the records that a platform pushes come in? Each is answered for; a key counts once."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import select

from app.actors import PlatformSystem
from app.errors import (
    BatchNotReplaceable,
    RecordsRefused,
    TooManyRecords,
)
from app.models import LearningBatch
from app.office import Desk
from app.policy.explanation import explain
from app.policy.findings import Finding
from app.schemas.pushes import PushedBatch, PushItem, PushRead, PushReason, RecordCreate
from app.services import acts, keyed, push_batches, pushed
from app.services.examining import Examined, held_against
from app.services.keyed import Keyed, Sent, Sorted

_ITEMS_IN_A_PROBLEM: Final = 500


async def push(
    desk: Desk[PlatformSystem],
    sent: Sequence[Sent],
    *,
    all_or_nothing: bool,
    replaces: UUID | None,
) -> PushRead:
    """Store the new records of a call, a batch for each plan.

    What replaces an earlier batch is stored whole or not at all, else records would get lost.

    Raises:
        TooManyRecords, PlatformBlocked, BatchNotReplaceable: as named; nothing was stored.
        RecordsRefused: some are refused, and all or nothing was asked for.
    """
    _refuse_too_many(desk, sent)
    name = await pushed.take_turn(desk)
    plans = await pushed.plans(desk, (one.plan for one in sent if isinstance(one, RecordCreate)))
    sealer = desk.office.sealer
    readable, refused = await asyncio.to_thread(keyed.read, sent, plans, desk.today, sealer)
    standing = await pushed.keys(desk, [one.key for one in readable])
    told = keyed.sort(readable, standing, replaces)
    told.refused += refused
    if told.refused and (all_or_nothing or replaces):
        raise _all_refused(told.refused)
    stale = await _refuse_unreplaceable(desk, told, replaces) if replaces else None
    found = await _examined(desk, [*told.new, *told.known])
    stored = await _store(desk, name, told.new, found, stale)
    answer = _answer(sent, told, found, stored)
    counts = answer.model_dump(include={"received", "stored", "known", "refused"})
    nobodys = acts.Case(None, None, None)
    await acts.record(desk, "push", "platforms", desk.actor.platform_id, nobodys, **counts)
    return answer


def _refuse_too_many(desk: Desk[PlatformSystem], sent: Sequence[Sent]) -> None:
    records = desk.office.settings.push_max_records
    plans = {one.plan for one in sent if isinstance(one, RecordCreate)}
    if len(sent) > records or len(plans) > pushed.MOST_PLANS:
        raise TooManyRecords(records=records, plans=pushed.MOST_PLANS)


async def _refuse_unreplaceable(
    desk: Desk[PlatformSystem], told: Sorted, batch_id: UUID
) -> UUID | None:
    """Return the batch that is to be replaced; none, if the very call replaced it before.

    Raises:
        BatchNotReplaceable: as named.
    """
    query = select(LearningBatch.plan_id, LearningBatch.replaced_by)
    batch = (await desk.db.execute(query.where(LearningBatch.id == batch_id))).one_or_none()
    if batch is not None and batch.replaced_by is not None and not told.new:
        return None
    if (
        batch is None
        or batch.replaced_by is not None
        or {one.plan.id for one in told.new} != {batch.plan_id}
    ):
        raise BatchNotReplaceable
    return batch_id


async def _examined(desk: Desk[PlatformSystem], records: Sequence[Keyed]) -> dict[int, Examined]:
    """Return the records with their findings, by index; those of a plan are seen together."""
    by_plan: dict[UUID, list[Keyed]] = defaultdict(list)
    for one in records:
        by_plan[one.plan.id].append(one)
    people = {plan: {one.row.resident_id for one in of} for plan, of in by_plan.items()}
    trainees = await pushed.trainees(desk, people)

    def examine() -> dict[int, Examined]:
        return {
            each.row.row - 1: each
            for plan, of in by_plan.items()
            for each in held_against(of[0].plan, trainees[plan], [one.row for one in of])
        }

    return await asyncio.to_thread(examine)


async def _store(
    desk: Desk[PlatformSystem],
    platform: str,
    new: Sequence[Keyed],
    found: Mapping[int, Examined],
    stale: UUID | None,
) -> list[PushedBatch]:
    by_plan: dict[UUID, list[Keyed]] = defaultdict(list)
    for one in new:
        by_plan[one.plan.id].append(one)
    return [await push_batches.store(desk, platform, of, found, stale) for of in by_plan.values()]


def _answer(
    sent: Sequence[Sent],
    told: Sorted,
    found: Mapping[int, Examined],
    stored: list[PushedBatch],
) -> PushRead:
    items = [
        PushItem(
            index=one.index,
            key=one.key,
            outcome="findings",
            reasons=[_reason(finding) for finding in found[one.index].findings],
        )
        for one in (*told.new, *told.known)
        if found[one.index].findings
    ]
    return PushRead(
        received=len(sent),
        stored=len(told.new),
        known=len(told.known) + told.twice,
        refused=len(told.refused),
        with_findings=len(items),
        batches=stored,
        items=sorted((*items, *told.refused), key=lambda item: item.index),
    )


def _reason(finding: Finding) -> PushReason:
    words = explain(finding)
    return PushReason(code=finding.rule, reason=words.reason, remedy=words.remedy)


def _all_refused(items: Sequence[PushItem]) -> RecordsRefused:
    first = sorted(items, key=lambda item: item.index)[:_ITEMS_IN_A_PROBLEM]
    return RecordsRefused(
        f"共有 {len(items)} 条记录不能接收。",
        items=[item.model_dump() for item in first],
        total=len(items),
    )
