"""How do the learning records of a platform's export come in?"""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, update

from app.actors import Member
from app.errors import NotFound
from app.models import Claim, LearningBatch, Plan, new_id
from app.office import Desk
from app.policy.facts import Material
from app.policy.masking import mask_resident_id
from app.policy.procedure import STATES_ZH, PlanState
from app.schemas.findings import FindingRead
from app.schemas.learning import LearningImport, RowFinding
from app.schemas.rosters import FaultRead
from app.services import acts, batches, cases, claims, sheets
from app.services.examining import Examined, examined
from app.sheets.learning import read_learning
from app.sheets.report import refuse_faults


async def import_records(
    desk: Desk[Member],
    plan_id: UUID,
    file: sheets.SheetFile,
    *,
    good_rows_only: bool,
    replaces: UUID | None,
) -> LearningImport:
    """Store the sessions of a platform's export.

    Rows that read well but do not fit the plan are stored, count nothing and carry their finding.

    Raises:
        RowsUnreadable: some rows cannot be read, and nothing was stored.
        WrongState: the plan is not approved, or its claim is under examination.
        SameFile: the same file was imported already.
    """
    limit = desk.office.settings.learning_max_rows
    sheet = await sheets.parse(desk, read_learning, file, limit)
    if not good_rows_only:
        refuse_faults(sheet.faults)
    plan = await _open_for_records(desk, plan_id)
    batch_id = new_id()
    if replaces is not None:
        await _supersede(desk, plan_id, replaces)
    rows = await examined(desk, plan, sheet.rows)
    batch = batches.NewBatch(batch_id, file.filename, file.sha256)
    found = await batches.store(desk, plan, batch, rows)
    await sheets.keep(desk, plan, Material.LEARNING_EXPORT, file)
    if replaces is not None:
        await desk.db.execute(
            update(LearningBatch).where(LearningBatch.id == replaces).values(replaced_by=batch_id)
        )
    await acts.record(
        desk, "import_learning", "plans", plan_id, acts.Case.of(plan),
        batch=str(batch_id), stored=len(rows), findings=found, file_sha256=file.sha256.hex(),
    )  # fmt: skip
    return LearningImport(
        batch_id=batch_id,
        stored=len(rows),
        rows_with_findings=found,
        findings=[_told(one) for one in rows if one.findings],
        skipped=[FaultRead(**asdict(fault)) for fault in sheet.faults],
        ignored_columns=list(sheet.ignored_columns),
    )


async def _open_for_records(desk: Desk[Member], plan_id: UUID) -> Row[Any]:
    plan = await cases.found(desk, Plan, plan_id, lock=True)
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


async def _supersede(desk: Desk[Member], plan_id: UUID, batch_id: UUID) -> None:
    known = await desk.db.scalar(
        select(LearningBatch.id).where(
            LearningBatch.id == batch_id,
            LearningBatch.plan_id == plan_id,
            LearningBatch.replaced_by.is_(None),
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
