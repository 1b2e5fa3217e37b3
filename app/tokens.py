"""Is this token ours, and what does it say? Signs and checks access tokens, and nothing else does.

The algorithm is pinned to ES256, every claim that the service relies on must be present, and a
token longer than two kilobytes is not looked at. Checked tokens are remembered by their whole text,
never beyond their expiry.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jose import JWTError, jwt
from jose.exceptions import JOSEError

from app.errors import NotSignedIn

ALGORITHM: Final = "ES256"
_LONGEST: Final = 2048
_REMEMBERED: Final = 10_000
_REQUIRED: Final = {f"require_{name}": True for name in ("iss", "aud", "sub", "iat", "exp", "jti")}


@dataclass(frozen=True, slots=True)
class Token:
    """A checked access token: its claims, and when it expires (seconds since 1970)."""

    claims: dict[str, Any]
    expires: int


class TokenDesk:
    """Signs access tokens with one EC P-256 key and checks them against it."""

    def __init__(self, signing_key: str, issuer: str, lifetime: timedelta) -> None:
        key = serialization.load_pem_private_key(signing_key.encode(), password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
            raise ValueError("SUBSIDY_SIGNING_KEY must be a PEM of an EC P-256 private key")
        public = key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self._private, self._public = signing_key, public.decode()
        self._kid = hashlib.sha256(public).hexdigest()[:16]
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

    def _verify(self, token: str) -> Token:
        if len(token) > _LONGEST:
            raise NotSignedIn("访问令牌过长。")
        try:
            if jwt.get_unverified_header(token) != {
                "alg": ALGORITHM,
                "kid": self._kid,
                "typ": "JWT",
            }:
                raise NotSignedIn("访问令牌不是本系统签发的。")
            claims = jwt.decode(
                token,
                self._public,
                algorithms=[ALGORITHM],
                audience=self._issuer,
                issuer=self._issuer,
                options={**_REQUIRED, "leeway": 0},
            )
        except (JOSEError, JWTError, ValueError, TypeError) as error:
            raise NotSignedIn("访问令牌无效或已过期。") from error
        return Token(claims, int(claims["exp"]))


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
