"""Who is calling? A bearer token becomes an actor of one of four types."""

import base64
import re
from typing import Annotated, Any, Final
from urllib.parse import unquote_plus
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import OAuth2PasswordBearer

from app import clock
from app.actors import (
    AccountHolder,
    CentreOfficer,
    DistrictOfficer,
    EnterpriseUser,
    Member,
    Officer,
    PlatformSystem,
    Sender,
)
from app.api import scopes
from app.api.rates import count_once
from app.errors import (
    DutyMissing,
    NotSignedIn,
    NotYourRole,
    PasswordChangeRequired,
    ScopeMissing,
)
from app.office import Office
from app.policy.procedure import Duty
from app.services.outside import OutsideDoor
from app.services.sessions import CHANGE_PASSWORD

_BUREAU: Final = re.compile("[A-Za-z0-9-]+")
_NAME: Final = 100
_SECRET: Final = 200
_READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_ASKING: Final = frozenset({"/api/v1/learning-records/search", "/api/v1/plans/{plan_id}/assess"})
"""Routes that only ask, though their question comes as a body."""
_CHANGING: Final = "/api/v1/me/password"
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
        DutyMissing: an auditor, who looks at everything, would change something.
    """
    who = await _sender(request, token)
    if isinstance(who, PlatformSystem):
        raise NotYourRole
    if request.method not in _READING and _audits(who) and _path(request) not in _ASKING:
        raise DutyMissing("审计职责只能查看，不能办理。")
    return who


async def holder(request: Request, token: str | None) -> AccountHolder:
    """Return whose own account this is about; a one-time password is enough to change it.

    Raises:
        NotSignedIn, NotYourRole: as named.
    """
    who = await _sender(request, token, change_password=_path(request) == _CHANGING)
    if isinstance(who, PlatformSystem):
        raise NotYourRole
    if isinstance(who, EnterpriseUser):
        return AccountHolder(who.account_id, who.name, who.enterprise_id, None)
    return AccountHolder(who.account_id, who.name, None, who.bureau)


async def platform(request: Request, token: Bearer) -> PlatformSystem:
    """Let only a platform's program pass.

    Raises:
        NotSignedIn, NotYourRole: as named.
    """
    who = await _sender(request, token)
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


async def _sender(request: Request, token: str | None, *, change_password: bool = False) -> Sender:
    if token is None:
        raise NotSignedIn
    outside: OutsideDoor = request.app.state.outside
    if outside.takes(token):
        request.state.caller = guest = await outside.admit(
            office_of(request), token, *origin(request)
        )
        count_once(request, guest.account_id)
        return guest
    claims = office_of(request).tokens.check(token, clock.now()).claims
    try:
        # Whom the answer refuses is recorded after this request's transaction is gone.
        request.state.caller = who = _actor(claims)
    except (KeyError, ValueError) as incomplete:
        raise NotSignedIn("访问令牌内容不完整。") from incomplete
    count_once(request, who.account_id)
    if "client" in claims:
        needed = scopes.needed(request.method, request.scope["route"].path)
        if needed is None or (needed and needed not in claims["scope"].split()):
            raise ScopeMissing
    elif claims["scope"] == CHANGE_PASSWORD and not change_password:
        raise PasswordChangeRequired
    return who


def origin(request: Request) -> tuple[str, str]:
    """Return the request's id and the address it came from."""
    return request.state.request_id, request.client.host if request.client else ""


def _audits(who: Member) -> bool:
    return not isinstance(who, EnterpriseUser) and Duty.AUDIT in who.duties


def _path(request: Request) -> str:
    """Return the route's path, as it is declared."""
    return str(getattr(request.scope.get("route"), "path", ""))


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
    # A system's scopes say what it may call; it has no duties, nor has a one-time password.
    has_none = "client" in claims or claims["scope"] == CHANGE_PASSWORD
    charged = "" if has_none else claims["scope"]
    duties = frozenset(Duty(word) for word in charged.split())
    if role == EnterpriseUser.role:
        return EnterpriseUser(account, name, UUID(claims["enterprise"]))
    if role == CentreOfficer.role:
        return CentreOfficer(account, name, duties)
    if role == DistrictOfficer.role:
        return DistrictOfficer(account, name, _code(claims["bureau"]), duties)
    if role == PlatformSystem.role:
        return PlatformSystem(account, name, UUID(claims["platform"]))
    raise ValueError(role)


def _code(bureau: object) -> str:
    if not isinstance(bureau, str) or not _BUREAU.fullmatch(bureau):
        raise ValueError("no bureau has such a code")
    return bureau
