"""How does a person sign in, stay signed in, and sign out?

Failures are counted and reused refresh tokens revoke their family in transactions that commit even
though the request is refused: the service answers with a ``Refusal`` to be raised after the commit.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, insert, select, update

from app import clock
from app.actors import Member, PlatformSystem, SignIn
from app.errors import RefreshRefused, Refusal, SignInFailed
from app.models import Account, RefreshToken, new_id
from app.office import Desk
from app.schemas.sessions import AccessToken, Me, TokenPair
from app.services import acts
from app.services.passwords import PasswordDesk

_FAILURES_ALLOWED: Final = 5
_FIRST_LOCK: Final = timedelta(minutes=1)
_LONGEST_LOCK: Final = timedelta(hours=1)


async def sign_in(
    desk: Desk[SignIn], passwords: PasswordDesk, username: str, password: str
) -> TokenPair | Refusal:
    """Return tokens for a person's right password, else the refusal to be raised after the commit.

    A platform's account is no person's: here it is as unknown as any other name.
    """
    people = Account.role != PlatformSystem.role
    account = await _admitted(desk, passwords, username, password, people)
    return SignInFailed() if account is None else await _tokens(desk, account, new_id())


async def admit_platform(
    desk: Desk[SignIn], passwords: PasswordDesk, client_id: str, secret: str
) -> AccessToken | Refusal:
    """Return a token for a platform's own program; it signs in anew when that has expired."""
    platforms = Account.role == PlatformSystem.role
    account = await _admitted(desk, passwords, client_id, secret, platforms)
    if account is None:
        return SignInFailed()
    token, lifetime = _access(desk, account)
    return AccessToken(access_token=token, expires_in=lifetime, scope="")


async def _admitted(
    desk: Desk[SignIn],
    passwords: PasswordDesk,
    username: str,
    password: str,
    kind: ColumnElement[bool],
) -> Row[Any] | None:
    """Return the account of that kind whose password is right, and count a wrong one.

    Unknown, locked or wrong: answer, work and order of turns are the same, so that nobody learns
    which user names there are; not even by locking them.
    """
    turn = func.pg_advisory_xact_lock(func.hashtextextended(username, 0))
    await desk.db.execute(select(turn))
    query = select(*Account.__table__.c).where(Account.username == username, Account.active, kind)
    account = (await desk.db.execute(query.with_for_update())).one_or_none()
    right = await passwords.is_right(account.password_hash if account else None, password)
    if account is None or _is_locked(account):
        return None
    if not right:
        await _count_failure(desk, account)
        return None
    await _reset_failures(desk, account)
    await acts.record(desk, "sign_in", "accounts", account.id, _case(account))
    return account


async def renew(desk: Desk[SignIn], refresh_token: str) -> TokenPair | Refusal:
    """Return new tokens for a refresh token, which then is used up.

    A token that comes a second time was stolen or lost: its whole family is revoked.
    """
    query = select(*RefreshToken.__table__.c).where(RefreshToken.digest == _digest(refresh_token))
    token = (await desk.db.execute(query.with_for_update())).one_or_none()
    if token is None or token.revoked_at is not None or token.expires_at <= clock.now():
        return RefreshRefused()
    if token.used_at is not None:
        await _revoke(desk, token.family_id)
        await _record(desk, "refresh_reused", token.account_id)
        return RefreshRefused("该刷新令牌已被使用过，为安全起见已全部注销。")
    account = (
        await desk.db.execute(
            select(*Account.__table__.c).where(Account.id == token.account_id, Account.active)
        )
    ).one_or_none()
    if account is None:
        return RefreshRefused()
    await desk.db.execute(
        update(RefreshToken).where(RefreshToken.digest == token.digest).values(used_at=clock.now())
    )
    await acts.record(desk, "renew", "accounts", account.id, _case(account))
    return await _tokens(desk, account, token.family_id)


async def sign_out(desk: Desk[SignIn], refresh_token: str) -> None:
    """Revoke the family of a refresh token; an unknown one is no secret worth telling."""
    token = (
        await desk.db.execute(
            select(RefreshToken.family_id, RefreshToken.account_id).where(
                RefreshToken.digest == _digest(refresh_token)
            )
        )
    ).one_or_none()
    if token is not None:
        await _revoke(desk, token.family_id)
        await _record(desk, "sign_out", token.account_id)


def me(desk: Desk[Member]) -> Me:
    """Return who is signed in."""
    actor = desk.actor
    return Me(
        account_id=actor.account_id,
        name=actor.name,
        role=actor.role,
        enterprise_id=getattr(actor, "enterprise_id", None),
        bureau=getattr(actor, "bureau", None),
        duties=sorted(getattr(actor, "duties", ())),
        business_day=desk.today.isoformat(),
    )


def _is_locked(account: Row[Any]) -> bool:
    return account.locked_until is not None and account.locked_until > clock.now()


async def _count_failure(desk: Desk[SignIn], account: Row[Any]) -> None:
    failures = account.failures + 1
    locked_until: datetime | None = None
    if failures >= _FAILURES_ALLOWED:
        delay = _FIRST_LOCK * 2 ** (failures - _FAILURES_ALLOWED)
        locked_until = clock.now() + min(delay, _LONGEST_LOCK)
    await desk.db.execute(
        update(Account)
        .where(Account.id == account.id)
        .values(failures=failures, locked_until=locked_until)
    )
    await acts.record(
        desk, "sign_in_failed", "accounts", account.id, _case(account), failures=failures
    )


async def _reset_failures(desk: Desk[SignIn], account: Row[Any]) -> None:
    if account.failures:
        await desk.db.execute(
            update(Account).where(Account.id == account.id).values(failures=0, locked_until=None)
        )


async def _revoke(desk: Desk[SignIn], family: UUID) -> None:
    await desk.db.execute(
        update(RefreshToken)
        .where(RefreshToken.family_id == family, RefreshToken.revoked_at.is_(None))
        .values(revoked_at=clock.now())
    )


async def _tokens(desk: Desk[SignIn], account: Row[Any], family: UUID) -> TokenPair:
    refresh = secrets.token_urlsafe(32)
    now, settings = clock.now(), desk.office.settings
    await desk.db.execute(
        insert(RefreshToken).values(
            digest=_digest(refresh),
            family_id=family,
            account_id=account.id,
            expires_at=now + timedelta(hours=settings.refresh_token_hours),
        )
    )
    token, lifetime = _access(desk, account)
    scope = " ".join(account.duties)
    return TokenPair(access_token=token, expires_in=lifetime, refresh_token=refresh, scope=scope)


def _access(desk: Desk[SignIn], account: Row[Any]) -> tuple[str, int]:
    """Return an access token of the account, and the seconds for which it is valid."""
    claims = {
        "sub": str(account.id),
        "jti": secrets.token_hex(8),
        "name": account.name,
        "role": account.role,
        "scope": " ".join(account.duties),
        "enterprise": account.enterprise_id and str(account.enterprise_id),
        "bureau": account.bureau_code,
        "platform": account.platform_id and str(account.platform_id),
    }
    tokens = desk.office.tokens
    signed = tokens.sign(
        {name: told for name, told in claims.items() if told is not None}, clock.now()
    )
    return signed, int(tokens.lifetime.total_seconds())


async def _record(desk: Desk[SignIn], act: str, account_id: UUID) -> None:
    account = (
        await desk.db.execute(select(*Account.__table__.c).where(Account.id == account_id))
    ).one()
    await acts.record(desk, act, "accounts", account.id, _case(account))


def _case(account: Row[Any]) -> acts.Case:
    return acts.Case(account.id, account.enterprise_id, account.bureau_code)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
