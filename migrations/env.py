"""How do migrations reach the database? As its owner, with short lock and statement limits."""

import asyncio
import os

from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from app.database import for_sqlalchemy
from app.models import Base


def _url() -> str:
    given = context.config.attributes.get("url")
    return for_sqlalchemy(
        given or os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"]
    )


_SETTINGS = (
    "SET ROLE subsidy_owner",
    "SET lock_timeout = '5s'",
    "SET statement_timeout = '10min'",
)


def _migrate(connection: Connection) -> None:
    for setting in _SETTINGS:
        connection.execute(text(setting))
    connection.commit()
    context.configure(connection=connection, target_metadata=Base.metadata, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()


async def _online() -> None:
    engine = create_async_engine(_url(), poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(_migrate)
        await connection.commit()
    await engine.dispose()


if context.is_offline_mode():
    context.configure(
        dialect_name="postgresql",
        dialect_opts={"paramstyle": "named"},  # else every % in a function's text is doubled
        target_metadata=Base.metadata,
        literal_binds=True,
    )
    for setting in _SETTINGS:
        context.execute(setting)
    with context.begin_transaction():
        context.run_migrations()
else:
    asyncio.run(_online())
