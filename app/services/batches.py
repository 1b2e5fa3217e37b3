"""How is a batch of learning records stored? Copied at once, and checked by the database as any."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, insert

from app.actors import Sender
from app.models import LearningBatch
from app.office import Desk
from app.policy.masking import mask_resident_id
from app.services.examining import Examined
from app.services.pushed import PushedPlan
from app.sheets.headers import NamedColumn

# COPY is refused on tables under row-level security: it fills a temporary table, as one of many
# parameters would fill a list five times as slowly. The seconds of a session stand on the wall
# clock of Shanghai, eight hours before those since 1970 in Greenwich.
_STAGED: Final = {
    "row_number": "integer", "trainee_id": "uuid", "name": "text", "id_masked": "text",
    "course_number": "integer", "course": "text", "start": "bigint", "stop": "bigint",
    "stated_seconds": "integer", "device": "text", "address": "text", "finding": "text",
}  # fmt: skip
_STAGE: Final = (
    "CREATE TEMPORARY TABLE staged_records ("
    + ", ".join(f"{name} {kind}" for name, kind in _STAGED.items())
    + ") ON COMMIT DROP"
)
_STORE: Final = """
    INSERT INTO learning_records (batch_id, plan_id, enterprise_id, bureau_code, row, trainee_id,
        name, id_masked, course_number, course, started_at, ended_at, stated_seconds, device,
        address, finding)
    SELECT $1, $2, $3, $4, row_number, trainee_id, name, id_masked, course_number, course,
        to_timestamp(start - 28800), to_timestamp(stop - 28800), stated_seconds, device, address,
        finding
    FROM staged_records ORDER BY row_number
"""
_CLEAR: Final = "DROP TABLE staged_records"


@dataclass(frozen=True, slots=True)
class NewBatch:
    """A batch to store: its id, and the name and digest of what it came in.

    ``columns`` is what was said of its columns, ``platform_id`` who pushed it, if it was pushed.
    """

    id: UUID
    filename: str
    sha256: bytes
    columns: Sequence[NamedColumn] = ()
    platform_id: UUID | None = None


async def store(
    desk: Desk[Sender], plan: Row[Any] | PushedPlan, batch: NewBatch, rows: Sequence[Examined]
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
            columns=[asdict(each) for each in batch.columns],
            rows=len(rows),
            rows_with_findings=found,
            imported_by=desk.actor.account_id,
            platform_id=batch.platform_id,
        )
    )
    await desk.driver.execute(_STAGE)
    await desk.driver.copy_records_to_table("staged_records", records=_staged(rows))
    await desk.driver.execute(_STORE, batch.id, plan.id, plan.enterprise_id, plan.bureau_code)
    await desk.driver.execute(_CLEAR)
    return found


def _staged(rows: Sequence[Examined]) -> Iterator[tuple[Any, ...]]:
    """Yield each row as it is staged, in the order of the columns."""
    masks: dict[str, str] = {}
    for row, session, trainee, findings in rows:
        masked = masks.get(row.resident_id)
        if masked is None:
            masked = masks[row.resident_id] = mask_resident_id(row.resident_id)
        yield (
            row.row,
            trainee,
            row.name,
            masked,
            session.course,
            row.course,
            session.start,
            session.end,
            session.stated,
            row.device,
            row.address,
            findings[0].rule if findings else None,
        )
