"""How do the learning records of a platform's export come in?"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, update

from app import clock
from app.actors import Member
from app.errors import NotFound, SameFile
from app.models import Claim, LearningBatch, Plan, new_id
from app.office import Desk
from app.policy.facts import Material
from app.policy.masking import mask_resident_id
from app.policy.procedure import STATES_ZH, PlanState
from app.schemas.findings import FindingRead
from app.schemas.learning import LearningImport, RowFinding
from app.schemas.rosters import FaultRead
from app.services import acts, batches, cases, claims, sheets, taught, trials
from app.services.examining import Examined, examined
from app.sheets.columns import in_use, refuse_unfound, told_columns
from app.sheets.headers import NamedColumn
from app.sheets.learning import LearningSheet, read_learning
from app.sheets.report import refuse_faults


@dataclass(frozen=True, slots=True)
class Arrived:
    """What came in: the file, what was read of it, and the sender's word on it.

    ``taught`` are the sender's names of columns, ``replaces`` the batch that this one corrects.
    """

    file: sheets.SheetFile
    sheet: LearningSheet
    taught: Sequence[NamedColumn]
    replaces: UUID | None


async def import_records(
    desk: Desk[Member],
    plan_id: UUID,
    file: sheets.SheetFile,
    *,
    columns: Sequence[str],
    good_rows_only: bool,
    replaces: UUID | None,
    dry_run: bool,
) -> LearningImport:
    """Store the sessions of a platform's export; a dry run tells the same and stores nothing.

    Rows that read well but do not fit the plan are stored, count nothing and carry their finding.
    *columns* says which column is which field, see `app.sheets.columns`.

    Raises:
        RowsUnreadable: some rows cannot be read, and nothing was stored.
        WrongState: the plan is not approved, or its claim is under examination.
        SameFile: the same file was imported already.
        ColumnsNotUnderstood, ColumnNotFound: what is said of the columns cannot be.
    """
    known = await cases.found(desk, Plan, plan_id)
    given = told_columns("learning", columns)
    sheet = await read(desk, file, (*given, *await taught.of_plan(desk, known)))
    refuse_unfound(given, (*sheet.columns.values(), *sheet.ignored_columns))
    if not good_rows_only:
        refuse_faults(sheet.faults)
    plan = await open_for_records(desk, plan_id, lock=True)
    arrived = Arrived(file, sheet, in_use(given, sheet.columns), replaces)
    if not dry_run:
        return await _import(desk, plan, arrived)
    async with trials.undone(desk):
        told = await _import(desk, plan, arrived, original=False)
    await acts.record(
        desk, "try_learning", "plans", plan_id, acts.Case.of(plan),
        stored=told.stored, findings=told.rows_with_findings, file_sha256=file.sha256.hex(),
    )  # fmt: skip
    return told.model_copy(update={"batch_id": None, "dry_run": True})


async def read(
    desk: Desk[Member], file: sheets.SheetFile, named: Sequence[NamedColumn]
) -> LearningSheet:
    """Return the sessions of an export whose columns bear usual titles, or those *named*.

    Raises:
        Refusal: the file as a whole cannot be taken.
    """
    limit = desk.office.settings.learning_max_rows
    return await sheets.parse(desk, partial(read_learning, named=named), file, limit)


async def open_for_records(desk: Desk[Member], plan_id: UUID, *, lock: bool) -> Row[Any]:
    """Return the plan, if records may be imported for it now and by the caller.

    Raises:
        NotFound, NotYourRole: as named.
        WrongState: the plan is not approved, or its claim is under examination.
    """
    plan = await cases.found(desk, Plan, plan_id, lock=lock)
    cases.refuse_foreign_hand(desk, plan)
    if plan.state != PlanState.APPROVED:
        raise cases.wrong_state(
            Plan,
            plan.state,
            f"当前状态为「{STATES_ZH[plan.state]}」：备案审核通过后方可导入学习记录（DL-4.2-f）。",
        )
    fixed = await claims.fixing(desk, plan_id)
    if fixed is not None:
        raise cases.wrong_state(
            Claim,
            fixed,
            "补贴申请已提出，学习记录不能再变更；如需更正，请等待退回补正或撤回申请。",
        )
    return plan


async def _import(
    desk: Desk[Member], plan: Row[Any], arrived: Arrived, *, original: bool = True
) -> LearningImport:
    """Store what arrived, and with *original* the file itself."""
    file, sheet, batch_id = arrived.file, arrived.sheet, new_id()
    await _refuse_same_file(desk, plan.id, file)
    if arrived.replaces is not None:
        await _supersede(desk, plan.id, arrived.replaces)
    rows = await examined(desk, plan, sheet.rows)
    used = in_use(sheet.named, sheet.columns)
    batch = batches.NewBatch(batch_id, file.filename, file.sha256, used)
    found = await batches.store(desk, plan, batch, rows)
    more: dict[str, str] = {}
    if original:
        kept = await sheets.keep(desk, plan, Material.LEARNING_EXPORT, file)
        more["evidence"] = str(kept)
    if arrived.replaces is not None:
        await desk.db.execute(
            update(LearningBatch)
            .where(LearningBatch.id == arrived.replaces)
            .values(replaced_by=batch_id)
        )
    await taught.remember(desk, plan, arrived.taught)
    if arrived.replaces is not None:
        more["replaces"] = str(arrived.replaces)
    await acts.record(
        desk, "import_learning", "plans", plan.id, acts.Case.of(plan), batch=str(batch_id),
        stored=len(rows), findings=found, file_sha256=file.sha256.hex(), **more,
    )  # fmt: skip
    return LearningImport(
        batch_id=batch_id,
        dry_run=False,
        stored=len(rows),
        rows_with_findings=found,
        findings=[_told(one) for one in rows if one.findings],
        skipped=[FaultRead(**asdict(fault)) for fault in sheet.faults],
        ignored_columns=list(sheet.ignored_columns),
        columns=sheet.columns,
    )


async def _refuse_same_file(desk: Desk[Member], plan_id: UUID, file: sheets.SheetFile) -> None:
    """Refuse a file of which a batch stands; two at once are settled by the database.

    Raises:
        SameFile: naming the batch, and when it was imported.
    """
    earlier = (
        await desk.db.execute(
            select(LearningBatch.id, LearningBatch.created_at).where(
                LearningBatch.plan_id == plan_id,
                LearningBatch.sha256 == file.sha256,
                LearningBatch.replaced_by.is_(None),
            )
        )
    ).one_or_none()
    if earlier is not None:
        at = earlier.created_at.astimezone(clock.SHANGHAI)
        raise SameFile(
            f"已于 {at:%Y-%m-%d %H:%M:%S} 导入，批次 {earlier.id}。",
            batch_id=str(earlier.id),
            imported_at=earlier.created_at.isoformat(),
        )


async def _supersede(desk: Desk[Member], plan_id: UUID, batch_id: UUID) -> None:
    known = await desk.db.scalar(
        select(LearningBatch.id).where(
            LearningBatch.id == batch_id,
            LearningBatch.plan_id == plan_id,
            LearningBatch.replaced_by.is_(None),
            LearningBatch.platform_id.is_(None),
        )
    )
    if known is None:
        raise NotFound("没有可替换的导入批次。")


def _told(one: Examined) -> RowFinding:
    return RowFinding(
        row=one.row.row,
        name=one.row.name,
        id_masked=mask_resident_id(one.row.resident_id),
        findings=[FindingRead.of(finding) for finding in one.findings],
    )
