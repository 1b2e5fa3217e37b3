"""What platforms' own systems call: learning records are pushed, and nothing else is done here."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from app.api.deps import AsPlatform
from app.api.idempotency import KeyedRoute
from app.api.problems import problems
from app.api.pushed import PUSH_BODY, PushedRecords
from app.errors import (
    BatchNotReplaceable,
    BodyTooLarge,
    NotSignedIn,
    NotYourRole,
    PlatformBlocked,
    RecordsRefused,
    SameFile,
    TooManyRecords,
)
from app.schemas.pushes import PlatformStatus, PushRead
from app.services import pushed, pushing

router = APIRouter(
    prefix="/api/v1",
    tags=["平台推送"],
    route_class=KeyedRoute,
    responses=problems(NotSignedIn, NotYourRole),
)


@router.post(
    "/learning-records:batch",
    summary="平台推送学习记录",
    openapi_extra=PUSH_BODY,
    responses=problems(
        NotSignedIn, NotYourRole, PlatformBlocked, RecordsRefused, TooManyRecords, BodyTooLarge,
        BatchNotReplaceable, SameFile,
    ),
)  # fmt: skip
async def push_records(
    records: PushedRecords,
    desk: AsPlatform,
    *,
    all_or_nothing: Annotated[
        bool, Query(description="true：只要有一条不能接收，就全部不保存")
    ] = False,
    replaces: Annotated[
        UUID | None,
        Query(description="所更正的推送批次：本次记录整批替换它，并且全部接收或全部不保存"),
    ] = None,
) -> PushRead:
    """供培训平台的系统推送以本平台备案的培训项目的学习记录，一次至多 10000 条。

    以 key 区分记录：同一 key、同一内容再次推送不会重复计入。逐条给出结果：无误的记录均已保存，
    被拒绝的和不计学时的逐条列在 items 中，绝不静默丢弃。每次推送、每个培训项目为一个批次。
    """
    return await pushing.push(desk, records, all_or_nothing=all_or_nothing, replaces=replaces)


@router.get("/learning-records:batch", summary="平台推送状态")
async def read_push_status(desk: AsPlatform) -> PlatformStatus:
    """返回平台是否可以推送、一次推送的上限和最近的推送批次。"""
    return await pushed.status(desk)
