"""Public notices: anybody may read them, without a token."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from app.api.deps import Anybody
from app.api.problems import problems
from app.api.v1.pages import PageOf
from app.errors import NotFound
from app.schemas.notices import NoticeRead, NoticeSummary
from app.schemas.words import Asked, Page
from app.services import notices

router = APIRouter(prefix="/api/v1/notices", tags=["公示"])


@router.get("", summary="公示列表")
async def list_notices(
    desk: Anybody,
    page: PageOf,
    enterprise: Annotated[Asked | None, Query(description="企业名称开头")] = None,
    bureau: Annotated[Asked | None, Query(description="经办部门代码")] = None,
) -> Page[NoticeSummary]:
    """无需登录；可按企业名称和地区查找。"""
    return await notices.listed(desk, enterprise, bureau, page)


@router.get("/{notice_id}", summary="公示内容", responses=problems(NotFound))
async def read_notice(desk: Anybody, notice_id: UUID) -> NoticeRead:
    """企业名称、人员名单（证件号码部分隐藏）、培训项目和补贴金额。"""
    return await notices.read(desk, notice_id)
