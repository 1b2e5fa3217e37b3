"""What was done to each single object? Under the same access as the object itself."""

from uuid import UUID

from fastapi import APIRouter

from app.api.deps import Anybody, AnyMember, AsOfficer
from app.api.problems import problems
from app.errors import NotFound, NotSignedIn, NotYourRole
from app.schemas.claims import HistoryEntry
from app.services import histories

router = APIRouter(prefix="/api/v1", tags=["办理经过"])
_OPEN = problems(NotFound)
_OF_MEMBERS = problems(NotFound, NotSignedIn, NotYourRole)
_SUMMARY = "办理经过"


@router.get("/notices/{notice_id}/history", summary=_SUMMARY, responses=_OPEN)
async def of_notice(desk: Anybody, notice_id: UUID) -> list[HistoryEntry]:
    """公示的发布和凭证登记；无需登录，不显示经办人员。"""
    return await histories.of_object(desk, "notices", notice_id)


@router.get("/platforms/{platform_id}/history", summary=_SUMMARY, responses=_OPEN)
async def of_platform(desk: Anybody, platform_id: UUID) -> list[HistoryEntry]:
    """平台的登记、核查、停用和推送；无需登录，不显示经办人员。"""
    return await histories.of_object(desk, "platforms", platform_id)


@router.get("/policy/rates/{rate_id}/history", summary=_SUMMARY, responses=_OPEN)
async def of_rate(desk: Anybody, rate_id: UUID) -> list[HistoryEntry]:
    """补贴标准的登记；随安装载入的示例标准没有记录。"""
    return await histories.of_object(desk, "rates", rate_id)


@router.get("/policy/declarations/{declaration_id}/history", summary=_SUMMARY, responses=_OPEN)
async def of_declaration(desk: Anybody, declaration_id: UUID) -> list[HistoryEntry]:
    """后续文件确定的日期何时登记。"""
    return await histories.of_object(desk, "declarations", declaration_id)


@router.get("/evidence/{evidence_id}/history", summary=_SUMMARY, responses=_OF_MEMBERS)
async def of_evidence(desk: AnyMember, evidence_id: UUID) -> list[HistoryEntry]:
    """材料何时由谁上传，何时由谁查看。"""
    return await histories.of_object(desk, "evidence", evidence_id)


@router.get(
    "/learning-batches/{learning_batch_id}/history", summary=_SUMMARY, responses=_OF_MEMBERS
)
async def of_learning_batch(desk: AnyMember, learning_batch_id: UUID) -> list[HistoryEntry]:
    """学习记录批次的导入和报告下载。"""
    return await histories.of_object(desk, "learning_batches", learning_batch_id)


@router.get("/platforms/columns/{column_id}/history", summary=_SUMMARY, responses=_OF_MEMBERS)
async def of_column(desk: AnyMember, column_id: UUID) -> list[HistoryEntry]:
    """列名何时由谁记住、由谁删除。"""
    return await histories.of_object(desk, "platform_columns", column_id)


@router.get("/recoveries/{recovery_id}/history", summary=_SUMMARY, responses=_OF_MEMBERS)
async def of_recovery(desk: AnyMember, recovery_id: UUID) -> list[HistoryEntry]:
    """退款通知、到账、抵扣和核销。"""
    return await histories.of_object(desk, "recoveries", recovery_id)


@router.get("/objections/{objection_id}/history", summary=_SUMMARY, responses=_OF_MEMBERS)
async def of_objection(desk: AsOfficer, objection_id: UUID) -> list[HistoryEntry]:
    """异议的提出、查看和处理。"""
    return await histories.of_object(desk, "objections", objection_id)


@router.get("/violations/{violation_id}/history", summary=_SUMMARY, responses=_OF_MEMBERS)
async def of_violation(desk: AsOfficer, violation_id: UUID) -> list[HistoryEntry]:
    """违规案件的立案、认定、列入失信名单和移送。"""
    return await histories.of_object(desk, "violations", violation_id)


@router.get("/budgets/{budget_id}/history", summary=_SUMMARY, responses=_OF_MEMBERS)
async def of_budget(desk: AsOfficer, budget_id: UUID) -> list[HistoryEntry]:
    """资金预算的登记和确认。"""
    return await histories.of_object(desk, "budgets", budget_id)


@router.get("/policy/simulations/{simulation_id}/history", summary=_SUMMARY, responses=_OF_MEMBERS)
async def of_simulation(desk: AsOfficer, simulation_id: UUID) -> list[HistoryEntry]:
    """政策试算何时由谁提出。"""
    return await histories.of_object(desk, "simulations", simulation_id)


@router.get(
    "/claims/{claim_id}/signals/{signal_id}/history", summary=_SUMMARY, responses=_OF_MEMBERS
)
async def of_signal(desk: AsOfficer, claim_id: UUID, signal_id: UUID) -> list[HistoryEntry]:
    """疑点何时由谁核销；疑点在申请提出和重新核算时产生。"""
    return await histories.of_object(desk, "signals", signal_id, of_claim=claim_id)
