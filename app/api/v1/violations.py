"""Violations: the bureau's files, who is barred, and what the barred enterprise is told."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query

from app.api.deps import AnyMember, AsOfficer
from app.api.idempotency import KeyedRoute
from app.api.problems import problems
from app.api.v1.pages import PageOf
from app.errors import (
    DayToCome,
    DutyMissing,
    NotEstablished,
    NotFound,
    NotSignedIn,
    NotYourRole,
    TwoPersons,
    WrongState,
)
from app.schemas.violations import (
    BlacklistingCreate,
    BlacklistingTold,
    Conclusion,
    Lift,
    TransferCreate,
    ViolationCreate,
    ViolationRead,
    ViolationSummary,
)
from app.schemas.words import Page
from app.services import blacklist, sanctions, violations

router = APIRouter(
    prefix="/api/v1",
    tags=["违规处理"],
    route_class=KeyedRoute,
    responses=problems(NotSignedIn, NotYourRole, NotFound),
)
State = Annotated[Literal["open", "established", "dismissed"] | None, Query(description="状态")]
_CONCLUDED = problems(DutyMissing, TwoPersons, WrongState)


@router.post(
    "/violations", status_code=201, summary="登记违规案件", responses=problems(DutyMissing)
)
async def open_violation(desk: AsOfficer, new: ViolationCreate) -> ViolationRead:
    """虚报、套取、私分、挪用（LN-3.3-c）；案卷只有经办部门可见。"""
    return await violations.open_case(desk, new)


@router.get("/violations", summary="违规案件列表")
async def list_violations(
    desk: AsOfficer, page: PageOf, state: State = None
) -> Page[ViolationSummary]:
    """本部门的案件，最新在前。"""
    return await violations.listed(desk, state, page)


@router.get("/violations/{violation_id}", summary="违规案件")
async def read_violation(desk: AsOfficer, violation_id: UUID) -> ViolationRead:
    """涉及的申请、人员、金额，认定、移送和失信名单情况。"""
    return await violations.read(desk, violation_id)


@router.post("/violations/{violation_id}/establish", summary="认定", responses=_CONCLUDED)
async def establish(desk: AsOfficer, violation_id: UUID, word: Conclusion) -> ViolationRead:
    """由登记人以外的审批人员认定；认定后方可追回、列入名单和移送。"""
    return await violations.conclude(desk, violation_id, word, "established")


@router.post("/violations/{violation_id}/dismiss", summary="不成立", responses=_CONCLUDED)
async def dismiss(desk: AsOfficer, violation_id: UUID, word: Conclusion) -> ViolationRead:
    """由登记人以外的审批人员作出不成立的结论。"""
    return await violations.conclude(desk, violation_id, word, "dismissed")


@router.post(
    "/violations/{violation_id}/blacklisting",
    status_code=201,
    summary="列入失信名单",
    responses=problems(DutyMissing, NotEstablished, WrongState),
)
async def blacklist_enterprise(
    desk: AsOfficer, violation_id: UUID, new: BlacklistingCreate
) -> ViolationRead:
    """自列入之日起，不受理备案和申请，不予拨付。"""
    return await sanctions.blacklist(desk, violation_id, new)


@router.post(
    "/violations/{violation_id}/blacklisting/lift",
    summary="解除失信名单",
    responses=problems(DutyMissing, WrongState),
)
async def lift_blacklisting(desk: AsOfficer, violation_id: UUID, word: Lift) -> ViolationRead:
    """自当日起解除，须有书面理由和文号。"""
    return await sanctions.lift(desk, violation_id, word)


@router.post(
    "/violations/{violation_id}/transfers",
    status_code=201,
    summary="登记移送",
    responses=problems(DutyMissing, NotEstablished, DayToCome),
)
async def record_transfer(
    desk: AsOfficer, violation_id: UUID, new: TransferCreate
) -> ViolationRead:
    """移送公安、纪检监察等机关的日期和文号。"""
    return await sanctions.transfer(desk, violation_id, new)


@router.get("/enterprises/{enterprise_id}/blacklisting", summary="是否列入失信名单")
async def read_blacklisting(desk: AnyMember, enterprise_id: UUID) -> BlacklistingTold:
    """列入日期、截止日期和文号；案卷内容不对企业公开。"""
    return await blacklist.of_enterprise(desk, enterprise_id)
