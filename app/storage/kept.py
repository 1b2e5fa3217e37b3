"""What lies in the store, once it is kept? Read in ranges, so that no reader holds a connection.

One request for a whole file would be open as long as the slowest reader takes, and a store ends
requests that last. Nothing here writes.
"""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any, Final, NamedTuple, cast

import obstore
from obstore.exceptions import BaseError
from obstore.store import ObjectStore

from app.errors import EvidenceLost
from app.storage.pieces import CHUNK, INCOMING

_LISTED_AT_ONCE: Final = 500


class Entry(NamedTuple):
    """One thing that lies in the store; ``sha256`` is None where the name is no content's."""

    name: str
    size: int
    modified: datetime

    @property
    def sha256(self) -> bytes | None:
        """The digest that the name tells, if it tells one in the way that ``key`` writes it."""
        try:
            digest = bytes.fromhex(self.name.rpartition("/")[2])
        except ValueError:
            return None
        return digest if key(digest) == self.name else None


def key(sha256: bytes) -> str:
    """Return the name under which content is kept."""
    name = sha256.hex()
    return f"{name[:2]}/{name}"


async def size(store: ObjectStore, sha256: bytes) -> int:
    """Return how many bytes lie under this digest.

    Raises:
        EvidenceLost: there is nothing.
    """
    try:
        return (await obstore.head_async(store, key(sha256)))["size"]
    except FileNotFoundError:
        raise EvidenceLost from None


async def read(
    store: ObjectStore, sha256: bytes, start: int, stop: int
) -> AsyncIterator[memoryview]:
    """Yield the bytes from *start* up to *stop*.

    Raises:
        EvidenceLost: there is nothing, or less than that.
    """
    while start < stop:
        end = min(start + CHUNK, stop)
        try:
            chunk = await obstore.get_range_async(store, key(sha256), start=start, end=end)
        except (FileNotFoundError, BaseError) as lost:
            if await size(store, sha256) >= end:
                raise
            raise EvidenceLost from lost
        if len(chunk) != end - start:
            raise EvidenceLost
        start = end
        yield memoryview(cast("Any", chunk))


async def listed(store: ObjectStore) -> AsyncIterator[list[Entry]]:
    """Yield what lies in the store, but not what is still coming in, some hundreds at a time."""
    async for batch in obstore.list(store, chunk_size=_LISTED_AT_ONCE):
        entries = [Entry(one["path"], one["size"], one["last_modified"]) for one in batch]
        yield [entry for entry in entries if not entry.name.startswith(INCOMING)]
