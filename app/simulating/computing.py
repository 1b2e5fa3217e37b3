"""What would the stored claims have been paid? One after the other, as they were approved."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final
from uuid import UUID

from app.policy.carrying import Past
from app.policy.facts import ClaimFacts, PersonFacts
from app.policy.money import yuan
from app.policy.whatif import WhatIf
from app.schemas.simulations import SimulationResult
from app.simulating.tally import Tally
from app.stored_cases import Stored, in_chunks, stored

Progress = Callable[[int, int], Awaitable[None]]
Standing = Mapping[tuple[UUID, int], Any]

# The claims that the role may ask about, each by its last assessment: the approved ones by the
# booking that their approval made, then those under way as they were filed. An advance is part of
# the claim that settles it. A receipt number is read of the bureau's own claims only.
_CLAIMS: Final = """
    SELECT a.id, c.id AS claim_id, r.entry,
           CASE WHEN c.bureau_code = current_setting('app.bureau') THEN c.receipt END AS receipt
    FROM claims AS c
    CROSS JOIN LATERAL (
        SELECT id FROM assessments WHERE claim_id = c.id ORDER BY number DESC LIMIT 1
    ) AS a
    LEFT JOIN (
        SELECT claim_id, min(id) AS entry FROM ledger_entries
        WHERE kind = 'reserve' GROUP BY claim_id
    ) AS r ON r.claim_id = c.id
    WHERE c.kind = 'claim' AND c.state NOT IN ('rejected', 'withdrawn', 'superseded')
    ORDER BY r.entry NULLS LAST, a.id
"""
_TOTAL: Final = (
    "SELECT count(*) FROM ({}) AS c JOIN assessment_lines AS l ON l.assessment_id = c.id"
)

# What the persons of some assessments had received before the bookings of the same claim (or until
# now). The facts of an assessment tell what they had when it was made: others may have been
# approved since, as long as no figure changed.
_STANDING: Final = """
    SELECT l.assessment_id, l.number, e.used, e.counted
    FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[])
        AS asked (assessment, entry, measure, period)
    JOIN assessment_lines AS l ON l.assessment_id = asked.assessment
    CROSS JOIN LATERAL (
        SELECT json_object_agg(y.year, y.used::text) AS used, sum(y.counted) AS counted
        FROM (
            SELECT year, coalesce(sum(used) FILTER (WHERE measure = asked.measure), 0) AS used,
                   coalesce(sum(counted) FILTER (WHERE period = asked.period), 0) AS counted
            FROM ledger_entries
            WHERE person_id = l.person_id AND (asked.entry IS NULL OR id < asked.entry)
            GROUP BY year
        ) AS y
    ) AS e
    WHERE e.used IS NOT NULL
"""


async def compute(
    connection: Any,  # noqa: ANN401  asyncpg is untyped
    what_if: WhatIf,
    progress: Progress,
) -> SimulationResult:
    """Return what the claims that the role of *connection* may ask about would have cost.

    *progress* is told the lines done and the lines there are.
    """
    total = await connection.fetchval(_TOTAL.format(_CLAIMS))
    await progress(0, total)
    tally = Tally()
    async for claims in in_chunks(connection, _CLAIMS):
        chunk = await stored(connection, [claim["id"] for claim in claims])
        by_id = {claim["id"]: claim for claim in claims}
        standing = await _standing(connection, chunk, by_id)
        for each in chunk:
            claim = by_id[each.id]
            past = _past(each, booked=claim["entry"] is not None)
            paid = what_if.pays(past, partial(_facts, each, standing))
            tally.add(each, claim["receipt"], paid)
        await progress(tally.lines, total)
    return tally.result(*what_if.gaining_and_losing())


async def _standing(
    connection: Any,  # noqa: ANN401  asyncpg is untyped
    chunk: list[Stored],
    claims: Mapping[UUID, Any],
) -> Standing:
    rows = await connection.fetch(
        _STANDING,
        [each.id for each in chunk],
        [claims[each.id]["entry"] for each in chunk],
        [each.measure for each in chunk],
        [each.law.policy_period for each in chunk],
    )
    return {(row["assessment_id"], row["number"]): row for row in rows}


def _past(each: Stored, *, booked: bool) -> Past:
    return Past(
        law=each.law,
        day=each.law_day,
        measure=each.measure,
        year=each.year,
        persons=each.persons,
        payable=each.payable,
        booked=booked,
    )


def _facts(each: Stored, standing: Standing) -> ClaimFacts:
    """Return the facts of a claim with the balances on record when it was approved."""
    case = each.case()
    return replace(
        case,
        persons=tuple([_then(one, standing.get((each.id, one.number))) for one in case.persons]),
    )


def _then(person: PersonFacts, standing: Any) -> PersonFacts:  # noqa: ANN401  a row or nothing
    if standing is None:
        return replace(person, used={}, counted=0)
    used = {int(year): yuan(amount) for year, amount in json.loads(standing["used"]).items()}
    return replace(person, used=used, counted=int(standing["counted"]))
