"""What do pieces make when they are put together? Read in ranges, across their borders."""

import asyncio
import hashlib
from collections.abc import Sequence

import obstore
from obstore.store import ObjectStore

from app.storage.pieces import CHUNK, INCOMING, Digest, Piece


class Whole:
    """The file that some pieces make, which lie one after the other without a gap."""

    def __init__(self, store: ObjectStore, pieces: Sequence[Piece]) -> None:
        self._store, self._pieces = store, pieces
        self.size = sum(piece.size for piece in pieces)

    async def read(self, start: int, length: int) -> bytes:
        """Return up to *length* bytes from *start*; fewer only at the end."""
        end = min(start + length, self.size)
        found = []
        for piece in self._pieces:
            begins = max(start, piece.first)
            ends = min(end, piece.first + piece.size)
            if begins < ends:
                part = await obstore.get_range_async(
                    self._store,
                    INCOMING + piece.name,
                    start=begins - piece.first,
                    end=ends - piece.first,
                )
                found.append(bytes(part))
        return b"".join(found)

    async def hashed(self) -> Digest:
        """Return the digest of all of it."""
        digest = hashlib.sha256()
        for start in range(0, self.size, CHUNK):
            await asyncio.to_thread(digest.update, await self.read(start, CHUNK))
        return digest
