"""Learning records: imported from platforms' exports, per person and session."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from app.api.deps import AnyMember
from app.api.idempotency import KeyedRoute
from app.api.problems import problems
from app.api.uploads import FILE_BODY, Columns, Sheet
from app.api.v1.plans import DryRunOnly, GoodRowsOnly
from app.errors import BodyTooLarge, NotFound, NotSignedIn, SameFile, WrongState
from app.schemas.learning import (
    LearningBatchRead,
    LearningImport,
    LearningRecordRead,
    PersonProgress,
)
from app.services import learned, learning
from app.sheets.refusals import (
    ColumnNotFound,
    ColumnsNotUnderstood,
    FileNotASheet,
    HeaderNotFound,
    RowsUnreadable,
    TooManyRows,
)

router = APIRouter(
    prefix="/api/v1/plans/{plan_id}",
    tags=["学习记录"],
    route_class=KeyedRoute,
    responses=problems(NotSignedIn, NotFound),
)


@router.post(
    "/learning-batches",
    status_code=201,
    summary="导入平台学习记录",
    openapi_extra=FILE_BODY,
    responses=problems(
        WrongState, SameFile, RowsUnreadable, HeaderNotFound, ColumnsNotUnderstood, ColumnNotFound,
        FileNotASheet, TooManyRows, BodyTooLarge,
    ),
)  # fmt: skip
async def import_learning(
    file: Sheet,
    desk: AnyMember,
    plan_id: UUID,
    *,
    columns: Columns = (),
    good_rows_only: GoodRowsOnly = False,
    replaces: Annotated[UUID | None, Query(description="所更正的导入批次")] = None,
    dry_run: DryRunOnly = False,
) -> LearningImport:
    """上传平台导出的 xlsx、xls 或 csv；与备案不符的行保存但不计学时，并注明原因。

    列名不同的平台，用 columns 逐列指明；导入成功后按平台记住，下次不必再指明。
    """
    return await learning.import_records(
        desk, plan_id, file, columns=columns, good_rows_only=good_rows_only,
        replaces=replaces, dry_run=dry_run,
    )  # fmt: skip


@router.get("/learning-batches", summary="导入批次")
async def list_batches(desk: AnyMember, plan_id: UUID) -> list[LearningBatchRead]:
    """含已被更正替换的批次。"""
    return await learned.batches(desk, plan_id)


@router.get("/learning-records", summary="学习记录明细")
async def list_records(
    desk: AnyMember,
    plan_id: UUID,
    number: Annotated[int | None, Query(ge=1, le=2**31 - 1, description="花名册序号")] = None,
    after: Annotated[int, Query(ge=0, le=2**63 - 1, description="上一页最后一条的 id")] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> list[LearningRecordRead]:
    """学习过程可查询、可追溯（DL-3.3-b）。"""
    return await learned.records(desk, plan_id, number, after, limit)


@router.get("/progress", summary="学习进度")
async def read_progress(desk: AnyMember, plan_id: UUID) -> list[PersonProgress]:
    """逐人列出核定分钟数、折合课时和是否完成。"""
    return await learned.progress(desk, plan_id)
