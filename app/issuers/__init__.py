"""Is this token an outside issuer's whom we trust, and whom does it vouch for?

Algorithms, issuer and audience are those of the setting, never those of the token: it only names
one of the issuer's keys, and a name is looked up, never followed.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from app.errors import NotSignedIn
from app.issuers.keys import IssuerKeys, Pace
from app.issuers.mapping import Asserted, asserted
from app.tokens import Expected, unverified, verified
from app.trusted import TrustedIssuer

__all__ = ["Asserted", "Issuers", "Pace"]

_LONGEST: Final = 8192
_REMEMBERED: Final = 10_000
_LEEWAY: Final = 30
"""Seconds by which the clocks of two organisations may differ."""
_REQUIRED: Final = ("iss", "aud", "sub", "iat", "exp")
_HEADER: Final = frozenset({"alg", "kid", "typ", "x5t", "x5t#S256"})
_TYPES: Final = frozenset({"jwt", "at+jwt"})


@dataclass(frozen=True, slots=True)
class _Checked:
    """What a token said, and the edition of its issuer's keys by which it was checked."""

    told: Asserted
    edition: int


class Issuers:
    """Checks the tokens of the outside issuers that the settings name."""

    def __init__(self, trusted: tuple[TrustedIssuer, ...], pace: Pace) -> None:
        self._trusted = {each.issuer: (each, IssuerKeys(each, pace)) for each in trusted}
        self._checked: dict[str, _Checked] = {}

    def issued(self, token: str) -> bool:
        """Tell whether the token says that one of these issuers made it."""
        if not self._trusted:
            return False
        if len(token) > _LONGEST:
            return False
        issuer = unverified(token)[1].get("iss")
        return isinstance(issuer, str) and issuer in self._trusted

    async def check(self, token: str, now: datetime) -> Asserted:
        """Return whom the token vouches for.

        Raises:
            NotSignedIn: anything about it is not as it must be.
        """
        header, claims = unverified(token)
        issuer, keys = self._trusted[claims["iss"]]
        key = await keys.find(header.get("kid", ""))
        if key is None:
            raise NotSignedIn("访问令牌的签名密钥不属于所声明的签发系统。")
        known = self._checked.get(token)
        if known is None or known.edition != keys.edition:
            self._checked.pop(token, None)
            _refuse_odd(header, key.algorithm)
            expected = Expected(issuer.issuer, issuer.audience, _REQUIRED, _LEEWAY)
            claims = verified(token, key.pem, key.algorithm, expected)
            _refuse_long(issuer, claims, now)
            told = asserted(issuer, claims, int(claims["exp"]) + _LEEWAY)
            known = self._remember(token, _Checked(told, keys.edition))
        if known.told.expires <= now.timestamp():
            self._checked.pop(token, None)
            raise NotSignedIn("访问令牌已过期。")
        return known.told

    def _remember(self, token: str, checked: _Checked) -> _Checked:
        if len(self._checked) >= _REMEMBERED:
            self._checked.clear()
        self._checked[token] = checked
        return checked


def _refuse_odd(header: dict[str, Any], algorithm: str) -> None:
    """Refuse a header that asks for anything: another algorithm, an own key, an extension."""
    kind = header.get("typ", "JWT")
    if (
        header.get("alg") != algorithm
        or not header.keys() <= _HEADER
        or not isinstance(kind, str)
        or kind.lower() not in _TYPES
    ):
        raise NotSignedIn("访问令牌的签名方式不被接受。")


def _refuse_long(issuer: TrustedIssuer, claims: dict[str, Any], now: datetime) -> None:
    issued, expires = claims["iat"], claims["exp"]
    if not isinstance(issued, int | float) or issued > now.timestamp() + _LEEWAY:
        raise NotSignedIn("访问令牌尚未生效。")
    if expires - issued > issuer.longest_minutes * 60:
        raise NotSignedIn("访问令牌的有效期过长。")
