"""Whose turn is it to send the bytes of an upload, and how far did it come?

``received`` only ever grows, and only by the connection whose turn it is: who takes a turn takes it
from a connection that was lost half-way. No transaction is open while bytes flow.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from app.actors import Member
from app.errors import BodyTooLarge, OffsetConflict
from app.models import ResumableUpload, UploadSegment
from app.office import Desk
from app.policy.facts import Material
from app.schemas.uploads import UploadRead
from app.services import evidence, uploads
from app.storage import Piece, StoredFile


@dataclass(frozen=True, slots=True)
class Turn:
    """One connection's turn to send the bytes of an upload from *first* on."""

    upload: Row[Any]
    writer: UUID
    first: int

    @property
    def name(self) -> str:
        """Return the name under which this connection's bytes lie."""
        return f"{self.upload.id.hex}.{self.writer.hex}"

    @property
    def left(self) -> int:
        """Return how many bytes are still to come."""
        return int(self.upload.length) - self.first


async def take(desk: Desk[Member], upload_id: UUID, offset: int, announced: int) -> Turn:
    """Let this connection go on at *offset*; one that was at it loses its turn.

    Raises:
        NotFound, AnothersUpload, UploadGone: as named.
        OffsetConflict: the next byte is another one.
        BodyTooLarge: *announced* bytes are more than are left.
    """
    turn = Turn(await uploads.own(desk, upload_id), uuid.uuid4(), offset)
    if turn.upload.received != offset:
        raise _conflict(turn.upload)
    if announced > turn.left:
        raise BodyTooLarge(limit=turn.left)
    if turn.left:
        await _move(desk, turn.upload.id, ResumableUpload.received == offset, writer=turn.writer)
    return turn


async def advance(
    desk: Desk[Member], turn: Turn, known: int, pieces: Sequence[Piece]
) -> UploadRead:
    """Count bytes as received: those of *pieces*, where up to *known* they were counted before.

    Raises:
        OffsetConflict: another connection took its turn.
    """
    ends = pieces[-1].first + pieces[-1].size
    await _move(desk, turn.upload.id, ResumableUpload.writer == turn.writer, received=ends)
    of = {name: getattr(turn.upload, name) for name in ("account_id", "enterprise_id")}
    rows = [
        {"upload_id": turn.upload.id, "bureau_code": turn.upload.bureau_code, **of}
        | {"first": piece.first, "size": piece.size, "name": piece.name}
        for piece in pieces
        if piece.first + piece.size > known
    ]
    new = insert(UploadSegment).values(rows)
    await desk.db.execute(
        new.on_conflict_do_update(
            index_elements=["upload_id", "first"], set_={"size": new.excluded.size}
        )
    )
    return uploads.told(await uploads.found(desk, turn.upload.id))


async def pieces(desk: Desk[Member], turn: Turn) -> list[Piece]:
    """Return what came before this turn."""
    found = await desk.db.execute(
        select(UploadSegment.name, UploadSegment.first, UploadSegment.size)
        .where(UploadSegment.upload_id == turn.upload.id, UploadSegment.first < turn.first)
        .order_by(UploadSegment.first)
    )
    return [Piece(*row) for row in found]


async def finish(
    desk: Desk[Member], turn: Turn, stored: StoredFile
) -> tuple[UploadRead, list[str]]:
    """Make the whole file evidence, in the moment in which its last byte counts as received.

    The names of the pieces are returned: after the commit nobody needs them any more.

    Raises:
        OffsetConflict: another connection took its turn.
    """
    upload = turn.upload
    file = evidence.Upload(Material(upload.kind), upload.filename, stored)
    if upload.claim_id:
        known = await evidence.add_to_claim(desk, upload.claim_id, file)
    else:
        known = await evidence.add_to_plan(desk, upload.plan_id, file)
    await _move(
        desk,
        upload.id,
        ResumableUpload.writer == turn.writer,
        received=upload.length,
        evidence_id=known.id,
        writer=None,
    )
    names = await uploads.forget_pieces(desk, UploadSegment.upload_id == upload.id)
    return uploads.told(await uploads.found(desk, upload.id)), names


async def reject(desk: Desk[Member], turn: Turn) -> list[str]:
    """End an upload whose content is refused, and return the names of what is to be removed."""
    query = select(UploadSegment.name).where(UploadSegment.upload_id == turn.upload.id)
    names = list(await desk.db.scalars(query))
    mine = ResumableUpload.writer == turn.writer
    gone = delete(ResumableUpload).where(ResumableUpload.id == turn.upload.id, mine)
    return names if (await desk.db.execute(gone)).rowcount else []


async def _move(desk: Desk[Member], upload_id: UUID, where: Any, **values: object) -> None:  # noqa: ANN401  an SQL clause
    """Compare and set: the row changes if *where* still holds, whoever else is at it.

    Raises:
        OffsetConflict: it does not hold any more.
    """
    moved = await desk.db.execute(
        update(ResumableUpload)
        .where(ResumableUpload.id == upload_id, where)
        .values(expires_at=uploads.expiry(desk.office), **values)
    )
    if not moved.rowcount:
        raise OffsetConflict


def _conflict(row: Row[Any]) -> OffsetConflict:
    return OffsetConflict(f"应从第 {row.received} 字节继续。", offset=row.received)
