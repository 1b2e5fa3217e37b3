"""Training plans: drafted, filed before training, approved or returned."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from app.api.deps import AnyMember, AsOfficer
from app.api.idempotency import KeyedRoute
from app.api.problems import problems
from app.api.uploads import FILE_BODY, Sheet
from app.api.v1.pages import PageOf
from app.errors import (
    BodyTooLarge,
    CalendarOccupied,
    DutyMissing,
    EnterpriseNotVerified,
    ExternalReferenceTaken,
    FindingsBlock,
    MaterialsMissing,
    NotFound,
    NotSignedIn,
    NotYourRole,
    OnHold,
    PlanDatesPassed,
    RosterEmpty,
    SignedAlready,
    WrongState,
)
from app.schemas.claims import AssessmentRead, DryRun, HistoryEntry
from app.schemas.findings import FindingRead
from app.schemas.plans import (
    PlanApproval,
    PlanCreate,
    PlanRead,
    PlanStanding,
    PlanSummary,
)
from app.schemas.rosters import RosterImport, TraineeRead
from app.schemas.words import Page, Reason
from app.services import filing, plans, rehearsing, rosters
from app.sheets.refusals import FileNotASheet, HeaderNotFound, RowsUnreadable, TooManyRows

router = APIRouter(
    prefix="/api/v1/plans",
    tags=["培训备案"],
    route_class=KeyedRoute,
    responses=problems(NotSignedIn, NotYourRole, NotFound),
)
GoodRowsOnly = Annotated[bool, Query(description="只保存无误的行，其余列出")]
DryRunOnly = Annotated[bool, Query(description="试导入：返回同样的结果，不保存任何内容")]


@router.post(
    "", status_code=201, summary="起草培训方案", responses=problems(ExternalReferenceTaken)
)
async def draft_plan(desk: AnyMember, new: PlanCreate) -> PlanRead:
    """企业网上起草，或由经办人员录入传真、邮寄的纸质材料（DL-4.2-a）。"""
    return await plans.draft(desk, new)


@router.get("", summary="备案列表")
async def list_plans(
    desk: AnyMember, page: PageOf, state: PlanStanding | None = None
) -> Page[PlanSummary]:
    """按受理先后倒序。"""
    return await plans.listed(desk, state, page)


@router.get("/{plan_id}", summary="备案内容")
async def read_plan(desk: AnyMember, plan_id: UUID) -> PlanRead:
    """返回方案、课程、状态和下一步可办事项。"""
    return await plans.read(desk, plan_id)


@router.put("/{plan_id}", summary="修改方案", responses=problems(WrongState, OnHold))
async def edit_plan(desk: AnyMember, plan_id: UUID, new: PlanCreate) -> PlanRead:
    """草稿或退回补正时可修改；花名册保留。"""
    return await plans.edit(desk, plan_id, new)


@router.post(
    "/{plan_id}/roster",
    summary="导入花名册",
    openapi_extra=FILE_BODY,
    responses=problems(
        WrongState, OnHold, RowsUnreadable, HeaderNotFound, FileNotASheet, TooManyRows, BodyTooLarge
    ),
)
async def import_roster(
    file: Sheet,
    desk: AnyMember,
    plan_id: UUID,
    *,
    good_rows_only: GoodRowsOnly = False,
    dry_run: DryRunOnly = False,
) -> RosterImport:
    """上传 xlsx、xls 或 csv 花名册，替换原有花名册；有错误时逐行列出且不保存任何内容。"""
    return await rosters.import_roster(
        desk, plan_id, file, good_rows_only=good_rows_only, dry_run=dry_run
    )


@router.get("/{plan_id}/trainees", summary="花名册")
async def list_trainees(desk: AnyMember, plan_id: UUID) -> list[TraineeRead]:
    """身份证号码部分遮挡。"""
    return await plans.trainees(desk, plan_id)


@router.get("/{plan_id}/findings", summary="备案核查结果")
async def plan_findings(desk: AnyMember, plan_id: UUID) -> list[FindingRead]:
    """若今日审核，各项规定的核查结果。"""
    return await filing.findings(desk, plan_id)


@router.post(
    "/{plan_id}/submit",
    summary="提交备案",
    responses=problems(
        WrongState, EnterpriseNotVerified, MaterialsMissing, RosterEmpty, CalendarOccupied
    ),
)
async def submit_plan(desk: AnyMember, plan_id: UUID) -> PlanRead:
    """须已导入花名册并上传备案材料（DL-4.2-b）；自行注册的企业须先经核验。"""
    return await filing.submit(desk, plan_id)


@router.post(
    "/{plan_id}/approve",
    summary="准予开班",
    responses=problems(
        WrongState, DutyMissing, SignedAlready, EnterpriseNotVerified, PlanDatesPassed,
        FindingsBlock, CalendarOccupied,
    ),
)  # fmt: skip
async def approve_plan(desk: AsOfficer, plan_id: UUID, word: PlanApproval) -> PlanRead:
    """审核通过次日起方可开展培训；参训人员日程自此被占用（DL-4.2-f、LN-1.3-f）。"""
    return await filing.approve(desk, plan_id, word)


@router.post("/{plan_id}/return", summary="退回补正", responses=problems(WrongState, DutyMissing))
async def return_plan(desk: AsOfficer, plan_id: UUID, word: Reason) -> PlanRead:
    """写明需补正的事项。"""
    return await filing.return_for_correction(desk, plan_id, word)


@router.post("/{plan_id}/withdraw", summary="撤回备案", responses=problems(WrongState))
async def withdraw_plan(desk: AnyMember, plan_id: UUID, word: Reason) -> PlanRead:
    """已提出补贴申请的，先撤回申请。"""
    return await filing.withdraw(desk, plan_id, word)


@router.post("/{plan_id}/assess", summary="试算补贴")
async def assess_plan(desk: AnyMember, plan_id: UUID, said: DryRun) -> AssessmentRead:
    """不保存任何内容：若今日申请，逐人列出课时、金额、未通过事项及依据。"""
    return await rehearsing.dry_run(desk, plan_id, said)


@router.get("/{plan_id}/history", summary="办理经过")
async def plan_history(desk: AnyMember, plan_id: UUID) -> list[HistoryEntry]:
    """按时间顺序列出全部办理步骤。"""
    return await plans.history(desk, plan_id)
