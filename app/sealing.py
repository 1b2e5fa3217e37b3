"""How are resident IDs and account numbers kept? Sealed, and found again by a keyed digest only.

A seal begins with the version of its key, from 1 to 255: the first key of the setting seals, all of
them open. Version 0 marks a file under a key of its own, which is itself sealed and kept beside.
"""

import base64
import binascii
import hashlib
import hmac
import os
import re
from dataclasses import dataclass
from typing import Final, Protocol

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES: Final = 12
_TAG_BYTES: Final = 16
_KEY_BYTES: Final = {"aes": 32, "sm4": 16}
_LAST_VERSION: Final = 255
_OWN_KEY: Final = 0
FILE_KEY: Final = "file_keys.key"
_WRITTEN: Final = re.compile(r"(?:(?P<version>\d{1,3}):)?(?:(?P<kind>aes|sm4):)?(?P<key>[^:]*)")


class _Cipher(Protocol):
    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes: ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes: ...


class SM4GCM:
    """SM4 in Galois counter mode (GB/T 32907), in the manner of ``AESGCM``."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        """Return the sealed bytes with their tag."""
        cipher = Cipher(algorithms.SM4(self._key), modes.GCM(nonce)).encryptor()
        cipher.authenticate_additional_data(associated_data)
        return cipher.update(data) + cipher.finalize() + cipher.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        """Return the opened bytes.

        Raises:
            InvalidTag: they, or what is associated, are not what was sealed.
        """
        if len(data) < _TAG_BYTES:
            raise InvalidTag
        body, tag = data[:-_TAG_BYTES], data[-_TAG_BYTES:]
        cipher = Cipher(algorithms.SM4(self._key), modes.GCM(nonce, tag)).decryptor()
        cipher.authenticate_additional_data(associated_data)
        return cipher.update(body) + cipher.finalize()


@dataclass(frozen=True, slots=True)
class _Key:
    """A key in force: ``kind`` and ``secret`` together are what ``cipher`` was made of."""

    kind: str
    secret: bytes
    cipher: _Cipher


class Sealer:
    """Seals with AES-256-GCM or SM4-GCM under versioned keys, digests with HMAC-SHA-256."""

    def __init__(self, sealing_keys: str, digest_key: str) -> None:
        self._keys = _keys(sealing_keys)
        self.version = next(iter(self._keys))
        self._digest_key = _secret("SUBSIDY_DIGEST_KEY", digest_key, _KEY_BYTES["aes"])

    @property
    def versions(self) -> list[int]:
        """The versions of the keys that are set, that of the sealing one first."""
        return list(self._keys)

    def seal(self, text: str, purpose: str) -> bytes:
        """Return *text* sealed for *purpose*; it opens for that purpose only."""
        return _sealed(self._keys[self.version].cipher, self.version, text.encode(), purpose)

    def open(self, sealed: bytes, purpose: str) -> str:
        """Return the text sealed for *purpose*.

        Raises:
            cryptography.exceptions.InvalidTag: altered bytes, another key or another purpose.
        """
        return self._open(sealed, purpose).decode()

    def seal_file(self, content: bytes, purpose: str) -> tuple[bytes, bytes]:
        """Return *content* sealed under a key of its own, and that key, sealed."""
        kind = self._keys[self.version].kind
        secret = os.urandom(_KEY_BYTES[kind])
        sealed = _sealed(_cipher(kind, secret), _OWN_KEY, content, purpose)
        return sealed, self.seal(f"{kind}:{base64.b64encode(secret).decode()}", FILE_KEY)

    def open_file(self, sealed: bytes, key_sealed: bytes | None, purpose: str) -> bytes:
        """Return the content of a file that was sealed for *purpose*.

        Files from before there were keys of their own bear the version of their key.

        Raises:
            cryptography.exceptions.InvalidTag: as ``open`` says, or its key is missing.
        """
        if key_sealed is not None:
            kind, _, secret = self._open(key_sealed, FILE_KEY).decode().partition(":")
            content = _opened(_cipher(kind, base64.b64decode(secret)), sealed, purpose)
        else:
            content = self._open(sealed, purpose)
        # Those files were sealed as text.
        return content if sealed[:1] == bytes([_OWN_KEY]) else base64.b64decode(content)

    def key_of_file(self, version: int) -> bytes:
        """Return the key of that version as if it were a file's own, sealed.

        Raises:
            KeyError: no such key is set.
        """
        key = self._keys[version]
        return self.seal(f"{key.kind}:{base64.b64encode(key.secret).decode()}", FILE_KEY)

    def reseal(self, sealed: bytes, purpose: str) -> bytes:
        """Return the same text under the key that seals now.

        Raises:
            cryptography.exceptions.InvalidTag: as ``open`` says.
        """
        return self.seal(self.open(sealed, purpose), purpose)

    def digest(self, text: str, purpose: str) -> bytes:
        """Return the 32 bytes under which *text* is found again."""
        message = f"{purpose}\x00{text}".encode()
        return hmac.new(self._digest_key, message, hashlib.sha256).digest()

    def _open(self, sealed: bytes, purpose: str) -> bytes:
        key = self._keys.get(sealed[0]) if sealed else None
        if key is None:
            raise InvalidTag
        return _opened(key.cipher, sealed, purpose)


def new_key() -> str:
    """Return a fresh key in the form that the settings take."""
    return base64.b64encode(os.urandom(_KEY_BYTES["aes"])).decode()


def _sealed(cipher: _Cipher, version: int, content: bytes, purpose: str) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return bytes([version]) + nonce + cipher.encrypt(nonce, content, purpose.encode())


def _opened(cipher: _Cipher, sealed: bytes, purpose: str) -> bytes:
    nonce, body = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    if len(body) < _TAG_BYTES:
        raise InvalidTag
    return cipher.decrypt(nonce, body, purpose.encode())


def _keys(text: str) -> dict[int, _Key]:
    """Return the keys of the setting, ``[version:][aes:|sm4:]base64``, with commas between."""
    keys: dict[int, _Key] = {}
    for written in text.split(","):
        told = _WRITTEN.fullmatch(written.strip())
        version, kind = (told["version"], told["kind"]) if told else (None, None)
        number, cipher = int(version or 1), kind or "aes"
        if not 0 < number <= _LAST_VERSION or number in keys:
            raise ValueError("SUBSIDY_SEALING_KEY: each key needs a version of its own, 1 to 255")
        secret = _secret("SUBSIDY_SEALING_KEY", told["key"] if told else "", _KEY_BYTES[cipher])
        keys[number] = _Key(cipher, secret, _cipher(cipher, secret))
    return keys


def _cipher(kind: str, secret: bytes) -> _Cipher:
    if kind == "aes":
        return AESGCM(secret)
    cipher = SM4GCM(secret)
    try:
        cipher.encrypt(bytes(_NONCE_BYTES), b"", b"")
    except UnsupportedAlgorithm:
        raise ValueError("SUBSIDY_SEALING_KEY: this OpenSSL has no SM4 in GCM") from None
    return cipher


def _secret(variable: str, text: str, length: int) -> bytes:
    try:
        secret = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if len(secret) != length:
        message = f"{variable} must be {length} bytes in base64"
        raise ValueError(message)
    return secret
