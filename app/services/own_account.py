"""What may anybody do to his own account? Password, e-mail, second factor and sessions.

Each change that a thief of a token would make asks for the password once more; a wrong one counts
as at sign-in, so it is answered and not raised.
"""

from typing import Any, Final

from sqlalchemy import Row, func, select, update

from app import clock
from app.actors import AccountHolder
from app.errors import PasswordRefused, Refusal, SignInFailed
from app.models import Account, RefreshToken
from app.office import Desk
from app.schemas.accounts import EmailChange, PasswordChange, SessionRead, TotpSecret
from app.services import acts, failures, second_factors
from app.services.password_rules import refuse_weak
from app.services.passwords import PasswordDesk

EMAIL_SEAL: Final = "accounts.email"
Mine = Desk[AccountHolder]


async def change_password(
    desk: Mine, passwords: PasswordDesk, change: PasswordChange
) -> Refusal | None:
    """Set a new password; the database ends every session of the account with it.

    Raises:
        PasswordRefused: the new one is guessed easily, or is the old one.
    """
    account = await _proved(desk, passwords, change.password)
    if isinstance(account, Refusal):
        return account
    if change.new_password == change.password:
        raise PasswordRefused("新密码不能与当前密码相同。")
    least = desk.office.settings.password_min_length
    refuse_weak(change.new_password, least, account.username, account.name)
    await _update(
        desk,
        password_hash=await passwords.hashed(change.new_password),
        must_change_password=False,
    )
    await acts.record(desk, "change_password", "accounts", account.id, acts.of_account(account))
    return None


async def change_email(desk: Mine, passwords: PasswordDesk, change: EmailChange) -> Refusal | None:
    """Set the address that a forgotten password is reset by, or take it away."""
    account = await _proved(desk, passwords, change.password)
    if isinstance(account, Refusal):
        return account
    sealed = desk.office.sealer.seal(change.email, EMAIL_SEAL) if change.email else None
    await _update(desk, email_sealed=sealed)
    await acts.record(
        desk, "change_email", "accounts", account.id, acts.of_account(account),
        given=sealed is not None,
    )  # fmt: skip
    return None


async def enrol_totp(desk: Mine, passwords: PasswordDesk, password: str) -> TotpSecret | Refusal:
    """Return a new secret for the authenticator.

    Raises:
        TotpStands: one is confirmed already.
    """
    account = await _proved(desk, passwords, password)
    if isinstance(account, Refusal):
        return account
    return await second_factors.enrol(desk, account.username)


async def remove_totp(desk: Mine, passwords: PasswordDesk, password: str) -> Refusal | None:
    """Ask for no codes any more.

    Raises:
        NotFound: none were asked for.
    """
    account = await _proved(desk, passwords, password)
    if isinstance(account, Refusal):
        return account
    await second_factors.remove(desk)
    return None


async def sessions(desk: Mine) -> list[SessionRead]:
    """Return the sign-ins that can still be renewed, newest first."""
    rows = await desk.db.execute(
        select(
            RefreshToken.family_id.label("id"), RefreshToken.began_at,
            RefreshToken.issued_at.label("renewed_at"), RefreshToken.expires_at,
            RefreshToken.address,
        )
        .where(
            RefreshToken.account_id == desk.actor.account_id,
            RefreshToken.used_at.is_(None),
            RefreshToken.revoked_at.is_(None),
            RefreshToken.expires_at > clock.now(),
        )
        .order_by(RefreshToken.issued_at.desc())
    )  # fmt: skip
    return [SessionRead.model_validate(row) for row in rows]


async def sign_out_everywhere(desk: Mine) -> None:
    """End every sign-in of the account; access tokens run out by themselves."""
    account = await _own(desk)
    await desk.db.execute(
        update(RefreshToken)
        .where(RefreshToken.account_id == account.id, RefreshToken.revoked_at.is_(None))
        .values(revoked_at=clock.now())
    )
    await acts.record(desk, "sign_out_everywhere", "accounts", account.id, acts.of_account(account))


async def _proved(desk: Mine, passwords: PasswordDesk, password: str) -> Row[Any] | Refusal:
    """Return the own account if the password is right; else the refusal, the failure counted."""
    name = await desk.db.scalar(select(Account.username))
    turn = func.pg_advisory_xact_lock(func.hashtextextended(name, 0))
    await desk.db.execute(select(turn))
    account = await _own(desk)
    right = await passwords.is_right(account.password_hash, password)
    if not account.active or failures.is_locked(account):
        return SignInFailed()
    if not right:
        await failures.count(desk, account)
        return SignInFailed()
    await failures.forget(desk, account)
    return account


async def _own(desk: Mine) -> Row[Any]:
    """Return the own account, the only one that its holder's role sees, and hold it."""
    query = select(*Account.__table__.c).where(Account.id == desk.actor.account_id)
    return (await desk.db.execute(query.with_for_update())).one()


async def _update(desk: Mine, **values: object) -> None:
    await desk.db.execute(
        update(Account).where(Account.id == desk.actor.account_id).values(**values)
    )
