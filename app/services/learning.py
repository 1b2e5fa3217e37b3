"""How do learning records come in, and what have people learned so far?"""

from collections import defaultdict
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, insert, select, update

from app import clock
from app.actors import Member
from app.errors import NotFound
from app.models import Claim, LearningBatch, LearningRecord, Plan, Trainee, new_id
from app.office import Desk
from app.policy.facts import Material, Session
from app.policy.findings import Finding
from app.policy.kinds import Purpose
from app.policy.masking import mask_resident_id
from app.policy.procedure import CLOSED_CLAIMS, STATES_ZH, ClaimState, PlanState
from app.policy.rows import row_findings
from app.schemas.findings import FindingRead
from app.schemas.learning import LearningImport, RowFinding
from app.schemas.rosters import FaultRead
from app.services import acts, cases, facts, rosters, sheets
from app.sheets.learning import LearningRow, LearningSheet, read_learning
from app.sheets.report import refuse_faults

_SHANGHAI_OFFSET: Final = 8 * 3600
_EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001  the wall clock of Shanghai, as facts.Session says


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
    rows = await _records(desk, plan, batch_id, sheet)
    found = sum(row["finding"] is not None for row, _ in rows)
    await _store(desk, plan, batch_id, file, rows, found)
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
        findings=[_told(row, several) for row, several in rows if several],
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
    settled = (*CLOSED_CLAIMS, ClaimState.RETURNED)
    claim = (
        await desk.db.execute(
            select(Claim.state).where(
                Claim.plan_id == plan_id,
                Claim.kind == Purpose.CLAIM,
                Claim.state.not_in(settled),
            )
        )
    ).one_or_none()
    if claim is not None:
        raise cases.wrong_state(
            Claim,
            claim.state,
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


Record = tuple[dict[str, Any], tuple[Finding, ...]]


async def _records(
    desk: Desk[Member], plan: Row[Any], batch_id: UUID, sheet: LearningSheet
) -> list[Record]:
    """Return the columns of each row with its findings, in the order of the sheet."""
    filed = await facts.courses(desk, plan.id)
    numbers = {course.name: course.number for course in filed}
    persons = await rosters.identify(desk, sorted({row.resident_id for row in sheet.rows}))
    trainees = {
        row.person_id: row.id
        for row in await desk.db.execute(
            select(Trainee.id, Trainee.person_id).where(Trainee.plan_id == plan.id)
        )
    }
    law_plan = (await facts.of_plan(desk, plan, (), 0)).plan
    by_person: dict[str, list[LearningRow]] = defaultdict(list)
    for row in sheet.rows:
        by_person[row.resident_id].append(row)
    found: list[Record] = []
    for resident_id, rows in by_person.items():
        trainee = trainees.get(persons[resident_id])
        sessions = [_session(row, numbers) for row in rows]
        reasons = row_findings(law_plan, sessions, on_roster=trainee is not None)
        found += [
            (_columns(plan, batch_id, row, session, trainee, several), several)
            for row, session, several in zip(rows, sessions, reasons, strict=True)
        ]
    return sorted(found, key=lambda record: record[0]["row"])


def _session(row: LearningRow, numbers: dict[str, int]) -> Session:
    return Session(
        course=numbers.get(row.course, 0),
        start=int((row.started_at - _EPOCH).total_seconds()),
        end=int((row.ended_at - _EPOCH).total_seconds()),
        stated=row.stated_seconds,
    )


def _columns(
    plan: Row[Any],
    batch_id: UUID,
    row: LearningRow,
    session: Session,
    trainee: UUID | None,
    findings: tuple[Finding, ...],
) -> dict[str, Any]:
    return {
        "batch_id": batch_id,
        "plan_id": plan.id,
        "enterprise_id": plan.enterprise_id,
        "bureau_code": plan.bureau_code,
        "row": row.row,
        "trainee_id": trainee,
        "name": row.name,
        "id_masked": mask_resident_id(row.resident_id),
        "course_number": session.course,
        "course": row.course,
        "started_at": row.started_at.replace(tzinfo=clock.SHANGHAI),
        "ended_at": row.ended_at.replace(tzinfo=clock.SHANGHAI),
        "stated_seconds": row.stated_seconds,
        "device": row.device,
        "address": row.address,
        "finding": findings[0].rule if findings else None,
    }


async def _store(
    desk: Desk[Member],
    plan: Row[Any],
    batch_id: UUID,
    file: sheets.SheetFile,
    rows: list[Record],
    found: int,
) -> None:
    await desk.db.execute(
        insert(LearningBatch).values(
            id=batch_id,
            plan_id=plan.id,
            enterprise_id=plan.enterprise_id,
            bureau_code=plan.bureau_code,
            filename=file.filename,
            sha256=file.sha256,
            rows=len(rows),
            rows_with_findings=found,
            imported_by=desk.actor.account_id,
        )
    )
    if rows:
        await desk.db.execute(insert(LearningRecord), [row for row, _ in rows])
    await sheets.keep(desk, plan, Material.LEARNING_EXPORT, file)


def _told(row: dict[str, Any], findings: tuple[Finding, ...]) -> RowFinding:
    return RowFinding(
        row=row["row"],
        name=row["name"],
        id_masked=row["id_masked"],
        findings=[FindingRead.of(finding) for finding in findings],
    )
