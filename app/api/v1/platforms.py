"""The catalogue of platforms, open to everybody; and how platforms title their columns."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from app.api.deps import Anybody, AnyMember, AsOfficer
from app.api.idempotency import KeyedRoute
from app.api.problems import problems
from app.api.v1.pages import PageOf
from app.errors import (
    DutyMissing,
    NotFound,
    NotSignedIn,
    NotYourRole,
    PlatformKnown,
    PlatformNotOther,
    PlatformStands,
)
from app.schemas.platforms import (
    Blocking,
    ColumnRead,
    Examination,
    NewPlatform,
    PlatformCorrection,
    PlatformHistory,
    PlatformRead,
    PlatformSort,
)
from app.schemas.words import Asked, Page, Reason
from app.services import platforms, taught

router = APIRouter(prefix="/api/v1", tags=["培训平台"], route_class=KeyedRoute)
_OFFICERS = (NotSignedIn, NotYourRole, DutyMissing, NotFound)


@router.get("/platforms", summary="线上培训平台")
async def list_platforms(
    desk: Anybody,
    page: PageOf,
    search: Annotated[Asked, Query(description="平台名称的一部分，或一个网址")] = "",
    kind: Annotated[
        PlatformSort | None, Query(description="listed 名单内，own 自有，other 其他")
    ] = None,
    *,
    blocked: Annotated[bool | None, Query(description="是否已停用")] = None,
) -> Page[PlatformRead]:
    """通知列明的平台（DL-3.1-a）、企业自有网站和经核查的其他平台（DL-3.2-b），含已停用的。"""
    return await platforms.listed(desk, page, search, kind, blocked=blocked)


@router.get("/platforms/columns", summary="平台列名记忆", responses=problems(NotSignedIn))
async def list_columns(
    desk: AnyMember,
    page: PageOf,
    platform: Annotated[Asked, Query(description="平台名称")] = "",
) -> Page[ColumnRead]:
    """导入学习记录时用 columns 参数指明、成功后记住的列名；企业看到本企业的和共用的。"""
    return await taught.listed(desk, page, platform)


@router.delete(
    "/platforms/columns/{column_id}",
    summary="删除列名记忆",
    responses=problems(NotSignedIn, NotFound, NotYourRole),
)
async def forget_column(desk: AnyMember, column_id: UUID) -> ColumnRead:
    """此后的导入不再使用；已导入的批次不变。经办人员可删除本部门企业的。"""
    return await taught.forget(desk, column_id)


# An id by its form alone: /platforms/columns takes no PUT, and what is no id is told alike by both.
@router.get("/platforms/{platform_id:uuid}", summary="平台及其经过", responses=problems(NotFound))
async def read_platform(desk: Anybody, platform_id: UUID) -> PlatformHistory:
    """登记、核查、停用和恢复的全部经过。"""
    return await platforms.read(desk, platform_id)


@router.post(
    "/platforms",
    status_code=201,
    summary="登记平台",
    responses=problems(*_OFFICERS, PlatformKnown),
)
async def enter_platform(desk: AsOfficer, new: NewPlatform) -> PlatformHistory:
    """登记后全市适用；名称只差空格、标点、大小写的视为同一平台。"""
    return await platforms.enter(desk, new)


# Only an id: without it this route would answer for /platforms/columns, too.
@router.put("/platforms/{platform_id:uuid}", summary="更正平台域名", responses=problems(*_OFFICERS))
async def correct_platform(
    desk: AsOfficer, platform_id: UUID, said: PlatformCorrection
) -> PlatformHistory:
    """增加域名的，四项条件须重新核查。"""
    return await platforms.correct(desk, platform_id, said)


@router.post(
    "/platforms/{platform_id}/examine",
    summary="核查其他平台的四项条件",
    responses=problems(*_OFFICERS, PlatformNotOther),
)
async def examine_platform(
    desk: AsOfficer, platform_id: UUID, found: Examination
) -> PlatformHistory:
    """境内、资质合法、信用良好、提供公益服务逐项填写（DL-3.2-b）；此后备案不必逐次核查。"""
    return await platforms.examine(desk, platform_id, found)


@router.post(
    "/platforms/{platform_id}/block",
    summary="停用平台",
    responses=problems(*_OFFICERS, PlatformStands),
)
async def block_platform(desk: AsOfficer, platform_id: UUID, word: Blocking) -> PlatformHistory:
    """写明理由和起始日；名称或域名相符的备案和申请均不予通过。"""
    return await platforms.block(desk, platform_id, word)


@router.post(
    "/platforms/{platform_id}/unblock",
    summary="恢复平台",
    responses=problems(*_OFFICERS, PlatformStands),
)
async def unblock_platform(desk: AsOfficer, platform_id: UUID, word: Reason) -> PlatformHistory:
    """由停用它的经办部门或省中心恢复，写明理由。"""
    return await platforms.unblock(desk, platform_id, word)
