"""Is this token ours, and what does it say? Signs and checks access tokens, and nothing else does.

Our own are pinned to ES256, every claim that the service relies on must be present, and a
token longer than two kilobytes is not looked at. Checked tokens are remembered by their whole text,
never beyond their expiry.
"""

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jose import jwt
from jose.exceptions import JOSEError

from app.errors import NotSignedIn

ALGORITHM: Final = "ES256"
_LONGEST: Final = 2048
_REMEMBERED: Final = 10_000
_POINT_BYTES: Final = 32
_REQUIRED: Final = ("iss", "aud", "sub", "iat", "exp", "jti")
_COMPACT: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_PEM: Final = re.compile(r"-----BEGIN [A-Z ]+-----.*?-----END [A-Z ]+-----\n?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Token:
    """A checked access token: its claims, and when it expires (seconds since 1970)."""

    claims: dict[str, Any]
    expires: int


class TokenDesk:
    """Signs access tokens with the first of its EC P-256 keys and checks them against all of them.

    The keys of a desk never change: where others are set, a new desk begins, which remembers
    nothing that the old one had checked.
    """

    def __init__(self, signing_keys: str, issuer: str, lifetime: timedelta) -> None:
        pems = _PEM.findall(signing_keys)
        keys = [_private_key(pem) for pem in pems] or [_private_key(signing_keys)]
        self._public = {_kid(key): _public_pem(key) for key in keys}
        self._published = [_published(key) for key in keys]
        self._private, self._kid = (pems or [signing_keys])[0], _kid(keys[0])
        self._issuer, self.lifetime = issuer, lifetime
        self._checked: dict[str, Token] = {}

    def sign(self, claims: dict[str, Any], issued: datetime) -> str:
        """Return an access token with *claims*, valid from *issued* for the set lifetime."""
        timed = {
            **claims,
            "iss": self._issuer,
            "aud": self._issuer,
            "iat": int(issued.timestamp()),
            "exp": int((issued + self.lifetime).timestamp()),
        }
        signed: str = jwt.encode(timed, self._private, ALGORITHM, headers={"kid": self._kid})
        return signed

    def check(self, token: str, now: datetime) -> Token:
        """Return what *token* says.

        Raises:
            NotSignedIn: it is not ours, altered, for another audience, expired or too long.
        """
        known = self._checked.get(token)
        if known is None:
            known = self._verify(token)
            if len(self._checked) >= _REMEMBERED:
                self._checked.clear()
            self._checked[token] = known
        if known.expires <= now.timestamp():
            self._checked.pop(token, None)
            raise NotSignedIn("访问令牌已过期。")
        return known

    def published(self) -> dict[str, list[dict[str, str]]]:
        """Return the public keys as others read them (RFC 7517): all that are accepted now."""
        return {"keys": self._published}

    def _verify(self, token: str) -> Token:
        if len(token) > _LONGEST:
            raise NotSignedIn("访问令牌过长。")
        if not _COMPACT.fullmatch(token):
            raise NotSignedIn("访问令牌无效或已过期。")
        header = unverified(token)[0]
        kid = header.get("kid")
        if header != {"alg": ALGORITHM, "kid": kid, "typ": "JWT"} or kid not in self._public:
            raise NotSignedIn("访问令牌不是本系统签发的。")
        claims = verified(
            token, self._public[kid], ALGORITHM, Expected(self._issuer, self._issuer, _REQUIRED)
        )
        return Token(claims, int(claims["exp"]))


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token must say: by whom, for whom, which claims, with clocks how far apart."""

    issuer: str
    audience: str
    required: tuple[str, ...]
    leeway: int = 0


def unverified(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return header and claims of a token that nobody has checked yet.

    Raises:
        NotSignedIn: it is no token at all.
    """
    try:
        header, claims = jwt.get_unverified_header(token), jwt.get_unverified_claims(token)
    except (JOSEError, ValueError, TypeError, RecursionError) as error:
        raise NotSignedIn("访问令牌无效或已过期。") from error
    if not isinstance(header.get("kid", ""), str):
        raise NotSignedIn("访问令牌无效或已过期。")
    return header, claims


def verified(token: str, public_pem: str, algorithm: str, expected: Expected) -> dict[str, Any]:
    """Return the claims of a token that this key signed with this algorithm.

    Raises:
        NotSignedIn: anything about it is not as expected.
    """
    required = {f"require_{name}": True for name in expected.required}
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            public_pem,
            algorithms=[algorithm],
            audience=expected.audience,
            issuer=expected.issuer,
            options={**required, "leeway": expected.leeway},
        )
    except (JOSEError, ValueError, TypeError, RecursionError) as error:
        raise NotSignedIn("访问令牌无效或已过期。") from error
    return claims


def _private_key(pem: str) -> ec.EllipticCurvePrivateKey:
    try:
        key = serialization.load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
        raise ValueError("SUBSIDY_SIGNING_KEY must be PEMs of EC P-256 private keys")
    return key


def _public_pem(key: ec.EllipticCurvePrivateKey) -> str:
    return (
        key.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


def _kid(key: ec.EllipticCurvePrivateKey) -> str:
    return hashlib.sha256(_public_pem(key).encode()).hexdigest()[:16]


def _published(key: ec.EllipticCurvePrivateKey) -> dict[str, str]:
    point = key.public_key().public_numbers()
    x, y = (
        base64.urlsafe_b64encode(number.to_bytes(_POINT_BYTES, "big")).decode().rstrip("=")
        for number in (point.x, point.y)
    )
    use = {"use": "sig", "alg": ALGORITHM, "kid": _kid(key)}
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y, **use}


def new_signing_key() -> str:
    """Return the PEM of a fresh EC P-256 private key."""
    return (
        ec.generate_private_key(ec.SECP256R1())
        .private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        .decode()
    )
