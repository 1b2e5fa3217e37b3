"""Who looks into the database beside the service? Its administrator, to whom nothing is hidden."""

from collections.abc import AsyncIterator

import pytest

from tests.database.callers import Connection, connected


@pytest.fixture
async def owner(owner_url: str) -> AsyncIterator[Connection]:
    """A connection of the administrator to this test's database."""
    async with connected(owner_url) as connection:
        yield connection
