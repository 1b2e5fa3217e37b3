"""Is this file safe to hand to a parser? Content, not name, decides; nothing is parsed here."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import IO, Final

from app.errors import FileEmpty
from app.sheets.extent import ExactExtent, PlainExtent
from app.sheets.refusals import (
    FileEncrypted,
    FileHasMacros,
    FileNotASheet,
    FileTooLargeUnpacked,
)

_OLE2: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP: Final = b"PK\x03\x04"
_OTHER_FORMATS: Final = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"Rar!",
    b"7z\xbc\xaf",
    b"GIF8",
    b"PK\x05\x06",
)
_MARKUP: Final = re.compile(rb"\s*<(?:!doctype|html|\?xml|table|meta)", re.IGNORECASE)
_BYTE_ORDER_MARKS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")

# The parser needs these parts only. Pictures, themes and drawings are never unpacked.
_NEEDED: Final = re.compile(r"\[Content_Types\]\.xml|_rels/\.rels|xl/.+\.(?:xml|rels)")
_NOT_NEEDED: Final = re.compile(r"xl/(?:theme|drawings|media|charts|comments|printerSettings)")

# Unpacking any other kind cannot be stopped half-way.
_COMPRESSIONS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENTRIES: Final = 1_000
_RATIO: Final = 200
_RATIO_FROM: Final = 8 << 20  # a small part may well be one repeated letter
_XLS_BYTES: Final = 16 << 20
_STEP: Final = 1 << 20


class Kind(Enum):
    """What the content is, whatever the file's name says."""

    XLSX = auto()
    XLS = auto()
    TEXT = auto()


@dataclass(frozen=True, slots=True)
class Limits:
    """What the caller takes: data rows in a file, and bytes once unpacked."""

    rows: int
    unpacked: int = 192 << 20


def kind_of(content: bytes) -> Kind:
    """Return the kind of *content*.

    Raises:
        FileEmpty, FileNotASheet, FileEncrypted, FileHasMacros, FileTooLargeUnpacked: as named.
    """
    if not content.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise FileEmpty
    if content.startswith(_ZIP):
        return Kind.XLSX
    if content.startswith(_OLE2):
        _check_ole2(content)
        return Kind.XLS
    if content.startswith(_OTHER_FORMATS):
        raise FileNotASheet("文件内容不是 xlsx、xls 或 csv 表格。")
    if _MARKUP.match(content.removeprefix(_BYTE_ORDER_MARKS[0])):
        raise FileNotASheet("文件内容是网页或 XML，不是表格（部分平台导出的 .xls 实为网页）。")
    return Kind.TEXT


def checked_xlsx(content: bytes, limits: Limits) -> IO[bytes]:
    """Return *content* packed anew, without compression, from the parts that were checked.

    The parser then sees exactly the bytes this guard saw: two readers of one zip may disagree on
    which of its parts are the real ones.

    Raises:
        FileNotASheet, FileEncrypted, FileHasMacros, FileTooLargeUnpacked, TooManyRows,
        TooManyColumns: as named.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return _packed_anew(package, limits)
    # A broken zip breaks in many ways; a NotImplementedError is an unknown compression.
    except (
        zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, KeyError,
        NotImplementedError, OverflowError, RuntimeError,
    ):  # fmt: skip
        raise FileNotASheet("压缩结构已损坏，文件可能没有完整上传。") from None


def _check_ole2(content: bytes) -> None:
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise FileEncrypted
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        raise FileHasMacros
    if len(content) > _XLS_BYTES:
        raise FileTooLargeUnpacked("旧版 .xls 文件过大。", limit=_XLS_BYTES)


def _packed_anew(package: zipfile.ZipFile, limits: Limits) -> IO[bytes]:
    parts = package.infolist()
    _check_directory(parts, limits)
    checked, left = io.BytesIO(), limits.unpacked
    with zipfile.ZipFile(checked, "w") as clean:
        for part in parts:
            if not _NEEDED.fullmatch(part.filename) or _NOT_NEEDED.match(part.filename):
                continue
            plain = PlainExtent()
            with clean.open(part.filename, "w") as copy:
                for piece in _inflated(package, part, left):
                    left -= len(piece)
                    plain.feed(piece)
                    copy.write(piece)
            if plain.unusual:
                exact = ExactExtent()
                for piece in _inflated(package, part, limits.unpacked):
                    exact.feed(piece)
    checked.seek(0)
    return checked


def _check_directory(parts: list[zipfile.ZipInfo], limits: Limits) -> None:
    names = [part.filename for part in parts]
    if any(name.endswith("vbaProject.bin") for name in names):
        raise FileHasMacros
    if len(parts) > _ENTRIES or sum(part.file_size for part in parts) > limits.unpacked:
        raise FileTooLargeUnpacked("展开后的总量超过限制。", limit=limits.unpacked)
    if len(set(names)) != len(names):
        raise FileNotASheet("压缩包内有同名的部分。")
    if not {"[Content_Types].xml", "xl/workbook.xml"} <= set(names):
        raise FileNotASheet("文件是压缩包，但其中没有 xlsx 工作簿。")
    if any(part.flag_bits & 1 for part in parts):
        raise FileEncrypted
    if any(part.compress_type not in _COMPRESSIONS for part in parts):
        raise FileNotASheet("压缩包使用了 xlsx 不用的压缩方式。")


def _inflated(package: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> Iterator[bytes]:
    """Yield the part's content in steps, and an empty piece at its end."""
    # The directory's sizes are the sender's word: what really comes out is counted.
    size, most = 0, min(left, max(_RATIO_FROM, part.compress_size * _RATIO))
    with package.open(part) as stream:
        while piece := stream.read(_STEP):
            size += len(piece)
            if size > most:
                raise FileTooLargeUnpacked("压缩包内的数据展开后异常庞大。")
            yield piece
    yield b""
