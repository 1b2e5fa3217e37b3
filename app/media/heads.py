"""What do the first bytes of a file say?"""

import re
from typing import Final

from app.errors import ArchiveRefused, FileEmpty, FileRefused, ProgramRefused

HEAD_BYTES: Final = 4096
"""How many leading bytes ``sniff`` wants to see."""

ZIP: Final = "application/zip"
OLE: Final = "application/x-ole-storage"
TEXT: Final = "text/plain"

_Magic = tuple[int, bytes]
_MAGIC: Final[tuple[tuple[int, bytes, str], ...]] = (
    (0, b"%PDF-", "application/pdf"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF8", "image/gif"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (8, b"WEBP", "image/webp"),
    (8, b"WAVE", "audio/wav"),
    (8, b"AVI ", "video/x-msvideo"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video/x-ms-asf"),
    (0, b"FLV\x01", "video/x-flv"),
    (0, b"\x00\x00\x01\xba", "video/mpeg"),
    (0, b"OggS", "audio/ogg"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"\xff\xf1", "audio/aac"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"PK\x03\x04", ZIP),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
)
_BOXES: Final = b"ftyp"
_BRANDS: Final = {
    b"heic": "image/heic", b"heix": "image/heic", b"mif1": "image/heic", b"avif": "image/avif",
    b"M4A ": "audio/mp4", b"qt  ": "video/quicktime", b"3gp4": "video/3gpp", b"3gp5": "video/3gpp",
}  # fmt: skip
_VIDEO: Final = "video/mp4"
_DOCUMENTS: Final = (
    "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.presentation", "application/ofd",
)  # fmt: skip
ACCEPTED: Final = tuple(
    dict.fromkeys((*(kind for _, _, kind in _MAGIC), _VIDEO, *_BRANDS.values(), TEXT, *_DOCUMENTS))
)
"""Every media type that evidence may have."""

_PROGRAMS: Final[tuple[_Magic, ...]] = (
    (0, b"\x7fELF"),
    (0, b"\xfe\xed\xfa\xce"), (0, b"\xfe\xed\xfa\xcf"),  # Mach-O, either way round
    (0, b"\xce\xfa\xed\xfe"), (0, b"\xcf\xfa\xed\xfe"),
    (0, b"\xca\xfe\xba\xbe"),  # a Java class, or Mach-O for several machines
    (0, b"\x00asm"), (0, b"dex\n"), (0, b"ITSF"),
    (0, b"L\x00\x00\x00\x01\x14\x02\x00"),  # a Windows shortcut
)  # fmt: skip
_SCRIPTS: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:#!(?!AMR)|@?echo off|<\?php|<%)", re.IGNORECASE
)
_ARCHIVES: Final[tuple[_Magic, ...]] = (
    (0, b"Rar!\x1a\x07"), (0, b"7z\xbc\xaf\x27\x1c"), (0, b"\x1f\x8b"), (0, b"BZh"),
    (0, b"\xfd7zXZ"), (0, b"\x28\xb5\x2f\xfd"), (0, b"MSCF"), (2, b"-lh"), (257, b"ustar"),
    (0, b"PK\x05\x06"), (0, b"PK\x07\x08"),
)  # fmt: skip
_CONTROLS: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_TEXT_ENCODINGS: Final = ("utf-8", "gb18030")


def sniff(head: bytes) -> str:
    """Return the media type of a file that begins with *head*.

    Raises:
        FileEmpty: there are no bytes.
        ProgramRefused, ArchiveRefused: a program or script; an archive that is no plain ZIP.
        FileRefused: a kind that no evidence comes in.
    """
    if not head:
        raise FileEmpty
    is_text = _is_text(head)
    if _begins(head, _PROGRAMS) or _SCRIPTS.match(head) or (head[:2] == b"MZ" and not is_text):
        raise ProgramRefused
    if _begins(head, _ARCHIVES):
        raise ArchiveRefused("只接受 ZIP 压缩包，不接受 RAR、7z 等格式和空压缩包。")
    for offset, magic, media_type in _MAGIC:
        if head[offset : offset + len(magic)] == magic:
            return media_type
    if head[4:8] == _BOXES:
        return _BRANDS.get(head[8:12], _VIDEO)
    if head[:2] == b"BM" and head[6:10] == bytes(4):
        return "image/bmp"
    if is_text and not head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        return TEXT
    raise FileRefused


def _begins(head: bytes, magics: tuple[_Magic, ...]) -> bool:
    return any(head[offset : offset + len(magic)] == magic for offset, magic in magics)


def _is_text(head: bytes) -> bool:
    if _CONTROLS.search(head):
        return False
    for encoding in _TEXT_ENCODINGS:
        for cut in range(4):  # the head may end inside a character
            try:
                head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return True
    return False
