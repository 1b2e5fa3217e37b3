"""Is this the password? Argon2id, beside the event loop, few at a time."""

import asyncio
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP's parameters: 19 MiB, two passes, one lane: about 50 ms.
PASSES: Final = 2
KIBIBYTES: Final = 19_456
_AT_ONCE: Final = 4


class PasswordDesk:
    """Checks and hashes passwords without holding up the event loop, and not too many at once."""

    def __init__(self, passes: int = PASSES, kibibytes: int = KIBIBYTES) -> None:
        self._hasher = PasswordHasher(time_cost=passes, memory_cost=kibibytes, parallelism=1)
        self._nobody = self._hasher.hash("nobody has this password")
        self._turn = asyncio.Semaphore(_AT_ONCE)

    async def is_right(self, stored: str | None, given: str) -> bool:
        """Tell whether *given* is the password; an unknown user takes just as long."""
        async with self._turn:
            right = await asyncio.to_thread(self._verify, stored or self._nobody, given)
        return right and stored is not None

    async def hashed(self, password: str) -> str:
        """Return the hash to be stored."""
        async with self._turn:
            return await asyncio.to_thread(self._hasher.hash, password)

    def is_dated(self, stored: str) -> bool:
        """Tell whether a hash was made with other parameters than those of the settings."""
        return self._hasher.check_needs_rehash(stored)

    def _verify(self, stored: str, given: str) -> bool:
        try:
            return self._hasher.verify(stored, given)
        except (VerificationError, InvalidHashError):
            return False


def hashed(password: str) -> str:
    """Return the hash to be stored, made with the usual parameters."""
    return PasswordHasher(time_cost=PASSES, memory_cost=KIBIBYTES, parallelism=1).hash(password)
