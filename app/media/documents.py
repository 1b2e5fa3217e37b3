"""What is in a document of the old office programs? Told by the names of its streams.

The names are looked for in all of the file and not in its directory: what the office programs can
still open is damaged in more ways than a reader of the directory would follow.
"""

from typing import Final

from app.errors import LockedDocument, MacrosRefused, ProgramRefused
from app.media.heads import OLE
from app.media.reading import Reader

_STEP: Final = 1024 * 1024
_OVERLAP: Final = 64


def _stream(name: str) -> bytes:
    return name.encode("utf-16-le")


_MACROS: Final = _stream("_VBA_PROJECT")
# A presentation keeps its macros inside of its one stream; this record says that there are some.
_MACROS_OF_SLIDES: Final = bytes.fromhex("1f00ff0314000000020000040c000000")
_LOCKED: Final = _stream("EncryptedPackage")
_INSTALLERS: Final = tuple(
    bytes([number]) + bytes.fromhex("100c0000000000c000000000000046")
    for number in (0x82, 0x84, 0x86)
)
_KINDS: Final = {
    _stream("PowerPoint Document"): "application/vnd.ms-powerpoint",
    _stream("WordDocument"): "application/msword",
    _stream("Workbook"): "application/vnd.ms-excel",
    _stream("Book"): "application/vnd.ms-excel",
}
_LOOKED_FOR: Final = (_MACROS, _MACROS_OF_SLIDES, _LOCKED, *_INSTALLERS, *_KINDS)


async def told(stored: Reader) -> str:
    """Return the media type of an OLE file.

    Raises:
        ProgramRefused, MacrosRefused, LockedDocument: an installer, macros, or a locked document.
    """
    found: set[bytes] = set()
    for start in range(0, stored.size, _STEP):
        part = await stored.read(start, _STEP + _OVERLAP)
        found.update(each for each in _LOOKED_FOR if each in part)
    if found.intersection(_INSTALLERS):
        raise ProgramRefused("文件是安装程序。")
    if found.intersection((_MACROS, _MACROS_OF_SLIDES)):
        raise MacrosRefused
    if _LOCKED in found:
        raise LockedDocument
    return next((kind for name, kind in _KINDS.items() if name in found), OLE)
