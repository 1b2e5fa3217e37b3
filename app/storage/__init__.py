"""Where do evidence files lie? In a local folder or any S3, once per content hash.

Bytes are written and hashed as they arrive, so memory stays flat; a file gets its final name, its
own hash, only when it is complete, and nothing is ever overwritten.
"""

import asyncio
import hashlib
import os
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

import obstore
from obstore.store import LocalStore, ObjectStore, from_url

from app.errors import BodyTooLarge
from app.media import HEAD_BYTES, sniff

_CHUNK: Final = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What is known of a file once its bytes are stored."""

    sha256: bytes
    size: int
    media_type: str


class EvidenceStore:
    """Keeps files by the SHA-256 of their content."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._folder = Path(unquote(parts.path)) if parts.scheme == "file" else None
        if self._folder is None:
            self._store: ObjectStore = from_url(url)
        else:
            self._store = LocalStore(self._folder, mkdir=True, automatic_cleanup=False)

    async def receive(self, chunks: AsyncIterator[bytes], limit: int) -> StoredFile:
        """Store the bytes of *chunks*.

        Raises:
            BodyTooLarge: more than *limit* bytes came; none of them is kept.
            app.errors.FileEmpty, app.errors.FileRefused: as ``app.media.sniff`` says.
        """
        incoming = f"incoming/{uuid.uuid4().hex}"
        try:
            stored = await self._write(incoming, chunks, limit)
            await self._settle(incoming, stored.sha256)
        except BaseException:
            await asyncio.shield(self._discard(incoming))
            raise
        return stored

    async def keep(self, content: bytes) -> bytes:
        """Store *content* as it is (sealed bytes, for one) and return its SHA-256."""
        digest = hashlib.sha256(content).digest()
        incoming = f"incoming/{uuid.uuid4().hex}"
        await obstore.put_async(self._store, incoming, content)
        await self._settle(incoming, digest)
        return digest

    async def read(self, sha256: bytes) -> AsyncIterator[bytes]:
        """Yield the bytes of a stored file in chunks."""
        answer = await obstore.get_async(self._store, _key(sha256))
        async for chunk in answer.stream(min_chunk_size=_CHUNK):
            yield bytes(chunk)

    async def _write(self, name: str, chunks: AsyncIterator[bytes], limit: int) -> StoredFile:
        digest, size, head = hashlib.sha256(), 0, b""
        async with obstore.open_writer_async(self._store, name, buffer_size=_CHUNK) as writer:
            async for chunk in chunks:
                size += len(chunk)
                if size > limit:
                    raise BodyTooLarge(limit=limit)
                if len(head) < HEAD_BYTES:
                    head = (head + chunk)[:HEAD_BYTES]
                    sniff(head)
                digest.update(chunk)
                await writer.write(chunk)
        return StoredFile(digest.digest(), size, sniff(head))

    async def _settle(self, incoming: str, sha256: bytes) -> None:
        final = _key(sha256)
        try:
            await obstore.head_async(self._store, final)
        except FileNotFoundError:
            if self._folder is not None:
                await asyncio.to_thread(_flush, self._folder / incoming)
            await obstore.rename_async(self._store, incoming, final)
        else:
            await obstore.delete_async(self._store, incoming)

    async def _discard(self, incoming: str) -> None:
        try:
            await obstore.delete_async(self._store, incoming)
        except FileNotFoundError:
            return


def _key(sha256: bytes) -> str:
    name = sha256.hex()
    return f"{name[:2]}/{name}"


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
