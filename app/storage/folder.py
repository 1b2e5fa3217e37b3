"""How are files written to a folder? Straight from the connection, flushed while more comes."""

import asyncio
import os
import time
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from app.storage.pieces import CHUNK, INCOMING, Piece

_FLUSHED_AFTER: Final = 4 * 1024 * 1024
_FLUSHED_EVERY: Final = 64 * 1024 * 1024
_SECONDS: Final = 1.0
_READ_ONLY: Final = 0o440


class Folder:
    """A folder of one file system."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def sink(self, name: str, first: int, *, resumable: bool) -> "GrowingFile":  # noqa: ARG002  a file always tells its progress
        """Return a new file that takes the bytes from *first* on."""
        path = self._root / INCOMING / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return GrowingFile(path, first)

    async def keep(self, pieces: Sequence[Piece], final: str) -> None:
        """Let the whole lie under its last name; the pieces stay as they are."""
        await asyncio.to_thread(self._keep, pieces, self._root / final)

    def _keep(self, pieces: Sequence[Piece], final: Path) -> None:
        final.parent.mkdir(exist_ok=True)
        only = self._root / INCOMING / pieces[0].name
        if len(pieces) == 1 and only.stat().st_size == pieces[0].size:
            _link(only, final)
        else:
            whole = self._joined(pieces)
            _link(whole, final)
            whole.unlink(missing_ok=True)
        flush(final.parent)

    def _joined(self, pieces: Sequence[Piece]) -> Path:
        """Copy the pieces into one file: what another connection may still write to is no part."""
        whole = self._root / INCOMING / uuid.uuid4().hex
        with whole.open("xb", 0) as target:
            for piece in pieces:
                with (self._root / INCOMING / piece.name).open("rb", 0) as source:
                    left = piece.size
                    while left:
                        part = source.read(min(left, CHUNK))
                        if not part:
                            raise EOFError(f"{piece.name} is shorter than it was")
                        target.write(part)
                        left -= len(part)
            os.fsync(target.fileno())
        return whole


class GrowingFile:
    """A file to which one connection writes; it is flushed every few megabytes, in a thread."""

    def __init__(self, path: Path, first: int) -> None:
        self._path, self._first = path, first
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640)
        self._size = self._flushed = self._asked = 0
        self._asked_at = time.monotonic()
        self._flushing: asyncio.Future[None] | None = None

    def pieces(self) -> list[Piece]:
        """Return what a crash of the machine would leave."""
        if self._flushing is not None and self._flushing.done():
            self._take_note()
        return [Piece(self._path.name, self._first, self._flushed)] if self._flushed else []

    async def write(self, chunk: bytes) -> None:
        """Write in place: it takes less time than it would to have a thread do it."""
        rest = memoryview(chunk)
        while rest:
            rest = rest[os.write(self._file, rest) :]
        self._size += len(chunk)
        if self._is_due():
            await self._flush()

    async def finish(self) -> None:
        """Write no more; all of it has arrived on the disk."""
        await self._flush()
        await self._settled()
        self._close()

    async def discard(self) -> None:
        """Write no more, and keep nothing."""
        await self.leave()
        self._path.unlink(missing_ok=True)

    async def leave(self) -> None:
        """Write no more, and leave what is there as it is."""
        if self._flushing is not None:
            await asyncio.wait([self._flushing])
        self._close()

    def _close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _is_due(self) -> bool:
        """Tell whether to flush: seldom what comes fast, and soon what comes slowly."""
        waiting = self._size - self._asked
        if waiting < _FLUSHED_AFTER:
            return False
        return waiting >= _FLUSHED_EVERY or time.monotonic() - self._asked_at >= _SECONDS

    async def _flush(self) -> None:
        await self._settled()
        self._asked, self._asked_at = self._size, time.monotonic()
        self._flushing = asyncio.get_running_loop().run_in_executor(None, os.fsync, self._file)

    async def _settled(self) -> None:
        if self._flushing is not None:
            await asyncio.wait([self._flushing])
            self._take_note()

    def _take_note(self) -> None:
        """Count what was flushed.

        Raises:
            OSError: the disk is full, or broken.
        """
        flushing, self._flushing = self._flushing, None
        if flushing is not None:
            flushing.result()
            self._flushed = self._asked


def flush(folder: Path) -> None:
    """Let the names in a folder survive a crash of the machine."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _link(source: Path, final: Path) -> None:
    """Give a whole file its last name; a file that has the name already is the same one."""
    source.chmod(_READ_ONLY)
    try:
        os.link(source, final)
    except FileExistsError:
        return
    except OSError:  # a file system without links
        source.rename(final)
