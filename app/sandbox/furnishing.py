"""What stands in a sandbox's database? Tables, reference data, accounts, the first business day.

And which database must not become a sandbox? One that is in earnest use.
"""

import asyncio
import contextlib
import hashlib
import logging
from datetime import date
from typing import Final

import asyncpg

from app.database import SERVICE, for_asyncpg, prepare_roles, service_password, with_role
from app.installation import create_account, load_reference, load_sample_rates, migrate, reach
from app.sandbox.accounts import ACCOUNTS
from app.sandbox.place import Place, SandboxError

FIRST_DAY: Final = date(2020, 3, 2)
_IN_USE: Final = (
    "this database holds accounts and is no sandbox: ready-made accounts with printed passwords do"
    " not belong there. Give the sandbox a database of its own, or a folder: --data FOLDER"
)
_ROLE_IN_USE: Final = (
    f"the server of DATABASE_URL has a role {SERVICE} with another password, so another"
    " installation uses it. Give the sandbox a server of its own."
)
_OTHER_KEYS: Final = (
    "this database belongs to a sandbox in another folder, which has the keys to its sealed"
    " numbers. Start with that folder (--data FOLDER), or with an empty database."
)


async def make_database(server_url: str, name: str) -> None:
    """Make the database of the embedded server, unless it is there."""
    connection = await asyncpg.connect(for_asyncpg(server_url))
    with contextlib.suppress(asyncpg.DuplicateDatabaseError):
        await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()


def furnish(admin_url: str, place: Place) -> str:
    """Bring the database up to date, whatever it holds already; return the service's URL.

    Raises:
        SandboxError: it is not a sandbox's database, or that of another sandbox.
        app.installation.DatabaseUnusable: it cannot be reached.
    """
    password = service_password(admin_url)
    service_url = with_role(admin_url, SERVICE, password)
    mark = f"sandbox {hashlib.sha256(place.keys()['digest_key'].encode()).hexdigest()[:16]}"
    asyncio.run(reach(admin_url))
    asyncio.run(_refuse_others(admin_url, service_url, mark))
    asyncio.run(prepare_roles(admin_url, password))
    logging.getLogger("alembic").setLevel(logging.WARNING)
    migrate(admin_url)
    asyncio.run(_furnish(admin_url, mark))
    return service_url


async def _refuse_others(admin_url: str, service_url: str, mark: str) -> None:
    connection = await asyncpg.connect(for_asyncpg(admin_url))
    try:
        if await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", SERVICE):
            await _refuse_other_password(service_url)
        if not await connection.fetchval("SELECT to_regclass('public.accounts') IS NOT NULL"):
            return
        found = await connection.fetchval("SELECT obj_description('business_clock'::regclass)")
        async with connection.transaction():
            await connection.execute("SET LOCAL ROLE subsidy_registrar")
            accounts = await connection.fetchval("SELECT EXISTS (SELECT FROM accounts)")
    finally:
        await connection.close()
    if accounts and found != mark:
        raise SandboxError(_OTHER_KEYS if found else _IN_USE)


async def _refuse_other_password(service_url: str) -> None:
    try:
        connection = await asyncpg.connect(for_asyncpg(service_url))
    except asyncpg.InvalidPasswordError:
        raise SandboxError(_ROLE_IN_USE) from None
    except asyncpg.PostgresError:
        return  # it may sign in, but not into this database yet
    await connection.close()


async def _furnish(admin_url: str, mark: str) -> None:
    """Enter what is missing; first of all the mark that says whose sandbox this is."""
    connection = await asyncpg.connect(for_asyncpg(admin_url))
    async with connection.transaction():
        await connection.execute("SET LOCAL ROLE subsidy_owner")
        await connection.execute(f"COMMENT ON TABLE business_clock IS '{mark}'")
        await connection.execute("GRANT INSERT, UPDATE ON business_clock TO subsidy_sandbox")
        await connection.execute(
            "INSERT INTO business_clock (one_row, today) VALUES (true, $1) ON CONFLICT DO NOTHING",
            FIRST_DAY,
        )
    await connection.close()
    await load_reference(admin_url)
    await load_sample_rates(admin_url)
    for ready in ACCOUNTS:
        await create_account(
            admin_url,
            username=ready.username,
            name=ready.name,
            password=ready.password,
            bureau=ready.bureau,
            duties=ready.duties,
            colleague_of=ready.colleague_of,
        )
