"""Did anything change in the database? A digest of every table's rows, as the administrator."""

import asyncpg

from app.database import for_asyncpg

_TABLES = (
    "SELECT relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace"
    " WHERE n.nspname = 'public' AND c.relkind = 'r' ORDER BY relname"
)


async def contents(owner_url: str) -> dict[str, str]:
    """Return the number and the digest of the rows of every table.

    An audit event of a refused attempt is not half an act, so those are left out.
    """
    connection = await asyncpg.connect(for_asyncpg(owner_url))
    found: dict[str, str] = {}
    for (table,) in await connection.fetch(_TABLES):
        where = " WHERE outcome = 'done'" if table == "audit_events" else ""
        found[table] = await connection.fetchval(
            "SELECT count(*) || ' ' || coalesce(md5(string_agg(r::text, '|' ORDER BY r::text)), '')"
            f" FROM {table} AS r{where}"
        )
    await connection.close()
    assert not found["accounts"].startswith("0 "), "only an administrator sees all rows"
    return found


async def scalar(owner_url: str, query: str) -> object:
    """Return what the administrator reads with *query*."""
    connection = await asyncpg.connect(for_asyncpg(owner_url))
    value: object = await connection.fetchval(query)
    await connection.close()
    return value
