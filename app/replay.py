"""Would the law still say the same, to the fen? Every stored assessment is computed again.

Assessments are read through a cursor and computed in several processes, a bounded number of them
at a time, so memory does not grow with the history. Nothing is changed.
"""

import asyncio
import json
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Final
from uuid import UUID

import asyncpg

from app.database import for_asyncpg
from app.policy.determination import determine
from app.services.kept import packed
from app.stored_cases import Stored, in_chunks, stored

_AHEAD: Final = 4
_ALL: Final = "SELECT id FROM assessments ORDER BY id"


@dataclass(frozen=True, slots=True)
class Difference:
    """What a stored assessment says, and what the law says now; ``line`` 0 is the claim itself."""

    claim_id: UUID
    assessment_id: UUID
    line: int
    what: str
    stored: str
    computed: str


@dataclass(slots=True)
class Report:
    """How much was computed again, and every difference."""

    assessments: int
    lines: int
    differences: list[Difference]


async def replay(owner_url: str, processes: int, progress: Callable[[int, int], None]) -> Report:
    """Compute every stored assessment again and report every difference.

    *progress* is told the lines done and the lines there are.
    """
    connection = await asyncpg.connect(for_asyncpg(owner_url))
    report = Report(0, 0, [])
    try:
        async with connection.transaction(readonly=True):
            await connection.execute("SET LOCAL ROLE subsidy_auditor")
            total = await connection.fetchval("SELECT count(*) FROM assessment_lines")
            with ProcessPoolExecutor(processes, get_context("forkserver")) as pool:
                waiting: list[Future[tuple[int, int, list[Difference]]]] = []
                async for keys in in_chunks(connection, _ALL):
                    chunk = await stored(connection, [key["id"] for key in keys])
                    waiting.append(pool.submit(compare_all, chunk))
                    if len(waiting) >= processes * _AHEAD:
                        await _collect(report, waiting.pop(0))
                        progress(report.lines, total)
                for future in waiting:
                    await _collect(report, future)
                    progress(report.lines, total)
    finally:
        await connection.close()
    return report


def compare_all(chunk: Iterable[Stored]) -> tuple[int, int, list[Difference]]:
    """Return how many assessments and lines were computed again, and the differences."""
    assessments = lines = 0
    found: list[Difference] = []
    for each in chunk:
        assessments += 1
        lines += len(each.line_facts)
        found += compare(each)
    return assessments, lines, found


def compare(before: Stored) -> list[Difference]:
    """Return where the law of the stored edition says something else of the stored facts."""
    now = determine(before.case(), before.law)
    claim = [
        ("amount", before.amount, now.amount),
        ("findings", json.loads(before.findings), json.loads(packed(now.findings))),
    ]
    found = [(0, *each) for each in claim]
    for line, payable, hours, findings in zip(
        now.lines, before.payable, before.hours, before.line_findings, strict=True
    ):
        found += [
            (line.number, "payable", payable, line.payable),
            (line.number, "hours", hours, line.hours),
            (line.number, "findings", json.loads(findings), json.loads(packed(line.findings))),
        ]
    return [
        Difference(before.claim_id, before.id, number, what, str(was), str(computed))
        for number, what, was, computed in found
        if was != computed
    ]


async def _collect(report: Report, future: "Future[tuple[int, int, list[Difference]]]") -> None:
    assessments, lines, differences = await asyncio.wrap_future(future)
    report.assessments += assessments
    report.lines += lines
    report.differences += differences
