"""Who is calling? A bearer token becomes an actor of one of four types."""

import base64
from typing import Annotated, Any, Final
from urllib.parse import unquote_plus
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import OAuth2PasswordBearer

from app import clock
from app.actors import (
    CentreOfficer,
    DistrictOfficer,
    EnterpriseUser,
    Member,
    Officer,
    PlatformSystem,
    Sender,
)
from app.api.rates import count_once
from app.errors import NotSignedIn, NotYourRole
from app.office import Office
from app.policy.procedure import Duty

_NAME: Final = 100
_SECRET: Final = 200
_bearer = OAuth2PasswordBearer(tokenUrl="/api/v1/token", scheme_name="登录", auto_error=False)


def office_of(request: Request) -> Office:
    """Return the parts that all requests share."""
    office: Office = request.app.state.office
    return office


Bearer = Annotated[str | None, Depends(_bearer)]


async def member(request: Request, token: Bearer) -> Member:
    """Return which person is calling.

    Raises:
        NotSignedIn: no token, or one that is not valid now.
        NotYourRole: a platform's program, which has one business here and no other.
    """
    who = _sender(request, token)
    if isinstance(who, PlatformSystem):
        raise NotYourRole
    return who


async def platform(request: Request, token: Bearer) -> PlatformSystem:
    """Let only a platform's program pass.

    Raises:
        NotSignedIn, NotYourRole: as named.
    """
    who = _sender(request, token)
    if not isinstance(who, PlatformSystem):
        raise NotYourRole
    return who


def client_credentials(request: Request, client_id: str, secret: str) -> tuple[str, str]:
    """Return who asks for a token of its own: from the form, else from the Basic header."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if client_id or scheme.lower() != "basic":
        return client_id, secret
    try:
        told = base64.b64decode(encoded, validate=True).decode()
    except ValueError:
        return "", ""
    # Both come as a form's values do (RFC 6749, 2.3.1), and are no longer than there.
    name, password = (unquote_plus(part) for part in told.partition(":")[::2])
    if not name.isprintable() or len(name) > _NAME or len(password) > _SECRET:
        return "", ""
    return name, password


def _sender(request: Request, token: str | None) -> Sender:
    if token is None:
        raise NotSignedIn
    claims = office_of(request).tokens.check(token, clock.now()).claims
    try:
        who = _actor(claims)
    except (KeyError, ValueError) as incomplete:
        raise NotSignedIn("访问令牌内容不完整。") from incomplete
    count_once(request, who.account_id)
    return who


def enterprise(who: Member) -> EnterpriseUser:
    """Let only an enterprise pass."""
    if not isinstance(who, EnterpriseUser):
        raise NotYourRole
    return who


def officer(who: Member) -> Officer:
    """Let only an officer of a bureau pass."""
    if isinstance(who, EnterpriseUser):
        raise NotYourRole
    return who


def _actor(claims: dict[str, Any]) -> Sender:
    account, name, role = UUID(claims["sub"]), claims["name"], claims["role"]
    duties = frozenset(Duty(word) for word in claims["scope"].split())
    if role == EnterpriseUser.role:
        return EnterpriseUser(account, name, UUID(claims["enterprise"]))
    if role == CentreOfficer.role:
        return CentreOfficer(account, name, duties)
    if role == DistrictOfficer.role:
        return DistrictOfficer(account, name, claims["bureau"], duties)
    if role == PlatformSystem.role:
        return PlatformSystem(account, name, UUID(claims["platform"]))
    raise ValueError(role)
