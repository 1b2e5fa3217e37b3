"""What lies on the desk at which a request is dealt with?

The ``Office`` is what all requests of a process share; a ``Desk`` is one request: who is calling,
on which business day, with which open transaction.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.actors import Actor
from app.mailing import Mailer
from app.sealing import Sealer
from app.settings import Settings
from app.storage import EvidenceStore
from app.tokens import TokenDesk


class Crowded(Exception):  # noqa: N818  told as a refusal
    """More requests wait for a connection than may; better told at once than late."""


@dataclass(slots=True)
class Crowd:
    """How many requests are at a desk or wait for one."""

    most: int
    now: int = 0

    def __enter__(self) -> None:
        if self.now >= self.most:
            raise Crowded
        self.now += 1

    def __exit__(self, *_: object) -> None:
        self.now -= 1


Who_co = TypeVar("Who_co", bound=Actor, covariant=True)


@dataclass(frozen=True, slots=True)
class Office:
    """The parts that all requests share; made once from the settings.

    Without a mail server there is no ``mailer``. ``evidence_came`` is set when there may be
    something new to scan.
    """

    settings: Settings
    engine: AsyncEngine
    sealer: Sealer
    store: EvidenceStore
    tokens: TokenDesk
    crowd: Crowd
    mailer: Mailer | None = None
    evidence_came: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(frozen=True, slots=True)
class Desk(Generic[Who_co]):
    """One request: the caller, the business day and the open transaction ``db``.

    ``driver`` is the same transaction past SQLAlchemy, for the statements of ``app.hot``.
    """

    office: Office
    actor: Who_co
    db: AsyncConnection
    driver: Any
    today: date
    request_id: str
    address: str
