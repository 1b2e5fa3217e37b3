"""Which systems may sign in, and with which secrets? The commands ``subsidy service-account``."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any, Final
from uuid import UUID

import asyncpg
import typer

from app.actors import PROVINCIAL_CENTRE
from app.api.scopes import SCOPES
from app.database import for_asyncpg
from app.installation import DatabaseUnusable
from app.models import new_id
from app.policy.platforms import plain_name
from app.services import acts
from app.services.service_accounts import PREFIX, digest
from app.serving import owner_url

commands = typer.Typer(no_args_is_help=True, help="Accounts of systems, and their secrets.")
ClientId = Annotated[str, typer.Argument(metavar="CLIENT_ID")]

_SLOTS: Final = (1, 2)
_ACCOUNT: Final = """
    INSERT INTO accounts (id, username, name, password_hash, role, enterprise_id, bureau_code,
                          platform_id)
    VALUES ($1, $2, $3, '!', $4, $5, $6, $7)
"""
_LIVE: Final = """
    SELECT slot, digest FROM service_secrets WHERE account_id = $1 AND revoked_at IS NULL
    ORDER BY created_at, slot
"""
_END: Final = "UPDATE service_secrets SET revoked_at = now() WHERE digest = $1"


@commands.command()
def create(
    name: Annotated[str, typer.Option(help="name shown in the records")],
    scope: Annotated[list[str], typer.Option(help=", ".join(sorted(SCOPES)))],
    bureau: Annotated[str | None, typer.Option(help="bureau code")] = None,
    enterprise: Annotated[UUID | None, typer.Option(help="id of an enterprise")] = None,
    platform: Annotated[str | None, typer.Option(help="name of a listed platform")] = None,
) -> None:
    """Make a system's account; its secret is shown this once."""
    if sum(each is not None for each in (bureau, enterprise, platform)) != 1:
        raise SystemExit("a system belongs to one bureau, enterprise or platform")
    unknown = set(scope) - SCOPES
    if unknown:
        raise SystemExit(f"unknown scopes: {', '.join(sorted(unknown))}")

    async def make(db: Any) -> None:  # noqa: ANN401  asyncpg has no types
        account, client_id = new_id(), PREFIX + secrets.token_hex(8)
        listed = await _listed(db, platform) if platform is not None else None
        of_bureau = "centre" if bureau == PROVINCIAL_CENTRE else "district"
        role = "platform" if platform else "enterprise" if enterprise else of_bureau
        await db.execute(_ACCOUNT, account, client_id, name, role, enterprise, bureau, listed)
        await db.execute(
            "INSERT INTO service_accounts (account_id, client_id, scopes) VALUES ($1, $2, $3)",
            account, client_id, sorted(set(scope)),
        )  # fmt: skip
        await _record(db, "create", account, role=role, scopes=sorted(set(scope)))
        typer.echo(f"CLIENT_ID={client_id}")
        await _new_secret(db, account, _SLOTS[0])

    _run(make)


@commands.command()
def rotate(client_id: ClientId) -> None:
    """Make a second secret; both are good until the older one is retired."""

    async def make(db: Any) -> None:  # noqa: ANN401  as above
        account = await _known(db, client_id)
        taken = {row["slot"] for row in await db.fetch(_LIVE, account)}
        free = [slot for slot in _SLOTS if slot not in taken]
        if not free:
            raise DatabaseUnusable("two secrets are live: retire the older one first")
        await _new_secret(db, account, free[0])
        await _record(db, "add_secret", account)

    _run(make)


@commands.command()
def retire(client_id: ClientId) -> None:
    """End the older of two secrets, once the system uses the newer one."""

    async def end(db: Any) -> None:  # noqa: ANN401  as above
        account = await _known(db, client_id)
        live = await db.fetch(_LIVE, account)
        if len(live) < len(_SLOTS):
            raise DatabaseUnusable("only one secret is live: rotate first, or revoke the account")
        await db.execute(_END, live[0]["digest"])
        await _record(db, "retire_secret", account)

    _run(end)


@commands.command()
def revoke(client_id: ClientId) -> None:
    """End all secrets and the account; tokens that are out expire within minutes."""

    async def end(db: Any) -> None:  # noqa: ANN401  as above
        account = await _known(db, client_id)
        for row in await db.fetch(_LIVE, account):
            await db.execute(_END, row["digest"])
        ended = "UPDATE service_accounts SET revoked_at = now() WHERE account_id = $1"
        await db.execute(ended, account)
        await db.execute("UPDATE accounts SET active = false WHERE id = $1", account)
        await _record(db, "revoke", account)

    _run(end)


@commands.command(name="list")
def listed() -> None:
    """List the systems with their scopes and how many secrets are live."""

    async def tell(db: Any) -> None:  # noqa: ANN401  as above
        for row in await db.fetch(
            "SELECT s.*, a.name, (SELECT count(*) FROM service_secrets AS x WHERE"
            " x.account_id = s.account_id AND x.revoked_at IS NULL) AS live"
            " FROM service_accounts AS s JOIN accounts AS a ON a.id = s.account_id"
            " ORDER BY s.created_at"
        ):
            ended = ", revoked" if row["revoked_at"] else ""
            scopes = " ".join(row["scopes"])
            typer.echo(f"{row['client_id']} {row['name']}: {scopes}, {row['live']} secrets{ended}")

    _run(tell)


def _run(act: Callable[[Any], Awaitable[None]]) -> None:
    asyncio.run(_in_one_transaction(act))


async def _in_one_transaction(act: Callable[[Any], Awaitable[None]]) -> None:
    async with _registrar() as db:
        await act(db)


@asynccontextmanager
async def _registrar() -> AsyncIterator[Any]:
    db = await asyncpg.connect(for_asyncpg(owner_url()))
    try:
        async with db.transaction():
            await db.execute("SET LOCAL ROLE subsidy_registrar")
            yield db
    finally:
        await db.close()


async def _known(db: Any, client_id: str) -> UUID:  # noqa: ANN401  as above
    """Return the account, whose secrets nobody else changes meanwhile."""
    turn = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))"
    await db.execute(turn, client_id)
    living = "SELECT account_id FROM service_accounts WHERE client_id = $1 AND revoked_at IS NULL"
    found: UUID | None = await db.fetchval(living, client_id)
    if found is None:
        raise DatabaseUnusable(f"there is no system {client_id!r}")
    return found


async def _listed(db: Any, name: str) -> UUID:  # noqa: ANN401  as above
    query = "SELECT id FROM platforms WHERE plain_name = $1"
    found: UUID | None = await db.fetchval(query, plain_name(name))
    if found is None:
        raise DatabaseUnusable(f"the catalogue has no platform named {name!r}")
    return found


async def _new_secret(db: Any, account: UUID, slot: int) -> None:  # noqa: ANN401  as above
    secret = secrets.token_urlsafe(32)
    await db.execute(
        "INSERT INTO service_secrets (digest, account_id, slot) VALUES ($1, $2, $3)",
        digest(secret), account, slot,
    )  # fmt: skip
    typer.echo(f"CLIENT_SECRET={secret}")


async def _record(db: Any, act: str, account: UUID, **details: object) -> None:  # noqa: ANN401
    await acts.record_command(db, "registrar", act, "service_accounts", account, **details)
