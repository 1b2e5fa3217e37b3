"""Do the objections of before stand in the work list after it, and is the way back open?"""

import asyncio
from typing import Any, Final

from alembic import command

from tests.api.test_objections import decide, object_to
from tests.databases import connected
from tests.migrations.catalogue import alembic_config
from tests.world import World

_LISTED: Final = """
    SELECT o.lines, w.step, w.since::text, w.due_on::text, w.amount::text, w.holder, w.counted
    FROM worklist AS w JOIN objections AS o ON o.id = w.case_id ORDER BY o.id
"""
_LEFT: Final = """
    SELECT (SELECT count(*) FROM worklist WHERE kind NOT IN ('plan', 'claim', 'advance'))
         + (SELECT count(*) FROM worklist_counts WHERE step IN ('decide_objection', 'redetermine'))
"""


async def test_open_and_upheld_objections_are_listed_by_the_migration(
    world: World, owner_url: str
) -> None:
    await world.published()
    for line, outcome in ((3, ""), (4, "upheld"), (5, "rejected")):
        lodged = await object_to(world, lines=[line])
        if outcome:
            await decide(world, lodged, outcome)
        else:
            await world.post("officer3", f"/worklist/objections/{lodged['id']}/take", {})
    assert [row[0] for row in await _rows(owner_url, _LISTED)] == [[3], [4]]
    await _rows(owner_url, "SELECT set_config('app.bureau', '210202', false), fold_worklist()")
    config = alembic_config(owner_url)
    await asyncio.to_thread(command.downgrade, config, "0028")
    assert await _rows(owner_url, _LEFT) == [(0,)]
    assert await _rows(owner_url, "SELECT count(*) FROM assignments") == [(0,)]
    await asyncio.to_thread(command.upgrade, config, "head")
    assert await _rows(owner_url, _LISTED) == [
        ([3], "decide_objection", "2020-04-01", "2020-04-09", "360.00", None, False),
        # By which day the decision is to be made anew was not said before.
        ([4], "redetermine", "2020-04-01", "9999-12-31", "360.00", None, False),
    ]


async def _rows(owner_url: str, query: str) -> list[tuple[Any, ...]]:
    async with connected(owner_url) as owner:
        return [tuple(row) for row in await owner.fetch(query)]
