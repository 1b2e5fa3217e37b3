"""What does a database consist of, in the words of its own catalogue?"""

import asyncio
from pathlib import Path
from typing import Any, Final

import asyncpg
from alembic.config import Config

from app.database import for_asyncpg

PROJECT: Final = Path(__file__).parents[2]

# PostgreSQL 18 keeps NOT NULL as constraints named by itself (contype n); the columns tell it.
CONSTRAINTS: Final = """
    SELECT conrelid::regclass::text || '.' || conname, pg_get_constraintdef(oid)
    FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND conrelid <> 0 AND contype <> 'n'
"""
INDEXES: Final = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
    FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE relnamespace = 'public'::regnamespace
"""
COLUMNS: Final = """
    SELECT attrelid::regclass::text || '.' || attname,
           concat_ws(' ', format_type(atttypid, atttypmod),
                     CASE WHEN attnotnull THEN 'NOT NULL' END,
                     'identity ' || nullif(attidentity::text, ''),
                     'generated ' || nullif(attgenerated::text, ''),
                     pg_get_expr(adbin, adrelid))
    FROM pg_attribute
    JOIN pg_class ON pg_class.oid = attrelid
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
      AND attnum > 0 AND NOT attisdropped
"""
POLICIES: Final = """
    SELECT tablename || '.' || policyname,
           concat_ws(' ', permissive, cmd, roles::text, qual, with_check)
    FROM pg_policies WHERE schemaname = 'public'
"""
FUNCTIONS: Final = """
    SELECT oid::regprocedure::text, pg_get_functiondef(oid) || coalesce(proacl::text, '')
    FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""
TRIGGERS: Final = """
    SELECT tgrelid::regclass::text || '.' || tgname, pg_get_triggerdef(oid)
    FROM pg_trigger WHERE NOT tgisinternal
"""
PRIVILEGES: Final = """
    SELECT oid::regclass::text, concat_ws(' ', relacl::text, relrowsecurity, relforcerowsecurity)
    FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S')
"""
LEFT_OVERS: Final = """
    SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace
      AND typname NOT LIKE '%alembic_version'
"""

BELONGS_TO_ALEMBIC: Final = "alembic_version"


def told(url: str, query: str) -> dict[str, str]:
    """Return the answer to a query of two columns, without what belongs to alembic."""
    return {
        name: text for name, text in rows(url, query) if not name.startswith(BELONGS_TO_ALEMBIC)
    }


def rows(url: str, query: str) -> list[Any]:
    """Return the rows of a query."""
    return asyncio.run(_rows(url, query))


async def execute(url: str, statement: str) -> None:
    """Execute a statement, or a script of several."""
    connection = await asyncpg.connect(for_asyncpg(url))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def alembic_config(url: str) -> Config:
    """Return what alembic's commands want to know of a database."""
    config = Config(PROJECT / "alembic.ini")
    config.attributes["url"] = url
    return config


async def _rows(url: str, query: str) -> list[Any]:
    connection = await asyncpg.connect(for_asyncpg(url))
    try:
        return list(await connection.fetch(query))
    finally:
        await connection.close()
