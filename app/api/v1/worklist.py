"""The work list of a bureau: what awaits its officers, until when, and in whose hands."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from app.api.deps import AsOfficer
from app.api.idempotency import KeyedRoute
from app.api.problems import problems
from app.errors import (
    CaseHeld,
    DutyMissing,
    NotAColleague,
    NotAwaited,
    NotFound,
    NotSignedIn,
    NotYourRole,
    SignedAlready,
)
from app.schemas.words import Day, Yuan
from app.schemas.worklist import (
    Colleague,
    DutyName,
    HandingOver,
    Hold,
    Order,
    PlaceInList,
    StepName,
    Taking,
    WaitingState,
    WorkCounts,
    WorkItem,
    WorkPage,
)
from app.services import assignments, work_counts, worklist
from app.services.assignments import CLAIMS, OBJECTIONS, PLANS

router = APIRouter(
    prefix="/api/v1/worklist",
    tags=["待办"],
    route_class=KeyedRoute,
    responses=problems(NotSignedIn, NotYourRole),
)
_ON_A_CASE = problems(NotFound, NotAwaited, DutyMissing, CaseHeld)


async def _asked(  # noqa: PLR0913, PLR0917  one parameter of the query each
    step: Annotated[StepName | None, Query(description="待办环节")] = None,
    state: Annotated[WaitingState | None, Query(description="事项状态")] = None,
    duty: Annotated[DutyName | None, Query(description="所需职责")] = None,
    hold: Annotated[
        Hold | None, Query(description="mine 本人持有、nobody 无人领取、somebody 已有人领取")
    ] = None,
    signals: Annotated[bool | None, Query(description="是否有未核销的疑点")] = None,
    amount_from: Annotated[Yuan | None, Query(description="金额不少于（元）")] = None,
    amount_to: Annotated[Yuan | None, Query(description="金额不多于（元）")] = None,
    order: Annotated[Order, Query(description="due 按办理期限、age 按待办起始日")] = Order.DUE,
    until: Annotated[
        Day | None, Query(description="排序日期不晚于：order=due 时为期限，order=age 时为起始日")
    ] = None,
    after: Annotated[PlaceInList | None, Query(description="上一页返回的 next")] = None,
    limit: Annotated[int, Query(ge=1, le=100, description="每页条数")] = 20,
) -> worklist.Asked:
    return worklist.Asked(
        step, state, duty, hold, signals, amount_from, amount_to, until, order,
        worklist.place(after), limit,
    )  # fmt: skip


AskedFor = Annotated[worklist.Asked, Depends(_asked)]


@router.get("", summary="待办事项")
async def list_work(desk: AsOfficer, asked: AskedFor) -> WorkPage:
    """本部门待办的备案、申请和异议，最紧急的在前；超过办理期限的有标记，退回企业期间不计时。"""
    return await worklist.listed(desk, asked)


@router.get("/counts", summary="待办件数")
async def count_work(desk: AsOfficer) -> WorkCounts:
    """按状态和环节统计的待办、超期和公示期内件数。"""
    return await work_counts.counts(desk)


@router.get("/colleagues", summary="本部门人员")
async def list_colleagues(desk: AsOfficer) -> list[Colleague]:
    """可以接收移交事项的人员及其职责。"""
    return await assignments.colleagues(desk)


@router.post("/claims/{claim_id}/take", summary="领取申请", responses=_ON_A_CASE)
async def take_claim(desk: AsOfficer, claim_id: UUID, word: Taking) -> WorkItem:
    """领取后其他人员不能办理；接手他人持有的申请须写明理由。"""
    return await assignments.take(desk, CLAIMS, claim_id, word)


@router.post(
    "/claims/{claim_id}/hand-over",
    summary="移交申请",
    responses=_ON_A_CASE | problems(NotAColleague),
)
async def hand_claim_over(desk: AsOfficer, claim_id: UUID, word: HandingOver) -> WorkItem:
    """移交给本部门具有相应职责的人员。"""
    return await assignments.hand_over(desk, CLAIMS, claim_id, word)


@router.post("/claims/{claim_id}/release", summary="放回申请", responses=_ON_A_CASE)
async def release_claim(desk: AsOfficer, claim_id: UUID) -> WorkItem:
    """放回待办，由他人领取。"""
    return await assignments.release(desk, CLAIMS, claim_id)


@router.post("/plans/{plan_id}/take", summary="领取备案", responses=_ON_A_CASE)
async def take_plan(desk: AsOfficer, plan_id: UUID, word: Taking) -> WorkItem:
    """领取后其他人员不能办理；接手他人持有的备案须写明理由。"""
    return await assignments.take(desk, PLANS, plan_id, word)


@router.post(
    "/plans/{plan_id}/hand-over",
    summary="移交备案",
    responses=_ON_A_CASE | problems(NotAColleague),
)
async def hand_plan_over(desk: AsOfficer, plan_id: UUID, word: HandingOver) -> WorkItem:
    """移交给本部门具有相应职责的人员。"""
    return await assignments.hand_over(desk, PLANS, plan_id, word)


@router.post("/plans/{plan_id}/release", summary="放回备案", responses=_ON_A_CASE)
async def release_plan(desk: AsOfficer, plan_id: UUID) -> WorkItem:
    """放回待办，由他人领取。"""
    return await assignments.release(desk, PLANS, plan_id)


@router.post(
    "/objections/{objection_id}/take",
    summary="领取异议",
    responses=problems(NotFound, NotAwaited, DutyMissing, CaseHeld, SignedAlready),
)
async def take_objection(desk: AsOfficer, objection_id: UUID, word: Taking) -> WorkItem:
    """领取后其他人员不能办理；审核、审批过该申请或录入该异议的人员不能领取。"""
    return await assignments.take(desk, OBJECTIONS, objection_id, word)


@router.post(
    "/objections/{objection_id}/hand-over",
    summary="移交异议",
    responses=_ON_A_CASE | problems(NotAColleague),
)
async def hand_objection_over(desk: AsOfficer, objection_id: UUID, word: HandingOver) -> WorkItem:
    """移交给本部门具有相应职责、没有审核或审批过该申请的人员。"""
    return await assignments.hand_over(desk, OBJECTIONS, objection_id, word)


@router.post("/objections/{objection_id}/release", summary="放回异议", responses=_ON_A_CASE)
async def release_objection(desk: AsOfficer, objection_id: UUID) -> WorkItem:
    """放回待办，由他人领取。"""
    return await assignments.release(desk, OBJECTIONS, objection_id)
