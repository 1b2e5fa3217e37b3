"""How does a file come with an objection? As the raw body, under the token of the objection."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Header, Request

from app.access import open_desk
from app.actors import Visitor
from app.api.auth import office_of, origin
from app.api.idempotency import is_answered, note_content
from app.api.uploads import FileName, compare_content
from app.services import objections
from app.storage import StoredFile

_LONGEST_TOKEN: Final = 200
Token = Annotated[
    str,
    Header(
        alias="Objection-Token",
        max_length=_LONGEST_TOKEN,
        description="提出异议时返回的凭证；不写入网址，以免留在日志中",
    ),
]


async def upload_to_objection(
    request: Request, objection_id: UUID, token: Token, filename: FileName
) -> tuple[str, StoredFile]:
    """Return the file's name and the file, stored already; the token is asked for before."""
    office = office_of(request)
    limit = office.settings.objection_file_max_bytes
    async with open_desk(office, Visitor(), *origin(request)) as desk:
        again = await is_answered(request, desk)
        if not again:
            await objections.receives(desk, objection_id, token)
    if again:
        await compare_content(request, Visitor(), limit)
    stored = await office.store.receive(request.stream(), limit)
    note_content(request, stored.sha256)
    return filename, stored


ObjectionUpload = Annotated[tuple[str, StoredFile], Depends(upload_to_objection)]
