"""What is in a stored file? Looked at in ranges, so that no size of it matters."""

from dataclasses import dataclass

from app.media import archives, documents
from app.media.heads import HEAD_BYTES, OLE, ZIP, sniff
from app.media.reading import Reader


@dataclass(frozen=True, slots=True)
class Content:
    """The media type and, of an archive, the files it lists."""

    media_type: str
    entries: tuple[archives.Entry, ...] | None = None


async def inspect(stored: Reader) -> Content:
    """Return what the stored bytes are.

    Raises:
        FileEmpty, FileRefused: nothing, or something that is no evidence (see its subclasses).
    """
    media_type = sniff(await stored.read(0, HEAD_BYTES))
    if media_type == OLE:
        return Content(await documents.told(stored))
    if media_type != ZIP:
        return Content(media_type)
    entries = await archives.listed(stored)
    document = await archives.document(stored, entries)
    if document:
        return Content(document)
    archives.refuse_harmful(entries)
    return Content(media_type, entries)
