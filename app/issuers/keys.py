"""Which public keys does an outside issuer sign with? Fetched seldom, kept while it is away."""

import asyncio
import base64
import binascii
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import httpx
import structlog
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from app.trusted import TrustedIssuer

_log = structlog.get_logger()
_LARGEST: Final = 64 * 1024
_KID_LENGTH: Final = 200
_RSA_BITS: Final = (2048, 8192)


class Key(NamedTuple):
    """A public key and the one algorithm that it is used with."""

    algorithm: str
    pem: str


@dataclass(frozen=True, slots=True)
class Pace:
    """How often an issuer is asked, in seconds, and how long its last good answer is kept."""

    fresh: float = 300
    between: float = 10
    kept: float = 24 * 3600
    patience: float = 5
    now: Callable[[], float] = time.monotonic


class IssuerKeys:
    """The keys of one issuer; ``edition`` changes whenever they do."""

    def __init__(self, issuer: TrustedIssuer, pace: Pace) -> None:
        self._issuer, self._pace = issuer, pace
        self._keys = read_keys(issuer.jwks or {"keys": []}, issuer.algorithms)
        self._read_at = self._asked_at = -1e9
        self._turn = asyncio.Lock()
        self.edition = 0

    async def find(self, kid: str) -> Key | None:
        """Return the key of that name; the issuer is asked if it is unknown or long not seen."""
        if self._issuer.jwks_url is None:
            return self._keys.get(kid)
        # While one request asks, those whose key is known do not wait for the answer.
        if not (kid in self._keys and (self._is_fresh() or self._turn.locked())):
            async with self._turn:
                if self._is_due(kid):
                    await self._ask(self._issuer.jwks_url)
        if self._pace.now() - self._read_at > self._pace.kept:
            self._replace({})
        return self._keys.get(kid)

    def _is_fresh(self) -> bool:
        return self._pace.now() - self._read_at < self._pace.fresh

    def _is_due(self, kid: str) -> bool:
        rested = self._pace.now() - self._asked_at >= self._pace.between
        return rested and not (kid in self._keys and self._is_fresh())

    async def _ask(self, url: str) -> None:
        self._asked_at = self._pace.now()
        try:
            async with asyncio.timeout(self._pace.patience):
                document = json.loads(await _fetched(url))
            keys = read_keys(document, self._issuer.algorithms)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, ValueError, RecursionError) as why:
            _log.warning("an issuer's keys cannot be read", issuer=self._issuer.issuer,
                         why=type(why).__name__)  # fmt: skip
            return
        self._read_at = self._pace.now()
        self._replace(keys)

    def _replace(self, keys: dict[str, Key]) -> None:
        if keys != self._keys:
            self._keys = keys
            self.edition += 1


def read_keys(document: Any, algorithms: tuple[str, ...]) -> dict[str, Key]:  # noqa: ANN401  JSON
    """Return the usable keys of a key set, by name; what is none of ours is passed over.

    Raises:
        ValueError: it is no key set.
    """
    listed = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(listed, list):
        raise ValueError("no key set")  # noqa: TRY004  what came is wrong, not the call
    found: dict[str, Key] = {}
    for each in listed:
        kid = each.get("kid") if isinstance(each, dict) else None
        if isinstance(kid, str) and 0 < len(kid) <= _KID_LENGTH and kid not in found:
            key = _key(each)
            if key is not None and key.algorithm in algorithms:
                found[kid] = key
    return found


def _key(told: dict[str, Any]) -> Key | None:
    """Return the key if it is one to check signatures with: EC P-256, or RSA from 2048 bits on."""
    try:
        public, algorithm = _public(told)
    except (KeyError, ValueError, TypeError, AttributeError, binascii.Error):
        return None
    if told.get("use", "sig") != "sig" or told.get("alg", algorithm) != algorithm:
        return None
    pem = public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return Key(algorithm, pem.decode())


def _public(told: dict[str, Any]) -> tuple[ec.EllipticCurvePublicKey | rsa.RSAPublicKey, str]:
    if told["kty"] == "EC" and told["crv"] == "P-256":
        point = ec.EllipticCurvePublicNumbers(
            _number(told["x"]), _number(told["y"]), ec.SECP256R1()
        )
        return point.public_key(), "ES256"
    if told["kty"] == "RSA":
        modulus = _number(told["n"])
        if _RSA_BITS[0] <= modulus.bit_length() <= _RSA_BITS[1]:
            return rsa.RSAPublicNumbers(_number(told["e"]), modulus).public_key(), "RS256"
    raise ValueError("no key of ours")


def _number(text: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big")


async def _fetched(url: str) -> bytes:
    """Return what lies at the URL itself: a redirect is none, and nor is what never ends."""
    content = bytearray()
    async with httpx.AsyncClient() as client, client.stream("GET", url) as answer:
        if answer.status_code != httpx.codes.OK:
            raise ValueError("no key set")
        async for chunk in answer.aiter_bytes():
            content += chunk
            if len(content) > _LARGEST:
                raise ValueError("no key set")
    return bytes(content)
