"""How is the claims database reached, and which roles must exist before the first migration?

Roles are cluster-wide, so they are made here and not in a migration. The service connects as
``subsidy_service``, which owns nothing and may only become one of the roles of its callers, for the
length of one transaction.
"""

import hashlib
import hmac
import re
from importlib.resources import files
from typing import Final

import asyncpg
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

OWNER: Final = "subsidy_owner"
SERVICE: Final = "subsidy_service"


class UnsafeDatabaseRoleError(RuntimeError):
    """The service was given a role that could read or change what it must not."""


def for_sqlalchemy(url: str) -> str:
    """Return a ``postgresql://`` URL in the form that SQLAlchemy's asyncpg dialect takes.

    It passes the query on as arguments, and the one for TLS is named otherwise there.
    """
    named = re.sub(r"([?&])sslmode=", r"\1ssl=", url)
    return re.sub(r"^postgres(ql)?(\+\w+)?://", "postgresql+asyncpg://", named)


def for_asyncpg(url: str) -> str:
    """Return the same URL in the form that asyncpg takes."""
    return re.sub(r"^postgres(ql)?(\+\w+)?://", "postgresql://", url)


def make_engine(
    url: str, *, pool: int, statement_cache: int = 200, wait_seconds: float = 10
) -> AsyncEngine:
    """Return an engine; with ``statement_cache=0`` a pooler in transaction mode works too."""
    return create_async_engine(
        for_sqlalchemy(url),
        pool_size=pool,
        max_overflow=0,
        pool_timeout=wait_seconds,
        # SQLAlchemy begins nothing of its own: a request's transaction is opened on the driver.
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,  # an error's text must not carry what was stored
        connect_args={
            "statement_cache_size": statement_cache,
            "prepared_statement_cache_size": statement_cache,
            "server_settings": {"application_name": "subsidy", "timezone": "UTC"},
        },
    )


def with_role(url: str, role: str, password: str | None) -> str:
    """Return *url* for another role of the same database."""
    changed = make_url(for_asyncpg(url)).set(username=role, password=password)
    return changed.render_as_string(hide_password=False)


def service_password(admin_url: str) -> str | None:
    """Return a password for the service's role where nobody chose one: in sandboxes and tests.

    It follows from the administrator's own, so that all who share a server agree on it; without a
    password (a private socket) there is none.
    """
    password = make_url(for_asyncpg(admin_url)).password
    if password is None:
        return None
    return hmac.new(str(password).encode(), SERVICE.encode(), hashlib.sha256).hexdigest()


async def prepare_roles(admin_url: str, service_password: str | None) -> None:
    """Make the roles, or mend them; needs an administrator who may create roles."""
    connection = await asyncpg.connect(for_asyncpg(admin_url))
    try:
        async with connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('roles', 0))")
            await connection.execute(files("app").joinpath("roles.sql").read_text("utf-8"))
            if service_password is not None:
                quoted = await connection.fetchval("SELECT quote_literal($1)", service_password)
                await connection.execute(f"ALTER ROLE {SERVICE} PASSWORD {quoted}")
    finally:
        await connection.close()


async def refuse_unsafe_role(engine: AsyncEngine) -> None:
    """Check that the role of *engine* owns nothing and bypasses nothing.

    Raises:
        UnsafeDatabaseRoleError: it is a superuser, bypasses row security, or belongs to the owner.
    """
    async with engine.connect() as connection:
        row = (
            await connection.execute(
                text(
                    "SELECT rolname, rolsuper OR rolbypassrls OR"
                    " pg_has_role(rolname, :owner, 'MEMBER') AS unsafe"
                    " FROM pg_roles WHERE rolname = session_user"
                ),
                {"owner": OWNER},
            )
        ).one()
    if row.unsafe:
        message = (
            f"DATABASE_URL names the role {row.rolname!r}, which may pass over row-level security."
            f" The service connects as {SERVICE!r}: run `subsidy database prepare` once with"
            " DATABASE_OWNER_URL, then give the service that role's URL."
        )
        raise UnsafeDatabaseRoleError(message)
