"""Who reaches which rows? Every table x command x caller, against one table: the default is no."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import asyncpg
import pytest

from app.actors import AccountHolder, Actor, EnterpriseUser
from tests import rare_rows
from tests.database.callers import BEHIND, REFUSED, accounts, seated
from tests.database.reached import BESIDE, REACHED, UPDATED
from tests.databases import Connection, connected
from tests.uploads.tus import PDF, Tus
from tests.world import World

CALLERS: Final[dict[str, str | None]] = {
    "own": "enterprise",
    "foreign": "stranger",
    "district": "officer1",
    "other_district": "xigang",
    "centre": "centre",
    "public": "public",
    "sign_in": "sign_in",
    "sandbox": "sandbox",
    "platform": "platform",
    "outside": "outside",
    "sweeper": "sweeper",
    "holder": "enterprise",
    "cashier": "cashier",
    "administrator": "administrator",
    "auditing": "auditor",
    "service": None,
}
"""The callers by whose account they sit down; None is the service itself, before it says who."""

_COLUMNS: Final = """
    SELECT attname FROM pg_attribute
    WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped
      AND attgenerated = '' AND attidentity = ''
"""


@pytest.fixture
async def played(world: World, owner_url: str) -> World:
    """The paid sample case, a session, a draft and what is rare, so that no table is empty."""
    await world.paid()
    form = {"username": "enterprise", "password": "sandbox-enterprise"}
    await world.call(None, "POST", "/token", data=form)
    key = {"Idempotency-Key": "once"}
    body = world.plan_body()
    draft = await world.call("enterprise", "POST", "/plans", json=body, headers=key)
    roster = f"/plans/{draft.json()['id']}/roster"
    await world.send("enterprise", roster, "roster.xlsx")
    await Tus(world).created(100, PDF, plan_id=draft.json()["id"])
    await rare_rows.put(owner_url, *rare_rows.ALL)
    return world


async def test_a_caller_reaches_what_the_table_says_and_nothing_else(
    played: World, owner_url: str, service_url: str
) -> None:
    """One case is played for all; each statement is tried and taken back. Auditors write none."""
    assert played.claim["state"] == "paid"
    tables = await _tables(owner_url)
    who = await accounts(owner_url)
    reached: dict[str, dict[str, str]] = {table: {} for table in tables}
    for caller in (*CALLERS, *BEHIND):
        updated = {}
        for table, (sample, columns) in tables.items():
            async with _sitting(caller, who, owner_url, service_url) as connection:
                letters, several = await _reach(connection, table, sample, columns)
            if letters:
                reached[table][caller] = letters
            if several:
                updated[table] = several
        told = {table: UPDATED.get(f"{caller} {table}", UPDATED.get(table)) for table in updated}
        assert updated == told, caller
    assert reached == {table: _named(table) for table in REACHED}


def _named(table: str) -> dict[str, str]:
    beside = dict(each.split(" ") for each in BESIDE.get(table, "").split(", ") if each)
    return {caller: told for caller, told in {**REACHED[table], **beside}.items() if told}


@asynccontextmanager
async def _sitting(
    caller: str, who: dict[str, Actor], owner_url: str, service_url: str
) -> AsyncIterator[Connection]:
    """Sit down as a caller of the service, or as a role behind it."""
    if caller in BEHIND:
        async with connected(owner_url) as connection, connection.transaction():
            await connection.execute(f"SET LOCAL ROLE subsidy_{caller}")
            yield connection
        return
    user = CALLERS[caller]
    actor = None if user is None else who[user]
    if caller == "holder" and isinstance(actor, EnterpriseUser):
        actor = AccountHolder(actor.account_id, actor.name, actor.enterprise_id, None)
    async with seated(service_url, actor) as connection:
        yield connection


async def _tables(owner_url: str) -> dict[str, tuple[str, list[str]]]:
    """Return of every table a row as JSON and the columns that a caller might write."""
    async with connected(owner_url) as owner:
        names = await owner.fetch(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind IN ('r', 'p', 'v', 'm') ORDER BY 1"
        )
        found = {}
        for (name,) in names:
            sample = await owner.fetchval(f"SELECT to_jsonb(t)::text FROM {name} AS t LIMIT 1")
            assert sample is not None, f"{name} is empty: nothing can be said of it"
            columns = [row[0] for row in await owner.fetch(_COLUMNS, name)]
            found[name] = (sample, columns)
    return found


async def _reach(
    connection: Connection, table: str, sample: str, columns: list[str]
) -> tuple[str, set[str]]:
    """Return the letters of what is reached, and the columns if only some are updated."""
    listed = ", ".join(columns)
    new = f"SELECT {listed} FROM json_populate_record(NULL::{table}, $1::json)"
    letters = ""
    if await _works(connection, f"SELECT FROM {table}"):
        letters += "S"
    if await _works(connection, f"INSERT INTO {table} ({listed}) {new}", sample):
        letters += "I"
    updated = {
        column
        for column in columns
        if await _works(connection, f"UPDATE {table} SET {column} = {column}")
    }
    whole = updated == set(columns)
    if updated:
        letters += "U" if whole else "u"
    if await _works(connection, f"DELETE FROM {table}"):
        letters += "D"
    return letters, set() if whole else updated


async def _works(connection: Connection, statement: str, *values: Any) -> bool:  # noqa: ANN401
    """Tell whether the statement touches a row; only a row's own key may stop it then."""
    attempt = connection.transaction()
    await attempt.start()
    try:
        done: str = await connection.execute(statement, *values)
    except (REFUSED, asyncpg.CheckViolationError):
        return False
    except (asyncpg.IntegrityConstraintViolationError, asyncpg.GeneratedAlwaysError):
        return True
    else:
        return int(done.rpartition(" ")[2]) > 0
    finally:
        await attempt.rollback()
