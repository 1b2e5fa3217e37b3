"""What kind of file is this really? Told by its bytes, never by its name.

``sniff`` looks at the first bytes while they come in; ``inspect`` looks once more into the stored
file, at its end and inside of documents, before it becomes evidence.
"""

from app.media.archives import Entry
from app.media.heads import ACCEPTED, HEAD_BYTES, sniff
from app.media.inspection import Content, inspect
from app.media.names import contradiction, refuse_name
from app.media.reading import Reader

__all__ = [
    "ACCEPTED",
    "HEAD_BYTES",
    "Content",
    "Entry",
    "Reader",
    "contradiction",
    "inspect",
    "refuse_name",
    "sniff",
]
