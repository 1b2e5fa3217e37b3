"""Where do evidence files lie? In a local folder or any S3, once per content hash.

Bytes are written and hashed as they arrive, so memory stays flat; a file gets its final name, its
own hash, only when it is complete, and nothing is ever overwritten.
"""

import asyncio
import hashlib
import uuid
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit
from uuid import UUID

import obstore
from obstore.store import LocalStore, ObjectStore, from_url

from app.media import inspect
from app.storage import kept
from app.storage.bucket import Bucket
from app.storage.folder import Folder
from app.storage.pieces import INCOMING, Digest, Intake, Piece, Place, Sink, StoredFile
from app.storage.whole import Whole

_DIGESTS_KNOWN: Final = 1_000

__all__ = ["EvidenceStore", "Intake", "Piece", "Sink", "StoredFile"]


class EvidenceStore:
    """Keeps files by the SHA-256 of their content."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme == "file":
            folder = Path(unquote(parts.path))
            self._store: ObjectStore = LocalStore(folder, mkdir=True, automatic_cleanup=False)
            self._place: Place = Folder(folder)
        else:
            self._store = from_url(url)
            self._place = Bucket(self._store)
        self._digests: OrderedDict[tuple[UUID, int], Digest] = OrderedDict()

    async def receive(self, chunks: AsyncIterator[bytes], limit: int) -> StoredFile:
        """Store the bytes of *chunks*.

        Raises:
            BodyTooLarge: more than *limit* bytes came; none of them is kept.
            app.errors.FileEmpty, app.errors.FileRefused: as ``app.media.inspect`` says.
        """
        sink = self._place.sink(uuid.uuid4().hex, 0, resumable=False)
        intake = Intake(limit, hashlib.sha256())
        try:
            async for chunk in chunks:
                intake.take(chunk)
                await sink.write(chunk)
            await sink.finish()
            stored = await self.settle(sink.pieces(), intake.digest)
        except BaseException:
            await asyncio.shield(sink.discard())
            raise
        await self.remove(piece.name for piece in sink.pieces())
        return stored

    async def keep(self, content: bytes) -> bytes:
        """Store *content* as it is (sealed bytes, for one) and return its SHA-256."""
        digest = hashlib.sha256(content).digest()
        sink = self._place.sink(uuid.uuid4().hex, 0, resumable=False)
        await sink.write(content)
        await sink.finish()
        await self._lie(sink.pieces(), digest)
        await self.remove(piece.name for piece in sink.pieces())
        return digest

    async def read(self, sha256: bytes) -> AsyncIterator[bytes]:
        """Yield the bytes of a stored file in chunks."""
        async for chunk in self.part(sha256, 0, await self.size(sha256)):
            yield bytes(chunk)

    def part(self, sha256: bytes, start: int, stop: int) -> AsyncIterator[memoryview]:
        """Yield the bytes of a stored file from *start* up to *stop*, as ``kept.read`` says."""
        return kept.read(self._store, sha256, start, stop)

    async def size(self, sha256: bytes) -> int:
        """Return how many bytes lie there, as ``kept.size`` says."""
        return await kept.size(self._store, sha256)

    def listed(self) -> AsyncIterator[list[kept.Entry]]:
        """Yield what lies there as whole files, some at a time."""
        return kept.listed(self._store)

    def sink(self, name: str, first: int) -> Sink:
        """Return where one connection's bytes go to, from *first* on; it tells its progress."""
        return self._place.sink(name, first, resumable=True)

    async def settle(self, pieces: Sequence[Piece], digest: Digest | None) -> StoredFile:
        """Make the pieces evidence, under the hash of the whole; they themselves stay.

        Raises:
            app.errors.FileEmpty, app.errors.FileRefused: as ``app.media.inspect`` says.
        """
        whole = Whole(self._store, pieces)
        content = await inspect(whole)
        sha256: bytes = (digest or await whole.hashed()).digest()
        await self._lie(pieces, sha256)
        return StoredFile(sha256, whole.size, content)

    async def remove(self, names: Iterable[str]) -> None:
        """Remove pieces; those that are gone already are no fault."""
        for name in names:
            with suppress(FileNotFoundError):
                await obstore.delete_async(self._store, INCOMING + name)

    async def lying_since(self, before: datetime) -> AsyncIterator[list[str]]:
        """Yield the names of pieces that nobody wrote to since *before*, some at a time."""
        async for found in obstore.list(self._store, prefix=INCOMING.rstrip("/")):
            names = [each["path"] for each in found if each["last_modified"] < before]
            yield [name.removeprefix(INCOMING) for name in names]

    def remember(self, upload_id: UUID, size: int, digest: Digest) -> None:
        """Keep in mind what the first *size* bytes of an upload hash to."""
        self._digests[upload_id, size] = digest.copy()
        if len(self._digests) > _DIGESTS_KNOWN:
            self._digests.popitem(last=False)

    def recall(self, upload_id: UUID, size: int) -> Digest | None:
        """Return the digest of the first *size* bytes, if it is known here."""
        return self._digests.pop((upload_id, size), None) if size else hashlib.sha256()

    async def _lie(self, pieces: Sequence[Piece], sha256: bytes) -> None:
        final = kept.key(sha256)
        try:
            await obstore.head_async(self._store, final)
        except FileNotFoundError:
            await self._place.keep(pieces, final)
