"""The law in force, and the reference data beside it; open to everybody."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.api.deps import Anybody
from app.api.problems import problems
from app.errors import NoPolicyInForce, NotFound
from app.schemas.law import (
    BureauRead,
    ClauseBrief,
    ClauseRead,
    CommitmentsRead,
    IndustryRead,
    PolicyRead,
)
from app.schemas.words import Day
from app.services import citations, law, reference

router = APIRouter(prefix="/api/v1", tags=["政策"])


@router.get("/policy", summary="某日有效的政策", responses=problems(NoPolicyInForce))
async def read_policy(
    on: Annotated[Day, Query(description="日期", examples=["2020-03-02"])],
) -> PolicyRead:
    """两份通知的全部条款，以及当日有效的参数。"""
    return law.in_force(on)


@router.get("/policy/commitments", summary="承诺书")
async def read_commitments() -> CommitmentsRead:
    """申请表承诺书原文和版本。"""
    return law.the_commitments()


@router.get("/policy/clauses", summary="全部条款")
async def list_clauses() -> list[ClauseBrief]:
    """两份通知的全部条款：摘句、含义、落点数和实例数；不入系统的附理由。"""
    return citations.briefly()


@router.get("/policy/clauses/{clause_id}", summary="条款", responses=problems(NotFound))
async def read_clause(clause_id: str) -> ClauseRead:
    """条款原文和含义，在系统中的全部落点（规则、参数、材料、步骤等）或没有落点的理由，以及实例。"""
    return citations.clause(clause_id)


@router.get("/bureaus", summary="经办部门")
async def list_bureaus(desk: Anybody) -> list[BureauRead]:
    """各区市县、先导区和省就业和人才服务中心。"""
    return await reference.bureaus(desk)


@router.get("/industries", summary="划型行业")
async def list_industries() -> list[IndustryRead]:
    """工信部联企业〔2011〕300号所列行业及原文。"""
    return reference.industries()
