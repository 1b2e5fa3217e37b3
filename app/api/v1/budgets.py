"""Budgets of the fund by bureau and year, and whether the books agree."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response

from app.api.deps import AsOfficer
from app.api.idempotency import KeyedRoute
from app.api.problems import problems
from app.errors import (
    BudgetBelowCommitted,
    BudgetConfirmed,
    DutyMissing,
    NoPolicyInForce,
    NotFound,
    NotSignedIn,
    NotYourRole,
    TwoPersons,
)
from app.schemas.budgets import BudgetCreate, BudgetFigures, BudgetRead
from app.schemas.reconciliation import Reconciliation
from app.schemas.words import Asked
from app.services import budgets, reconciliation

router = APIRouter(
    prefix="/api/v1",
    tags=["资金"],
    route_class=KeyedRoute,
    responses=problems(NotSignedIn, NotYourRole, NotFound),
)
Year = Annotated[int | None, Query(ge=2000, le=2100, description="年度，默认为业务日期所在年度")]
Fund = Annotated[Asked | None, Query(description="资金来源，默认为现行政策规定的资金")]
Whose = Annotated[Asked | None, Query(description="经办部门代码，只能是本部门")]


@router.post(
    "/budgets",
    status_code=201,
    summary="登记年度预算",
    responses=problems(DutyMissing, NoPolicyInForce),
)
async def enter_budget(desk: AsOfficer, new: BudgetCreate) -> BudgetRead:
    """由有审批职责的人员按文件登记本部门某一年度的预算总额，另一人确认后生效；只增不改。"""
    return await budgets.enter(desk, new)


@router.post(
    "/budgets/{budget_id}/confirm",
    summary="确认年度预算",
    responses=problems(DutyMissing, TwoPersons, BudgetConfirmed, BudgetBelowCommitted),
)
async def confirm_budget(desk: AsOfficer, budget_id: UUID) -> BudgetRead:
    """由另一名有审批职责的人员确认；不得低于已占用和已支付的金额。"""
    return await budgets.confirm(desk, budget_id)


@router.get("/budgets", summary="预算执行情况", responses=problems(NoPolicyInForce))
async def read_budget(desk: AsOfficer, year: Year = None, fund: Fund = None) -> BudgetFigures:
    """本部门某一年度的预算、已占用、已支付和可用金额；尚未登记预算的不限额。"""
    return await budgets.figures(desk, year, fund)


@router.get("/reconciliation", summary="对账")
async def reconcile(desk: AsOfficer, bureau: Whose = None, year: Year = None) -> Reconciliation:
    """已审批、已公示、已送财政、已支付逐步核对，差异逐笔列出，精确到分。"""
    return await reconciliation.of_year(desk, bureau, year)


@router.get(
    "/reconciliation/file.csv",
    summary="对账表",
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}, "description": "UTF-8 编码的 csv"}},
)
async def reconcile_csv(desk: AsOfficer, bureau: Whose = None, year: Year = None) -> Response:
    """同一内容的 csv 文件。"""
    return Response(
        await reconciliation.csv_of_year(desk, bureau, year),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="reconciliation.csv"'},
    )
