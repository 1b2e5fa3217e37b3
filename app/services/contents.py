"""What are the bytes of a piece of evidence, as they were uploaded? Whole or in part."""

import base64
from collections.abc import AsyncIterator
from typing import NamedTuple

from cryptography.exceptions import InvalidTag

from app.errors import EvidenceLost
from app.office import Office
from app.services.sheets import SEAL


class Stored(NamedTuple):
    """Where the bytes lie: under their digest, sealed or not; ``size`` is that of the upload."""

    sha256: bytes
    size: int
    sealed: bool


async def read(
    office: Office, stored: Stored, start: int = 0, stop: int | None = None
) -> AsyncIterator[bytes | memoryview]:
    """Yield the bytes from *start* up to *stop*, in chunks; nothing is held open meanwhile.

    Raises:
        EvidenceLost: the store has no such content, or another.
    """
    end = stored.size if stop is None else stop
    if stored.sealed:
        yield (await _opened(office, stored.sha256))[start:end]
        return
    async for chunk in office.store.part(stored.sha256, start, end):
        yield chunk


async def _opened(office: Office, sha256: bytes) -> bytes:
    """Return a sealed sheet as it was uploaded; it is as large as a sheet may be."""
    sealed = b"".join([chunk async for chunk in office.store.read(sha256)])
    try:
        return base64.b64decode(office.sealer.open(sealed, SEAL))
    except InvalidTag:
        raise EvidenceLost from None
