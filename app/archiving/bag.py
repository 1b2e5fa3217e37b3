"""How does a case become one file, always the same one? A bag after BagIt 1.0, in one ZIP.

Nothing in it depends on who writes it, when or where: members are stored uncompressed, in one
order, with one date. What is written is hashed on the way.
"""

import hashlib
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Final, Self

DECLARATION: Final = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
MANIFEST: Final = "manifest-sha256.txt"
TAGS: Final = "tagmanifest-sha256.txt"
TAG_FILES: Final = ("bagit.txt", "bag-info.txt", MANIFEST)
PAYLOAD: Final = "data/"
CHUNK: Final = 1024 * 1024
_DAY: Final = (1980, 1, 1, 0, 0, 0)
_FILE: Final = 0o100644 << 16
_UNIX: Final = 3


class Sink:
    """Where a member's bytes go to; they are counted and hashed."""

    def __init__(self, member: IO[bytes]) -> None:
        self._member, self._digest, self.size = member, hashlib.sha256(), 0

    def write(self, chunk: bytes | memoryview) -> None:
        """Write some bytes."""
        self._member.write(chunk)
        self._digest.update(chunk)
        self.size += len(chunk)

    @property
    def sha256(self) -> str:
        """The hash of what was written so far."""
        return self._digest.hexdigest()


class Bag:
    """A bag that is being filled; ``payload`` tells the size and hash of each member so far."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_STORED)
        self._name = name
        self.payload: dict[str, tuple[int, str]] = {}

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """End; a bag that was not closed before is none, and its file is thrown away."""
        self._zip.close()

    @contextmanager
    def member(self, path: str, size: int = 0) -> Iterator[Sink]:
        """Open a member of the payload; *size* is how large it will be, if that is known."""
        with self._open(PAYLOAD + path, size) as sink:
            yield sink
        self.payload[path] = (sink.size, sink.sha256)

    def write(self, path: str, content: bytes) -> None:
        """Write a whole member of the payload."""
        with self.member(path, len(content)) as sink:
            sink.write(content)

    def close(self, told: Mapping[str, str]) -> None:
        """Write what tells of the bag, *told* among it, and the manifests; nothing comes after."""
        size = sum(size for size, _ in self.payload.values())
        info = {**told, "Payload-Oxum": f"{size}.{len(self.payload)}"}
        listed = {PAYLOAD + path: sha256 for path, (_, sha256) in self.payload.items()}
        contents = (DECLARATION, _lines(info, ": "), manifest(listed))
        tags = {}
        for name, content in zip(TAG_FILES, contents, strict=True):
            with self._open(name, len(content)) as sink:
                sink.write(content)
            tags[name] = sink.sha256
        with self._open(TAGS, 0) as sink:
            sink.write(manifest(tags))
        self._zip.close()

    @contextmanager
    def _open(self, path: str, size: int) -> Iterator[Sink]:
        with self._zip.open(entry(f"{self._name}/{path}", size), "w") as member:
            yield Sink(member)


def entry(name: str, size: int) -> zipfile.ZipInfo:
    """Return how a member is entered in the ZIP: by its name and size, and nothing else."""
    info = zipfile.ZipInfo(name, _DAY)
    info.create_system, info.external_attr, info.file_size = _UNIX, _FILE, size
    return info


def manifest(hashes: Mapping[str, str]) -> bytes:
    """Return the lines of a manifest, in the order of the paths."""
    return "".join(f"{hashes[path]}  {path}\n" for path in sorted(hashes)).encode()


def hashed(file: IO[bytes]) -> str:
    """Return the SHA-256 of a file, read from where it stands to its end."""
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def _lines(told: Mapping[str, str], between: str) -> bytes:
    return "".join(f"{key}{between}{value}\n" for key, value in told.items()).encode()
