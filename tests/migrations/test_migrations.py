"""Do the migrations go up, down, up again and onto paper, and do they make what is declared?"""

import asyncio
import io
from collections.abc import Callable

import pytest
from alembic import command
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from app.database import for_sqlalchemy
from app.models import Base
from tests.migrations import catalogue
from tests.migrations.catalogue import alembic_config

MakeDatabase = Callable[[], str]
DECLARED = (catalogue.CONSTRAINTS, catalogue.INDEXES, catalogue.COLUMNS)
EVERYTHING = (
    *DECLARED,
    catalogue.POLICIES,
    catalogue.FUNCTIONS,
    catalogue.TRIGGERS,
    catalogue.PRIVILEGES,
)


def test_up_down_and_up_again_leaves_nothing_behind_and_loses_nothing(
    empty_database: MakeDatabase,
) -> None:
    url = empty_database()
    config = alembic_config(url)
    command.upgrade(config, "head")
    made = _told(url)
    command.downgrade(config, "base")
    left = {row[0] for row in catalogue.rows(url, catalogue.LEFT_OVERS)}
    assert left == {"alembic_version", "alembic_version_pkc"}
    command.upgrade(config, "head")
    assert _told(url) == made


def test_alembic_finds_nothing_left_to_migrate(migrated: str) -> None:
    command.check(alembic_config(migrated))


@pytest.mark.parametrize("query", DECLARED, ids=["constraints", "indexes", "columns"])
def test_the_migrated_schema_is_the_declared_one(
    empty_database: MakeDatabase, migrated: str, query: str
) -> None:
    """Alembic compares neither checks nor exclusions nor the condition of an index: this does."""
    declared = empty_database()
    asyncio.run(_create_declared(declared))
    assert catalogue.told(migrated, query) == catalogue.told(declared, query)


def test_the_offline_script_makes_the_same_database(
    empty_database: MakeDatabase,
) -> None:
    """A database's administrator may read what will be done, and do it by hand."""
    script = io.StringIO()
    config = alembic_config("postgresql://nobody@nowhere.invalid/none")
    config.output_buffer = script
    command.upgrade(config, "head", sql=True)
    by_hand, online = empty_database(), empty_database()
    asyncio.run(catalogue.execute(by_hand, script.getvalue()))
    command.upgrade(alembic_config(online), "head")
    assert _told(by_hand) == _told(online)


def _told(url: str) -> list[dict[str, str]]:
    return [catalogue.told(url, query) for query in EVERYTHING]


async def _create_declared(url: str) -> None:
    await catalogue.execute(url, "CREATE TYPE uuid_range AS RANGE (subtype = uuid)")
    engine = create_async_engine(for_sqlalchemy(url), poolclass=NullPool)
    async with engine.begin() as db:
        await db.run_sync(Base.metadata.create_all)
    await engine.dispose()
