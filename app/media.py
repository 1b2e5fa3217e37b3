"""What kind of file is this really? Told by its first bytes, never by its name."""

import re
from typing import Final

from app.errors import FileEmpty, FileRefused

HEAD_BYTES: Final = 4096
"""How many leading bytes ``sniff`` wants to see."""

_MAGIC: Final[tuple[tuple[int, bytes, str], ...]] = (
    (0, b"%PDF-", "application/pdf"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF8", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (8, b"WAVE", "audio/wav"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
)
_CONTROLS: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_TEXT_ENCODINGS: Final = ("utf-8", "gb18030")


def sniff(head: bytes) -> str:
    """Return the media type of a file that begins with *head*.

    Raises:
        FileEmpty: there are no bytes.
        FileRefused: a program, a script, or a kind that no evidence comes in.
    """
    if not head:
        raise FileEmpty
    for offset, magic, media_type in _MAGIC:
        if head[offset : offset + len(magic)] == magic:
            return media_type
    if not head.startswith((b"#!", b"<")) and _is_text(head):
        return "text/plain"
    raise FileRefused


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
