"""Scans of the business licence: they show who holds the credit code."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from app.api.deps import AnyMember, AsEnterprise
from app.api.downloads import whole
from app.api.idempotency import KeyedRoute
from app.api.problems import problems
from app.api.uploads import FILE_BODY, LicenceUpload
from app.errors import (
    BodyTooLarge,
    FileEmpty,
    FileRefused,
    LicencesFull,
    NotFound,
    NotSignedIn,
    NotYourRole,
)
from app.schemas.enterprises import LicenceRead
from app.services import licences

router = APIRouter(
    prefix="/api/v1/enterprises/{enterprise_id}/licences",
    tags=["企业登记"],
    route_class=KeyedRoute,
    responses=problems(NotSignedIn, NotFound),
)


@router.post(
    "",
    status_code=201,
    summary="上传营业执照",
    openapi_extra=FILE_BODY,
    responses=problems(NotYourRole, LicencesFull, BodyTooLarge, FileEmpty, FileRefused),
)
async def add_licence(file: LicenceUpload, desk: AsEnterprise, enterprise_id: UUID) -> LicenceRead:
    """先登记企业，再上传；自行注册的企业凭此证明其持有该统一社会信用代码。"""
    return await licences.add(desk, enterprise_id, file.filename, file.file)


@router.get("", summary="营业执照清单")
async def list_licences(desk: AnyMember, enterprise_id: UUID) -> list[LicenceRead]:
    """已上传的扫描件，不可更改或删除。"""
    return await licences.listed(desk, enterprise_id)


@router.get(
    "/{licence_id}",
    summary="下载营业执照",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/octet-stream": {}}, "description": "文件内容"}},
)
async def download_licence(
    desk: AnyMember, enterprise_id: UUID, licence_id: UUID
) -> StreamingResponse:
    """每次查看均记入审计。"""
    file, content = await licences.opened(desk, enterprise_id, licence_id)
    return whole(file.filename, content)
