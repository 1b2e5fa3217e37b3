"""Is this the code of the account's authenticator? Time-based codes (RFC 6238), each taken once."""

import hashlib
import secrets
from base64 import b32encode
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from cryptography.hazmat.primitives import constant_time
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from sqlalchemy import Row, delete, insert, select, update

from app import clock
from app.actors import AccountHolder, SignIn
from app.errors import NotFound, TotpRefused, TotpStands
from app.models import SecondFactor
from app.office import Desk
from app.schemas.accounts import RecoveryCodes, TotpSecret
from app.services import acts
from app.services.failures import AtDoor

SEAL: Final = "second_factors.secret"
_SECRET_BYTES: Final = 20
_DIGITS: Final = 6
_STEP: Final = 30
_DRIFT: Final = (0, -1, 1)
"""Steps by which a telephone's clock may be off."""
_RECOVERY_CODES: Final = 10
_ALPHABET: Final = "23456789abcdefghjkmnpqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the account asks for beside the password, and whether the code given is right."""

    asked: bool
    right: bool


async def check(desk: Desk[SignIn], account_id: UUID, code: str) -> Answer:
    """Tell whether the account asks for a code and this one, or a recovery code, is right."""
    factor = await _factor(desk, account_id)
    if factor is None or factor.confirmed_at is None:
        return Answer(asked=False, right=True)
    right = await _takes_code(desk, factor, code) or await _takes_recovery(desk, factor, code)
    return Answer(asked=True, right=right)


async def enrol(desk: Desk[AccountHolder], username: str) -> TotpSecret:
    """Return a new secret for the authenticator; it asks for nothing before it is confirmed.

    Raises:
        TotpStands: one is confirmed already.
    """
    account_id = desk.actor.account_id
    factor = await _factor(desk, account_id)
    if factor is not None and factor.confirmed_at is not None:
        raise TotpStands
    await _remove(desk, account_id)
    key = secrets.token_bytes(_SECRET_BYTES)
    secret = b32encode(key).decode()
    await desk.db.execute(
        insert(SecondFactor).values(
            account_id=account_id, secret_sealed=desk.office.sealer.seal(key.hex(), SEAL)
        )
    )
    await _recorded(desk, "enrol_totp")
    uri = _codes(key).get_provisioning_uri(username, desk.office.settings.issuer)
    return TotpSecret(secret=secret, uri=uri)


async def confirm(desk: Desk[AccountHolder], code: str) -> RecoveryCodes:
    """Ask for codes from now on, and return the recovery codes, once.

    Raises:
        TotpRefused: there is nothing to confirm, or the code is wrong.
        TotpStands: it is confirmed already.
    """
    factor = await _factor(desk, desk.actor.account_id)
    if factor is not None and factor.confirmed_at is not None:
        raise TotpStands
    if factor is None or not await _takes_code(desk, factor, code):
        raise TotpRefused
    codes = [_recovery_code() for _ in range(_RECOVERY_CODES)]
    await desk.db.execute(
        update(SecondFactor)
        .where(SecondFactor.account_id == factor.account_id)
        .values(confirmed_at=clock.now(), recovery_digests=[_digest(each) for each in codes])
    )
    await _recorded(desk, "confirm_totp")
    return RecoveryCodes(recovery_codes=codes)


async def remove(desk: Desk[AccountHolder]) -> None:
    """Ask for no codes any more.

    Raises:
        NotFound: none were asked for.
    """
    if await _factor(desk, desk.actor.account_id) is None:
        raise NotFound
    await _remove(desk, desk.actor.account_id)
    await _recorded(desk, "remove_totp")


async def _remove(desk: AtDoor, account_id: UUID) -> None:
    await desk.db.execute(delete(SecondFactor).where(SecondFactor.account_id == account_id))


async def forget(desk: Desk[SignIn], account_id: UUID) -> None:
    """Take the second factor away from an account that its bureau resets."""
    await _remove(desk, account_id)


async def _factor(desk: AtDoor, account_id: UUID) -> Row[Any] | None:
    query = select(*SecondFactor.__table__.c).where(SecondFactor.account_id == account_id)
    return (await desk.db.execute(query.with_for_update())).one_or_none()


async def _takes_code(desk: AtDoor, factor: Row[Any], code: str) -> bool:
    """Take the code if it is one of this half minute or a neighbour, later than the last taken."""
    codes = _codes(bytes.fromhex(desk.office.sealer.open(factor.secret_sealed, SEAL)))
    now = int(clock.now().timestamp()) // _STEP
    for step in (now + drift for drift in _DRIFT):
        right = constant_time.bytes_eq(codes.generate(step * _STEP), code.encode())
        if right and step > factor.last_step:
            await desk.db.execute(
                update(SecondFactor)
                .where(SecondFactor.account_id == factor.account_id)
                .values(last_step=step)
            )
            return True
    return False


async def _takes_recovery(desk: Desk[SignIn], factor: Row[Any], code: str) -> bool:
    digest = _digest(code)
    left = [each for each in factor.recovery_digests if each != digest]
    if len(left) == len(factor.recovery_digests):
        return False
    await desk.db.execute(
        update(SecondFactor)
        .where(SecondFactor.account_id == factor.account_id)
        .values(recovery_digests=left)
    )
    return True


def _codes(key: bytes) -> TOTP:
    return TOTP(key, _DIGITS, SHA1(), _STEP)  # noqa: S303  what every authenticator computes  # nosec B303


def _recovery_code() -> str:
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(3))


def _digest(code: str) -> bytes:
    """Return the digest of a recovery code; it has 74 random bits, so a plain one is enough."""
    return hashlib.sha256(code.strip().lower().encode()).digest()


async def _recorded(desk: Desk[AccountHolder], act: str) -> None:
    who = desk.actor
    case = acts.Case(who.account_id, who.enterprise_id, who.bureau)
    await acts.record(desk, act, "accounts", who.account_id, case)
