"""Which databases do the migrations meet? Empty ones of their own, and the one they made."""

import asyncio
from collections.abc import Callable, Iterator
from itertools import count

import pytest
from sqlalchemy.engine import make_url

from app.database import for_asyncpg, prepare_roles, service_password
from tests.migrations import catalogue

_NUMBERS = count(1)


@pytest.fixture
def empty_database(admin_url: str, template: str) -> Iterator[Callable[[], str]]:
    """Make empty databases that the owner may fill; they vanish with the test."""
    made = []

    def make() -> str:
        name = f"{template}_empty_{next(_NUMBERS)}"
        asyncio.run(catalogue.execute(admin_url, f"CREATE DATABASE {name}"))
        made.append(name)
        url = make_url(for_asyncpg(admin_url)).set(database=name)
        told = url.render_as_string(hide_password=False)
        asyncio.run(prepare_roles(told, service_password(admin_url)))
        return told

    yield make
    for name in made:
        asyncio.run(catalogue.execute(admin_url, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def migrated(admin_url: str, template: str) -> str:
    """The URL of the database that the migrations made; only to be looked at."""
    url = make_url(for_asyncpg(admin_url)).set(database=template)
    return url.render_as_string(hide_password=False)
