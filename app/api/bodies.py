"""Which routes read their body as a stream, and know a limit of their own?"""

from typing import Final

TUS: Final = "/api/v1/uploads"
UPLOADS: Final = (
    "/evidence", "/roster", "/details-sheet", "/learning-batches", "/report",
    "/learning-records:batch", "/attachments", "/licences", "/results/file",
)  # fmt: skip
"""How the paths of such routes end."""


def is_resumable(path: str) -> bool:
    """Tell whether the path is one of the resumable uploads."""
    return path.startswith(TUS)


def is_stream(path: str) -> bool:
    """Tell whether a body sent to the path is read by its route, as it comes."""
    return is_resumable(path) or path.endswith(UPLOADS)
