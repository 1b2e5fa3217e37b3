"""How does somebody come to act for an enterprise? By signing it up, or by invitation.

Who signs up may enter and show, and no more: that he acts for the holder of the credit code shows
the licence that the bureau accepts (the registration's verification). User names are given by the
service: an answer that a name is taken would tell that an account exists.
"""

from uuid import UUID

from sqlalchemy import insert, select, update

from app import clock
from app.actors import SignIn
from app.errors import TokenSpent
from app.models import Account, Invitation, SignUp, new_id
from app.office import Desk
from app.schemas.accounts import InvitationAccept, SignedUp, SignUpCreate
from app.services import acts, one_time
from app.services.own_account import EMAIL_SEAL
from app.services.password_rules import refuse_weak
from app.services.passwords import PasswordDesk


async def sign_up(desk: Desk[SignIn], passwords: PasswordDesk, new: SignUpCreate) -> SignedUp:
    """Make the first account of an enterprise; others may say so of the same code until one shows.

    Raises:
        PasswordRefused: it is guessed easily.
    """
    enterprise_id = new_id()
    account = await _account(desk, passwords, new, enterprise_id, clerk=False)
    await desk.db.execute(
        insert(SignUp).values(enterprise_id=enterprise_id, uscc=new.uscc, name=new.enterprise_name)
    )
    case = acts.Case(account[0], enterprise_id, None)
    await acts.record(desk, "sign_up", "accounts", account[0], case, uscc=new.uscc)
    return SignedUp(username=account[1], enterprise_id=enterprise_id)


async def accept(desk: Desk[SignIn], passwords: PasswordDesk, new: InvitationAccept) -> SignedUp:
    """Make an account of the enterprise whose manager invited.

    Raises:
        TokenSpent: the invitation is unknown, used, taken back or expired.
        PasswordRefused: it is guessed easily.
    """
    query = select(*Invitation.__table__.c).where(
        Invitation.token_digest == one_time.digest(new.token),
        Invitation.used_at.is_(None),
        Invitation.revoked_at.is_(None),
        Invitation.expires_at > clock.now(),
    )
    invitation = (await desk.db.execute(query.with_for_update())).one_or_none()
    if invitation is None:
        raise TokenSpent
    enterprise_id = invitation.enterprise_id
    account = await _account(desk, passwords, new, enterprise_id, clerk=invitation.clerk)
    await desk.db.execute(
        update(Invitation)
        .where(Invitation.id == invitation.id)
        .values(used_at=clock.now(), account_id=account[0])
    )
    case = acts.Case(account[0], enterprise_id, None)
    await acts.record(
        desk, "join", "accounts", account[0], case,
        clerk=invitation.clerk, invitation=str(invitation.id),
    )  # fmt: skip
    return SignedUp(username=account[1], enterprise_id=enterprise_id)


async def _account(
    desk: Desk[SignIn],
    passwords: PasswordDesk,
    new: SignUpCreate | InvitationAccept,
    enterprise_id: UUID,
    *,
    clerk: bool,
) -> tuple[UUID, str]:
    """Make the account, and return its id and user name."""
    refuse_weak(new.password, desk.office.settings.password_min_length, new.name)
    account_id, username = new_id(), one_time.username()
    sealer = desk.office.sealer
    await desk.db.execute(
        insert(Account).values(
            id=account_id,
            username=username,
            name=new.name,
            password_hash=await passwords.hashed(new.password),
            role="enterprise",
            enterprise_id=enterprise_id,
            clerk=clerk,
            email_sealed=sealer.seal(new.email, EMAIL_SEAL) if new.email else None,
        )
    )
    return account_id, username
