"""What does a ZIP hold? Read from its list at the end; nothing is unpacked but one short part."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.errors import ArchiveRefused, MacrosRefused, ProgramRefused
from app.media.names import refuse_entry, refuse_name
from app.media.reading import Reader

ENTRIES_MAX: Final = 2_000
_LIST_MAX: Final = 2 * 1024 * 1024
_NAME_SHOWN: Final = 300
_IN_ZIP64: Final = (0xFFFF, 0xFFFFFFFF)
"""What stands for a number that is told in the ZIP64 record instead."""
_PART_MAX: Final = 1024 * 1024
_ENCRYPTED: Final = 0x1 | 0x40 | 0x2000
_UTF8: Final = 0x800
_DEFLATED: Final = 8

_END: Final = struct.Struct("<4s4H2LH")
_LOCATOR: Final = struct.Struct("<4sLQL")
_END64: Final = struct.Struct("<4sQ2H2L4Q")
_ENTRY: Final = struct.Struct("<4s6H3L5H2L")
_LOCAL: Final = struct.Struct("<4s5H3L2H")
_LONGEST_END: Final = _END.size + 0xFFFF

_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
_PARTS: Final = {
    "word/document.xml": f"{_OFFICE}wordprocessingml.document",
    "xl/workbook.xml": f"{_OFFICE}spreadsheetml.sheet",
    "xl/workbook.bin": f"{_OFFICE}spreadsheetml.sheet",
    "ppt/presentation.xml": f"{_OFFICE}presentationml.presentation",
}
_TYPES: Final = "[content_types].xml"
_OFD: Final = ("ofd.xml", "application/ofd")
_OPEN: Final = ("mimetype", b"application/vnd.oasis.opendocument.")
_OF_PROGRAMS: Final = frozenset(
    ("meta-inf/manifest.mf", "androidmanifest.xml", "classes.dex", "appxmanifest.xml")
)
_OF_MACROS: Final = ("vbaproject.bin", "basic/", "scripts/", "xl/macrosheets/")
_MACRO_TYPES: Final = (b"vbaproject", b"macroenabled", b"macrosheet")


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the list: its name, its size when unpacked, and where its bytes are."""

    name: str
    size: int
    packed: int
    method: int
    offset: int


async def listed(stored: Reader) -> tuple[Entry, ...]:
    """Return the files that a ZIP lists.

    Raises:
        ArchiveRefused: the list is not whole, too long, or of encrypted files.
    """
    start, length, count = await _place(stored)
    if count > ENTRIES_MAX or length > _LIST_MAX:
        raise ArchiveRefused(f"压缩包内文件超过 {ENTRIES_MAX} 个，请拆分。")
    try:
        entries = tuple(_entries(await stored.read(start, length)))
    except (struct.error, ValueError):
        raise _damaged() from None
    if len(entries) != count or not entries:
        raise _damaged()
    return entries


async def document(stored: Reader, entries: tuple[Entry, ...]) -> str:
    """Return the media type of a document that comes as a ZIP, or nothing: then it is an archive.

    Raises:
        MacrosRefused, ProgramRefused: it holds macros, or is a packed program.
    """
    parts = {each.name.replace("\\", "/").lower(): each for each in entries}
    if _OF_PROGRAMS.intersection(parts):
        raise ProgramRefused("文件是打包的程序（JAR、APK 等）。")
    kind = await _kind(stored, parts)
    if not kind:
        return ""
    types = await _part(stored, parts[_TYPES]) if _TYPES in parts else b""
    words = types.replace(b"\x00", b"").lower()  # it may be UTF-16
    if any(each.startswith(_OF_MACROS) or each.endswith(_OF_MACROS[0]) for each in parts) or any(
        each in words for each in _MACRO_TYPES
    ):
        raise MacrosRefused
    for name in parts:
        refuse_name(name)
    return kind


def refuse_harmful(entries: tuple[Entry, ...]) -> None:
    """Let only an archive pass whose files are evidence by their names.

    Raises:
        ProgramRefused, MacrosRefused, ArchiveRefused: one of them is not.
    """
    for each in entries:
        refuse_entry(each.name.replace("\\", "/"))


async def _kind(stored: Reader, parts: dict[str, Entry]) -> str:
    if _TYPES in parts:
        return next((kind for name, kind in _PARTS.items() if name in parts), "")
    if _OFD[0] in parts:
        return _OFD[1]
    if _OPEN[0] in parts:
        told = await _part(stored, parts[_OPEN[0]])
        return told.decode("ascii", "replace").strip() if told.startswith(_OPEN[1]) else ""
    return ""


async def _part(stored: Reader, entry: Entry) -> bytes:
    """Unpack one part, up to a limit that no honest one reaches."""
    try:
        head = _LOCAL.unpack(await stored.read(entry.offset, _LOCAL.size))
        start = entry.offset + _LOCAL.size + head[9] + head[10]
        packed = await stored.read(start, min(entry.packed, _PART_MAX))
        if entry.method == _DEFLATED:
            return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, _PART_MAX)
    except (struct.error, zlib.error):
        raise _damaged() from None
    if entry.method:
        raise _damaged()
    return packed


async def _place(stored: Reader) -> tuple[int, int, int]:
    """Return where the list begins, its length and the number of its entries."""
    begins = max(0, stored.size - _LONGEST_END)
    tail = await stored.read(begins, _LONGEST_END)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        raise _damaged()
    _, disk, first_disk, _, count, length, start, comment = _END.unpack_from(tail, at)
    ends = at + begins
    if disk or first_disk or at + _END.size + comment != len(tail):
        raise _damaged()
    if set(_IN_ZIP64).intersection((count, length, start)):
        ends, start, length, count = await _place64(stored, ends)
    # Readers that look for the list in other places must find no other list.
    if start + length != ends:
        raise _damaged()
    return start, length, count


async def _place64(stored: Reader, ends: int) -> tuple[int, int, int, int]:
    try:
        locator = await stored.read(max(0, ends - _LOCATOR.size), _LOCATOR.size)
        mark, _, at, _ = _LOCATOR.unpack(locator)
        told = _END64.unpack(await stored.read(at, _END64.size))
    except struct.error:
        raise _damaged() from None
    if mark != b"PK\x06\x07" or told[0] != b"PK\x06\x06":
        raise _damaged()
    return at, told[9], told[8], told[7]


def _entries(content: bytes) -> Iterator[Entry]:
    at = 0
    while at < len(content):
        told = _ENTRY.unpack_from(content, at)
        mark, flags, method, packed, size = told[0], told[3], told[4], told[8], told[9]
        name_length, extra, comment, offset = told[10], told[11], told[12], told[16]
        if mark != b"PK\x01\x02":
            raise _damaged()
        if flags & _ENCRYPTED:
            raise ArchiveRefused("压缩包已加密，无法列出或查看其内容。")
        at += _ENTRY.size
        name = _decoded(content[at : at + name_length], flags)
        at += name_length + extra + comment
        yield Entry(name, size, packed, method, offset)


def _decoded(name: bytes, flags: int) -> str:
    """Return the name; Chinese Windows writes GBK and says nothing of it."""
    text = name.decode("utf-8", "replace") if flags & _UTF8 else _guessed(name)
    shown = text[-_NAME_SHOWN:]
    return "".join(mark if mark.isprintable() else "\ufffd" for mark in shown)


def _guessed(name: bytes) -> str:
    try:
        return name.decode("utf-8")
    except UnicodeDecodeError:
        return name.decode("gb18030", "replace")


def _damaged() -> ArchiveRefused:
    return ArchiveRefused("压缩包的目录不完整或不一致。")
