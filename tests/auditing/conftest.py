"""What is sealed in these tests? Events of the sample case, with the keys of the settings."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from app.auditing import sealing
from app.auditing.keys import AuditKey
from app.auditing.watch import connected
from app.settings import Settings


@dataclass
class Desk:
    """Where seals are made: a connection of the service's role, and the key."""

    connection: Any
    key: AuditKey

    async def seal(self) -> int:
        """Seal whatever has no seal, and return how many events that were."""
        done = await sealing.seal(self.connection, self.key)
        assert done is not None
        return done.events


@pytest.fixture
def key(settings: Settings) -> AuditKey:
    """The key that seals."""
    return AuditKey(settings.audit_key.get_secret_value())


@pytest.fixture
async def desk(settings: Settings, key: AuditKey) -> AsyncIterator[Desk]:
    """Somebody who seals."""
    async with connected(settings) as connection:
        yield Desk(connection, key)
