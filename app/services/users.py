"""Who acts for an enterprise? Its managers invite, remove and change; a clerk may not."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, func, insert, select, update

from app import clock
from app.actors import EnterpriseUser
from app.errors import ManagerOnly, NotFound, OwnRights
from app.models import Account, Invitation, new_id
from app.office import Desk
from app.schemas.accounts import (
    InvitationCreate,
    InvitationIssued,
    InvitationRead,
    Rank,
    UserRead,
)
from app.services import acts, one_time

_SHOWN: Final[tuple[Any, ...]] = (
    Account.id, Account.username, Account.name, Account.clerk, Account.active,
    Account.created_at, Account.enterprise_id, Account.bureau_code,
)  # fmt: skip
Mine = Desk[EnterpriseUser]


async def listed(desk: Mine, enterprise_id: UUID) -> list[UserRead]:
    """Return the users of the caller's enterprise, also those removed.

    Raises:
        NotFound: it is another's.
    """
    _refuse_foreign(desk, enterprise_id)
    query = select(*_SHOWN).where(Account.enterprise_id == enterprise_id).order_by(Account.id)
    return [_user(row) for row in await desk.db.execute(query)]


async def invite(desk: Mine, enterprise_id: UUID, new: InvitationCreate) -> InvitationIssued:
    """Make a one-time invitation.

    Raises:
        NotFound, ManagerOnly: as named.
    """
    _refuse_foreign(desk, enterprise_id)
    await _refuse_clerk(desk)
    invitation_id, token = new_id(), one_time.token()
    until = clock.now() + timedelta(hours=desk.office.settings.invitation_hours)
    await desk.db.execute(
        insert(Invitation).values(
            id=invitation_id,
            enterprise_id=enterprise_id,
            clerk=new.rank == "clerk",
            token_digest=one_time.digest(token),
            invited_by=desk.actor.account_id,
            expires_at=until,
        )
    )
    case = acts.Case(enterprise_id, enterprise_id, None)
    await acts.record(desk, "invite", "invitations", invitation_id, case, rank=new.rank)
    return InvitationIssued(id=invitation_id, rank=new.rank, token=token, expires_at=until)


async def invitations(desk: Mine, enterprise_id: UUID) -> list[InvitationRead]:
    """Return the invitations, newest first.

    Raises:
        NotFound, ManagerOnly: as named.
    """
    _refuse_foreign(desk, enterprise_id)
    await _refuse_clerk(desk)
    query = select(*Invitation.__table__.c).where(Invitation.enterprise_id == enterprise_id)
    rows = await desk.db.execute(query.order_by(Invitation.id.desc()))
    return [InvitationRead(**{**row._mapping, "rank": _rank(row)}) for row in rows]


async def take_back(desk: Mine, enterprise_id: UUID, invitation_id: UUID) -> None:
    """Let an invitation be taken no more.

    Raises:
        NotFound: there is none that waits.
        ManagerOnly: as named.
    """
    _refuse_foreign(desk, enterprise_id)
    await _refuse_clerk(desk)
    taken = await desk.db.execute(
        update(Invitation)
        .where(
            Invitation.id == invitation_id,
            Invitation.enterprise_id == enterprise_id,
            Invitation.used_at.is_(None),
            Invitation.revoked_at.is_(None),
        )
        .values(revoked_at=clock.now())
    )
    if not taken.rowcount:
        raise NotFound
    case = acts.Case(enterprise_id, enterprise_id, None)
    await acts.record(desk, "take_back", "invitations", invitation_id, case)


async def change_rank(desk: Mine, enterprise_id: UUID, user_id: UUID, rank: Rank) -> UserRead:
    """Make another user a manager or a clerk.

    Raises:
        NotFound, ManagerOnly, OwnRights: as named.
    """
    return await _change(desk, enterprise_id, user_id, "change_rank", clerk=rank == "clerk")


async def remove(desk: Mine, enterprise_id: UUID, user_id: UUID) -> UserRead:
    """Let another user act for the enterprise no more.

    Raises:
        NotFound, ManagerOnly, OwnRights: as named.
    """
    return await _change(desk, enterprise_id, user_id, "remove", active=False)


async def _change(
    desk: Mine, enterprise_id: UUID, user_id: UUID, act: str, **values: bool
) -> UserRead:
    _refuse_foreign(desk, enterprise_id)
    # Two managers who remove each other would leave none: the second finds that he is none.
    turn = func.pg_advisory_xact_lock(func.hashtextextended(f"users {enterprise_id}", 0))
    await desk.db.execute(select(turn))
    await _refuse_clerk(desk)
    if user_id == desk.actor.account_id:
        raise OwnRights
    query = select(*_SHOWN).where(Account.id == user_id, Account.enterprise_id == enterprise_id)
    before = (await desk.db.execute(query)).one_or_none()
    if before is None:
        raise NotFound
    await desk.db.execute(update(Account).where(Account.id == user_id).values(**values))
    await acts.record(desk, act, "accounts", user_id, acts.of_account(before), **values)
    return _user((await desk.db.execute(query)).one())


def _refuse_foreign(desk: Mine, enterprise_id: UUID) -> None:
    if enterprise_id != desk.actor.enterprise_id:
        raise NotFound


async def _refuse_clerk(desk: Mine) -> None:
    """Ask the database, not the token: who was a manager when he signed in may be none now."""
    if not await desk.db.scalar(select(func.manages())):
        raise ManagerOnly


def _user(row: Row[Any]) -> UserRead:
    return UserRead(**{**row._mapping, "rank": _rank(row)})


def _rank(row: Row[Any]) -> Rank:
    return "clerk" if row.clerk else "manager"
