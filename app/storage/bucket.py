"""How are files written to an S3? In objects of a few megabytes, or in one of unknown length."""

import uuid
from collections.abc import Sequence
from typing import Final

import obstore
from obstore.store import ObjectStore

from app.storage.pieces import CHUNK, INCOMING, Piece

# An S3 takes no part of an object below 5 MiB but the last.
_OBJECT_BYTES: Final = 8 * 1024 * 1024
_PARTS_AT_ONCE: Final = 2


def _writer(store: ObjectStore, name: str) -> "obstore.AsyncWritableFile":
    """Return what writes an object in parts, a few at once so that little of it is in memory."""
    return obstore.open_writer_async(
        store, name, buffer_size=_OBJECT_BYTES, max_concurrency=_PARTS_AT_ONCE
    )


class Bucket:
    """Any S3, and what else speaks like one."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def sink(self, name: str, first: int, *, resumable: bool) -> "Objects | OneObject":
        """Return where the bytes from *first* on go to; a resumable one tells its progress."""
        return (Objects if resumable else OneObject)(self._store, name, first)

    async def keep(self, pieces: Sequence[Piece], final: str) -> None:
        """Let the whole lie under its last name; the pieces stay as they are.

        An object is copied within the S3 and appears at once as a whole, or not at all.
        """
        whole = INCOMING + pieces[0].name
        if len(pieces) > 1:
            whole = f"{INCOMING}{uuid.uuid4().hex}"
            writer = _writer(self._store, whole)
            for piece in pieces:
                answer = await obstore.get_async(self._store, INCOMING + piece.name)
                async for chunk in answer.stream(min_chunk_size=CHUNK):
                    await writer.write(chunk)
            await writer.close()
        await obstore.copy_async(self._store, whole, final)
        if len(pieces) > 1:
            await obstore.delete_async(self._store, whole)


class Objects:
    """Cuts what one connection sends into objects."""

    def __init__(self, store: ObjectStore, name: str, first: int) -> None:
        self._store, self._name, self._next = store, name, first
        self._buffer = bytearray()
        self._pieces: list[Piece] = []

    def pieces(self) -> list[Piece]:
        """Return the objects that are complete."""
        return list(self._pieces)

    async def write(self, chunk: bytes) -> None:
        """Take the next bytes; an object is written when there are enough of them."""
        self._buffer += chunk
        if len(self._buffer) >= _OBJECT_BYTES:
            await self._put()

    async def finish(self) -> None:
        """Write the rest."""
        if self._buffer:
            await self._put()

    async def discard(self) -> None:
        """Take no more, and keep nothing."""
        self._buffer.clear()
        if self._pieces:
            names = [INCOMING + piece.name for piece in self._pieces]
            await obstore.delete_async(self._store, names)

    async def leave(self) -> None:
        """Take no more, and leave what is there as it is."""
        self._buffer.clear()

    async def _put(self) -> None:
        piece = Piece(f"{self._name}.{self._next}", self._next, len(self._buffer))
        content, self._buffer = bytes(self._buffer), bytearray()
        await obstore.put_async(self._store, INCOMING + piece.name, content, use_multipart=False)
        self._next += piece.size
        self._pieces.append(piece)


class OneObject:
    """Writes all that one connection sends into one object."""

    def __init__(self, store: ObjectStore, name: str, first: int) -> None:
        self._store, self._name, self._first = store, name, first
        self._writer = _writer(store, INCOMING + name)
        self._size, self._whole = 0, False

    def pieces(self) -> list[Piece]:
        """Return the object, once it is complete."""
        return [Piece(self._name, self._first, self._size)] if self._whole else []

    async def write(self, chunk: bytes) -> None:
        """Send the next bytes."""
        await self._writer.write(chunk)
        self._size += len(chunk)

    async def finish(self) -> None:
        """Complete the object."""
        await self._writer.close()
        self._whole = True

    async def discard(self) -> None:
        """Take no more, and keep nothing."""
        if not self._whole:
            await self._writer.close()
        await obstore.delete_async(self._store, INCOMING + self._name)

    async def leave(self) -> None:
        """Take no more, and leave what is there as it is."""
