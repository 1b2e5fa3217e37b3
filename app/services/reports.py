"""What is wrong with a sheet, cell by cell? A workbook of the sender's own rows, marked."""

import asyncio
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Row, and_, select

from app.actors import Member
from app.errors import EvidenceLost, NotFound
from app.models import Evidence, LearningBatch, Plan
from app.office import Desk
from app.policy.explanation import explain
from app.policy.facts import Material
from app.services import acts, cases, contents, learning, plans, sheets, taught, trials
from app.services.examining import Examined, examined
from app.sheets.columns import refuse_unfound, told_columns
from app.sheets.grid import Grid, read_grid
from app.sheets.guard import Limits
from app.sheets.headers import NamedColumn, fields_of
from app.sheets.learning import LearningSheet, learning_grid
from app.sheets.marked import Mark, marked
from app.sheets.report import Fault
from app.sheets.roster import RosterSheet, read_roster

_FIELD_OF: Final = {
    "not_on_roster": "resident_id",
    "course_not_filed": "course",
    "outside_plan_dates": "started_at",
    "before_approval": "started_at",
    "during_suspension": "started_at",
    "more_than_the_clock": "stated_seconds",
    "overlaps_other_session": "started_at",
}
"""The cell that a finding of a row is about."""


class Report(NamedTuple):
    """A workbook and its name. It holds full IDs, as the sender's own cells do."""

    filename: str
    content: bytes


async def of_learning(
    desk: Desk[Member], plan_id: UUID, file: sheets.SheetFile, columns: Sequence[str]
) -> Report:
    """Return the report on an export that might be imported; nothing is stored.

    Raises:
        NotFound, NotYourRole, WrongState: the plan does not take records, or not the caller's.
        Refusal: the file as a whole, or what is said of its columns, cannot be taken.
    """
    plan = await learning.open_for_records(desk, plan_id, lock=False)
    given = told_columns("learning", columns)
    named = (*given, *await taught.of_plan(desk, plan))
    sheet = await learning.read(desk, file, named)
    refuse_unfound(given, (*sheet.columns.values(), *sheet.ignored_columns))
    async with trials.undone(desk):
        rows = await examined(desk, plan, sheet.rows)
    await acts.record(
        desk, "report_learning", "plans", plan_id, acts.Case.of(plan),
        file_sha256=file.sha256.hex(), rows=len(rows), faults=len(sheet.faults),
    )  # fmt: skip
    return await _of_sessions(desk, plan, file, sheet, rows)


async def of_batch(desk: Desk[Member], batch_id: UUID) -> Report:
    """Return the report on an imported batch, made anew from the file as it came.

    Raises:
        NotFound: there is none, it is another's, or it came in no file.
        EvidenceLost: the file is not what was imported.
    """
    batch = await _batch(desk, batch_id)
    plan = await cases.found(desk, Plan, batch.plan_id)
    file = await _original(desk, batch)
    named = tuple(NamedColumn(**each) for each in batch.columns)
    sheet = await learning.read(desk, file, named)
    async with trials.undone(desk):
        rows = await examined(desk, plan, sheet.rows)
    case = acts.Case.of(plan)
    await acts.record(desk, "report", "learning_batches", batch_id, case, rows=len(rows))
    return await _of_sessions(desk, plan, file, sheet, rows)


async def of_roster(desk: Desk[Member], plan_id: UUID, file: sheets.SheetFile) -> Report:
    """Return the report on a roster that might be imported; nothing is stored.

    Raises:
        NotFound, NotYourRole, WrongState: the plan may not be edited, or not by the caller.
        Refusal: the file as a whole cannot be taken.
    """
    plan = await plans.editable(desk, plan_id)
    limit = desk.office.settings.roster_max_rows
    sheet = await sheets.parse(desk, read_roster, file, limit)
    await acts.record(
        desk, "report_roster", "plans", plan_id, acts.Case.of(plan),
        file_sha256=file.sha256.hex(), rows=len(sheet.rows), faults=len(sheet.faults),
    )  # fmt: skip

    def written() -> bytes:
        grid = read_grid(file.content, file.filename, Limits(limit), fields_of("roster"))
        return marked(grid, [*_faults(sheet.faults)], _about(desk, plan, file, grid, sheet))

    return Report(_named(file), await asyncio.to_thread(written))


async def _of_sessions(
    desk: Desk[Member],
    plan: Row[Any],
    file: sheets.SheetFile,
    sheet: LearningSheet,
    rows: Sequence[Examined],
) -> Report:
    limits = Limits(desk.office.settings.learning_max_rows)

    def written() -> bytes:
        grid = learning_grid(file.content, file.filename, limits, sheet.named)
        marks = [*_faults(sheet.faults), *_findings(rows)]
        about = _about(desk, plan, file, grid, sheet)
        return marked(
            grid, marks, about | {"与备案不符的行": sum(bool(one.findings) for one in rows)}
        )

    return Report(_named(file), await asyncio.to_thread(written))


def _faults(faults: Iterable[Fault]) -> Iterator[Mark]:
    for one in faults:
        yield Mark(one.row, one.field, one.code, one.reason, one.reason, one.remedy, faulty=True)


def _findings(rows: Iterable[Examined]) -> Iterator[Mark]:
    for one in rows:
        for finding in one.findings:
            said = explain(finding)
            yield Mark(
                one.row.row, _FIELD_OF[finding.rule], finding.rule, said.title, said.reason,
                said.remedy, faulty=False,
            )  # fmt: skip


def _about(
    desk: Desk[Member],
    plan: Row[Any],
    file: sheets.SheetFile,
    grid: Grid,
    sheet: LearningSheet | RosterSheet,
) -> dict[str, object]:
    return {
        "文件": file.filename,
        "文件SHA-256": file.sha256.hex(),
        "培训项目": f"{plan.title}（{plan.receipt}）",
        "核对日期": desk.today,
        "数据行数": len(grid.numbers),
        "可以读取的行": len(sheet.rows),
        "无法读取的行": len({one.row for one in sheet.faults}),
    }


def _named(file: sheets.SheetFile) -> str:
    stem, _, _ = file.filename.rpartition(".")
    return f"{stem or file.filename}-核对报告.xlsx"


async def _batch(desk: Desk[Member], batch_id: UUID) -> Row[Any]:
    """Return the batch with its original; both were stored in one transaction and bear its time."""
    original = (Evidence.sha256.label("sealed_sha256"), Evidence.size, Evidence.sealed)
    columns = [*LearningBatch.__table__.c, *original]
    query = (
        select(*columns)
        .join(
            Evidence,
            and_(
                Evidence.plan_id == LearningBatch.plan_id,
                Evidence.kind == Material.LEARNING_EXPORT,
                Evidence.created_at == LearningBatch.created_at,
            ),
        )
        .where(LearningBatch.id == batch_id)
    )
    row: Row[Any] | None = (await desk.db.execute(query)).first()
    if row is None:
        raise NotFound
    return row


async def _original(desk: Desk[Member], batch: Row[Any]) -> sheets.SheetFile:
    stored = await contents.stored(desk, batch.sealed_sha256, batch.size, sealed=batch.sealed)
    content = b"".join([bytes(chunk) async for chunk in contents.read(desk.office, stored)])
    if hashlib.sha256(content).digest() != batch.sha256:
        raise EvidenceLost
    return sheets.SheetFile(batch.filename, content)
