"""Objections to public notices: lodged by anybody, decided by officers (A-21)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from app.api.deps import Anybody, AnyMember, AsOfficer
from app.api.downloads import whole
from app.api.idempotency import KeyedRoute
from app.api.objection_files import ObjectionUpload, Token
from app.api.problems import problems
from app.api.uploads import FILE_BODY
from app.api.v1.pages import PageOf
from app.errors import (
    AttachmentsFull,
    BodyTooLarge,
    CalendarUnknown,
    CaseHeld,
    DutyMissing,
    EvidenceInfected,
    EvidencePending,
    FileEmpty,
    FileRefused,
    NotFound,
    NotSignedIn,
    NotYourRole,
    ObjectionLate,
    ObjectionRefersToNothing,
    ObjectionsFull,
    SignedAlready,
    WrongState,
)
from app.schemas.objections import (
    ObjectionCreate,
    ObjectionDecision,
    ObjectionKeyed,
    ObjectionLookup,
    ObjectionOutcome,
    ObjectionRead,
    ObjectionReceipt,
    ObjectionStanding,
    ObjectionSummary,
)
from app.schemas.words import Page
from app.services import objections, outcomes, told_objections

router = APIRouter(prefix="/api/v1", tags=["异议"], route_class=KeyedRoute)
_LODGED = problems(NotFound, ObjectionLate, ObjectionRefersToNothing, CalendarUnknown)
_BY_OFFICER = problems(NotSignedIn, NotYourRole, NotFound)


@router.post(
    "/notices/{notice_id}/objections",
    status_code=201,
    summary="对公示提出异议",
    responses=_LODGED | problems(ObjectionLate, ObjectionsFull),
)
async def lodge_objection(desk: Anybody, notice_id: UUID, new: ObjectionCreate) -> ObjectionReceipt:
    """无需登录，可匿名；公示期内提出，处理前相应金额不予拨付。请保存返回的 token。"""
    return await objections.lodge(desk, notice_id, new)


@router.post(
    "/notices/{notice_id}/objections/keyed",
    status_code=201,
    summary="录入信函、电话异议",
    responses=_LODGED | _BY_OFFICER,
)
async def key_in_objection(
    desk: AsOfficer, notice_id: UUID, new: ObjectionKeyed
) -> ObjectionReceipt:
    """由经办人员录入；录入人员不得处理该异议。token 请转交异议人。"""
    return await objections.key_in(desk, notice_id, new)


@router.get(
    "/objections/{objection_id}/outcome", summary="查询异议处理结果", responses=problems(NotFound)
)
async def read_outcome(desk: Anybody, objection_id: UUID, token: Token) -> ObjectionLookup:
    """凭提出异议时返回的 token 查询。"""
    return await objections.lookup(desk, objection_id, token)


@router.post(
    "/objections/{objection_id}/attachments",
    status_code=201,
    summary="提交异议附件",
    openapi_extra=FILE_BODY,
    responses=problems(NotFound, AttachmentsFull, BodyTooLarge, FileEmpty, FileRefused),
)
async def attach_file(
    file: ObjectionUpload, desk: Anybody, objection_id: UUID, token: Token
) -> ObjectionLookup:
    """凭 token 提交；附件仅经办部门可见。"""
    return await objections.attach(desk, objection_id, token, *file)


@router.get("/objections", summary="异议列表", responses=problems(NotSignedIn, NotYourRole))
async def list_objections(
    desk: AsOfficer,
    page: PageOf,
    state: Annotated[ObjectionStanding | None, Query(description="处理情况")] = None,
) -> Page[ObjectionSummary]:
    """本部门公示收到的异议，含是否超过处理时限。"""
    return await outcomes.listed(desk, state, page)


@router.get("/objections/{objection_id}", summary="异议内容", responses=_BY_OFFICER)
async def read_objection(desk: AsOfficer, objection_id: UUID) -> ObjectionRead:
    """异议人（实名的）、具体情况和附件，仅经办部门可见；每次查看均记入审计。"""
    return await outcomes.read(desk, objection_id)


@router.post(
    "/objections/{objection_id}/decide",
    summary="处理异议",
    responses=_BY_OFFICER | problems(NotYourRole, DutyMissing, WrongState, SignedAlready, CaseHeld),
)
async def decide_objection(
    desk: AsOfficer, objection_id: UUID, word: ObjectionDecision
) -> ObjectionRead:
    """由没有审核、审批过该申请的人员处理；不成立的恢复拨付，成立的不予拨付并重新核定。"""
    return await outcomes.decide(desk, objection_id, word)


@router.get(
    "/objections/{objection_id}/attachments/{attachment_id}",
    summary="下载异议附件",
    response_class=StreamingResponse,
    responses=_BY_OFFICER
    | problems(EvidenceInfected, EvidencePending)
    | {200: {"content": {"application/octet-stream": {}}, "description": "文件内容"}},
)
async def download_attachment(
    desk: AsOfficer, objection_id: UUID, attachment_id: UUID
) -> StreamingResponse:
    """每次查看均记入审计。"""
    file, content = await outcomes.open_attachment(desk, objection_id, attachment_id)
    return whole(file.filename, content)


@router.get("/claims/{claim_id}/objections", summary="该申请的异议", responses=_BY_OFFICER)
async def list_claim_objections(desk: AnyMember, claim_id: UUID) -> list[ObjectionOutcome]:
    """所涉人员序号、事项和处理结果；不含异议人和具体情况。"""
    return await told_objections.of_claim(desk, claim_id)
