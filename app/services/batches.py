"""How is a batch of learning records stored? Whole columns in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, insert, text

from app.actors import Member
from app.hot import Hot
from app.models import LearningBatch
from app.office import Desk
from app.policy.masking import mask_resident_id
from app.services.examining import Examined

# A parameter per column, whatever the number of rows: `make bench-imports` is why. The seconds of a
# session stand on the wall clock of Shanghai, eight hours before those since 1970 in Greenwich.
_STORE: Final = Hot(
    text(
        """
    INSERT INTO learning_records (batch_id, plan_id, enterprise_id, bureau_code, row, trainee_id,
        name, id_masked, course_number, course, started_at, ended_at, stated_seconds, device,
        address, finding)
    SELECT CAST(:batch_id AS uuid), CAST(:plan_id AS uuid), CAST(:enterprise_id AS uuid),
        CAST(:bureau_code AS text), r.row, r.trainee, r.name, r.masked, r.number, r.course,
        to_timestamp(r.start - 28800), to_timestamp(r.stop - 28800), r.stated, r.device,
        r.address, r.finding
    FROM unnest(CAST(:rows AS integer[]), CAST(:trainees AS uuid[]), CAST(:names AS text[]),
        CAST(:masked AS text[]), CAST(:numbers AS integer[]), CAST(:courses AS text[]),
        CAST(:starts AS bigint[]), CAST(:stops AS bigint[]), CAST(:stated AS integer[]),
        CAST(:devices AS text[]), CAST(:addresses AS text[]), CAST(:findings AS text[]))
        AS r (row, trainee, name, masked, number, course, start, stop, stated, device, address,
              finding)
    """
    )
)


@dataclass(frozen=True, slots=True)
class NewBatch:
    """A batch to store: its id, and the name and digest of what it came in."""

    id: UUID
    filename: str
    sha256: bytes


async def store(
    desk: Desk[Member], plan: Row[Any], batch: NewBatch, rows: Sequence[Examined]
) -> int:
    """Store the batch with its rows; return how many of them carry a finding."""
    found = sum(bool(one.findings) for one in rows)
    await desk.db.execute(
        insert(LearningBatch).values(
            id=batch.id,
            plan_id=plan.id,
            enterprise_id=plan.enterprise_id,
            bureau_code=plan.bureau_code,
            filename=batch.filename,
            sha256=batch.sha256,
            rows=len(rows),
            rows_with_findings=found,
            imported_by=desk.actor.account_id,
        )
    )
    await _STORE.rows(
        desk.driver,
        batch_id=batch.id,
        plan_id=plan.id,
        enterprise_id=plan.enterprise_id,
        bureau_code=plan.bureau_code,
        **_columns(rows),
    )
    return found


def _columns(rows: Sequence[Examined]) -> dict[str, list[Any]]:
    """Return the columns of the rows, each as one list."""
    masks = {one.row.resident_id: "" for one in rows}
    masks = {resident_id: mask_resident_id(resident_id) for resident_id in masks}
    return {
        "rows": [one.row.row for one in rows],
        "trainees": [one.trainee for one in rows],
        "names": [one.row.name for one in rows],
        "masked": [masks[one.row.resident_id] for one in rows],
        "numbers": [one.session.course for one in rows],
        "courses": [one.row.course for one in rows],
        "starts": [one.session.start for one in rows],
        "stops": [one.session.end for one in rows],
        "stated": [one.session.stated for one in rows],
        "devices": [one.row.device for one in rows],
        "addresses": [one.row.address for one in rows],
        "findings": [one.findings[0].rule if one.findings else None for one in rows],
    }
