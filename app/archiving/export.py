"""How is a case taken out whole? Its rows in one snapshot, its files as they lie, hashed again.

Everything streams: neither rows nor files are held. The archive gets its name only when it is
complete and the act is recorded with its hash.
"""

import json
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final, NamedTuple
from uuid import uuid4

import asyncpg

from app.archiving import cases, opened
from app.archiving.bag import Bag, hashed
from app.archiving.cases import ArchiveRefused, Case
from app.archiving.index import Index
from app.archiving.members import attachment_path, evidence_path
from app.archiving.sections import ASSESSMENTS, ATTACHMENTS, FILES, LINES, SECTIONS, Section
from app.archiving.words import Words
from app.database import for_asyncpg
from app.errors import EvidenceLost
from app.office import Office
from app.storage import EvidenceStore

_ROWS_AT_ONCE: Final = 500


class Opening(NamedTuple):
    """Why what is sealed is opened, and by whose keys."""

    office: Office
    reason: str


class Exported(NamedTuple):
    """What was made; ``sha256`` is also in the audit event of the export."""

    path: Path
    sha256: str
    size: int
    files: int


async def export(
    owner_url: str,
    store: EvidenceStore,
    asked: str,
    to: Path,
    by: str,
    opening: Opening | None = None,
) -> Exported:
    """Write the archive of the case of this receipt number or id to a file or into a folder.

    Raises:
        ArchiveRefused: there is no such case, a file of it is lost or altered, or the target
            exists.
    """
    connection = await asyncpg.connect(for_asyncpg(owner_url))
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            await connection.execute(cases.ROLE)
            case = await cases.found(connection, asked)
            target = _target(to, case)
            with _growing(target) as file:
                with Bag(file, case.name) as bag:
                    files = await _Packing(connection, store, case, bag).pack(opening)
                file.seek(0)
                done = Exported(target, hashed(file), file.tell(), files)
                # Recorded before anybody has it: who comes to have a case stands in its history.
                await cases.record(owner_url, case, by, _details(done, opening))
    finally:
        await connection.close()
    return done


def _target(to: Path, case: Case) -> Path:
    """Return the file to write; that it is not there yet is asked once more at the end."""
    target = to / f"{case.name}.zip" if to.is_dir() else to
    if target.exists():
        raise ArchiveRefused(f"{target} exists already")
    if not target.parent.is_dir():
        raise ArchiveRefused(f"there is no folder {target.parent}")
    return target


def _details(done: Exported, opening: Opening | None) -> dict[str, object]:
    opened = {} if opening is None else {"opened": opening.reason}
    return {"sha256": done.sha256, "size": done.size, "files": done.files, **opened}


@contextmanager
def _growing(target: Path) -> Iterator[IO[bytes]]:
    """Open a file that gets its name at the end, if all went well, and else is gone."""
    part = target.with_name(f".{target.name}.{uuid4().hex}.part")
    try:
        part.touch(0o600, exist_ok=False)
        with part.open("w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        # Not every file system, of a stick for one, has links: the name is taken, then filled.
        target.touch(0o600, exist_ok=False)
        part.replace(target)
    except FileExistsError:
        raise ArchiveRefused(f"{target} exists already") from None
    finally:
        part.unlink(missing_ok=True)


class _Packing:
    """One case on its way into its bag."""

    def __init__(self, connection: Any, store: EvidenceStore, case: Case, bag: Bag) -> None:  # noqa: ANN401  asyncpg
        self._connection, self._store, self._case, self._bag = connection, store, case, bag
        self._words, self._index = Words(), Index()

    async def pack(self, opening: Opening | None) -> int:
        """Fill and close the bag; return how many members its payload has."""
        for section in SECTIONS:
            await self._rows(section)
        for row in self._index.kept[FILES.path]:
            await self._bytes(evidence_path(row), row["sha256"])
        for row in self._index.kept[ATTACHMENTS.path]:
            await self._bytes(attachment_path(row), row["sha256"])
        for path, content in self._words.members():
            self._bag.write(path, content)
        if opening is not None:
            await self._open(opening)
        told = (self._case.name, self._bag.payload)
        self._bag.write("index.html", self._index.page(*told, is_full=opening is not None))
        self._bag.close(
            {
                "External-Identifier": self._case.name,
                "Source-Organization": self._case.bureau_code,
                "Internal-Sender-Identifier": str(self._case.id),
            }
        )
        return len(self._bag.payload)

    async def _open(self, opening: Opening) -> None:
        try:
            async for path, content in opened.members(opening.office, self._index.kept):
                self._bag.write(path, content)
        except EvidenceLost:
            raise ArchiveRefused("what is sealed does not open with the keys given") from None

    async def _rows(self, section: Section) -> None:
        """Write a section as a JSON array, a row a line."""
        between = b"[\n"
        with self._bag.member(section.path) as sink:
            async for text in self._told(section):
                sink.write(between + text.encode())
                between = b",\n"
                self._look_at(section, text)
            sink.write(b"[]\n" if between == b"[\n" else b"\n]\n")

    async def _told(self, section: Section) -> AsyncIterator[str]:
        keys = (self._case.id, self._case.enterprise_id)
        cursor = self._connection.cursor(section.query, *keys, prefetch=_ROWS_AT_ONCE)
        async for row in cursor:
            yield row[0]

    def _look_at(self, section: Section, text: str) -> None:
        """Take from a row what words and index need, and let go of the rest."""
        if not self._index.wants(section) and section not in (ASSESSMENTS, LINES):
            return
        row = json.loads(text, parse_float=str)
        if section in (ASSESSMENTS, LINES):
            self._words.add(row)
        self._index.add(section, row)

    async def _bytes(self, path: str, told: str) -> None:
        """Write a file as it lies in the store; what was altered there goes into no archive."""
        sha256 = bytes.fromhex(told.removeprefix("\\x"))
        try:
            size = await self._store.size(sha256)
            with self._bag.member(path, size) as sink:
                async for chunk in self._store.part(sha256, 0, size):
                    sink.write(chunk)
        except EvidenceLost:
            raise ArchiveRefused(f"{path}: nothing lies under {sha256.hex()}") from None
        if sink.sha256 != sha256.hex():
            raise ArchiveRefused(f"{path}: what lies under {sha256.hex()} was altered")
