"""Who is calling? A bearer token becomes an actor of one of three types."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import OAuth2PasswordBearer

from app import clock
from app.actors import CentreOfficer, DistrictOfficer, EnterpriseUser, Member, Officer
from app.errors import NotSignedIn, NotYourRole
from app.office import Office
from app.policy.procedure import Duty

_bearer = OAuth2PasswordBearer(tokenUrl="/api/v1/token", scheme_name="登录", auto_error=False)


def office_of(request: Request) -> Office:
    """Return the parts that all requests share."""
    office: Office = request.app.state.office
    return office


Bearer = Annotated[str | None, Depends(_bearer)]


async def member(request: Request, token: Bearer) -> Member:
    """Return who is calling.

    Raises:
        NotSignedIn: no token, or one that is not valid now.
    """
    if token is None:
        raise NotSignedIn
    claims = office_of(request).tokens.check(token, clock.now()).claims
    try:
        return _actor(claims)
    except (KeyError, ValueError) as incomplete:
        raise NotSignedIn("访问令牌内容不完整。") from incomplete


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


def _actor(claims: dict[str, Any]) -> Member:
    account, name, role = UUID(claims["sub"]), claims["name"], claims["role"]
    duties = frozenset(Duty(word) for word in claims["scope"].split())
    if role == EnterpriseUser.role:
        return EnterpriseUser(account, name, UUID(claims["enterprise"]))
    if role == CentreOfficer.role:
        return CentreOfficer(account, name, duties)
    if role == DistrictOfficer.role:
        return DistrictOfficer(account, name, claims["bureau"], duties)
    raise ValueError(role)
