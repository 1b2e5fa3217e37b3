"""A file is what its content says: programs, macros and what cannot be listed are refused."""

import io
import struct
import zipfile
from contextlib import suppress

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from app.errors import (
    ArchiveRefused,
    FileRefused,
    LockedDocument,
    MacrosRefused,
    ProgramRefused,
)
from app.media import Content, contradiction, inspect, refuse_name, sniff
from app.media.archives import ENTRIES_MAX
from tests.conftest import EXAMPLES
from tests.media.build import OLE, InMemory, encrypted, in_zip64, office, ole, packed, zipped

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


async def _inspected(content: bytes) -> Content:
    return await inspect(InMemory(content))


@pytest.mark.parametrize(
    "head",
    [
        b"MZ\x90\x00\x03\x00",
        b"\x7fELF\x02\x01",
        b"\xcf\xfa\xed\xfe\x07\x00",
        b"\xfe\xed\xfa\xce\x00",
        b"\xca\xfe\xba\xbe\x00\x00\x00\x34",
        b"\x00asm\x01\x00\x00\x00",
        b"dex\n035\x00",
        b"L\x00\x00\x00\x01\x14\x02\x00",
        b"#!/usr/bin/env python\n",
        b"\xef\xbb\xbf#!/bin/sh\n",
        b"@echo off\r\ndel *.*",
        b"@ECHO OFF\r\n",
        b"<?php system($_GET['c']);",
        b"<% eval request %>",
    ],
)
def test_programs_and_scripts_are_told_by_their_first_bytes(head: bytes) -> None:
    with pytest.raises(ProgramRefused):
        sniff(head)


@pytest.mark.parametrize(
    "head",
    [
        b"Rar!\x1a\x07\x01\x00",
        b"7z\xbc\xaf\x27\x1c\x00\x04",
        b"\x1f\x8b\x08\x00",
        b"BZh91AY",
        b"\xfd7zXZ\x00",
        b"MSCF\x00\x00",
        b"PK\x05\x06" + bytes(18),
        b"x" * 257 + b"ustar\x0000",
    ],
)
def test_other_archives_are_refused_and_zip_is_named_as_the_remedy(head: bytes) -> None:
    with pytest.raises(ArchiveRefused) as refused:
        sniff(head)
    assert "ZIP" in refused.value.remedy


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (b"\x00\x00\x00\x18ftypheic", "image/heic"),
        (b"\x00\x00\x00\x18ftypqt  ", "video/quicktime"),
        (b"\x00\x00\x00\x18ftypisom", "video/mp4"),
        (b"RIFF\x00\x00\x00\x00AVI LIST", "video/x-msvideo"),
        (b"BM\x46\x00\x00\x00\x00\x00\x00\x00", "image/bmp"),
        ("BM 型号,台数".encode(), "text/plain"),
        (b"MZ001,12,34\r\n", "text/plain"),
        (b"{\\rtf1\\ansi", "application/rtf"),
        (b"#!AMR\n", "audio/amr"),
    ],
)
def test_what_telephones_and_offices_make_is_known(head: bytes, media_type: str) -> None:
    assert sniff(head) == media_type


async def test_every_example_is_what_its_name_says() -> None:
    for path in sorted(EXAMPLES.rglob("*.*")):
        if path.suffix in {".json", ".md"}:
            continue
        content = path.read_bytes()
        told = await _inspected(content)
        assert contradiction(path.name, told.media_type) == "", path
        assert told.entries is None, path


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (office("word/document.xml"), WORD),
        (office("xl/workbook.xml", "xl/worksheets/sheet1.xml"), EXCEL),
        (office("ppt/presentation.xml"), SLIDES),
        (packed({"OFD.xml": b"<ofd/>", "Doc_0/Document.xml": b"<d/>"}), "application/ofd"),
        (
            packed({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"x"}),
            "application/vnd.oasis.opendocument.text",
        ),
        (ole("Root Entry", "WordDocument", "1Table"), "application/msword"),
        (ole("Root Entry", "Workbook"), "application/vnd.ms-excel"),
        (ole("PowerPoint Document", "Workbook"), "application/vnd.ms-powerpoint"),
        (ole("Root Entry"), "application/x-ole-storage"),
    ],
)
async def test_a_document_is_told_by_its_parts(content: bytes, media_type: str) -> None:
    assert await _inspected(content) == Content(media_type)


async def test_a_sheet_that_an_excel_writer_wrote_is_a_sheet() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        book.add_worksheet().write(0, 0, "姓名")
    assert await _inspected(target.getvalue()) == Content(EXCEL)


_OPEN_TEXT = b"application/vnd.oasis.opendocument.text"
_MACRO_TYPE = b"<Override ContentType='application/vnd.ms-office.vbaProject'/>"
_SLIDES_WITH_MACROS = bytes.fromhex("1f00ff0314000000020000040c000000 01000000 01000000 02000000")


@pytest.mark.parametrize(
    "content",
    [
        office("word/document.xml", "word/vbaProject.bin"),
        office("xl/workbook.xml", "xl/VBAPROJECT.BIN"),
        office("xl/workbook.xml", "xl/macrosheets/sheet1.xml"),
        office("xl/workbook.xml", "xl/renamed.bin", types=_MACRO_TYPE),
        office("xl/workbook.xml", types=_MACRO_TYPE.decode().encode("utf-16")),
        packed({"mimetype": _OPEN_TEXT, "Basic/Standard/M.xml": b""}),
        ole("WordDocument", "Macros", "_VBA_PROJECT"),
        ole("Workbook", "_VBA_PROJECT_CUR"),
        ole("PowerPoint Document", more=_SLIDES_WITH_MACROS),
        OLE + bytes(1024 * 1024 - 18) + "_VBA_PROJECT".encode("utf-16-le"),
        zipped("材料.docm"),
    ],
)
async def test_macros_are_refused_wherever_they_are(content: bytes) -> None:
    with pytest.raises(MacrosRefused):
        await _inspected(content)


@pytest.mark.parametrize(
    "content",
    [
        zipped("照片/1.jpg", "安装.exe"),
        zipped("a.pdf", "b.PDF.Js. "),
        zipped("a\\b\\c.bat"),
        zipped("META-INF/MANIFEST.MF", "Main.class"),
        zipped("AndroidManifest.xml", "classes.dex"),
        office("word/document.xml", "word/run.exe"),
        ole("Root Entry", more=bytes.fromhex("84100c0000000000c000000000000046")),
    ],
)
async def test_programs_are_refused_inside_of_what_looks_harmless(content: bytes) -> None:
    with pytest.raises(ProgramRefused):
        await _inspected(content)


@pytest.mark.parametrize(
    "content",
    [
        encrypted(zipped("a.pdf")),
        zipped("a.pdf", "inner.zip"),
        zipped("inner.RAR"),
        zipped("../../etc/passwd.txt"),
        zipped("/abs.txt"),
        zipped("a.pdf")[:-1],
        zipped("a.pdf") + b"more",
        b"PK\x03\x04" + b"prefixed" + zipped("a.pdf"),
        b"PK\x03\x04",
        packed({str(number): b"" for number in range(ENTRIES_MAX + 1)}),
    ],
)
async def test_an_archive_that_cannot_be_listed_whole_is_refused(content: bytes) -> None:
    with pytest.raises(ArchiveRefused):
        await _inspected(content)


async def test_a_document_under_a_password_is_refused() -> None:
    with pytest.raises(LockedDocument):
        await _inspected(ole("EncryptionInfo", "EncryptedPackage"))


@pytest.mark.parametrize("change", [bytes, in_zip64])
async def test_an_archive_is_listed(change: type[bytes]) -> None:
    content = change(packed({"签到/第一天.jpg": b"12345", "b.pdf": b""}))
    told = await _inspected(content)
    assert told.media_type == "application/zip"
    assert told.entries is not None
    listed = {each.name: each.size for each in told.entries}
    assert listed == {"签到/第一天.jpg": 5, "b.pdf": 0}


async def test_names_that_chinese_windows_wrote_are_read() -> None:
    content = zipped("AAAAAAAA.jpg")
    told = await _inspected(content.replace(b"AAAAAAAA", "签到照片".encode("gbk")))
    assert told.entries is not None
    assert told.entries[0].name == "签到照片.jpg"


async def test_a_bomb_is_listed_and_never_unpacked() -> None:
    """64 MB of zeros lie in 64 kB; only their list is read."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("0", bytes(64 * 1024 * 1024))
    stored = InMemory(target.getvalue())
    told = await inspect(stored)
    assert told.entries is not None
    assert told.entries[0].size == 64 * 1024 * 1024
    assert stored.most < 70_000


async def test_a_list_that_claims_millions_is_not_read() -> None:
    content = in_zip64(zipped("a"))
    at = content.rindex(b"PK\x06\x06")
    changed = bytearray(content)
    struct.pack_into("<QQ", changed, at + 24, 10**9, 10**9)
    stored = InMemory(bytes(changed))
    with pytest.raises(ArchiveRefused):
        await inspect(stored)


_WHOLE = (zipped("a.pdf", "b"), in_zip64(zipped("a")), office("word/document.xml"), ole("Book"))


@given(st.sampled_from(_WHOLE), st.data())
async def test_whatever_is_damaged_is_told_or_refused_and_nothing_else(
    content: bytes, data: st.DataObject
) -> None:
    changed = bytearray(content)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(changed) - 1))
        changed[at] = data.draw(st.integers(0, 255))
    with suppress(FileRefused):
        await _inspected(bytes(changed[: data.draw(st.integers(1, len(changed)))]))


@pytest.mark.parametrize("name", ["a.pdf", "签到.jpg", "没有扩展名", "a.exe.pdf", "rb", "", "..."])
def test_ordinary_names_pass(name: str) -> None:
    refuse_name(name)
