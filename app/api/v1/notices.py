"""Public notices: posted by officers; anybody may read them, without a token."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from app.api.deps import Anybody, AsOfficer
from app.api.problems import problems
from app.api.published import PublishedRoute
from app.api.v1.pages import PageOf
from app.errors import (
    CalendarUnknown,
    DutyMissing,
    NotFound,
    NotSignedIn,
    NotYourRole,
    WrongState,
)
from app.schemas.notices import NoticeCreate, NoticeRead, NoticeSiteCreate, NoticeSummary
from app.schemas.words import Asked, Day, Page
from app.services import noticeboard, notices

router = APIRouter(prefix="/api/v1/notices", tags=["公示"], route_class=PublishedRoute)
_BY_OFFICER = problems(NotSignedIn, NotYourRole, DutyMissing, NotFound)


async def _looked(
    enterprise: Annotated[Asked, Query(description="企业名称或其中任意一段")] = "",
    receipt: Annotated[Asked, Query(description="公示编号或申请受理号（完整）")] = "",
    bureau: Annotated[Asked, Query(description="经办部门代码")] = "",
    day: Annotated[Day | None, Query(description="公示发布日期")] = None,
    closed: Annotated[bool | None, Query(description="true 已期满，false 公示中")] = None,
) -> noticeboard.Looked:
    return noticeboard.Looked(enterprise, receipt, bureau, day, closed)


Looked = Annotated[noticeboard.Looked, Depends(_looked)]


@router.get("", summary="公示列表")
async def list_notices(desk: Anybody, page: PageOf, looked: Looked) -> Page[NoticeSummary]:
    """无需登录；可按企业名称、编号、地区、日期和是否期满查找，新的在前。"""
    return await noticeboard.listed(desk, looked, page)


@router.post(
    "",
    status_code=201,
    summary="公示多个申请",
    responses=_BY_OFFICER | problems(WrongState, CalendarUnknown),
)
async def post_notices(desk: AsOfficer, new: NoticeCreate) -> NoticeRead:
    """若干已审批的申请列入一个公示，全部列入或全部不列入；公示期与单个公示相同。"""
    return await notices.post(desk, new.claim_ids)


@router.get("/{notice_id}", summary="公示内容", responses=problems(NotFound))
async def read_notice(desk: Anybody, notice_id: UUID) -> NoticeRead:
    """企业名称、人员名单（证件号码部分隐藏）、培训项目和补贴金额，以及异议处理结果。"""
    return await notices.read(desk, notice_id)


@router.post(
    "/{notice_id}/sites", status_code=201, summary="登记官方网站公示凭证", responses=_BY_OFFICER
)
async def record_site(desk: AsOfficer, notice_id: UUID, new: NoticeSiteCreate) -> NoticeRead:
    """登记官方网站公示网址和截图的 SHA-256，随公示公开（A-19）。"""
    return await notices.record_site(desk, notice_id, new)
