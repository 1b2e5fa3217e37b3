"""Which database does a test get? A fresh one of its own, copied from a migrated template.

The server is the embedded one, or the one that DATABASE_URL names (its user must be allowed to make
roles and databases). Requests commit for real; nothing is mocked.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import count
from pathlib import Path

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.engine import make_url

from app import clock
from app.auditing.keys import new_audit_key
from app.database import SERVICE, for_asyncpg, prepare_roles, service_password, with_role
from app.embedded import running
from app.installation import create_account, load_reference, load_sample_rates, migrate
from app.main import create_app
from app.sandbox.accounts import ACCOUNTS
from app.sealing import new_key
from app.settings import Settings
from app.tokens import new_signing_key
from tests.clamav import Clamd, clamd_in_a_folder
from tests.world import PLATFORMS, World

EXAMPLES = Path(__file__).parent.parent / "examples"
_NUMBERS = count(1)
_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
_KEYS = {
    "signing_key": new_signing_key(), "sealing_key": new_key(), "digest_key": new_key(),
    "audit_key": new_audit_key(),
}  # fmt: skip


def database(url: str, name: str) -> str:
    return make_url(for_asyncpg(url)).set(database=name).render_as_string(hide_password=False)


async def execute(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(for_asyncpg(url))
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


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
    """The name of a database with roles, tables, reference data and the sandbox's accounts."""
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
    await execute(url, "GRANT INSERT, UPDATE ON business_clock TO subsidy_sandbox")


def settings_of(service_url: str, evidence: Path, **more: object) -> Settings:
    """Return the settings of a sandbox on a database."""
    given = {
        "DATABASE_URL": service_url, "evidence_url": evidence.as_uri(), "sandbox": True, **_KEYS,
        # Everybody comes from one address here, and oftener than any person would.
        **dict.fromkeys((name for name in Settings.model_fields if name.startswith("rate_")), 0),
    }  # fmt: skip
    return Settings.model_validate({**given, **more})


async def everybody(http: httpx.AsyncClient, app: FastAPI, owner_url: str) -> World:
    """Return everybody who has an account in a database, signed in."""
    connection = await asyncpg.connect(for_asyncpg(owner_url))
    await connection.execute("SET ROLE subsidy_registrar")
    rows = await connection.fetch("SELECT * FROM accounts")
    await connection.close()
    tokens = app.state.office.tokens
    signed = {}
    for row in rows:
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


@pytest.fixture
async def owner_url(admin_url: str, template: str) -> AsyncIterator[str]:
    """The administrator's URL of this test's own database; its business day is 2 March 2020."""
    name = f"{template}_{next(_NUMBERS)}"
    await execute(admin_url, f"CREATE DATABASE {name} TEMPLATE {template}")
    url = database(admin_url, name)
    await execute(url, f"INSERT INTO business_clock VALUES (true, '{date(2020, 3, 2)}')")
    yield url
    await execute(admin_url, f"DROP DATABASE {name} WITH (FORCE)")


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
    application = create_app(settings)
    yield application
    await asyncio.to_thread(application.state.workshop.stop)
    await application.state.office.engine.dispose()


@pytest.fixture
def clamd() -> Iterator[Clamd]:
    """A real scanner of this test's own, not started yet."""
    with clamd_in_a_folder() as scanner:
        yield scanner


@pytest.fixture
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client without a token."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


@pytest.fixture
async def world(http: httpx.AsyncClient, app: FastAPI, owner_url: str) -> World:
    """Everybody who has an account, each with a desk of his own, and the sample case's files."""
    return await everybody(http, app, owner_url)
