"""Whose account does an outside issuer's token open? One is made when it comes for the first time.

The issuer answers for who somebody is; the account gives him an id, by which row security, audit
and signatures know him. Who belongs to two enterprises has two accounts; in one bureau he has one.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, func, insert, select, update

from app import clock
from app.access import open_desk
from app.actors import (
    PROVINCIAL_CENTRE,
    CentreOfficer,
    DistrictOfficer,
    EnterpriseUser,
    Introducer,
    Member,
)
from app.errors import NotSignedIn
from app.issuers import Asserted, Issuers
from app.models import Account, Bureau, Enterprise, OutsideIdentity, new_id
from app.office import Desk, Office
from app.policy.procedure import Duty
from app.services import acts

_REMEMBERED: Final = 10_000
_SECONDS: Final = 60
"""So long an account is not looked up again: a closed one is refused a minute later."""
_NO_PASSWORD: Final = "!"  # noqa: S105  no hash is like that


@dataclass(frozen=True, slots=True)
class _Introduced:
    actor: Member
    told: Asserted
    until: float


class OutsideDoor:
    """Lets in whom trusted issuers vouch for."""

    def __init__(self, issuers: Issuers) -> None:
        self._issuers = issuers
        self._introduced: dict[str, _Introduced] = {}

    def takes(self, token: str) -> bool:
        """Tell whether the token is for this door."""
        return self._issuers.issued(token)

    async def admit(self, office: Office, token: str, request_id: str, address: str) -> Member:
        """Return who comes with the token.

        Raises:
            NotSignedIn: it is not good, or the account was closed here.
        """
        now = clock.now()
        told = await self._issuers.check(token, now)
        known = self._introduced.get(token)
        # What is said of one token depends on the keys by which it was checked, hence ``is``.
        if known is None or known.told is not told or known.until <= now.timestamp():
            is_new = known is None or known.told is not told
            async with open_desk(office, Introducer(), request_id, address) as desk:
                actor = await introduce(desk, told, is_new=is_new)
            known = self._remember(token, actor, told, now)
        return known.actor

    def _remember(self, token: str, actor: Member, told: Asserted, now: datetime) -> _Introduced:
        if len(self._introduced) >= _REMEMBERED:
            self._introduced.clear()
        introduced = _Introduced(actor, told, now.timestamp() + _SECONDS)
        self._introduced[token] = introduced
        return introduced


async def introduce(desk: Desk[Introducer], told: Asserted, *, is_new: bool) -> Member:
    """Return the caller as the database knows him; what the issuer changed is changed here.

    Raises:
        NotSignedIn: the account was closed, or there is no such bureau.
    """
    turn = func.pg_advisory_xact_lock(func.hashtextextended(told.belongs, 0))
    await desk.db.execute(select(turn))
    account = (await desk.db.execute(_known(told))).one_or_none()
    if account is None:
        account = await _made(desk, told)
    elif not account.active:
        raise NotSignedIn("此账户已停用。")
    else:
        account = await _brought_up_to_date(desk, account, told)
    if is_new:
        case = acts.Case(account.id, account.enterprise_id, account.bureau_code)
        await acts.record(desk, "sign_in", "accounts", account.id, case, issuer=told.issuer)
    return _actor(account)


def _known(told: Asserted) -> Any:  # noqa: ANN401  a Select of the account's columns
    of_subject = OutsideIdentity.account_id == Account.id
    return (
        select(*Account.__table__.c)
        .join(OutsideIdentity, of_subject)
        .where(
            OutsideIdentity.issuer == told.issuer,
            OutsideIdentity.subject == told.subject,
            OutsideIdentity.belongs == told.belongs,
        )
    )


async def _made(desk: Desk[Introducer], told: Asserted) -> Row[Any]:
    account_id = new_id()
    bureau = PROVINCIAL_CENTRE if told.role == CentreOfficer.role else told.bureau
    if bureau and not await desk.db.scalar(select(Bureau.code).where(Bureau.code == bureau)):
        raise NotSignedIn("没有访问令牌所称的经办部门。")
    enterprise = None
    if told.uscc is not None:
        enterprise = await _verified(desk, told) or await _of_colleagues(desk, told) or new_id()
    await desk.db.execute(
        insert(Account).values(
            id=account_id,
            username=f"outside:{account_id}",
            name=told.name,
            password_hash=_NO_PASSWORD,
            role=told.role,
            enterprise_id=enterprise,
            bureau_code=bureau,
            duties=sorted(told.duties),
        )
    )
    await desk.db.execute(
        insert(OutsideIdentity).values(
            issuer=told.issuer,
            subject=told.subject,
            belongs=told.belongs,
            account_id=account_id,
            uscc=told.uscc,
        )
    )
    case = acts.Case(account_id, enterprise, bureau)
    await acts.record(
        desk, "create", "accounts", account_id, case,
        issuer=told.issuer, role=told.role, duties=sorted(told.duties),
    )  # fmt: skip
    return (await desk.db.execute(_known(told))).one()


async def _brought_up_to_date(
    desk: Desk[Introducer], account: Row[Any], told: Asserted
) -> Row[Any]:
    """Write down what the issuer says otherwise than before; each change is an audit event."""
    now: dict[str, Any] = {"name": told.name, "duties": sorted(told.duties)}
    if told.uscc is not None:
        # Somebody else's registration may have been verified since; then this one owns nothing.
        now["enterprise_id"] = await _verified(desk, told) or account.enterprise_id
    before = {**account._mapping, "duties": sorted(account.duties)}
    changed = {name: value for name, value in now.items() if before[name] != value}
    if not changed:
        return account
    await desk.db.execute(update(Account).where(Account.id == account.id).values(**changed))
    case = acts.Case(account.id, account.enterprise_id, account.bureau_code)
    await acts.record(
        desk, "change", "accounts", account.id, case, issuer=told.issuer,
        **{name: [str(before[name]), str(value)] for name, value in changed.items()},
    )  # fmt: skip
    return (await desk.db.execute(_known(told))).one()


async def _verified(desk: Desk[Introducer], told: Asserted) -> UUID | None:
    """Return the enterprise of that credit code, if its bureau has accepted the registration.

    One that nobody has accepted may have been entered by whoever liked to.
    """
    found: UUID | None = await desk.db.scalar(
        select(Enterprise.id).where(Enterprise.uscc == told.uscc, Enterprise.state == "verified")
    )
    return found


async def _of_colleagues(desk: Desk[Introducer], told: Asserted) -> UUID | None:
    found: UUID | None = await desk.db.scalar(
        select(Account.enterprise_id)
        .join(OutsideIdentity, OutsideIdentity.account_id == Account.id)
        .where(OutsideIdentity.belongs == told.belongs)
        .order_by(OutsideIdentity.created_at)
        .limit(1)
    )
    return found


def _actor(account: Row[Any]) -> Member:
    duties = frozenset(Duty(word) for word in account.duties)
    if account.role == EnterpriseUser.role:
        return EnterpriseUser(account.id, account.name, account.enterprise_id)
    if account.role == CentreOfficer.role:
        return CentreOfficer(account.id, account.name, duties)
    return DistrictOfficer(account.id, account.name, account.bureau_code, duties)
