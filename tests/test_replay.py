"""Stored assessments replay to the fen, and one that was tampered with is named."""

import asyncpg

from app.database import for_asyncpg
from app.replay import Report, replay
from tests.world import World


async def _replayed(owner_url: str) -> tuple[Report, list[tuple[int, int]]]:
    seen: list[tuple[int, int]] = []
    report = await replay(owner_url, 2, lambda done, total: seen.append((done, total)))
    return report, seen


async def test_every_stored_assessment_says_the_same_again(world: World, owner_url: str) -> None:
    await world.decided()
    report, seen = await _replayed(owner_url)
    assert (report.assessments, report.lines, report.differences) == (1, 24, [])
    assert seen[-1] == (24, 24)


async def test_a_tampered_line_is_named_with_both_figures(world: World, owner_url: str) -> None:
    await world.filed()
    connection = await asyncpg.connect(for_asyncpg(owner_url))
    await connection.execute("ALTER TABLE assessment_lines DISABLE TRIGGER refuse_change")
    await connection.execute("ALTER TABLE assessment_lines NO FORCE ROW LEVEL SECURITY")
    await connection.execute("UPDATE assessment_lines SET payable = 359.99 WHERE number = 7")
    await connection.close()
    report, _ = await _replayed(owner_url)
    assert [(d.line, d.what, d.stored, d.computed) for d in report.differences] == [
        (7, "payable", "359.99", "360.00")
    ]
