"""Which database does a test get? A fresh one of its own, copied from a migrated template.

The server is the embedded one, or the one that DATABASE_URL names (its user must be allowed to make
roles and databases). Requests commit for real; nothing is mocked.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app import clock
from app.auditing.keys import new_audit_key
from app.database import SERVICE, prepare_roles, service_password, with_role
from app.embedded import running
from app.installation import create_account, load_reference, load_sample_rates, migrate
from app.main import create_app
from app.sandbox.accounts import ACCOUNTS
from app.sealing import new_key
from app.settings import Settings
from app.tokens import new_signing_key
from tests.clamav import Clamd, clamd_in_a_folder
from tests.databases import Connection, Follower, Made, connected, database, execute, make_copy
from tests.shelf import Ground, Shelf
from tests.world import PLATFORMS, World

EXAMPLES = Path(__file__).parent.parent / "examples"
_NUMBERS = count(1)
_FAST = {
    "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off",
    "max_wal_size": "256MB",
}  # fmt: skip
_KEYS = {
    "signing_key": new_signing_key(), "sealing_key": new_key(), "digest_key": new_key(),
    "audit_key": new_audit_key(),
}  # fmt: skip


@contextmanager
def _server(folder: Path) -> Iterator[str]:
    given = os.environ.get("DATABASE_URL")
    if given:
        yield given
        return
    with running(folder, settings=_FAST) as server:
        yield server.url("postgres")


@pytest.fixture(scope="session")
def admin_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of the server's administrator; workers have a server each."""
    with _server(tmp_path_factory.mktemp("pg") / "postgres") as url:
        yield url


@pytest.fixture(scope="session")
def template(admin_url: str, worker_id: str) -> Iterator[str]:
    """The name of a database with roles, tables, reference data and the sandbox's accounts.

    Its business day is 2 March 2020.
    """
    name = f"subsidy_template_{os.getpid()}_{worker_id}"
    url = database(admin_url, name)
    asyncio.run(execute(admin_url, f"CREATE DATABASE {name}"))
    asyncio.run(prepare_roles(url, service_password(admin_url)))
    migrate(url)
    asyncio.run(_furnish(url))
    yield name
    asyncio.run(execute(admin_url, f"DROP DATABASE {name} WITH (FORCE)"))


async def _furnish(url: str) -> None:
    await load_reference(url)
    await load_sample_rates(url)
    for ready in ACCOUNTS:
        await create_account(
            url,
            username=ready.username,
            name=ready.name,
            password=ready.password,
            bureau=ready.bureau,
            duties=ready.duties,
            colleague_of=ready.colleague_of,
        )
    await create_account(url, username="stranger", name="外来企业", password="stranger-password")
    # A case routed to the centre needs three hands there: review, approve, pay.
    for name in ("centre2", "centre3"):
        await create_account(
            url, username=name, name=name, password=name, bureau="LN-PROV",
            duties=("review", "approve", "pay"),
        )  # fmt: skip
    for name, platform in PLATFORMS.items():
        await create_account(url, username=name, name=name, password=name, platform=platform)
    await execute(
        url,
        "GRANT INSERT, UPDATE ON business_clock TO subsidy_sandbox",
        f"INSERT INTO business_clock VALUES (true, '{date(2020, 3, 2)}')",
    )


def settings_of(service_url: str, evidence: Path, **more: object) -> Settings:
    """Return the settings of a sandbox on a database."""
    given = {
        "DATABASE_URL": service_url, "evidence_url": evidence.as_uri(), "sandbox": True, **_KEYS,
        # Everybody comes from one address here, and oftener than any person would.
        **dict.fromkeys((name for name in Settings.model_fields if name.startswith("rate_")), 0),
    }  # fmt: skip
    return Settings.model_validate({**given, **more})


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[FastAPI]:
    """Provide the application, and stop it."""
    application = create_app(settings)
    try:
        yield application
    finally:
        await asyncio.to_thread(application.state.workshop.stop)
        await application.state.office.engine.dispose()


def asking(app: FastAPI) -> httpx.AsyncClient:
    """Return a client without a token."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://test")


async def everybody(http: httpx.AsyncClient, app: FastAPI, owner_url: str) -> World:
    """Return everybody who has an account in a database, signed in."""
    return signed_in(http, app, await _accounts(owner_url))


async def _accounts(owner_url: str) -> list[Any]:
    async with connected(owner_url) as connection:
        await connection.execute("SET ROLE subsidy_registrar")
        found: list[Any] = await connection.fetch("SELECT * FROM accounts")
        return found


def signed_in(http: httpx.AsyncClient, app: FastAPI, accounts: Iterable[Any]) -> World:
    """Return everybody who has one of these accounts."""
    tokens = app.state.office.tokens
    signed = {}
    for row in accounts:
        claims = {
            "sub": str(row["id"]),
            "jti": "test",
            "name": row["name"],
            "role": row["role"],
            "scope": " ".join(row["duties"]),
            "bureau": row["bureau_code"],
            "enterprise": str(row["enterprise_id"]),
            "platform": str(row["platform_id"]),
        }
        signed[row["username"]] = tokens.sign(claims, clock.now())
    return World(http, signed, EXAMPLES)


@pytest.fixture(scope="session")
def accounts(admin_url: str, template: str) -> list[Any]:
    """The accounts that every test's database begins with."""
    return asyncio.run(_accounts(database(admin_url, template)))


@pytest.fixture(scope="session")
def shelf(
    admin_url: str, template: str, accounts: list[Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shelf]:
    """The sample case at every stage that a test of this process asked for."""

    @asynccontextmanager
    async def opened(made: Made, evidence: Path) -> AsyncIterator[World]:
        url = database(admin_url, made.name)
        service_url = with_role(url, SERVICE, service_password(url))
        async with serving(settings_of(service_url, evidence)) as app, asking(app) as http:
            world = signed_in(http, app, accounts)
            world.ground = Ground(shelf, made, app.state.office.engine, evidence)
            yield world

    shelf = Shelf(admin_url, template, tmp_path_factory.mktemp("shelf"), opened)
    yield shelf
    asyncio.run(shelf.clear())


@pytest.fixture
async def made(admin_url: str, template: str) -> AsyncIterator[Made]:
    """This test's own database."""
    name = f"{template}_{next(_NUMBERS)}"
    async with connected(admin_url) as admin:
        made = await make_copy(admin, template, name)
    yield made
    await execute(admin_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def owner_url(admin_url: str, made: Made) -> str:
    """The administrator's URL of this test's own database; its business day is 2 March 2020."""
    return database(admin_url, made.name)


@pytest.fixture
async def owner(owner_url: str, made: Made) -> AsyncIterator[Connection]:
    """A connection of the administrator, to whom nothing is hidden, to this test's database."""
    follower = Follower(owner_url)
    await follower.connect()
    made.followers.append(follower)
    yield follower
    await follower.close()


@pytest.fixture
def service_url(owner_url: str) -> str:
    """The URL by which the service reaches this test's database."""
    return with_role(owner_url, SERVICE, service_password(owner_url))


@pytest.fixture
def settings(service_url: str, tmp_path: Path) -> Settings:
    """Settings of a sandbox on this test's database."""
    return settings_of(service_url, tmp_path / "evidence")


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    """The application on this test's database."""
    async with serving(settings) as application:
        yield application


@pytest.fixture
def clamd() -> Iterator[Clamd]:
    """A real scanner of this test's own, not started yet."""
    with clamd_in_a_folder() as scanner:
        yield scanner


@pytest.fixture
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client without a token."""
    async with asking(app) as client:
        yield client


@pytest.fixture
def world(
    http: httpx.AsyncClient, app: FastAPI, accounts: list[Any], made: Made, shelf: Shelf,
    service_url: str, tmp_path: Path,
) -> World:  # fmt: skip
    """Everybody who has an account, each with a desk of his own, and the sample case's files."""
    world = signed_in(http, app, accounts)
    office, evidence = app.state.office, tmp_path / "evidence"
    # A service that is set otherwise plays its cases itself.
    if office.settings == settings_of(service_url, evidence):
        world.ground = Ground(shelf, made, office.engine, evidence)
    return world
