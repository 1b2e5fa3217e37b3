"""How is an uploaded sheet read and kept? Parsed beside the event loop, stored sealed."""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.dialects.postgresql import insert

from app.actors import Member
from app.models import Evidence, FileKey, new_id
from app.office import Desk
from app.policy.facts import Material
from app.services import scans
from app.sheets.guard import Limits

SEAL = "evidence.sheet"
Sheet = TypeVar("Sheet")


@dataclass(frozen=True, slots=True)
class SheetFile:
    """An uploaded sheet: its name and its bytes."""

    filename: str
    content: bytes

    @property
    def sha256(self) -> bytes:
        """The digest by which the same file is known again."""
        return hashlib.sha256(self.content).digest()


async def parse(
    desk: Desk[Member],
    read: Callable[[bytes, str, date, Limits], Sheet],
    file: SheetFile,
    rows: int,
) -> Sheet:
    """Return what *read* finds in *file*, read in a thread so that others are served meanwhile.

    Raises:
        Refusal: the file as a whole cannot be taken.
    """
    return await asyncio.to_thread(read, file.content, file.filename, desk.today, Limits(rows))


async def keep(desk: Desk[Member], plan: Row[Any], kind: Material, file: SheetFile) -> UUID:
    """Store the sheet sealed, since it holds full IDs, as evidence on the plan."""
    sealed, key = await asyncio.to_thread(desk.office.sealer.seal_file, file.content, SEAL)
    digest = await desk.office.store.keep(sealed)
    await keep_key(desk, digest, key, plan.bureau_code, plan.enterprise_id)
    evidence_id = new_id()
    await desk.db.execute(
        insert(Evidence).values(
            id=evidence_id,
            plan_id=plan.id,
            enterprise_id=plan.enterprise_id,
            bureau_code=plan.bureau_code,
            kind=kind,
            filename=file.filename,
            media_type="application/octet-stream",
            size=len(file.content),
            sha256=digest,
            sealed=True,
            uploaded_by=desk.actor.account_id,
            scan=scans.first(desk.office),
        )
    )
    return evidence_id


async def keep_key(
    desk: Desk[Member], sha256: bytes, key: bytes, bureau: str, enterprise_id: UUID | None
) -> None:
    """Write down the sealed key of a sealed file, for those who may see the file."""
    await desk.db.execute(
        insert(FileKey).values(
            sha256=sha256, enterprise_id=enterprise_id, bureau_code=bureau, key_sealed=key
        )
    )
