"""What are the bytes of a piece of evidence, as they were uploaded? Whole or in part."""

from collections.abc import AsyncIterator
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from sqlalchemy import select

from app.actors import EnterpriseUser, Member
from app.errors import DutyMissing, EvidenceLost
from app.models import FileKey
from app.office import Desk, Office
from app.services.sheets import SEAL


class Stored(NamedTuple):
    """Where the bytes lie: under their digest, sealed or not; ``size`` is that of the upload.

    ``key_sealed`` is the key of a sealed file, unless it is older than such keys.
    """

    sha256: bytes
    size: int
    sealed: bool
    key_sealed: bytes | None


async def stored(desk: Desk[Member], sha256: bytes, size: int, *, sealed: bool) -> Stored:
    """Return where the bytes of a file lie that the caller may see, with their key.

    Raises:
        DutyMissing: the file holds whole IDs, and the officer is charged with nothing.
    """
    if sealed and not (isinstance(desk.actor, EnterpriseUser) or desk.actor.duties):
        raise DutyMissing
    key = await key_of(desk, sha256) if sealed else None
    return Stored(sha256, size, sealed, key)


async def key_of(desk: Desk[Member], sha256: bytes) -> bytes | None:
    """Return the sealed key of a sealed file; without one it bears the version of its key."""
    query = select(FileKey.key_sealed).where(FileKey.sha256 == sha256)
    key: bytes | None = await desk.db.scalar(query)
    return key


async def read(
    office: Office, stored: Stored, start: int = 0, stop: int | None = None
) -> AsyncIterator[bytes | memoryview]:
    """Yield the bytes from *start* up to *stop*, in chunks; nothing is held open meanwhile.

    Raises:
        EvidenceLost: the store has no such content, or another.
    """
    end = stored.size if stop is None else stop
    if stored.sealed:
        yield (await _opened(office, stored))[start:end]
        return
    async for chunk in office.store.part(stored.sha256, start, end):
        yield chunk


async def _opened(office: Office, stored: Stored) -> bytes:
    """Return a sealed sheet as it was uploaded; it is as large as a sheet may be."""
    sealed = b"".join([chunk async for chunk in office.store.read(stored.sha256)])
    try:
        return office.sealer.open_file(sealed, stored.key_sealed, SEAL)
    except InvalidTag:
        raise EvidenceLost from None
