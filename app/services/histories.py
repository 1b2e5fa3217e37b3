"""What was done to one object? Told to whoever may see the object itself, and to nobody else."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from app.actors import Actor, Visitor
from app.errors import NotFound
from app.models import (
    AuditEvent,
    Budget,
    DeclarationRecord,
    Evidence,
    LearningBatch,
    ListedPlatform,
    Notice,
    Objection,
    PlatformColumn,
    Recovery,
    ReferenceRate,
    SignalRecord,
    Simulation,
    Violation,
)
from app.office import Desk
from app.schemas.claims import HistoryEntry
from app.services import acts

_TABLES: Final[dict[str, Any]] = {
    "budgets": Budget,
    "declarations": DeclarationRecord,
    "evidence": Evidence,
    "learning_batches": LearningBatch,
    "notices": Notice,
    "objections": Objection,
    "platform_columns": PlatformColumn,
    "platforms": ListedPlatform,
    "rates": ReferenceRate,
    "recoveries": Recovery,
    "signals": SignalRecord,
    "simulations": Simulation,
    "violations": Violation,
}
# The public has no right to the other columns.
_TOLD_TO_ALL: Final = (
    AuditEvent.at, AuditEvent.business_day, AuditEvent.role, AuditEvent.act, AuditEvent.object_kind,
)  # fmt: skip


async def of_object(
    desk: Desk[Actor], kind: str, object_id: UUID, of_claim: UUID | None = None
) -> list[HistoryEntry]:
    """Return the acts on an object (a signal: of that claim), oldest first.

    Raises:
        NotFound: there is none, or it is another's: row security answers both alike.
    """
    table = _TABLES[kind]
    seen = select(table.id).where(table.id == object_id)
    if of_claim is not None:
        seen = seen.where(SignalRecord.claim_id == of_claim)
    if await desk.db.scalar(seen) is None:
        raise NotFound
    columns = _TOLD_TO_ALL if isinstance(desk.actor, Visitor) else AuditEvent.__table__.c
    events = select(*columns).where(_acts_on(kind, object_id)).order_by(AuditEvent.id)
    return [acts.entry(row) for row in await desk.db.execute(events)]


def _acts_on(kind: str, object_id: UUID) -> ColumnElement[bool]:
    on_itself = and_(
        AuditEvent.object_kind == kind,
        AuditEvent.object_id == str(object_id),
        AuditEvent.outcome == "done",
    )
    # Rosters, exports and batches come by an act on their plan, whose details name them.
    of_plan: dict[str, tuple[str, Any]] = {
        "learning_batches": ("batch", LearningBatch),
        "evidence": ("evidence", Evidence),
    }
    if kind not in of_plan:
        return on_itself
    name, table = of_plan[kind]
    plan = select(table.plan_id).where(table.id == object_id).scalar_subquery()
    named = AuditEvent.details[name].astext == str(object_id)
    return or_(on_itself, and_(AuditEvent.case_id == plan, named))
