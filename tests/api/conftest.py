"""How does the application log in these tests? As in service: one line, without variables."""

import pytest

from app import logs


@pytest.fixture(scope="session", autouse=True)
def _logs_as_in_service() -> None:
    """Else every 500 is drawn with all its variables, which takes seconds."""
    logs.configure()
