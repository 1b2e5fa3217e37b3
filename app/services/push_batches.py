"""How is what a platform pushed of one plan stored? As a batch, each record under its key."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import text, update

from app.actors import PlatformSystem
from app.hot import Hot
from app.models import LearningBatch, PushedRecord, new_id
from app.office import Desk
from app.schemas.pushes import PushedBatch
from app.services import acts, batches
from app.services.examining import Examined
from app.services.keyed import Keyed

_KEEP: Final = Hot(
    text(
        """
    INSERT INTO pushed_records (batch_id, row, platform_id, enterprise_id, bureau_code, key, digest)
    SELECT CAST(:batch_id AS uuid), r.row, CAST(:platform_id AS uuid),
        CAST(:enterprise_id AS uuid), CAST(:bureau_code AS text), r.key, r.digest
    FROM unnest(CAST(:rows AS integer[]), CAST(:keys AS text[]), CAST(:digests AS bytea[]))
        AS r (row, key, digest)
    """
    )
)


async def store(
    desk: Desk[PlatformSystem],
    platform: str,
    records: Sequence[Keyed],
    found: Mapping[int, Examined],
    stale: UUID | None,
) -> PushedBatch:
    """Store the records of one plan as a batch, in the place of *stale* if there is one."""
    plan, batch_id = records[0].plan, new_id()
    # Of digests under our own key: that of the bare content could be tried out for an ID.
    content = b"".join(one.key.encode() + b"\x00" + one.digest for one in records)
    digest = hashlib.sha256(content).digest()
    batch = batches.NewBatch(
        batch_id, f"平台推送：{platform}", digest, platform_id=desk.actor.platform_id
    )
    rows = [found[one.index] for one in records]
    with_findings = await batches.store(desk, plan, batch, rows)
    if stale is not None:
        await _supersede(desk, stale, batch_id)
    await _KEEP.rows(
        desk.driver,
        batch_id=batch_id,
        platform_id=desk.actor.platform_id,
        enterprise_id=plan.enterprise_id,
        bureau_code=plan.bureau_code,
        rows=[one.row.row for one in records],
        keys=[one.key for one in records],
        digests=[one.digest for one in records],
    )
    case = acts.Case(plan.id, plan.enterprise_id, plan.bureau_code)
    await acts.record(
        desk, "push_learning", "plans", plan.id, case,
        batch=str(batch_id), stored=len(rows), findings=with_findings, file_sha256=digest.hex(),
    )  # fmt: skip
    return PushedBatch(
        batch_id=batch_id,
        plan_id=plan.id,
        receipt=plan.receipt,
        stored=len(rows),
        with_findings=with_findings,
        replaces=stale,
    )


async def _supersede(desk: Desk[PlatformSystem], stale: UUID, batch_id: UUID) -> None:
    """Put a batch in the place of another, whose keys may then be used anew."""
    await desk.db.execute(
        update(LearningBatch).where(LearningBatch.id == stale).values(replaced_by=batch_id)
    )
    await desk.db.execute(
        update(PushedRecord).where(PushedRecord.batch_id == stale).values(standing=False)
    )
