"""With which key are seals signed, and with which is a signature checked? Ed25519, and no other."""

import hashlib
from collections.abc import Iterable
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

_DOMAIN: Final = b"dalian-training-subsidy audit 1\n"
"""Stands before whatever is signed, so that the key's signatures mean nothing elsewhere."""


class KeyRefused(ValueError):  # noqa: N818  an answer for the person at the terminal
    """What was given as a public key is none."""


class AuditKey:
    """The private key of the installation that seals."""

    def __init__(self, pem: str) -> None:
        try:
            key = serialization.load_pem_private_key(pem.encode(), password=None)
        except (TypeError, ValueError):
            key = None
        if not isinstance(key, Ed25519PrivateKey):
            raise ValueError(  # noqa: TRY004  the value is wrong, not its type
                "SUBSIDY_AUDIT_KEY must be a PEM of an Ed25519 private key"
            )
        self._key = key
        self.fingerprint = _fingerprint(key.public_key())

    def sign(self, statement: bytes) -> bytes:
        """Return the 64 bytes of the signature under *statement*."""
        return self._key.sign(_DOMAIN + statement)

    def public_pem(self) -> str:
        """Return the key that a verifier needs, as a PEM."""
        return _pem(self._key.public_key())


class KnownKeys:
    """The public keys that a verifier trusts, by fingerprint."""

    def __init__(self, pems: Iterable[bytes]) -> None:
        self._keys = {_fingerprint(key): key for key in map(_public, pems)}

    def __contains__(self, fingerprint: object) -> bool:
        return fingerprint in self._keys

    def signed(self, fingerprint: str, statement: bytes, signature: bytes) -> bool:
        """Tell whether the key of that fingerprint signed *statement*."""
        try:
            self._keys[fingerprint].verify(signature, _DOMAIN + statement)
        except (InvalidSignature, KeyError):
            return False
        return True


def new_audit_key() -> str:
    """Return a fresh private key as a PEM."""
    return (
        Ed25519PrivateKey.generate()
        .private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        .decode()
    )


def _public(pem: bytes) -> Ed25519PublicKey:
    try:
        key = serialization.load_pem_public_key(pem)
    except ValueError:
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise KeyRefused("a public key must be a PEM of an Ed25519 key, as `public-key` prints it")
    return key


def _pem(key: Ed25519PublicKey) -> str:
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()


def _fingerprint(key: Ed25519PublicKey) -> str:
    spki = key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return hashlib.sha256(spki).hexdigest()
