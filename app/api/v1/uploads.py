"""Resumable uploads of evidence (tus 1.0), and what is taken as evidence at all."""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from app.api.deps import AnyMember
from app.api.idempotency import KeyedRoute
from app.api.problems import problems
from app.api.resumable import AtCounter
from app.api.tus import (
    CHUNK_TYPE,
    ChunkBody,
    ChunkChecksum,
    Largest,
    Length,
    NewUpload,
    Offset,
    capabilities,
    description,
    progress,
    spoken,
)
from app.errors import (
    AnothersUpload,
    BodyTooLarge,
    ChecksumMismatch,
    ChecksumUnknown,
    ChunkType,
    FileEmpty,
    FileRefused,
    KeyReused,
    NotFound,
    NotSignedIn,
    OffsetConflict,
    ProtocolVersion,
    UploadFinished,
    UploadGone,
)
from app.schemas.uploads import EvidenceLimit, UploadRead
from app.services import evidence_limits, uploads

_OF_ALL: Final[dict[str, Any]] = {
    "prefix": "/api/v1",
    "tags": ["断点续传"],
    "dependencies": [Depends(spoken)],
    "responses": problems(NotSignedIn, NotFound),
}
# Beginning and going on are repeated by the protocol's own means: docs/resumable-uploads.md.
router = APIRouter(**_OF_ALL)
keyed = APIRouter(**_OF_ALL, route_class=KeyedRoute)
_CONTENT = problems(
    BodyTooLarge, FileEmpty, FileRefused, ChunkType, ChecksumUnknown, ChecksumMismatch,
    OffsetConflict,
)  # fmt: skip
_BODY = {
    "requestBody": {
        "content": {CHUNK_TYPE: {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.get("/evidence-limits", summary="各类材料的大小上限和文件类型")
async def read_evidence_limits(desk: AnyMember) -> list[EvidenceLimit]:
    """两种上传方式相同；类型按内容判断，不按扩展名。"""
    return evidence_limits.every(desk.office.settings)


@router.options(
    "/uploads", status_code=204, summary="断点续传能力", response_class=Response, responses={}
)
async def tell_capabilities(largest: Largest) -> Response:
    """版本、扩展、单个文件上限和校验算法，见响应头 `Tus-*`。"""
    return Response(status_code=204, headers=capabilities(largest))


@router.post(
    "/uploads",
    status_code=201,
    summary="创建断点续传",
    openapi_extra=_BODY,
    responses=_CONTENT | problems(KeyReused, ProtocolVersion),
)
async def begin_upload(
    counter: AtCounter,
    new: NewUpload,
    upload_length: Length,
    body: ChunkBody,
    checksum: ChunkChecksum,
    response: Response,
) -> UploadRead:
    """按 tus 1.0 协议上传大文件：响应头 `Location` 为续传地址，可随请求体带上开头部分。

    大小、扩展名和对项目的权限在接收内容之前检查；断线后用 HEAD 查询已收到的位置，再用 PATCH 续传。
    """
    upload = await counter.begin(new, upload_length, body, checksum)
    response.headers.update({"Location": f"/api/v1/uploads/{upload.id}", **progress(upload)})
    return upload


@router.get("/uploads/{upload_id}", summary="上传进度")
async def read_upload(desk: AnyMember, upload_id: UUID) -> UploadRead:
    """已收到的字节数、期限，完成后的材料编号。"""
    return await uploads.read(desk, upload_id)


@router.head(
    "/uploads/{upload_id}",
    summary="续传位置",
    response_class=Response,
    responses=problems(ProtocolVersion, UploadGone),
)
async def read_offset(desk: AnyMember, upload_id: UUID) -> Response:
    """响应头 `Upload-Offset` 为下一个字节的位置；完成后 `Upload-Evidence` 为材料编号。"""
    upload = await uploads.read(desk, upload_id)
    return Response(headers=progress(upload) | description(upload))


@router.patch(
    "/uploads/{upload_id}",
    status_code=204,
    summary="续传",
    response_class=Response,
    openapi_extra=_BODY,
    responses=_CONTENT | problems(ProtocolVersion, AnothersUpload, UploadGone),
)
async def go_on_with_upload(
    counter: AtCounter,
    upload_id: UUID,
    upload_offset: Offset,
    body: ChunkBody,
    checksum: ChunkChecksum,
) -> Response:
    """从 `Upload-Offset` 继续；最后一个字节收到后即登记为材料，编号在响应头 `Upload-Evidence`。

    带 `Upload-Checksum` 时整段校验，不符则 460 且本段不保存。同一上传又有新的连接时，旧连接让位。
    """
    upload = await counter.go_on(upload_id, upload_offset, body, checksum)
    return Response(status_code=204, headers=progress(upload))


@keyed.delete(
    "/uploads/{upload_id}",
    status_code=204,
    summary="取消上传",
    response_class=Response,
    responses=problems(ProtocolVersion, AnothersUpload, UploadFinished, UploadGone),
)
async def terminate_upload(counter: AtCounter, upload_id: UUID) -> Response:
    """删除已收到的内容；已登记为材料的不能取消。"""
    return await counter.terminate(upload_id)


router.routes.extend(keyed.routes)
