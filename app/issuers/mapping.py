"""Whom does a checked token vouch for? Its claims, told in our words and within its issuer's right.

What an issuer may not say refuses the token; a duty that it may not give is passed over.
"""

import re
from dataclasses import dataclass
from typing import Any, Final

from app.errors import NotSignedIn
from app.policy import identifiers
from app.policy.procedure import Duty
from app.trusted import Role, TrustedIssuer

_LONGEST: Final = 200
_NAME_LENGTH: Final = 100
_BETWEEN_WORDS: Final = re.compile(r"[\s,]+")
_DIGITS: Final = re.compile(r"\d{15}")


@dataclass(frozen=True, slots=True)
class Asserted:
    """Whom an issuer vouches for: one subject in one role, for one enterprise or bureau."""

    issuer: str
    subject: str
    name: str
    role: Role
    uscc: str | None
    bureau: str | None
    duties: frozenset[Duty]
    expires: int

    @property
    def belongs(self) -> str:
        """For whom the subject acts: for two enterprises it has two accounts."""
        return f"{self.role}:{self.uscc or self.bureau or ''}"


def asserted(issuer: TrustedIssuer, claims: dict[str, Any], expires: int) -> Asserted:
    """Return whom the claims vouch for.

    Raises:
        NotSignedIn: they say too little, or what this issuer may not say.
    """
    role = _role(issuer, claims)
    subject = _text(claims, issuer.claims.subject, "主体标识")
    return Asserted(
        issuer=issuer.issuer,
        subject=subject,
        name=_name(claims, issuer.claims.name, subject),
        role=role,
        uscc=_uscc(claims, issuer) if role == "enterprise" else None,
        bureau=_bureau(claims, issuer) if role == "district" else None,
        duties=frozenset() if role == "enterprise" else _duties(issuer, claims),
        expires=expires,
    )


def _role(issuer: TrustedIssuer, claims: dict[str, Any]) -> Role:
    said = _words(_claim(claims, issuer.claims.role))
    if not said and len(issuer.roles) == 1:
        return issuer.roles[0]
    words = issuer.role_words or {role: role for role in issuer.roles}
    meant = {words[word] for word in said if word in words}
    if len(meant) != 1 or not meant <= set(issuer.roles):
        raise NotSignedIn("签发系统未获准签发此类身份。")
    return meant.pop()


def _duties(issuer: TrustedIssuer, claims: dict[str, Any]) -> frozenset[Duty]:
    words = issuer.duty_words or {duty.value: duty for duty in Duty}
    said = {words.get(word) for word in _words(_claim(claims, issuer.claims.duties))}
    return frozenset(duty for duty in issuer.duties if duty in said)


def _uscc(claims: dict[str, Any], issuer: TrustedIssuer) -> str:
    try:
        return identifiers.uscc(_text(claims, issuer.claims.uscc, "统一社会信用代码"))
    except identifiers.InvalidIdentifier:
        raise NotSignedIn("访问令牌中的统一社会信用代码不成立。") from None


def _bureau(claims: dict[str, Any], issuer: TrustedIssuer) -> str:
    bureau = _text(claims, issuer.claims.bureau, "经办部门代码")
    if bureau not in issuer.bureaus:
        raise NotSignedIn("签发系统未获准签发此部门的身份。")
    return bureau


def _name(claims: dict[str, Any], claim: str, subject: str) -> str:
    """Return the name shown in the records: no control character, and no ID in it."""
    told = _claim(claims, claim)
    name = told if isinstance(told, str) and told.strip() else subject
    clean = "".join(mark for mark in name if mark.isprintable()).strip()[:_NAME_LENGTH]
    return _DIGITS.sub("*", clean) or "*"


def _text(claims: dict[str, Any], claim: str, what: str) -> str:
    told = _claim(claims, claim)
    if not isinstance(told, str) or not 0 < len(told) <= _LONGEST or not told.isprintable():
        raise NotSignedIn(f"访问令牌缺少{what}。")
    return told


def _words(told: Any) -> list[str]:  # noqa: ANN401  JSON
    if isinstance(told, str):
        return [word for word in _BETWEEN_WORDS.split(told) if word]
    return [each for each in told if isinstance(each, str)] if isinstance(told, list) else []


def _claim(claims: dict[str, Any], name: str) -> Any:  # noqa: ANN401  JSON
    """Return the claim of that name; if there is none, what its dots lead to."""
    if name in claims:
        return claims[name]
    found: Any = claims
    for part in name.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found
