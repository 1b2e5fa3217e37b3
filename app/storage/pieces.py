"""What came in so far? Pieces that lie under incoming/ until they are a whole file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from app.errors import BodyTooLarge
from app.media import HEAD_BYTES, Content, sniff

Digest = Any
"""An object of ``hashlib``, which has no public type."""

CHUNK: Final = 4 * 1024 * 1024
"""How much is read or written at once of what is stored."""
INCOMING: Final = "incoming/"


@dataclass(frozen=True, slots=True)
class Piece:
    """So many bytes that lie under a name; ``first`` is the place of its first byte in the file."""

    name: str
    first: int
    size: int


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What is known of a file once its bytes are stored."""

    sha256: bytes
    size: int
    content: Content

    @property
    def media_type(self) -> str:
        """Return what kind of file it is."""
        return self.content.media_type


class Sink(Protocol):
    """Takes the bytes of one connection, one chunk after the other."""

    def pieces(self) -> list[Piece]:
        """Return what a crash of the machine would leave of them."""

    async def write(self, chunk: bytes) -> None:
        """Take the next bytes."""

    async def finish(self) -> None:
        """Take no more; all of it has arrived where ``pieces`` says."""

    async def discard(self) -> None:
        """Take no more, and keep nothing."""

    async def leave(self) -> None:
        """Take no more, and leave what is there as it is."""


class Place(Protocol):
    """Where files lie: a folder or a bucket."""

    def sink(self, name: str, first: int, *, resumable: bool) -> Sink:
        """Return where the bytes from *first* on go to; a resumable one tells its progress."""

    async def keep(self, pieces: Sequence[Piece], final: str) -> None:
        """Let the whole lie under its last name; the pieces stay as they are."""


class Intake:
    """Counts and hashes what comes, and refuses what is too large or no evidence.

    Without a *digest* it does not hash: what came before is not known here.
    """

    def __init__(self, limit: int, digest: Digest | None, *, first: int = 0) -> None:
        self.size, self.digest = 0, digest
        self._limit = limit
        self._head: bytes | None = None if first else b""

    def take(self, chunk: bytes) -> None:
        """Take note of the next bytes.

        Raises:
            BodyTooLarge: more than the limit came.
            app.errors.FileRefused: the first bytes are those of something that is no evidence.
        """
        self.size += len(chunk)
        if self.size > self._limit:
            raise BodyTooLarge(limit=self._limit)
        if self._head is not None:
            self._head += chunk[:HEAD_BYTES]
            if len(self._head) >= HEAD_BYTES:
                sniff(self._head[:HEAD_BYTES])
                self._head = None
        if self.digest is not None:
            self.digest.update(chunk)
