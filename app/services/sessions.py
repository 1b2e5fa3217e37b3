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
from app.errors import RefreshRefused, Refusal, SignInFailed, TotpRequired
from app.models import Account, RefreshToken, new_id
from app.office import Desk
from app.schemas.sessions import AccessToken, Me, TokenPair
from app.services import acts, failures, second_factors
from app.services.passwords import PasswordDesk

CHANGE_PASSWORD: Final = "change_password"  # noqa: S105  the name of a scope
"""The scope of a token with which nothing can be done but setting a password of one's own."""


async def sign_in(
    desk: Desk[SignIn], passwords: PasswordDesk, username: str, password: str, code: str
) -> TokenPair | AccessToken | Refusal:
    """Return tokens for a person's right password, else the refusal to be raised after the commit.

    Only who has the right password learns that a code is asked for. A platform's account is no
    person's: here it is as unknown as any other name.
    """
    people = Account.role != PlatformSystem.role
    account = await _known(desk, passwords, username, password, people)
    if account is None:
        return SignInFailed()
    second = await second_factors.check(desk, account.id, code)
    if second.asked and not code:
        return TotpRequired()
    if not second.right:
        await failures.count(desk, account)
        return SignInFailed()
    await _admit(desk, account)
    if passwords.is_dated(account.password_hash):
        new = await passwords.hashed(password)
        await desk.db.execute(
            update(Account).where(Account.id == account.id).values(password_hash=new)
        )
    if account.must_change_password:
        token, lifetime = _access(desk, account)
        return AccessToken(access_token=token, expires_in=lifetime, scope=CHANGE_PASSWORD)
    return await _tokens(desk, account, new_id(), clock.now())


async def admit_platform(
    desk: Desk[SignIn], passwords: PasswordDesk, client_id: str, secret: str
) -> AccessToken | Refusal:
    """Return a token for a platform's own program; it signs in anew when that has expired."""
    platforms = Account.role == PlatformSystem.role
    account = await _known(desk, passwords, client_id, secret, platforms)
    if account is None:
        return SignInFailed()
    await _admit(desk, account)
    token, lifetime = _access(desk, account)
    return AccessToken(access_token=token, expires_in=lifetime, scope="")


async def _known(
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
    if account is None or failures.is_locked(account):
        return None
    if not right:
        await failures.count(desk, account)
        return None
    return account


async def _admit(desk: Desk[SignIn], account: Row[Any]) -> None:
    await failures.forget(desk, account)
    await acts.record(desk, "sign_in", "accounts", account.id, acts.of_account(account))


async def renew(desk: Desk[SignIn], refresh_token: str) -> TokenPair | Refusal:
    """Return new tokens for a refresh token, which then is used up.

    A token that comes a second time was stolen or lost: its whole family is revoked.
    """
    account = await _holder(desk, refresh_token)
    query = select(*RefreshToken.__table__.c).where(RefreshToken.digest == _digest(refresh_token))
    token = (await desk.db.execute(query.with_for_update())).one_or_none()
    if token is None or token.revoked_at is not None or token.expires_at <= clock.now():
        return RefreshRefused()
    if token.used_at is not None:
        await _revoke(desk, token.family_id)
        if account is not None:
            await acts.record(
                desk, "refresh_reused", "accounts", account.id, acts.of_account(account)
            )
        return RefreshRefused("该刷新令牌已被使用过，为安全起见已全部注销。")
    if account is None or not account.active or account.must_change_password:
        return RefreshRefused()
    await desk.db.execute(
        update(RefreshToken).where(RefreshToken.digest == token.digest).values(used_at=clock.now())
    )
    await acts.record(desk, "renew", "accounts", account.id, acts.of_account(account))
    return await _tokens(desk, account, token.family_id, token.began_at)


async def sign_out(desk: Desk[SignIn], refresh_token: str) -> None:
    """Revoke the family of a refresh token; an unknown one is no secret worth telling."""
    account = await _holder(desk, refresh_token)
    family = await desk.db.scalar(
        select(RefreshToken.family_id).where(RefreshToken.digest == _digest(refresh_token))
    )
    if account is not None and family is not None:
        await _revoke(desk, family)
        await acts.record(desk, "sign_out", "accounts", account.id, acts.of_account(account))


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


async def _holder(desk: Desk[SignIn], refresh_token: str) -> Row[Any] | None:
    """Return whose refresh token it is, and let nobody else end or renew his sessions meanwhile.

    Else a token that is being issued would outlive the end of all the others.
    """
    whose = select(RefreshToken.account_id).where(RefreshToken.digest == _digest(refresh_token))
    query = select(*Account.__table__.c).where(Account.id == whose.scalar_subquery())
    return (await desk.db.execute(query.with_for_update())).one_or_none()


async def _revoke(desk: Desk[SignIn], family: UUID) -> None:
    await desk.db.execute(
        update(RefreshToken)
        .where(RefreshToken.family_id == family, RefreshToken.revoked_at.is_(None))
        .values(revoked_at=clock.now())
    )


async def _tokens(
    desk: Desk[SignIn], account: Row[Any], family: UUID, began_at: datetime
) -> TokenPair:
    """Return the next tokens of a sign-in that ends when it lies idle, or is too long ago."""
    refresh = secrets.token_urlsafe(32)
    settings = desk.office.settings
    idle = clock.now() + timedelta(minutes=settings.session_idle_minutes)
    await desk.db.execute(
        insert(RefreshToken).values(
            digest=_digest(refresh),
            family_id=family,
            account_id=account.id,
            began_at=began_at,
            address=desk.address,
            expires_at=min(idle, began_at + timedelta(hours=settings.session_hours)),
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
        "scope": CHANGE_PASSWORD if account.must_change_password else " ".join(account.duties),
        "enterprise": account.enterprise_id and str(account.enterprise_id),
        "bureau": account.bureau_code,
        "platform": account.platform_id and str(account.platform_id),
    }
    tokens = desk.office.tokens
    signed = tokens.sign(
        {name: told for name, told in claims.items() if told is not None}, clock.now()
    )
    return signed, int(tokens.lifetime.total_seconds())


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
