"""How is a long history of assessments read back, with memory that does not grow with it?

A cursor names the assessments, and a bounded number of them is fetched at a time.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple
from uuid import UUID

from app.policy import parameters
from app.policy.facts import ClaimFacts
from app.policy.parameters import Parameters
from app.services.kept import CLAIM_FACTS, PERSON_FACTS

_CHUNK: Final = 40

_STORED: Final = """
    SELECT a.id, a.claim_id, a.bureau_code, a.edition, a.year,
           coalesce(a.completed_on, (a.facts #>> '{plan,ends_on}')::date) AS law_day,
           a.facts ->> 'measure' AS measure, a.amount, a.findings::text AS findings,
           a.facts::text AS facts, l.*
    FROM unnest($1::uuid[]) WITH ORDINALITY AS asked (id, place)
    JOIN assessments AS a ON a.id = asked.id
    CROSS JOIN LATERAL (
        SELECT array_agg(person_id ORDER BY number) AS persons,
               array_agg(payable ORDER BY number) AS payable,
               array_agg(hours ORDER BY number) AS hours,
               array_agg(findings::text ORDER BY number) AS line_findings,
               array_agg(facts::text ORDER BY number) AS line_facts
        FROM assessment_lines WHERE assessment_id = a.id
    ) AS l
    WHERE l.line_facts IS NOT NULL ORDER BY asked.place
"""


class Stored(NamedTuple):
    """One stored assessment, as text: cheap to hand to another process.

    ``law_day`` is the day whose law applies: that of completion, or the filed end.
    """

    id: UUID
    claim_id: UUID
    bureau_code: str
    edition: str
    year: int
    law_day: date
    measure: str
    amount: Decimal
    findings: str
    facts: str
    persons: list[UUID]
    payable: list[Decimal]
    hours: list[int]
    line_findings: list[str]
    line_facts: list[str]

    @property
    def law(self) -> Parameters:
        """The law by which it was assessed."""
        return parameters.edition(date.fromisoformat(self.edition))

    def case(self) -> ClaimFacts:
        """Return the facts on which it rests."""
        people = tuple([PERSON_FACTS.validate_json(facts) for facts in self.line_facts])
        return replace(CLAIM_FACTS.validate_json(self.facts), persons=people)


async def in_chunks(
    connection: Any,  # noqa: ANN401  asyncpg is untyped
    query: str,
    size: int = _CHUNK,
) -> AsyncIterator[list[Any]]:
    """Yield the rows of *query*, a bounded number at a time, in the transaction that is open."""
    chunk: list[Any] = []
    async for row in connection.cursor(query, prefetch=size):
        chunk.append(row)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


async def stored(
    connection: Any,  # noqa: ANN401  asyncpg is untyped
    assessments: Sequence[UUID],
) -> list[Stored]:
    """Return the assessments of these ids, in their order; those without lines are left out."""
    return [Stored(*row.values()) for row in await connection.fetch(_STORED, assessments)]
