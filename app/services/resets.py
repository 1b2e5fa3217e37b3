"""How does somebody who forgot his password come in again? By his bureau, or by e-mail."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy import Row, exists, insert, select, update

from app import clock
from app.access import open_desk
from app.actors import Officer, PlatformSystem, SignIn
from app.errors import NotFound, TokenSpent
from app.mailing import Mailer
from app.models import Account, PasswordReset
from app.office import Desk, Office
from app.policy.procedure import Duty
from app.schemas.accounts import ResetIssued, ResetRedeem
from app.services import acts, officers, one_time, second_factors
from app.services.own_account import EMAIL_SEAL
from app.services.password_rules import refuse_weak
from app.services.passwords import PasswordDesk

_PAUSE: Final = timedelta(minutes=5)
"""Between two messages to one account: nobody's mailbox is filled by asking."""
_SUBJECT: Final = "大连市职业培训补贴经办服务：重置密码"
_TEXT: Final = (
    "您好：\n\n有人为您的账户申请了重置密码。一次性重置码：\n\n{token}\n\n"
    "{minutes} 分钟内有效，只能使用一次。如不是您本人申请，请忽略本邮件，密码不会变更。\n"
)
_log = structlog.get_logger()


async def issue(desk: Desk[Officer], account_id: UUID) -> ResetIssued:
    """Make a one-time token that the bureau hands to a user of an enterprise that it handles.

    Raises:
        DutyMissing: the officer does not administer.
        NotFound: no such user, or of an enterprise that another bureau handles.
    """
    await officers.demand(desk, Duty.ADMINISTER)
    shown = select(Account.id, Account.enterprise_id, Account.bureau_code)
    query = shown.where(Account.id == account_id, Account.enterprise_id.is_not(None))
    user = (await desk.db.execute(query)).one_or_none()
    if user is None:
        raise NotFound
    token = one_time.token()
    until = clock.now() + timedelta(minutes=desk.office.settings.reset_minutes)
    await desk.db.execute(
        insert(PasswordReset).values(
            digest=one_time.digest(token), account_id=account_id, channel="bureau",
            issued_by=desk.actor.account_id, expires_at=until,
        )
    )  # fmt: skip
    case = acts.Case(user.id, user.enterprise_id, desk.actor.bureau)
    await acts.record(desk, "issue_reset", "accounts", user.id, case)
    return ResetIssued(token=token, expires_at=until)


async def send(
    office: Office, mailer: Mailer, username: str, request_id: str, address: str
) -> None:
    """Send a token to the account's address, if there are both; nobody is told whether.

    This runs after the answer, so that the time it takes tells nothing either.
    """
    try:
        async with open_desk(office, SignIn(), request_id, address) as desk:
            sent = await _made_out(desk, username)
        if sent is not None:
            await mailer.send(*sent)
    except OSError as error:
        _log.warning("e-mail was not sent", kind=type(error).__name__, request_id=request_id)


async def _made_out(desk: Desk[SignIn], username: str) -> tuple[str, str, str] | None:
    query = select(*Account.__table__.c).where(
        Account.username == username, Account.active, Account.email_sealed.is_not(None),
        Account.role != PlatformSystem.role, ~Account.must_change_password,
    )  # fmt: skip
    account = (await desk.db.execute(query.with_for_update())).one_or_none()
    if account is None or await _sent_lately(desk, account.id):
        return None
    token, minutes = one_time.token(), desk.office.settings.reset_minutes
    await desk.db.execute(
        insert(PasswordReset).values(
            digest=one_time.digest(token), account_id=account.id, channel="mail",
            expires_at=clock.now() + timedelta(minutes=minutes),
        )
    )  # fmt: skip
    await acts.record(desk, "mail_reset", "accounts", account.id, acts.of_account(account))
    to = desk.office.sealer.open(account.email_sealed, EMAIL_SEAL)
    return to, _SUBJECT, _TEXT.format(token=token, minutes=minutes)


async def _sent_lately(desk: Desk[SignIn], account_id: UUID) -> bool:
    lately = exists().where(
        PasswordReset.account_id == account_id,
        PasswordReset.channel == "mail",
        PasswordReset.issued_at > clock.now() - _PAUSE,
    )
    return bool(await desk.db.scalar(select(lately)))


async def redeem(desk: Desk[SignIn], passwords: PasswordDesk, word: ResetRedeem) -> None:
    """Set a new password by a one-time token; the account's other tokens end with it.

    A token of the bureau takes the second factor away, too: the bureau knows who stands before it.

    Raises:
        TokenSpent: it is unknown, used or expired.
        PasswordRefused: the password is guessed easily.
    """
    reset, account = await _redeemed(desk, word.token)
    least = desk.office.settings.password_min_length
    refuse_weak(word.password, least, account.username, account.name)
    await desk.db.execute(
        update(PasswordReset)
        .where(PasswordReset.account_id == account.id, PasswordReset.used_at.is_(None))
        .values(used_at=clock.now())
    )
    await desk.db.execute(
        update(Account)
        .where(Account.id == account.id)
        .values(password_hash=await passwords.hashed(word.password), failures=0, locked_until=None)
    )
    if reset.channel == "bureau":
        await second_factors.forget(desk, account.id)
    case = acts.of_account(account)
    await acts.record(desk, "redeem_reset", "accounts", account.id, case, channel=reset.channel)


async def _redeemed(desk: Desk[SignIn], token: str) -> tuple[Row[Any], Row[Any]]:
    """Return the token's row and its account, both held; accounts are locked before their rows."""
    mine = PasswordReset.digest == one_time.digest(token)
    whose = select(PasswordReset.account_id).where(mine).scalar_subquery()
    query = select(*Account.__table__.c).where(Account.id == whose, Account.active)
    account = (await desk.db.execute(query.with_for_update())).one_or_none()
    valid = (mine, PasswordReset.used_at.is_(None), PasswordReset.expires_at > clock.now())
    reset = (await desk.db.execute(select(*PasswordReset.__table__.c).where(*valid))).one_or_none()
    if account is None or reset is None:
        raise TokenSpent
    return reset, account
