"""How do files come in? As the raw body; who sends is asked first, no transaction waits."""

import hashlib
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Depends, Query, Request

from app.access import open_desk
from app.actors import Member
from app.api.auth import member, office_of
from app.api.deps import origin
from app.errors import BodyTooLarge
from app.policy.explanation import TEXTS
from app.policy.facts import Material
from app.schemas.words import Text
from app.services import evidence
from app.services.evidence import Upload
from app.services.sheets import SheetFile

FileName = Annotated[Text, Query(description="文件名（含扩展名）", examples=["花名册.xlsx"])]

_WORDS: Final = TEXTS["words"]["missing"] | {
    "platform_screenshot": "线上平台截图",
    "roster": "花名册",
    "learning_export": "平台学习记录",
    "courseware": "培训课件",
    "paper_original": "纸质材料原件",
    "other": "其他",
}
_KINDS: Final = [f"{kind} {_WORDS[kind]}" for kind in Material if kind in _WORDS]
Kind = Annotated[Material, Query(description="材料类别：" + "；".join(_KINDS))]

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
    _note_content(request, sheet.sha256)
    return sheet


async def upload_to_plan(
    request: Request,
    who: Annotated[Member, Depends(member)],
    plan_id: UUID,
    kind: Kind,
    filename: FileName,
) -> Upload:
    """Return the file, stored already; whether the plan is the caller's is asked before."""
    async with open_desk(office_of(request), who, *origin(request)) as desk:
        await evidence.receives_for_plan(desk, plan_id)
    return await _received(request, kind, filename)


async def upload_to_claim(
    request: Request,
    who: Annotated[Member, Depends(member)],
    claim_id: UUID,
    kind: Kind,
    filename: FileName,
) -> Upload:
    """Return the file, stored already; whether the claim is the caller's is asked before."""
    async with open_desk(office_of(request), who, *origin(request)) as desk:
        await evidence.receives_for_claim(desk, claim_id)
    return await _received(request, kind, filename)


async def _received(request: Request, kind: Material, filename: str) -> Upload:
    office = office_of(request)
    stored = await office.store.receive(request.stream(), office.settings.evidence_max_bytes)
    _note_content(request, stored.sha256)
    return Upload(kind, filename, stored)


def _note_content(request: Request, digest: bytes) -> None:
    """An Idempotency-Key stands for this content, too."""
    keyed = getattr(request.state, "keyed", None)
    if keyed is not None:
        keyed.content = hashlib.sha256(digest).digest()


Sheet = Annotated[SheetFile, Depends(sheet_file)]
PlanUpload = Annotated[Upload, Depends(upload_to_plan)]
ClaimUpload = Annotated[Upload, Depends(upload_to_claim)]
