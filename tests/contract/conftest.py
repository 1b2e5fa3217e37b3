"""Where does schemathesis ask? In a town with two paid cases, of which it is told the ids."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path

import httpx
import pytest
import structlog
from fastapi import FastAPI

from app import clock, logs
from app.api.scopes import SCOPES
from app.database import SERVICE, service_password, with_role
from app.main import create_app
from app.models import new_id
from app.settings import Settings
from tests.api.test_access_matrix import two_paid_cases
from tests.conftest import database, everybody, execute, settings_of

_NUMBERS = count(1)
_LASTING = timedelta(days=7)
"""A long run outlasts the token of a person."""


@pytest.fixture(scope="package", autouse=True)
def _logs_as_in_service() -> Iterator[None]:
    """Else every 500 is drawn with all its variables, which takes seconds."""
    before = structlog.get_config()
    logs.configure()
    # A logger that is kept would go on so in the tests after these.
    structlog.configure(**{**structlog.get_config(), "cache_logger_on_first_use": False})
    yield
    structlog.configure(**before)


@dataclass(frozen=True)
class Town:
    """The database that every role gets a copy of, the tokens, and the ids by their names."""

    admin_url: str
    database: str
    evidence: Path
    tokens: dict[str, str]
    ids: dict[str, list[str]]


@pytest.fixture(scope="module")
async def town(
    admin_url: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Town]:
    """Two paid cases, one of a district and one of the provincial centre."""
    name, folder = f"{template}_contract", tmp_path_factory.mktemp("contract")
    await execute(admin_url, f"CREATE DATABASE {name} TEMPLATE {template}")
    url = database(admin_url, name)
    await execute(url, "INSERT INTO business_clock VALUES (true, '2020-03-02')")
    app = create_app(_settings(url, folder / "evidence"))
    app.state.office.tokens.lifetime = _LASTING
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        world = await everybody(http, app, url)
        seen = await two_paid_cases(world, url, folder)
        world.tokens["system"] = await _system(app, url, seen.ids[0]["enterprise_id"])
    ids = {each: list(dict.fromkeys(case[each] for case in seen.ids)) for each in seen.ids[0]}
    await _stop(app)
    yield Town(admin_url, name, folder / "evidence", world.tokens, ids)
    await execute(admin_url, f"DROP DATABASE {name} WITH (FORCE)")


async def _stop(app: FastAPI) -> None:
    await asyncio.to_thread(app.state.workshop.stop)
    await app.state.office.engine.dispose()


async def _system(app: FastAPI, url: str, enterprise: str) -> str:
    account, client = new_id(), "svc-0123456789abcdef"
    scopes = sorted(SCOPES)
    await execute(
        url,
        "SET ROLE subsidy_registrar",
        "INSERT INTO accounts (id, username, name, password_hash, role, enterprise_id)"
        f" VALUES ('{account}', '{client}', 'ERP', '!', 'enterprise', '{enterprise}')",
        "INSERT INTO service_accounts (account_id, client_id, scopes)"
        f" VALUES ('{account}', '{client}', '{{{','.join(scopes)}}}')",
    )
    claims = {
        "sub": str(account),
        "jti": "test",
        "name": "ERP",
        "role": "enterprise",
        "scope": " ".join(scopes),
        "client": client,
        "enterprise": enterprise,
    }
    token: str = app.state.office.tokens.sign(claims, clock.now())
    return token


def _settings(url: str, evidence: Path) -> Settings:
    return settings_of(with_role(url, SERVICE, service_password(url)), evidence)


@pytest.fixture
async def copied(town: Town, tmp_path: Path) -> AsyncIterator[Settings]:
    """Settings of a service on a copy of the town."""
    name = f"{town.database}_{next(_NUMBERS)}"
    await execute(town.admin_url, f"CREATE DATABASE {name} TEMPLATE {town.database}")
    shutil.copytree(town.evidence, tmp_path / "evidence")
    yield _settings(database(town.admin_url, name), tmp_path / "evidence")
    await execute(town.admin_url, f"DROP DATABASE {name} WITH (FORCE)")
