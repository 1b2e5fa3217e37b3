"""Would the law still say the same, to the fen? Every stored assessment is computed again.

Assessments are read through a cursor and computed in several processes, a bounded number of them
at a time, so memory does not grow with the history. Nothing is changed.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from multiprocessing import get_context
from typing import Any, Final, NamedTuple
from uuid import UUID

import asyncpg

from app.database import for_asyncpg
from app.policy import parameters
from app.policy.assessment import assess
from app.services.kept import CLAIM_FACTS, PERSON_FACTS, packed

_CHUNK: Final = 40
_AHEAD: Final = 4

_STORED: Final = """
    SELECT a.id, a.claim_id, a.edition, a.amount, a.findings::text AS findings,
           a.facts::text AS facts,
           l.payable, l.hours, l.findings AS line_findings, l.facts AS line_facts
    FROM assessments AS a CROSS JOIN LATERAL (
        SELECT array_agg(payable ORDER BY number) AS payable,
               array_agg(hours ORDER BY number) AS hours,
               array_agg(findings::text ORDER BY number) AS findings,
               array_agg(facts::text ORDER BY number) AS facts
        FROM assessment_lines WHERE assessment_id = a.id
    ) AS l
    WHERE l.facts IS NOT NULL ORDER BY a.id
"""


class Stored(NamedTuple):
    """One stored assessment, as text: cheap to hand to another process."""

    id: UUID
    claim_id: UUID
    edition: str
    amount: Decimal
    findings: str
    facts: str
    payable: list[Decimal]
    hours: list[int]
    line_findings: list[str]
    line_facts: list[str]


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
                async for chunk in _chunks(connection):
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
    for stored in chunk:
        assessments += 1
        lines += len(stored.line_facts)
        found += compare(stored)
    return assessments, lines, found


def compare(stored: Stored) -> list[Difference]:
    """Return where the law of the stored edition says something else of the stored facts."""
    people = tuple(PERSON_FACTS.validate_json(facts) for facts in stored.line_facts)
    case = replace(CLAIM_FACTS.validate_json(stored.facts), persons=people)
    law = parameters.edition(date.fromisoformat(stored.edition))
    now = assess(case, law)
    claim = [
        ("amount", stored.amount, now.amount),
        ("findings", json.loads(stored.findings), json.loads(packed(now.findings))),
    ]
    found = [(0, *each) for each in claim]
    for line, payable, hours, findings in zip(
        now.lines, stored.payable, stored.hours, stored.line_findings, strict=True
    ):
        found += [
            (line.number, "payable", payable, line.payable),
            (line.number, "hours", hours, line.hours),
            (line.number, "findings", json.loads(findings), json.loads(packed(line.findings))),
        ]
    return [
        Difference(stored.claim_id, stored.id, number, what, str(was), str(computed))
        for number, what, was, computed in found
        if was != computed
    ]


async def _chunks(connection: Any) -> AsyncIterator[list[Stored]]:  # noqa: ANN401  asyncpg is untyped
    chunk: list[Stored] = []
    async for row in connection.cursor(_STORED, prefetch=_CHUNK):
        chunk.append(Stored(*row.values()))
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


async def _collect(report: Report, future: "Future[tuple[int, int, list[Difference]]]") -> None:
    assessments, lines, differences = await asyncio.wrap_future(future)
    report.assessments += assessments
    report.lines += lines
    report.differences += differences
