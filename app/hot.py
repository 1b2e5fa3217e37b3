"""Which statements are so hot that they run on the driver itself?

SQLAlchemy writes them, and its pool lends the connection, but its execution costs several times
what asyncpg's own does. The ratios of ``make bench`` (one claim, the list, the filing), of
``make bench-deciding`` (the approval) and of ``make bench-worklist`` (the work list) are why this
exists; what they do not measure goes through ``desk.db``.
"""

import json
from typing import Any, Final, cast

import asyncpg
from sqlalchemy import JSON, ClauseElement
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.sql.compiler import SQLCompiler

_DIALECT: Final = dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped


class Row(asyncpg.Record):  # type: ignore[misc]  # asyncpg has no types
    """A row whose columns are attributes, as SQLAlchemy's are."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  whatever the column holds
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def _mapping(self) -> "Row":
        return self


class Hot:
    """A statement, written once and compiled once; its parameters are named as it names them.

    What is given for a JSON column is dumped.
    """

    def __init__(self, statement: ClauseElement) -> None:
        compiled = cast("SQLCompiler", statement.compile(dialect=_DIALECT))
        self._text = str(compiled)
        self._names = [
            (name, isinstance(compiled.binds[name].type, JSON))
            for name in compiled.positiontup or ()
        ]

    async def rows(self, driver: Any, **values: object) -> list[Any]:  # noqa: ANN401  no types
        """Execute it in the open transaction of *driver*."""
        arguments = [
            json.dumps(values[name], ensure_ascii=False) if is_json else values[name]
            for name, is_json in self._names
        ]
        found: list[Any] = await driver.fetch(self._text, *arguments, record_class=Row)
        return found

    async def row(self, driver: Any, **values: object) -> Any:  # noqa: ANN401  no types
        """Execute it in the open transaction of *driver*, and return the first row."""
        found = await self.rows(driver, **values)
        return found[0] if found else None
