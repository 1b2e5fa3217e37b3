"""What do honest and dishonest files look like? Built byte by byte, as small as they may be."""

import io
import struct
import zipfile
from dataclasses import dataclass

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TYPES = "[Content_Types].xml"
PLAIN_TYPES = b'<Types><Override PartName="/a" ContentType="application/xml"/></Types>'


@dataclass
class InMemory:
    """A stored file that notes which bytes of it were read."""

    content: bytes
    most: int = 0

    @property
    def size(self) -> int:
        return len(self.content)

    async def read(self, start: int, length: int) -> bytes:
        part = self.content[start : start + length]
        self.most = max(self.most, len(part))
        return part


def zipped(*names: str, **contents: bytes) -> bytes:
    """Return a ZIP of files with these names."""
    return packed({**dict.fromkeys(names, b"x"), **contents})


def packed(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def office(*parts: str, types: bytes = PLAIN_TYPES) -> bytes:
    """Return a document of the new office programs."""
    return packed({TYPES: types, **dict.fromkeys(parts, b"<x/>")})


def ole(*streams: str, more: bytes = b"") -> bytes:
    """Return what looks like a document of the old office programs."""
    return (
        OLE + bytes(504) + b"".join(name.encode("utf-16-le") + bytes(8) for name in streams) + more
    )


def encrypted(content: bytes) -> bytes:
    """Return the ZIP with the flag by which its files say that they are encrypted."""
    at = content.rindex(b"PK\x01\x02")
    (flags,) = struct.unpack_from("<H", content, at + 8)
    changed = bytearray(content)
    struct.pack_into("<H", changed, at + 8, flags | 1)
    return bytes(changed)


def in_zip64(content: bytes) -> bytes:
    """Return the ZIP with its numbers told in the records for large archives."""
    at = content.rindex(b"PK\x05\x06")
    _, _, _, _, count, size, start, _ = struct.unpack("<4s4H2LH", content[at:])
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, start)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return content[:at] + record + locator + end
