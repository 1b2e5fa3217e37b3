"""Is this the password? Argon2id, beside the event loop, few at a time."""

import asyncio
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP's parameters: 19 MiB, two passes, one lane: about 50 ms.
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_AT_ONCE: Final = 4
_NOBODY: Final = _HASHER.hash("nobody has this password")


class PasswordDesk:
    """Checks passwords without holding up the event loop, and not too many at once."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(_AT_ONCE)

    async def is_right(self, stored: str | None, given: str) -> bool:
        """Tell whether *given* is the password; an unknown user takes just as long."""
        async with self._turn:
            right = await asyncio.to_thread(_verify, stored or _NOBODY, given)
        return right and stored is not None


def hashed(password: str) -> str:
    """Return the hash to be stored."""
    return _HASHER.hash(password)


def _verify(stored: str, given: str) -> bool:
    try:
        return _HASHER.verify(stored, given)
    except (VerificationError, InvalidHashError):
        return False
