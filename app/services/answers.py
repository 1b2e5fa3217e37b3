"""Was this request answered before? Answers are kept under the Idempotency-Key that came with them.

Neither the key nor the answer is stored in clear: a row is found by a keyed digest of whose key it
is, and opens only with the key itself, which is stored nowhere. So an answer may hold a token that
is told once.
"""

import hashlib
import json
import os
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.actors import Actor, Desks, Sweeper
from app.errors import KeyReused
from app.hot import Hot
from app.models import StoredAnswer
from app.office import Desk

_NONCE_BYTES: Final = 12
_UNGUESSABLE: Final = 16
"""So long a key stands for its sender; without an account a shorter one may be another's, too."""

_TAKE: Final = Hot(
    insert(StoredAnswer)
    .inline()
    .values({name: bindparam(name) for name in ("name", "account_id", "fingerprint", "body")})
    .on_conflict_do_nothing()
    .returning(StoredAnswer.name)
)
_READ: Final = Hot(
    select(StoredAnswer.fingerprint, StoredAnswer.body).where(
        StoredAnswer.name == bindparam("name")
    )
)
_KEEP: Final = Hot(
    update(StoredAnswer)
    .inline()
    .where(StoredAnswer.name == bindparam("which"))
    .values(body=bindparam("body"))
)
_NAMED: Final = "SELECT set_config('app.answer', $1, true)"


class Answer(NamedTuple):
    """What was answered: status, headers and body."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


@dataclass(frozen=True, slots=True)
class Place:
    """Where the answer to one key of one sender is kept, and what it opens with."""

    name: bytes
    account_id: UUID | None
    secret: bytes
    fingerprint: bytes


def place(desk: Desk[Actor], key: str, request: bytes) -> Place:
    """Return the place for *key* as the sender at *desk* uses it, for this *request*.

    Without an account nobody is known: a key that cannot be guessed stands for who made it, and a
    shorter one counts together with the address.
    """
    sealer = desk.office.sealer
    if isinstance(desk.actor, Desks):
        account = None
        whose = desk.actor.role + (desk.address if len(key) < _UNGUESSABLE else "")
    else:
        account = desk.actor.account_id
        whose = str(account)
    asked = f"{whose}\x00{key}"
    return Place(
        name=sealer.digest(asked, "answer name"),
        account_id=account,
        secret=sealer.digest(asked, "answer secret"),
        # Keyed as well: a password or a number must not be guessed from what was sent.
        fingerprint=sealer.digest(hashlib.sha256(request).hexdigest(), "answer request"),
    )


async def take(desk: Desk[Actor], where: Place) -> Answer | None:
    """Take the key for this request; a twin that comes at the same time waits here for this one.

    Returns the answer if the same request was answered before.

    Raises:
        KeyReused: the key was taken by another request.
    """
    await _say_which(desk, where)
    if await _TAKE.row(desk.driver, **_row(where)) is not None:
        return None
    stored = await _READ.row(desk.driver, name=where.name)
    if stored is None or stored.fingerprint != where.fingerprint:
        raise KeyReused
    return _opened(where, stored.body)


async def is_taken(desk: Desk[Actor], where: Place) -> bool:
    """Tell whether the key was taken by some request that is done."""
    await _say_which(desk, where)
    return await _READ.row(desk.driver, name=where.name) is not None


async def keep(desk: Desk[Actor], where: Place, answer: Answer) -> None:
    """Keep the answer, in the transaction of the act."""
    head = json.dumps([answer.status, answer.headers]).encode()
    nonce = os.urandom(_NONCE_BYTES)
    cipher = AESGCM(where.secret)
    sealed = nonce + cipher.encrypt(nonce, head + b"\n" + answer.body, where.fingerprint)
    await _KEEP.rows(desk.driver, which=where.name, body=sealed)


async def sweep(desk: Desk[Sweeper]) -> int:
    """Remove the answers that need be kept no longer, and return how many."""
    kept = timedelta(hours=desk.office.settings.idempotency_hours)
    late = delete(StoredAnswer).where(StoredAnswer.created_at < func.now() - kept)
    return (await desk.db.execute(late)).rowcount


def _row(where: Place) -> dict[str, Any]:
    return {
        "name": where.name,
        "account_id": where.account_id,
        "fingerprint": where.fingerprint,
        "body": b"",
    }


def _opened(where: Place, sealed: bytes) -> Answer:
    nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    opened = AESGCM(where.secret).decrypt(nonce, rest, where.fingerprint)
    head, _, body = opened.partition(b"\n")
    status, headers = json.loads(head)
    return Answer(status, [(name, value) for name, value in headers], body)


async def _say_which(desk: Desk[Actor], where: Place) -> None:
    """Without an account row security lets nobody see an answer but the one that he names."""
    if where.account_id is None:
        await desk.driver.fetchval(_NAMED, where.name.hex())
