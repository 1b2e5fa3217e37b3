"""How many wrong passwords were given, and how long is the account locked after them?"""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, update

from app import clock
from app.actors import AccountHolder, SignIn
from app.models import Account
from app.office import Desk
from app.services import acts

_ALLOWED: Final = 5
_FIRST_LOCK: Final = timedelta(minutes=1)
_LONGEST_LOCK: Final = timedelta(hours=1)

AtDoor = Desk[SignIn] | Desk[AccountHolder]


def is_locked(account: Row[Any]) -> bool:
    """Tell whether no password is looked at now."""
    return account.locked_until is not None and account.locked_until > clock.now()


async def count(desk: AtDoor, account: Row[Any]) -> None:
    """Count a wrong password or code; from the fifth on each doubles the lock."""
    failures = account.failures + 1
    locked_until: datetime | None = None
    if failures >= _ALLOWED:
        # Beyond the longest lock the exponent would only grow without end.
        delay = _FIRST_LOCK * 2 ** min(failures - _ALLOWED, 10)
        locked_until = clock.now() + min(delay, _LONGEST_LOCK)
    await desk.db.execute(
        update(Account)
        .where(Account.id == account.id)
        .values(failures=failures, locked_until=locked_until)
    )
    await acts.record(
        desk, "sign_in_failed", "accounts", account.id, acts.of_account(account), failures=failures
    )


async def forget(desk: AtDoor, account: Row[Any]) -> None:
    """Begin to count anew after a right password."""
    if account.failures:
        await desk.db.execute(
            update(Account).where(Account.id == account.id).values(failures=0, locked_until=None)
        )
