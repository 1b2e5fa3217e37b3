"""What is told once and kept as its digest only? Tokens for invitations and new passwords."""

import hashlib
import secrets
from typing import Final

_BYTES: Final = 32
_PASSWORD_BYTES: Final = 12
_NAME_LENGTH: Final = 8
_READ_ALOUD: Final = "23456789abcdefghjkmnpqrstuvwxyz"


def token() -> str:
    """Return a fresh token."""
    return secrets.token_urlsafe(_BYTES)


def password() -> str:
    """Return a fresh password for one sign-in."""
    return secrets.token_urlsafe(_PASSWORD_BYTES)


def username() -> str:
    """Return a fresh user name; names that people choose would tell which ones there are."""
    return "u" + "".join(secrets.choice(_READ_ALOUD) for _ in range(_NAME_LENGTH))


def digest(given: str) -> bytes:
    """Return the digest under which a token is kept; it is random, so a plain one is enough."""
    return hashlib.sha256(given.encode("utf-8", "replace")).digest()
