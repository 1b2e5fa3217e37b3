"""Is an archive, byte by byte, what was written? Its ZIP, its members and its manifests."""

import hashlib
import io
import re
import struct
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Final, NamedTuple, cast

from app.archiving.bag import (
    CHUNK,
    DECLARATION,
    MANIFEST,
    PAYLOAD,
    TAG_FILES,
    TAGS,
    entry,
    manifest,
)

_UNREADABLE: Final = (
    zipfile.BadZipFile, OSError, EOFError, RuntimeError, ValueError, OverflowError, struct.error,
)  # fmt: skip
_LINE: Final = re.compile(r"([0-9a-f]{64})  (\S.*)")


class Fault(NamedTuple):
    """What is wrong with a member; ``name`` is its path in the bag, or the archive's own."""

    name: str
    what: str


class Archive:
    """An archive that is being read; ``members`` are its sizes and hashes by path.

    Raises:
        ValueError: it is no ZIP that can be read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._zip = zipfile.ZipFile(path)
        except _UNREADABLE as unread:
            raise ValueError(f"is no ZIP that can be read: {unread}") from unread
        self._infos = self._zip.infolist()
        roots = Counter(info.filename.partition("/")[0] for info in self._infos)
        self._root = roots.most_common(1)[0][0] + "/" if roots else ""
        self.members: dict[str, tuple[int, str]] = {}

    def close(self) -> None:
        """Let go of the file."""
        self._zip.close()

    def has(self, path: str) -> bool:
        """Tell whether ``faults`` could read a member."""
        return bool(self.members.get(path, (0, ""))[1])

    def text(self, path: str) -> str:
        """Return a member that is there and is text."""
        return self._zip.read(self._root + path).decode()

    def faults(self) -> Iterator[Fault]:
        """Read everything once, and yield what is not as it was written."""
        found = [*self._members()]
        found += self._listed(MANIFEST, {
            path: sha256 for path, (_, sha256) in self.members.items() if path.startswith(PAYLOAD)
        })  # fmt: skip
        found += self._listed(TAGS, {
            name: self.members[name][1] for name in TAG_FILES if name in self.members
        })  # fmt: skip
        known = {*TAG_FILES, TAGS}
        found += [
            Fault(path, "is no part of a bag")
            for path in self.members
            if not path.startswith(PAYLOAD) and path not in known
        ]
        if self.has("bagit.txt") and self.text("bagit.txt").encode() != DECLARATION:
            found.append(Fault("bagit.txt", "declares something else"))
        yield from found
        if not found:
            yield from self._container()

    def _members(self) -> Iterator[Fault]:
        seen: set[str] = set()
        for info in self._infos:
            path = info.filename.removeprefix(self._root)
            if not info.filename.startswith(self._root):
                yield Fault(info.filename, "lies outside of the bag")
            elif path in seen:
                yield Fault(path, "is there twice")
            elif info.compress_type != zipfile.ZIP_STORED:
                yield Fault(path, "is compressed: it was not written so")
            else:
                seen.add(path)
                try:
                    self.members[path] = self._read(info)
                except _UNREADABLE as unread:
                    # Known to be there, though nothing good is known of it.
                    self.members[path] = (0, "")
                    yield Fault(path, f"cannot be read: {unread}")

    def _read(self, info: zipfile.ZipInfo) -> tuple[int, str]:
        digest, size = hashlib.sha256(), 0
        with self._zip.open(info) as member:
            while chunk := member.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
        return size, digest.hexdigest()

    def _listed(self, name: str, actual: Mapping[str, str]) -> Iterator[Fault]:
        """Compare a manifest with what is there."""
        if not self.has(name):
            yield Fault(name, "is missing")
            return
        listed: dict[str, str] = {}
        content = self._zip.read(self._root + name)
        found = []
        for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), 1):
            told = _LINE.fullmatch(line)
            if told is None or told[2] in listed:
                found.append(Fault(name, f"line {number} is none that was written: {line[:120]}"))
            else:
                listed[told[2]] = told[1]
        for path in sorted({*listed, *actual}):
            if path not in actual:
                found.append(Fault(path, f"is missing, and {name} lists it"))
            elif path not in listed:
                found.append(Fault(path, f"is there, and {name} does not list it"))
            elif actual[path] and listed[path] != actual[path]:
                found.append(Fault(path, f"is not what {name} says: {actual[path]}"))
        if not found and content != manifest(actual):
            found.append(Fault(name, "is not as it was written"))
        yield from found

    def _container(self) -> Iterator[Fault]:
        """Write the ZIP once more around the same members, and compare every byte around them."""
        with self._path.open("rb") as file:
            again = _Compared(file)
            with zipfile.ZipFile(cast("IO[bytes]", again), "w", zipfile.ZIP_STORED) as copy:
                for info in self._infos:
                    with (
                        self._zip.open(info) as member,
                        copy.open(entry(info.filename, info.file_size), "w") as same,
                    ):
                        while chunk := member.read(CHUNK):
                            same.write(chunk)
            place = again.first_difference()
        if place is not None:
            yield Fault(
                self._path.name, f"the ZIP itself is not as it was written, at byte {place}"
            )


class _Compared(io.RawIOBase):
    """Something to write to that keeps nothing, and tells where a file has something else."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__()
        self._file, self._at, self._end = file, 0, 0
        self._wrong: set[tuple[int, int]] = set()

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, place: int, whence: int = io.SEEK_SET) -> int:
        self._at = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._end}[whence] + place
        return self._at

    def write(self, content: Any) -> int:  # noqa: ANN401  any kind of buffer
        """Compare; a member's header is written again at its end, and only that counts."""
        size = memoryview(content).nbytes
        key = (self._at, size)
        self._file.seek(self._at)
        if self._file.read(size) == content:
            self._wrong.discard(key)
        else:
            self._wrong.add(key)
        self._at += size
        self._end = max(self._end, self._at)
        return size

    def first_difference(self) -> int | None:
        """Return where the file is another one first; None: nowhere."""
        if self._wrong:
            return min(self._wrong)[0]
        return self._end if self._file.seek(0, io.SEEK_END) != self._end else None
