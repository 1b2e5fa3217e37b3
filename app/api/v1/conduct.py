"""How a class is carried out: suspension, evaluation after training, plan against actual."""

from uuid import UUID

from fastapi import APIRouter

from app.api.deps import AnyMember, AsOfficer
from app.api.idempotency import KeyedRoute
from app.api.problems import problems
from app.errors import (
    ClassSuspended,
    DayToCome,
    DutyMissing,
    NoPolicyInForce,
    NotFound,
    NotSignedIn,
    NotYourRole,
    ResumedBeforeSuspended,
    WrongState,
)
from app.schemas.conduct import (
    DeviationsRead,
    EvaluationCreate,
    EvaluationRead,
    Resumption,
    SuspensionCreate,
    SuspensionRead,
)
from app.services import conduct, deviations

router = APIRouter(
    prefix="/api/v1/plans/{plan_id}",
    tags=["培训过程"],
    route_class=KeyedRoute,
    responses=problems(NotSignedIn, NotYourRole, NotFound),
)


@router.post(
    "/suspensions",
    status_code=201,
    summary="暂停开班",
    responses=problems(WrongState, DutyMissing, ClassSuspended),
)
async def suspend_class(desk: AsOfficer, plan_id: UUID, new: SuspensionCreate) -> SuspensionRead:
    """防疫安全等没有保证的，经办人员暂停开班（DL-1-c、DL-5.1-b）；暂停期间的学习不计。"""
    return await conduct.suspend(desk, plan_id, new)


@router.post(
    "/suspensions/resume",
    summary="恢复开班",
    responses=problems(WrongState, DutyMissing, ResumedBeforeSuspended),
)
async def resume_class(desk: AsOfficer, plan_id: UUID, word: Resumption) -> SuspensionRead:
    """写明暂停的最后一日和恢复依据，次日起恢复培训。"""
    return await conduct.resume(desk, plan_id, word)


@router.get("/suspensions", summary="暂停开班情况")
async def list_suspensions(desk: AnyMember, plan_id: UUID) -> list[SuspensionRead]:
    """按日期先后列出。"""
    return await conduct.suspensions(desk, plan_id)


@router.put(
    "/evaluation/due",
    summary="要求培训后评估",
    responses=problems(WrongState, DutyMissing),
)
async def ask_for_evaluation(desk: AsOfficer, plan_id: UUID) -> EvaluationRead:
    """经办部门要求评估的，登记评估之前核算结果予以提示（DL-5.2-b）。"""
    return await conduct.ask_for_evaluation(desk, plan_id)


@router.post(
    "/evaluation",
    status_code=201,
    summary="登记培训后评估",
    responses=problems(WrongState, DutyMissing, DayToCome),
)
async def evaluate_class(desk: AsOfficer, plan_id: UUID, new: EvaluationCreate) -> EvaluationRead:
    """每个培训项目一份；再次登记即为更正，此前的内容见办理经过（DL-5.2-b）。"""
    return await conduct.evaluate(desk, plan_id, new)


@router.get("/evaluation", summary="培训后评估")
async def read_evaluation(desk: AnyMember, plan_id: UUID) -> EvaluationRead:
    """是否要求评估，以及评估结果。"""
    return await conduct.evaluation(desk, plan_id)


@router.get("/deviations", summary="方案与实际的差异", responses=problems(NoPolicyInForce))
async def read_deviations(desk: AnyMember, plan_id: UUID) -> DeviationsRead:
    """课程、日期、人员、课时逐项对比，供审核时核对（LN-1.2-b）。"""
    return await deviations.of_plan(desk, plan_id)
