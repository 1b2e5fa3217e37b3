"""Files are stored once by their content, complete or not at all, and told by their bytes."""

import hashlib
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.errors import BodyTooLarge, FileEmpty, FileRefused
from app.media import sniff
from app.storage import EvidenceStore

PDF = b"%PDF-1.7\n"


@pytest.fixture
def store(tmp_path: Path) -> EvidenceStore:
    return EvidenceStore(tmp_path.as_uri())


async def _chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_a_file_is_found_again_by_the_hash_of_its_content(
    store: EvidenceStore, tmp_path: Path
) -> None:
    body = os.urandom(5_000_000)
    stored = await store.receive(
        _chunks(PDF, body[:1], body[1:3_000_000], body[3_000_000:]), 1 << 30
    )
    assert stored.sha256 == hashlib.sha256(PDF + body).digest()
    assert stored.size == len(PDF) + len(body)
    assert b"".join([chunk async for chunk in store.read(stored.sha256)]) == PDF + body
    assert [path.name for path in _files(tmp_path)] == [stored.sha256.hex()]


async def test_the_same_content_lies_there_once_and_is_not_written_over(
    store: EvidenceStore, tmp_path: Path
) -> None:
    await store.receive(_chunks(PDF), 100)
    (first,) = _files(tmp_path)
    written = first.stat().st_mtime_ns
    await store.receive(_chunks(PDF), 100)
    assert [path.stat().st_mtime_ns for path in _files(tmp_path)] == [written]


@pytest.mark.parametrize(
    ("parts", "refusal"),
    [((PDF, b"x" * 100), BodyTooLarge), ((b"MZ\x90\x00",), FileRefused), ((), FileEmpty)],
)
async def test_a_refused_file_leaves_no_byte(
    store: EvidenceStore, tmp_path: Path, parts: tuple[bytes, ...], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        await store.receive(_chunks(*parts), 100)
    assert _files(tmp_path) == []


async def test_a_cut_connection_leaves_no_byte(store: EvidenceStore, tmp_path: Path) -> None:
    async def cut() -> AsyncIterator[bytes]:
        yield PDF
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await store.receive(cut(), 100)
    assert _files(tmp_path) == []


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (PDF, "application/pdf"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\x00\x00\x00\x18ftypmp42", "video/mp4"),
        (b"PK\x03\x04rest", "application/zip"),
        ("姓名,课时".encode(), "text/plain"),
        ("姓名,课时".encode("gb18030"), "text/plain"),
        ("课".encode()[:2], "text/plain"),
    ],
)
def test_a_kind_is_told_by_its_first_bytes(head: bytes, media_type: str) -> None:
    assert sniff(head) == media_type


@pytest.mark.parametrize(
    "head", [b"MZ\x90\x00", b"\x7fELF\x02", b"#!/bin/sh\n", b"<html><script>", b"<?xml", b"a\x00b"]
)
def test_programs_scripts_and_pages_are_no_evidence(head: bytes) -> None:
    with pytest.raises(FileRefused):
        sniff(head)
