"""Where does schemathesis ask? In a town with two paid cases, of which it is told the ids."""

import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
import structlog
from fastapi import FastAPI

from app import clock, logs
from app.api.scopes import SCOPES
from app.database import SERVICE, service_password, with_role
from app.models import new_id
from app.settings import Settings
from tests.api.test_access_matrix import two_paid_cases
from tests.conftest import asking, everybody, serving, settings_of
from tests.databases import connected, database, execute, make_copy

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
    async with connected(admin_url) as admin:
        await make_copy(admin, template, name)
    url = database(admin_url, name)
    async with serving(_settings(url, folder / "evidence")) as app, asking(app) as http:
        app.state.office.tokens.lifetime = _LASTING
        world = await everybody(http, app, url)
        seen = await two_paid_cases(world, url, folder)
        world.tokens["system"] = await _system(app, url, seen.ids[0]["enterprise_id"])
    ids = {each: list(dict.fromkeys(case[each] for case in seen.ids)) for each in seen.ids[0]}
    yield Town(admin_url, name, folder / "evidence", world.tokens, ids)
    await execute(admin_url, f"DROP DATABASE {name} WITH (FORCE)")


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
    async with connected(town.admin_url) as admin:
        await make_copy(admin, town.database, name)
    shutil.copytree(town.evidence, tmp_path / "evidence")
    yield _settings(database(town.admin_url, name), tmp_path / "evidence")
    await execute(town.admin_url, f"DROP DATABASE {name} WITH (FORCE)")
