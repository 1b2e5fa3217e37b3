"""What became of a claim, and which files lie behind its plan? Read for those who trace it."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, null, select

from app.actors import EnterpriseUser, Member
from app.models import (
    AuditEvent,
    Evidence,
    LearningBatch,
    Notice,
    NoticeClaim,
    Payment,
    PaymentBatch,
    PushedRecord,
    Signature,
)
from app.office import Desk
from app.policy.facts import Material
from app.policy.measures import measure
from app.policy.procedure import STATES_ZH
from app.schemas.tracing import (
    ClaimBehind,
    FileBehind,
    NoticeOfClaim,
    PaymentOfClaim,
    SignatureRead,
)


async def claim(desk: Desk[Member], row: Row[Any]) -> ClaimBehind:
    """Return what was signed, published and paid of a claim."""
    return ClaimBehind(
        **row._mapping,
        measure_zh=measure(row.measure).title,
        state_zh=STATES_ZH[row.state],
        signatures=await _signatures(desk, row.id),
        notice=await _notice(desk, row.id),
        payments=await _payments(desk, row.id),
    )


async def batches(desk: Desk[Member], plan_id: UUID) -> list[Row[Any]]:
    """Return the imports of a plan, replaced ones included, with the original file of each.

    The original is stored in the transaction of its import, so both bear its time.
    """
    query = (
        select(*LearningBatch.__table__.c, Evidence.id.label("evidence_id"))
        .join(
            Evidence,
            and_(
                Evidence.plan_id == LearningBatch.plan_id,
                Evidence.kind == Material.LEARNING_EXPORT,
                Evidence.created_at == LearningBatch.created_at,
            ),
            isouter=True,
        )
        .where(LearningBatch.plan_id == plan_id)
        .order_by(LearningBatch.id)
    )
    return list(await desk.db.execute(query))


async def files(desk: Desk[Member], plan_id: UUID, found: Iterable[Row[Any]]) -> list[FileBehind]:
    """Return the files of *found*, with who imported each and when."""
    events = await desk.db.execute(
        select(AuditEvent).where(AuditEvent.case_id == plan_id, AuditEvent.details.has_key("batch"))
    )
    imports = {event.details["batch"]: event for event in events}
    return [_file(row, imports.get(str(row.id))) for row in found]


async def keys(
    desk: Desk[Member], batches: Iterable[Row[Any]], rows: Iterable[Row[Any]]
) -> Mapping[tuple[UUID, int], str]:
    """Return the platform's own key of each row that a platform pushed, by batch and row."""
    pushed = {each.id for each in batches if each.platform_id is not None}
    asked = [row for row in rows if row.batch_id in pushed]
    if not asked:
        return {}
    found = await desk.db.execute(
        select(PushedRecord.batch_id, PushedRecord.row, PushedRecord.key).where(
            PushedRecord.batch_id.in_({row.batch_id for row in asked}),
            PushedRecord.row.in_({row.row for row in asked}),
        )
    )
    return {(row.batch_id, row.row): row.key for row in found}


def _file(row: Row[Any], event: Row[Any] | None) -> FileBehind:
    return FileBehind(
        batch_id=row.id,
        filename=row.filename,
        sha256=row.sha256.hex(),
        evidence_id=row.evidence_id,
        platform_id=row.platform_id,
        rows=row.rows,
        replaced_by=row.replaced_by,
        imported_by=event.account_name if event is not None else "",
        imported_at=row.created_at,
        business_day=event.business_day if event is not None else None,
    )


async def _signatures(desk: Desk[Member], claim_id: UUID) -> list[SignatureRead]:
    rows = await desk.db.execute(
        select(Signature.step, Signature.officer_name, Signature.signed_on)
        .where(Signature.case_id == claim_id)
        .order_by(Signature.id)
    )
    return [SignatureRead.model_validate(row) for row in rows]


async def _notice(desk: Desk[Member], claim_id: UUID) -> NoticeOfClaim | None:
    query = (
        select(Notice.id, Notice.receipt, Notice.posted_on, Notice.last_day, Notice.sha256)
        .join(NoticeClaim, NoticeClaim.notice_id == Notice.id)
        .where(NoticeClaim.claim_id == claim_id)
        .order_by(Notice.id.desc())
        .limit(1)
    )
    row = (await desk.db.execute(query)).one_or_none()
    if row is None:
        return None
    return NoticeOfClaim(**{**row._mapping, "sha256": row.sha256.hex()})


async def _payments(desk: Desk[Member], claim_id: UUID) -> list[PaymentOfClaim]:
    """Return the payments of a claim; which batch they went in is the bureau's to know."""
    query = select(*Payment.__table__.c, null().label("batch_receipt"))
    if not isinstance(desk.actor, EnterpriseUser):
        query = select(*Payment.__table__.c, PaymentBatch.receipt.label("batch_receipt")).join(
            PaymentBatch, PaymentBatch.id == Payment.batch_id
        )
    rows = await desk.db.execute(query.where(Payment.claim_id == claim_id).order_by(Payment.id))
    return [PaymentOfClaim.model_validate(row) for row in rows]
