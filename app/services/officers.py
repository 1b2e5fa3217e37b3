"""Who is an officer of the bureau, with which duties? Its administrator says so, never of himself.

The database holds it as well (the policies of ``accounts``): only an active administrator changes
an account, only of his own bureau, and never his own.
"""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, func, insert, or_, select, update

from app.actors import Officer
from app.errors import DutyMissing, NotFound, OwnRights
from app.models import Account, new_id
from app.office import Desk
from app.policy.procedure import Duty
from app.schemas.accounts import DutiesChange, OfficerCreate, OfficerRead, OneTimePassword, UserRead
from app.schemas.claims import HistoryEntry
from app.schemas.words import Page
from app.services import acts, one_time, pages
from app.services.passwords import PasswordDesk

_SHOWN: Final[tuple[Any, ...]] = (
    Account.id, Account.username, Account.name, Account.duties, Account.active, Account.clerk,
    Account.must_change_password, Account.created_at, Account.enterprise_id, Account.bureau_code,
)  # fmt: skip


async def listed(desk: Desk[Officer], place: pages.Place) -> Page[OfficerRead]:
    """Return a page of the bureau's accounts, newest first.

    Raises:
        DutyMissing: the officer neither administers nor audits.
    """
    await demand(desk, Duty.ADMINISTER, Duty.AUDIT)
    query = select(*_SHOWN).where(Account.bureau_code == desk.actor.bureau)
    rows = await pages.rows(desk, query, Account.id, place)
    return pages.page([OfficerRead.model_validate(row) for row in rows], place)


async def of_enterprise(desk: Desk[Officer], enterprise_id: UUID) -> list[UserRead]:
    """Return the users of an enterprise that the bureau handles.

    Raises:
        DutyMissing: the officer neither administers nor audits.
    """
    await demand(desk, Duty.ADMINISTER, Duty.AUDIT)
    query = select(*_SHOWN).where(Account.enterprise_id == enterprise_id).order_by(Account.id)
    rows = await desk.db.execute(query)
    return [
        UserRead(**{**row._mapping, "rank": "clerk" if row.clerk else "manager"}) for row in rows
    ]


async def create(
    desk: Desk[Officer], passwords: PasswordDesk, new: OfficerCreate
) -> OneTimePassword:
    """Make an account of the bureau, with a password for the first sign-in.

    Raises:
        DutyMissing, UsernameTaken, DutiesApart: as named.
    """
    await demand(desk, Duty.ADMINISTER)
    account_id, password = new_id(), one_time.password()
    duties = _named(new.duties)
    await desk.db.execute(
        insert(Account).values(
            id=account_id,
            username=new.username,
            name=new.name,
            password_hash=await passwords.hashed(password),
            role=desk.actor.role,
            bureau_code=desk.actor.bureau,
            duties=duties,
            must_change_password=True,
        )
    )
    row = await _found(desk, account_id)
    await _recorded(desk, "create", row, duties=duties)
    return _with(row, password)


async def change_duties(desk: Desk[Officer], account_id: UUID, change: DutiesChange) -> OfficerRead:
    """Charge another officer of the bureau with these duties and no others.

    Raises:
        DutyMissing, NotFound, OwnRights, DutiesApart: as named.
    """
    before = await _another(desk, account_id)
    duties = _named(change.duties)
    row = await _change(desk, before, duties=duties)
    await _recorded(desk, "change_duties", row, before=list(before.duties), after=duties)
    return OfficerRead.model_validate(row)


async def set_active(desk: Desk[Officer], account_id: UUID, *, active: bool) -> OfficerRead:
    """Let another officer of the bureau sign in no more, or again.

    Raises:
        DutyMissing, NotFound, OwnRights: as named.
    """
    row = await _change(desk, await _another(desk, account_id), active=active)
    await _recorded(desk, "reactivate" if active else "deactivate", row)
    return OfficerRead.model_validate(row)


async def reset(desk: Desk[Officer], passwords: PasswordDesk, account_id: UUID) -> OneTimePassword:
    """Give another officer a new password for one sign-in; his second factor ends with the old.

    Raises:
        DutyMissing, NotFound, OwnRights: as named.
    """
    before = await _another(desk, account_id)
    password = one_time.password()
    row = await _change(
        desk,
        before,
        password_hash=await passwords.hashed(password),
        must_change_password=True,
        failures=0,
        locked_until=None,
    )
    await _recorded(desk, "reset", row)
    return _with(row, password)


async def history(desk: Desk[Officer], account_id: UUID) -> list[HistoryEntry]:
    """Return the acts on an account of the bureau, oldest first.

    Raises:
        DutyMissing, NotFound: as named.
    """
    await demand(desk, Duty.ADMINISTER, Duty.AUDIT)
    await _found(desk, account_id)
    return await acts.history(desk, account_id)


async def demand(desk: Desk[Officer], *duties: Duty) -> None:
    """Let pass who has one of the duties now; the token tells what he had when he signed in.

    Raises:
        DutyMissing: he has none of them, or none any more.
    """
    charged = [func.charged_with(str(duty)) for duty in duties]
    if not desk.actor.duties & set(duties) or not await desk.db.scalar(select(or_(*charged))):
        raise DutyMissing


async def _another(desk: Desk[Officer], account_id: UUID) -> Row[Any]:
    await demand(desk, Duty.ADMINISTER)
    if account_id == desk.actor.account_id:
        raise OwnRights
    return await _found(desk, account_id, lock=True)


async def _found(desk: Desk[Officer], account_id: UUID, *, lock: bool = False) -> Row[Any]:
    query = select(*_SHOWN).where(
        Account.id == account_id, Account.bureau_code == desk.actor.bureau
    )
    row = (await desk.db.execute(query.with_for_update() if lock else query)).one_or_none()
    if row is None:
        raise NotFound
    return row


async def _change(desk: Desk[Officer], before: Row[Any], **values: object) -> Row[Any]:
    await desk.db.execute(update(Account).where(Account.id == before.id).values(**values))
    return await _found(desk, before.id)


def _named(duties: list[Duty]) -> list[str]:
    return sorted({str(duty) for duty in duties})


def _with(row: Row[Any], password: str) -> OneTimePassword:
    shown = OfficerRead.model_validate(row).model_dump()
    return OneTimePassword(**shown, one_time_password=password)


async def _recorded(desk: Desk[Officer], act: str, row: Row[Any], **details: object) -> None:
    await acts.record(
        desk, act, "accounts", row.id, acts.of_account(row), username=row.username, **details
    )
