"""Which uploads are under way, whose are they, and which are over?

An upload is a row of its own until its last byte is there; in that moment it is evidence. What is
never finished is swept away.
"""

import uuid
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, delete, select
from sqlalchemy.dialects.postgresql import insert

from app import clock
from app.actors import Member, Sweeper
from app.errors import (
    AnothersUpload,
    BodyTooLarge,
    FileEmpty,
    KeyReused,
    NotFound,
    UploadFinished,
    UploadGone,
)
from app.media import refuse_name
from app.models import Claim, Plan, ResumableUpload, UploadSegment, new_id
from app.office import Desk, Office
from app.policy.facts import Material
from app.schemas.uploads import UploadCreate, UploadRead, UploadState
from app.services import cases
from app.services.evidence_limits import limit_of
from app.settings import Settings

_COLUMNS: Final = tuple(ResumableUpload.__table__.c)
_TOLD_AT_ONCE: Final = ("kind", "filename", "plan_id", "claim_id", "length")


async def begin(desk: Desk[Member], new: UploadCreate, length: int, key: str | None) -> UploadRead:
    """Let an upload of *length* bytes begin; the same *key* begins the same one.

    Raises:
        NotFound: the plan or claim is not there, or another's.
        FileEmpty, BodyTooLarge, FileRefused: by its length or name, before any byte.
        KeyReused: the key began another one.
    """
    claim = None if new.claim_id is None else await cases.found(desk, Claim, new.claim_id)
    plan = await cases.found(desk, Plan, claim.plan_id if claim else new.plan_id or UUID(int=0))
    refuse_unfit(desk.office.settings, new.kind, new.filename, length)
    values = {
        "id": new_id() if key is None else uuid.uuid5(desk.actor.account_id, key),
        "plan_id": plan.id,
        "claim_id": new.claim_id,
        "enterprise_id": plan.enterprise_id,
        "bureau_code": plan.bureau_code,
        "account_id": desk.actor.account_id,
        "kind": new.kind,
        "filename": new.filename,
        "length": length,
        "expires_at": expiry(desk.office),
    }
    await desk.db.execute(insert(ResumableUpload).values(values).on_conflict_do_nothing())
    row = await own(desk, values["id"])
    if any(getattr(row, name) != values[name] for name in _TOLD_AT_ONCE):
        raise KeyReused
    return told(row)


def refuse_unfit(settings: Settings, kind: Material, filename: str, length: int) -> None:
    """Refuse a file by what is announced of it.

    Raises:
        FileEmpty, BodyTooLarge, FileRefused: by its length or name.
    """
    refuse_name(filename)
    if not length:
        raise FileEmpty
    limit = limit_of(settings, kind)
    if length > limit:
        raise BodyTooLarge(limit=limit)


async def read(desk: Desk[Member], upload_id: UUID) -> UploadRead:
    """Return how far an upload is.

    Raises:
        NotFound: there is none, or it is another's.
        UploadGone: it expired before it was whole.
    """
    return told(_living(await found(desk, upload_id)))


async def terminate(desk: Desk[Member], upload_id: UUID) -> list[str]:
    """End an unfinished upload, and return the names of what is to be removed.

    Raises:
        NotFound, AnothersUpload, UploadGone: as named.
        UploadFinished: it is evidence already.
    """
    row = await own(desk, upload_id)
    if row.evidence_id:
        raise UploadFinished
    names = await forget_pieces(desk, UploadSegment.upload_id == upload_id)
    await desk.db.execute(delete(ResumableUpload).where(ResumableUpload.id == upload_id))
    return names


async def sweep(desk: Desk[Sweeper]) -> int:
    """Remove what expired and what nobody knows of, and return how many uploads and files it was.

    A finished upload expires, too: what it became is evidence and stays.
    """
    store = desk.office.store
    late = delete(ResumableUpload).where(ResumableUpload.expires_at < clock.now())
    expired = select(ResumableUpload.id).where(ResumableUpload.expires_at < clock.now())
    names = await forget_pieces(desk, UploadSegment.upload_id.in_(expired))
    swept = (await desk.db.execute(late)).rowcount
    await store.remove(names)
    before = clock.now() - timedelta(hours=desk.office.settings.upload_hours)
    async for lying in store.lying_since(before):
        query = select(UploadSegment.name).where(UploadSegment.name.in_(lying))
        orphans = set(lying) - set(await desk.db.scalars(query))
        await store.remove(orphans)
        swept += len(orphans)
    return swept


async def forget_pieces(desk: Desk[Any], where: Any) -> list[str]:  # noqa: ANN401  as above
    """Delete the rows of pieces and return their names."""
    gone = await desk.db.execute(delete(UploadSegment).where(where).returning(UploadSegment.name))
    return list(gone.scalars())


async def found(desk: Desk[Member], upload_id: UUID) -> Row[Any]:
    """Return the upload as the caller may see it.

    Raises:
        NotFound: there is none, or it is another's.
    """
    query = select(*_COLUMNS).where(ResumableUpload.id == upload_id)
    row = (await desk.db.execute(query)).one_or_none()
    if row is None:
        raise NotFound
    return row


async def own(desk: Desk[Member], upload_id: UUID) -> Row[Any]:
    """Return the upload, if it is the caller's to go on with.

    Raises:
        NotFound, AnothersUpload, UploadGone: as named.
    """
    row = await found(desk, upload_id)
    if row.account_id != desk.actor.account_id:
        raise AnothersUpload
    return _living(row)


def _living(row: Row[Any]) -> Row[Any]:
    if row.expires_at < clock.now():
        raise UploadGone
    return row


def expiry(office: Office) -> datetime:
    """Return when an upload ends that gets no further byte."""
    return clock.now() + timedelta(hours=office.settings.upload_hours)


def told(row: Row[Any]) -> UploadRead:
    """Return what is told of an upload."""
    state = UploadState.FINISHED if row.evidence_id else UploadState.RECEIVING
    return UploadRead(**row._mapping, offset=row.received, state=state)
