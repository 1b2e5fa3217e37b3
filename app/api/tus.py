"""How is tus 1.0 spoken? Its headers in and out, and what every request must carry."""

import base64
import binascii
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from email.utils import format_datetime
from typing import Annotated, Any, Final

from fastapi import Depends, Header, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from app.api.auth import office_of
from app.api.envelope import TUS_VERSION
from app.errors import ChecksumUnknown, ChunkType, ProtocolVersion
from app.schemas.uploads import UploadCreate, UploadRead
from app.storage.pieces import Digest

CHUNK_TYPE: Final = "application/offset+octet-stream"
ALGORITHMS: Final = ("sha256", "sha1", "md5")
_EXTENSIONS: Final = "creation,creation-with-upload,checksum,expiration,termination"
_LONGEST_LENGTH: Final = 2**63 - 1

Length = Annotated[
    int, Header(alias="Upload-Length", ge=0, le=_LONGEST_LENGTH, description="文件总字节数")
]
Offset = Annotated[
    int,
    Header(alias="Upload-Offset", ge=0, le=_LONGEST_LENGTH, description="本段第一个字节的位置"),
]


async def spoken(
    request: Request,
    tus_resumable: Annotated[str | None, Header(description="协议版本 `1.0.0`")] = None,
) -> None:
    """Let only requests pass that speak this version; a GET asks for JSON and speaks none.

    Raises:
        ProtocolVersion: another version, or none.
    """
    if tus_resumable != TUS_VERSION and request.method not in {"GET", "OPTIONS"}:
        raise ProtocolVersion


def capabilities(largest: int) -> dict[str, str]:
    """Return the headers that tell what is offered."""
    return {
        "Tus-Extension": _EXTENSIONS,
        "Tus-Max-Size": str(largest),
        "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
    }


def progress(upload: UploadRead) -> dict[str, str]:
    """Return the headers that tell how far an upload is."""
    headers = {
        "Upload-Offset": str(upload.offset),
        "Upload-Expires": format_datetime(upload.expires_at, usegmt=True),
    }
    if upload.evidence_id is not None:
        headers["Upload-Evidence"] = str(upload.evidence_id)
    return headers


def description(upload: UploadRead) -> dict[str, str]:
    """Return the headers that repeat what was told at the creation."""
    case = {"claim_id": upload.claim_id} if upload.claim_id else {"plan_id": upload.plan_id}
    pairs = {"kind": upload.kind.value, "filename": upload.filename, **case}
    metadata = ",".join(
        f"{key} {base64.b64encode(str(value).encode()).decode()}" for key, value in pairs.items()
    )
    return {"Upload-Length": str(upload.length), "Upload-Metadata": metadata}


@dataclass(slots=True)
class Checksum:
    """What a chunk must hash to."""

    wanted: bytes
    digest: Digest

    @property
    def matches(self) -> bool:
        """Tell whether the bytes that came are those that were sent."""
        return bool(self.digest.digest() == self.wanted)


async def _new_upload(
    upload_metadata: Annotated[
        str,
        Header(
            description="tus 元数据：`kind`、`filename`、`plan_id` 或 `claim_id`，"
            "各项为“键 Base64值”，以逗号分隔",
            examples=["kind bGljZW5jZQ==,filename bGljZW5jZS5qcGc=,plan_id MDFhMjA1MjI="],
        ),
    ],
) -> UploadCreate:
    """Return what the metadata tells; what is not asked for is passed over."""
    pairs = dict(_pair(each) for each in upload_metadata.split(",") if each.strip())
    known = {key: value for key, value in pairs.items() if key in UploadCreate.model_fields}
    try:
        return UploadCreate.model_validate(known)
    except ValidationError as invalid:
        raise _refused(*invalid.errors()) from None


async def _checksum(
    upload_checksum: Annotated[
        str | None, Header(description="本段校验和：`sha256 <Base64>`，可用算法见 OPTIONS")
    ] = None,
) -> Checksum | None:
    if upload_checksum is None:
        return None
    algorithm, _, value = upload_checksum.strip().partition(" ")
    if algorithm not in ALGORITHMS:
        raise ChecksumUnknown
    digest = hashlib.new(algorithm, usedforsecurity=False)
    try:
        wanted = base64.b64decode(value, validate=True)
    except binascii.Error:
        raise ChecksumUnknown from None
    if len(wanted) != digest.digest_size:
        raise ChecksumUnknown
    return Checksum(wanted, digest)


@dataclass(frozen=True, slots=True)
class Body:
    """The bytes that come with a request, if any, and how many are announced."""

    chunks: AsyncIterator[bytes]
    comes: bool
    announced: int
    key: str | None


async def _body(
    request: Request,
    content_type: Annotated[str, Header(include_in_schema=False)] = "",
    idempotency_key: Annotated[
        str | None,
        Header(max_length=255, description="同一值重复创建得到同一个上传，仅用于创建"),
    ] = None,
) -> Body:
    length = request.headers.get("content-length", "")
    announced = int(length) if length.isdigit() else 0
    comes = bool(announced) or "transfer-encoding" in request.headers
    wanted = comes or request.method == "PATCH"
    if wanted and content_type.partition(";")[0].strip() != CHUNK_TYPE:
        raise ChunkType
    return Body(request.stream(), comes, announced, idempotency_key)


async def _largest(request: Request) -> int:
    return office_of(request).settings.evidence_max_bytes


NewUpload = Annotated[UploadCreate, Depends(_new_upload)]
ChunkChecksum = Annotated[Checksum | None, Depends(_checksum)]
ChunkBody = Annotated[Body, Depends(_body)]
Largest = Annotated[int, Depends(_largest)]


def _pair(text: str) -> tuple[str, str]:
    key, _, value = text.strip().partition(" ")
    try:
        return key, base64.b64decode(value, validate=True).decode()
    except ValueError:
        fault = {"type": "value_error", "loc": (), "msg": "须为“键 Base64值”，以逗号分隔"}
        raise _refused(fault) from None


def _refused(*faults: Any) -> RequestValidationError:  # noqa: ANN401  pydantic's own dictionaries
    return RequestValidationError(
        [{**each, "loc": ("header", "upload-metadata", *each["loc"])} for each in faults]
    )
