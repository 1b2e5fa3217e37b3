"""What does a file's name say, and does its content agree?

A name is never believed, but it decides what a computer does with the file: what would be run by a
double click is refused by its name alone.
"""

import re
from typing import Final

from app.errors import ArchiveRefused, MacrosRefused, ProgramRefused

_PROGRAMS: Final = re.compile(
    "exe|com|scr|pif|dll|sys|ocx|cpl|drv|xll|ms[ipt]|msix|appx|bat|cmd|psm?1|vb[es]?|jse?|mjs|ws[fh]"
    "|hta|sct|lnk|scf|reg|inf|msc|chm|jar|class|jnlp|x?apk|ipa|dex|dmg|pkg|deb|rpm|(ba|c)?sh"
    "|command|py[cw]?|p[lh]|php|rb|aspx?|jsp|so|dylib|elf|run|appimage|application|gadget"
)
_WITH_MACROS: Final = re.compile("do[ct]m|xl[st]m|xlam?|p[op]tm|pp[as]m|ppa|sldm")
_ARCHIVES: Final = re.compile("zip|rar|7z|t?gz|tar|t?bz2?|t?xz|zst|cab|arj|lzh|lha|z|iso|img|vhdx?")
_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
_OPEN: Final = "application/vnd.oasis.opendocument."
_OLE: Final = "application/x-ole-storage"
_MEDIA_TYPES: Final = {
    "pdf": ("application/pdf",),
    "png": ("image/png",),
    "jpg": ("image/jpeg",),
    "jpeg": ("image/jpeg",),
    "gif": ("image/gif",),
    "webp": ("image/webp",),
    "heic": ("image/heic",),
    "tif": ("image/tiff",),
    "tiff": ("image/tiff",),
    "bmp": ("image/bmp",),
    "mp4": ("video/mp4", "video/quicktime", "video/3gpp"),
    "mov": ("video/quicktime", "video/mp4"),
    "wmv": ("video/x-ms-asf",),
    "avi": ("video/x-msvideo",),
    "mp3": ("audio/mpeg",),
    "wav": ("audio/wav",),
    "docx": (f"{_OFFICE}wordprocessingml.document",),
    "xlsx": (f"{_OFFICE}spreadsheetml.sheet",),
    "pptx": (f"{_OFFICE}presentationml.presentation",),
    "odt": (f"{_OPEN}text",),
    "ods": (f"{_OPEN}spreadsheet",),
    "ofd": ("application/ofd",),
    "doc": ("application/msword", _OLE, "application/rtf"),
    "xls": ("application/vnd.ms-excel", _OLE),
    "ppt": ("application/vnd.ms-powerpoint", _OLE),
    "zip": ("application/zip",),
    "rtf": ("application/rtf",),
    "txt": ("text/plain",),
    "csv": ("text/plain",),
}


def extension(name: str) -> str:
    """Return the extension as Windows sees it, which drops dots and spaces at the end."""
    _, dot, found = name.rstrip(". ").lower().rpartition(".")
    return found if dot else ""


def refuse_name(name: str) -> None:
    """Let only names pass that no double click runs.

    Raises:
        ProgramRefused, MacrosRefused: a program's or script's name, or that of macros.
    """
    found = extension(name)
    if _PROGRAMS.fullmatch(found):
        raise ProgramRefused(f"不接受扩展名为 .{found} 的文件。")
    if _WITH_MACROS.fullmatch(found):
        raise MacrosRefused(f"不接受扩展名为 .{found} 的文件。")


def refuse_entry(name: str) -> None:
    """Let only files pass that may lie in an archive.

    Raises:
        ProgramRefused, MacrosRefused, ArchiveRefused: what is in it could do harm, or be hidden.
    """
    refuse_name(name)
    if _ARCHIVES.fullmatch(extension(name)):
        raise ArchiveRefused("压缩包内含有另一个压缩包，无法列出其内容。")
    if ".." in name.split("/") or name.startswith("/") or name[1:2] == ":":
        raise ArchiveRefused("压缩包内含有越出目标文件夹的路径。")


def contradiction(name: str, media_type: str) -> str:
    """Return what is to be told of a file whose extension says another kind; mostly nothing."""
    found = extension(name)
    if media_type in _MEDIA_TYPES.get(found, (media_type,)):
        return ""
    return f"扩展名为 .{found}，实际内容为 {media_type}。"
