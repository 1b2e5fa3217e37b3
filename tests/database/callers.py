"""How does a test sit down at the database as somebody? As the service does: one transaction."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final
from uuid import UUID

import asyncpg

from app import access
from app.actors import (
    Actor,
    CentreOfficer,
    DistrictOfficer,
    EnterpriseUser,
    Introducer,
    PlatformSystem,
    SandboxKeeper,
    SignIn,
    Sweeper,
    Visitor,
)
from app.policy.procedure import Duty
from tests.databases import Connection, connected

REFUSED: Final = asyncpg.InsufficientPrivilegeError
DESKS: Final[dict[str, Actor]] = {
    "public": Visitor(),
    "sign_in": SignIn(),
    "sandbox": SandboxKeeper(),
    "outside": Introducer(),
    "sweeper": Sweeper(),
}
BEHIND: Final = (
    "scanner", "sealer", "simulator", "registrar", "auditor", "resealer", "archivist",
)  # fmt: skip
"""The roles in which no request speaks: tasks of the service, and commands on the machine."""


async def accounts(owner_url: str) -> dict[str, Actor]:
    """Return everybody who has an account, by user name, and the desks without one."""
    async with connected(owner_url) as connection:
        await connection.execute("SET ROLE subsidy_registrar")
        rows = await connection.fetch("SELECT * FROM accounts")
    return {**DESKS, **{row["username"]: _actor(row) for row in rows}}


@asynccontextmanager
async def seated(url: str, actor: Actor | None) -> AsyncIterator[Connection]:
    """Open one transaction as *actor* (None: as nobody in particular), kept if it ends well."""
    async with connected(url) as connection, connection.transaction():
        await become(connection, actor)
        yield connection


async def become(connection: Connection, actor: Actor | None) -> None:
    """Tell the database who is asking, until the end of the transaction."""
    if actor is not None:
        await connection.execute(access.beginning(actor).removeprefix("BEGIN; "))


def _actor(row: Any) -> Actor:  # noqa: ANN401  a record of asyncpg
    account_id: UUID = row["id"]
    duties = frozenset(Duty(duty) for duty in row["duties"])
    if row["role"] == "enterprise":
        return EnterpriseUser(account_id, row["name"], row["enterprise_id"])
    if row["role"] == "platform":
        return PlatformSystem(account_id, row["name"], row["platform_id"])
    if row["role"] == "centre":
        return CentreOfficer(account_id, row["name"], duties)
    return DistrictOfficer(account_id, row["name"], row["bureau_code"], duties)
