"""How are resident IDs and account numbers kept? Sealed, and found again by a keyed digest only."""

import base64
import binascii
import hashlib
import hmac
import os
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION: Final = b"\x01"
_NONCE_BYTES: Final = 12
_KEY_BYTES: Final = 32


class Sealer:
    """Seals short texts with AES-256-GCM under a versioned key, digests them with HMAC-SHA-256."""

    def __init__(self, sealing_key: str, digest_key: str) -> None:
        self._cipher = AESGCM(_key("SUBSIDY_SEALING_KEY", sealing_key))
        self._digest_key = _key("SUBSIDY_DIGEST_KEY", digest_key)

    def seal(self, text: str, purpose: str) -> bytes:
        """Return *text* sealed for *purpose*; it opens for that purpose only."""
        nonce = os.urandom(_NONCE_BYTES)
        return _VERSION + nonce + self._cipher.encrypt(nonce, text.encode(), purpose.encode())

    def open(self, sealed: bytes, purpose: str) -> str:
        """Return the text sealed for *purpose*.

        Raises:
            cryptography.exceptions.InvalidTag: altered bytes, another key or another purpose.
        """
        nonce, body = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        return self._cipher.decrypt(nonce, body, purpose.encode()).decode()

    def digest(self, text: str, purpose: str) -> bytes:
        """Return the 32 bytes under which *text* is found again."""
        message = f"{purpose}\x00{text}".encode()
        return hmac.new(self._digest_key, message, hashlib.sha256).digest()


def new_key() -> str:
    """Return a fresh key in the form that the settings take."""
    return base64.b64encode(os.urandom(_KEY_BYTES)).decode()


def _key(variable: str, text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != _KEY_BYTES:
        message = f"{variable} must be 32 bytes in base64"
        raise ValueError(message)
    return key
