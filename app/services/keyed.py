"""Which of the records that a platform pushed are new, which known, and which are refused?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from app.errors import (
    KeyHoldsIdentity,
    PlanNotOpen,
    PlanUnknown,
    RecordKeyTaken,
    Refusal,
    StatedTwice,
)
from app.schemas.pushes import PushItem, PushReason, RecordCreate
from app.sealing import Sealer
from app.services.pushed import Held, PushedPlan
from app.sheets.learning import LearningRow
from app.sheets.pushed import holds_identity, read_record, readers

Sent = RecordCreate | PushItem
"""A record as it came, or why it is none."""

_DIGEST: Final = "learning_records.pushed"


@dataclass(frozen=True, slots=True)
class Keyed:
    """A record that can be read and whose plan is the platform's, with its keyed digest."""

    index: int
    key: str
    plan: PushedPlan
    row: LearningRow
    digest: bytes


@dataclass(slots=True)
class Sorted:
    """The records of a call: to be stored, known already, sent twice, or refused."""

    new: list[Keyed] = field(default_factory=list)
    known: list[Keyed] = field(default_factory=list)
    twice: int = 0
    refused: list[PushItem] = field(default_factory=list)


def read(
    sent: Sequence[Sent], plans: Mapping[str, PushedPlan], on: date, sealer: Sealer
) -> tuple[list[Keyed], list[PushItem]]:
    """Return the records that can be read, and why the others are refused."""
    by = readers(on)
    readable: list[Keyed] = []
    refused: list[PushItem] = []
    for index, record in enumerate(sent):
        if isinstance(record, PushItem):
            refused.append(record)
            continue
        if holds_identity(record):
            refused.append(_refused(index, None, KeyHoldsIdentity, "key"))
            continue
        plan = plans.get(record.plan)
        row = read_record(record, index + 1, by)
        if plan is None:
            refused.append(_refused(index, record.key, PlanUnknown, "plan"))
        elif record.stated_seconds is not None and record.stated_minutes is not None:
            refused.append(_refused(index, record.key, StatedTwice, "stated_minutes"))
        elif isinstance(row, PushReason):
            refused.append(PushItem(index=index, key=record.key, outcome="refused", reasons=[row]))
        else:
            digest = sealer.digest(_canonical(plan, row), _DIGEST)
            readable.append(Keyed(index, record.key, plan, row, digest))
    return readable, refused


def _canonical(plan: PushedPlan, row: LearningRow) -> str:
    """Return the content of a record as one text; none of its parts holds the mark between them."""
    return "\x1f".join(map(str, (plan.id, *row[1:])))


def sort(readable: Iterable[Keyed], standing: Mapping[str, Held], replaces: UUID | None) -> Sorted:
    """Sort the records by what stands under their keys already, here and in this very call."""
    told = Sorted()
    digests: dict[str, bytes] = {}
    for one in readable:
        held = standing.get(one.key)
        before = digests.get(one.key)
        if before is None and held is not None and held.batch != replaces:
            before = held.digest
        if before is not None and before != one.digest:
            told.refused.append(_refused(one.index, one.key, RecordKeyTaken, "key"))
        elif one.key in digests:
            told.twice += 1
        elif before is None and not one.plan.open:
            told.refused.append(_refused(one.index, one.key, PlanNotOpen, "plan"))
        else:
            digests[one.key] = one.digest
            (told.new if before is None else told.known).append(one)
    return told


def _refused(index: int, key: str | None, refusal: type[Refusal], where: str) -> PushItem:
    reason = PushReason(code=refusal.code, field=where, reason=refusal.title, remedy=refusal.remedy)
    return PushItem(index=index, key=key, outcome="refused", reasons=[reason])
