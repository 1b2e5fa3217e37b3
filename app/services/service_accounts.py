"""How does a system sign in? With its client id and one of its two secrets, for its scopes.

A secret is 256 random bits, so its digest needs no salt and no work to be safe, and no lock against
guessing, by which anybody could keep the system out.
"""

import hashlib
import secrets
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, select

from app import clock
from app.actors import SignIn
from app.errors import Refusal, ScopeRefused, SignInFailed
from app.models import Account, ServiceAccount, ServiceSecret
from app.office import Desk
from app.schemas.sessions import AccessToken
from app.services import acts, sessions
from app.services.passwords import PasswordDesk

PREFIX: Final = "svc-"


async def admit_client(
    desk: Desk[SignIn], passwords: PasswordDesk, client: tuple[str, str], scope: str
) -> AccessToken | Refusal:
    """Return a token for a system, or the refusal to be raised after the commit.

    A platform's older account signs in by the same grant, with the password it was made with.
    """
    client_id, secret = client
    if not client_id.startswith(PREFIX):
        return await sessions.admit_platform(desk, passwords, client_id, secret)
    account = (await desk.db.execute(_living(client_id))).one_or_none()
    if account is None:
        return SignInFailed()
    case = acts.Case(account.id, account.enterprise_id, account.bureau_code)
    if not await desk.db.scalar(_secret(account.id, secret)):
        await acts.record(desk, "sign_in_failed", "accounts", account.id, case)
        return SignInFailed()
    asked = set(scope.split()) or set(account.scopes)
    if not asked <= set(account.scopes):
        return ScopeRefused()
    await acts.record(desk, "sign_in", "accounts", account.id, case, scopes=sorted(asked))
    return _token(desk, account, client_id, " ".join(sorted(asked)))


def digest(secret: str) -> bytes:
    """Return what is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


def _living(client_id: str) -> Any:  # noqa: ANN401  a Select
    return (
        select(*Account.__table__.c, ServiceAccount.scopes)
        .join(ServiceAccount, ServiceAccount.account_id == Account.id)
        .where(
            ServiceAccount.client_id == client_id,
            ServiceAccount.revoked_at.is_(None),
            Account.active,
        )
    )


def _secret(account_id: UUID, secret: str) -> Any:  # noqa: ANN401  a Select
    return select(ServiceSecret.slot).where(
        ServiceSecret.account_id == account_id,
        ServiceSecret.digest == digest(secret),
        ServiceSecret.revoked_at.is_(None),
    )


def _token(desk: Desk[SignIn], account: Row[Any], client_id: str, scope: str) -> AccessToken:
    claims = {
        "sub": str(account.id),
        "jti": secrets.token_hex(8),
        "name": account.name,
        "role": account.role,
        "scope": scope,
        "client": client_id,
        "enterprise": account.enterprise_id and str(account.enterprise_id),
        "bureau": account.bureau_code,
        "platform": account.platform_id and str(account.platform_id),
    }
    tokens = desk.office.tokens
    told = {name: value for name, value in claims.items() if value is not None}
    lifetime = int(tokens.lifetime.total_seconds())
    signed = tokens.sign(told, clock.now())
    return AccessToken(access_token=signed, expires_in=lifetime, scope=scope)
