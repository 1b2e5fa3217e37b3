"""How is a stored file looked into? In ranges."""

from typing import Protocol


class Reader(Protocol):
    """A stored file of ``size`` bytes."""

    @property
    def size(self) -> int:
        """Return how many bytes there are."""

    async def read(self, start: int, length: int) -> bytes:
        """Return up to *length* bytes from *start*; fewer only at the end."""
