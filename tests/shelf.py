"""How does a test come by a case as far as others have played it before? By a copy.

A stage of the sample case is played once in a process, through the public API as ever, in a
database of its own, which is kept and copied with its files wherever nothing was done before: to
the server nothing was written since the test's database was made, and nobody else is connected.
"""

import copy
import shutil
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from tests.databases import Connection, Made, connected, execute, make_copy, next_writer
from tests.world import World

_CASES = ("enterprise", "plan", "claim")
_CONNECTED = "SELECT count(*) FROM pg_stat_activity WHERE datname = $1"


@dataclass
class Kept:
    """A stage as it was left: its database, its files, and what the world knew of its case."""

    database: str
    evidence: Path
    case: dict[str, Any]


@dataclass
class Ground:
    """What a test stands on: its database, its service's connections, and its files."""

    shelf: "Shelf"
    made: Made
    engine: AsyncEngine
    evidence: Path

    async def bring(self, world: World, stage: str) -> bool:
        """Copy a stage, if nothing was done on this ground; tell whether it was."""
        async with connected(self.shelf.admin_url) as admin:
            if not await self._is_untouched(admin):
                return False
            kept = await self.shelf.kept(stage)
            await self._leave()
            await admin.execute(f"DROP DATABASE {self.made.name} WITH (FORCE)")
            await make_copy(admin, kept.database, self.made.name)
            for follower in self.made.followers:
                await follower.connect()
        shutil.copytree(kept.evidence, self.evidence, dirs_exist_ok=True)
        for name, known in copy.deepcopy(kept.case).items():
            setattr(world, name, known)
        return True

    async def _leave(self) -> None:
        await self.engine.dispose()
        for follower in self.made.followers:
            await follower.close()

    async def _is_untouched(self, admin: Connection) -> bool:
        if await next_writer(admin) != self.made.since:
            return False
        pool: Any = self.engine.pool
        known = pool.checkedin() + len(self.made.followers)
        return await admin.fetchval(_CONNECTED, self.made.name) == known


@dataclass
class Shelf:
    """The stages that were played in this process.

    ``opened`` provides a world on a database, given where its files go.
    """

    admin_url: str
    template: str
    folder: Path
    opened: Callable[[Made, Path], AbstractAsyncContextManager[World]]
    _kept: dict[str, Kept] = field(default_factory=dict)

    async def kept(self, stage: str) -> Kept:
        """Return a stage; the first time it is played, from the last one before it."""
        if stage not in self._kept:
            self._kept[stage] = await self._played(stage)
        return self._kept[stage]

    async def clear(self) -> None:
        """Take the kept databases away."""
        for kept in self._kept.values():
            await execute(self.admin_url, f"DROP DATABASE {kept.database} WITH (FORCE)")

    async def _played(self, stage: str) -> Kept:
        name, evidence = f"{self.template}_{stage}", self.folder / stage
        async with connected(self.admin_url) as admin:
            made = await make_copy(admin, self.template, name)
        async with self.opened(made, evidence) as world:
            await getattr(World, stage).__wrapped__(world)
            return Kept(name, evidence, {each: getattr(world, each) for each in _CASES})
