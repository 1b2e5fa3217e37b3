"""How do files come in? As the raw body; who sends is asked first, no transaction waits."""

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any, Final, TypeVar
from uuid import UUID

from fastapi import Depends, HTTPException, Query, Request
from starlette.requests import ClientDisconnect

from app.access import open_desk
from app.actors import Member, Visitor
from app.api.auth import enterprise, member, office_of, origin
from app.api.idempotency import compare, is_answered, note_content
from app.errors import BodyTooLarge
from app.office import Desk
from app.policy.facts import Material
from app.schemas.words import Text
from app.services import evidence, evidence_limits, licences, uploads
from app.services.evidence import Upload
from app.services.sheets import SheetFile

Who = TypeVar("Who", bound=Member)
FileName = Annotated[Text, Query(description="文件名（含扩展名）", examples=["花名册.xlsx"])]

_KINDS: Final = [f"{kind} {evidence_limits.name_of(kind)}" for kind in Material]
Kind = Annotated[Material, Query(description="材料类别：" + "；".join(_KINDS))]

Columns = Annotated[
    Sequence[Text],
    Query(
        description="平台列名=字段，一列一项；字段写代码或常用名（姓名、身份证号、课程名称、"
        "开始学习时间、结束学习时间、有效学习时长等），时长可在后面注明单位（/秒、/分钟、/小时）",
        examples=[["上课日期=started_at"]],
    ),
]
"""How the sender names the columns of an export; Swagger UI takes an item a line."""

FILE_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
"""What the contract says of a raw body, so that Swagger UI offers to choose a file."""


async def sheet_file(
    request: Request, _: Annotated[Member, Depends(member)], filename: FileName
) -> SheetFile:
    """Return the uploaded sheet.

    Raises:
        BodyTooLarge: it has more bytes than a sheet may have.
    """
    limit = office_of(request).settings.sheet_max_bytes
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > limit:
            raise BodyTooLarge(limit=limit)
    sheet = SheetFile(filename, bytes(content))
    note_content(request, sheet.sha256)
    return sheet


async def upload_to_plan(
    request: Request,
    who: Annotated[Member, Depends(member)],
    plan_id: UUID,
    kind: Kind,
    filename: FileName,
) -> Upload:
    """Return the file, stored already; whether the plan is the caller's is asked before."""
    await _ask_before(request, who, kind, filename, evidence.receives_for_plan, plan_id)
    return await _received(request, kind, filename)


async def upload_to_claim(
    request: Request,
    who: Annotated[Member, Depends(member)],
    claim_id: UUID,
    kind: Kind,
    filename: FileName,
) -> Upload:
    """Return the file, stored already; whether the claim is the caller's is asked before."""
    await _ask_before(request, who, kind, filename, evidence.receives_for_claim, claim_id)
    return await _received(request, kind, filename)


async def upload_licence(
    request: Request,
    who: Annotated[Member, Depends(member)],
    enterprise_id: UUID,
    filename: FileName,
) -> Upload:
    """Return the scan, stored already; whether the registration is the caller's is asked before."""
    of_whom, kind = enterprise(who), Material.LICENCE
    await _ask_before(request, of_whom, kind, filename, licences.receives, enterprise_id)
    return await _received(request, kind, filename)


async def _ask_before(
    request: Request,
    who: Who,
    kind: Material,
    filename: str,
    receives: Callable[[Desk[Who], UUID], Awaitable[object]],
    case_id: UUID,
) -> None:
    """Ask whether the case takes such a file; a request that was answered is answered once more.

    Raises:
        AnsweredBefore, KeyReused: its key was taken; others as *receives* and the kind's rules say.
    """
    async with open_desk(office_of(request), who, *origin(request)) as desk:
        again = await is_answered(request, desk)
        if not again:
            await receives(desk, case_id)
    if again:
        await compare_content(request, who, _limit(request, kind))
    _refuse_unfit(request, kind, filename)


def _refuse_unfit(request: Request, kind: Material, filename: str) -> None:
    length = request.headers.get("content-length", "")
    announced = int(length) if length.isdigit() else 1
    uploads.refuse_unfit(office_of(request).settings, kind, filename, announced)


def _limit(request: Request, kind: Material) -> int:
    return evidence_limits.limit_of(office_of(request).settings, kind)


async def _received(request: Request, kind: Material, filename: str) -> Upload:
    office = office_of(request)
    try:
        stored = await office.store.receive(request.stream(), _limit(request, kind))
    except ClientDisconnect:
        raise HTTPException(400) from None  # nobody is there to read it
    note_content(request, stored.sha256)
    return Upload(kind, filename, stored)


async def compare_content(request: Request, who: Member | Visitor, limit: int) -> None:
    """Hash what comes under a key that was taken, store nothing of it, and answer once more.

    Raises:
        BodyTooLarge: more bytes than such a file may have.
        AnsweredBefore, KeyReused: one of them.
    """
    digest, left = hashlib.sha256(), limit
    async for chunk in request.stream():
        digest.update(chunk)
        left -= len(chunk)
        if left < 0:
            raise BodyTooLarge(limit=limit)
    note_content(request, digest.digest())
    async with open_desk(office_of(request), who, *origin(request)) as desk:
        await compare(request, desk)


Sheet = Annotated[SheetFile, Depends(sheet_file)]
PlanUpload = Annotated[Upload, Depends(upload_to_plan)]
ClaimUpload = Annotated[Upload, Depends(upload_to_claim)]
LicenceUpload = Annotated[Upload, Depends(upload_licence)]
