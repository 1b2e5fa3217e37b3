"""How is an assessment stored for ever, with the facts it rests on, and read back?"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import BindParameter, Row, select, text

from app.actors import Member
from app.hot import Hot
from app.hot import Row as HotRow
from app.models import AssessmentLine, AssessmentRecord, new_id
from app.office import Desk
from app.policy.facts import ClaimFacts, PersonFacts
from app.policy.findings import Assessment, Finding, Outcome
from app.policy.parameters import Parameters

CLAIM_FACTS: Final = TypeAdapter(ClaimFacts)
PERSON_FACTS: Final = TypeAdapter(PersonFacts)

# What stores an assessment, after the part that names its claim.
_STORING: Final = """
    WITH claim AS ({claim}), stored AS (
        INSERT INTO assessments (id, claim_id, enterprise_id, bureau_code, number, round, edition,
            assessed_on, year, completed_on, amount, findings, facts)
        SELECT :assessment_id, c.id, c.enterprise_id, c.bureau_code,
               (SELECT count(*) + 1 FROM assessments WHERE claim_id = c.id), c.round, :edition,
               :today, :year, :completed_on, :due,
               CAST(:findings AS jsonb), CAST(:facts AS jsonb)
        FROM claim AS c
    ), lines AS (
        INSERT INTO assessment_lines (assessment_id, number, claim_id, enterprise_id, bureau_code,
            trainee_id, person_id, minutes, hours, gross, payable, findings, facts)
        SELECT :assessment_id, u.number, c.id, c.enterprise_id, c.bureau_code, u.trainee, u.person,
               u.minutes, u.hours, u.gross, u.payable, u.findings::jsonb, u.facts::jsonb
        FROM claim AS c, unnest(
            CAST(:of_numbers AS int[]), CAST(:of_trainees AS uuid[]), CAST(:of_persons AS uuid[]),
            CAST(:of_minutes AS int[]), CAST(:of_hours AS int[]), CAST(:of_gross AS numeric[]),
            CAST(:of_payable AS numeric[]), CAST(:of_findings AS text[]), CAST(:of_facts AS text[])
        ) AS u (number, trainee, person, minutes, hours, gross, payable, findings, facts)
    )
    SELECT * FROM claim
    """


def storing(claim: str, *parameters: BindParameter[Any]) -> Hot:
    """Return the statement that stores an assessment of the claim that *claim*, SQL, returns.

    It answers that claim; its own parameters are those of ``columns``.
    """
    return Hot(text(_STORING.format(claim=claim)).bindparams(*parameters))


# The facts come as text: read in one pass, they cost a third of what parsed JSON costs.
_BASIS: Final = Hot(
    text(
        """
    SELECT a.id, a.amount, a.facts::text AS facts, l.*
    FROM (SELECT * FROM assessments WHERE claim_id = :claim_id ORDER BY number DESC LIMIT 1) AS a
    CROSS JOIN LATERAL (
        SELECT array_agg(number ORDER BY number) AS numbers,
               array_agg(payable ORDER BY number) AS payable,
               array_agg(facts::text ORDER BY number) AS persons
        FROM assessment_lines WHERE assessment_id = a.id
    ) AS l
    """
    )
)
_STORE: Final = storing("SELECT * FROM claims WHERE id = :claim_id")


@dataclass(frozen=True, slots=True)
class Assessed:
    """An assessment with the facts it rests on and the people it speaks of.

    ``balances`` is the law by whose measure and period the people's balances were read; what is
    reserved is booked there, too.
    """

    facts: ClaimFacts
    law: Parameters
    balances: Parameters
    people: list[HotRow]
    result: Assessment

    @property
    def persons_paid(self) -> int:
        """How many persons are paid anything."""
        return sum(line.payable > 0 for line in self.result.lines)


@dataclass(frozen=True, slots=True)
class Basis:
    """The assessment in force, as one decides on it: its figures and the facts it rests on."""

    id: UUID
    amount: Decimal
    payable: Mapping[int, Decimal]
    facts: ClaimFacts


async def basis(desk: Desk[Member], claim_id: UUID) -> Basis:
    """Return the claim's assessment in force with the facts of all its persons."""
    row = await _BASIS.row(desk.driver, claim_id=claim_id)
    persons = tuple([PERSON_FACTS.validate_json(facts) for facts in row.persons])
    case = replace(CLAIM_FACTS.validate_json(row.facts), persons=persons)
    return Basis(row.id, row.amount, dict(zip(row.numbers, row.payable, strict=True)), case)


async def latest(desk: Desk[Member], claim_id: UUID) -> Row[Any]:
    """Return the claim's assessment in force: the one that was made last."""
    query = (
        select(*AssessmentRecord.__table__.c)
        .where(AssessmentRecord.claim_id == claim_id)
        .order_by(AssessmentRecord.number.desc())
        .limit(1)
    )
    return (await desk.db.execute(query)).one()


async def lines(desk: Desk[Member], assessment_id: UUID) -> list[Row[Any]]:
    """Return the lines of a stored assessment, in the order of the roster."""
    query = (
        select(*AssessmentLine.__table__.c)
        .where(AssessmentLine.assessment_id == assessment_id)
        .order_by(AssessmentLine.number)
    )
    return list(await desk.db.execute(query))


async def store(desk: Desk[Member], claim_id: UUID, done: Assessed) -> None:
    """Store an assessment of a claim with the facts it rests on, for ever."""
    await _STORE.rows(desk.driver, claim_id=claim_id, **columns(desk, done))


def columns(desk: Desk[Member], done: Assessed) -> dict[str, Any]:
    """Return what ``storing`` is to be given of an assessment."""
    result = done.result
    return {
        "assessment_id": new_id(),
        "edition": result.edition,
        "today": desk.today,
        "year": result.year,
        "completed_on": date.fromisoformat(result.completed_on) if result.completed_on else None,
        "due": result.amount,
        "findings": packed(result.findings),
        "facts": CLAIM_FACTS.dump_json(replace(done.facts, persons=())).decode(),
        **_line_columns(done),
    }


def _line_columns(done: Assessed) -> dict[str, list[Any]]:
    found = done.result.lines
    return {
        "of_numbers": [line.number for line in found],
        "of_trainees": [row.id for row in done.people],
        "of_persons": [row.person_id for row in done.people],
        "of_minutes": [line.minutes for line in found],
        "of_hours": [line.hours for line in found],
        "of_gross": [line.gross for line in found],
        "of_payable": [line.payable for line in found],
        "of_findings": [packed(line.findings) for line in found],
        "of_facts": [PERSON_FACTS.dump_json(one).decode() for one in done.facts.persons],
    }


def packed(findings: tuple[Finding, ...]) -> str:
    """Return findings as they are stored: rule, outcome, and figures if there are any."""
    told = [
        _with_figures(one) if one.data else _without_figures(one.rule, one.outcome)
        for one in findings
    ]
    return f"[{','.join(told)}]"


@cache
def _without_figures(rule: str, outcome: Outcome) -> str:
    # Nearly all findings are this, and there are only so many.
    return json.dumps([rule, outcome])


def _with_figures(one: Finding) -> str:
    return json.dumps([one.rule, one.outcome, one.data], ensure_ascii=False, default=str)


def unpacked(stored: list[Any]) -> list[Finding]:
    """Return stored findings."""
    return [
        Finding(rule, Outcome(outcome), data[0] if data else {}) for rule, outcome, *data in stored
    ]
