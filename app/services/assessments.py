"""What does the law say of this claim? Facts in, assessment out, stored as it was found."""

import json
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Row, select, text

from app.actors import Member
from app.errors import PersonsUnknown
from app.hot import Hot
from app.models import AssessmentLine, AssessmentRecord, new_id
from app.office import Desk
from app.policy.assessment import assess, law_of
from app.policy.facts import ClaimFacts, PersonFacts
from app.policy.findings import Assessment, Finding, Outcome
from app.policy.parameters import Parameters
from app.schemas.claims import Employed
from app.services import facts, law

CLAIM_FACTS: Final = TypeAdapter(ClaimFacts)
PERSON_FACTS: Final = TypeAdapter(PersonFacts)

_STORE: Final = Hot(
    text(
        """
    WITH claim AS (
        SELECT id, enterprise_id, bureau_code, round FROM claims WHERE id = :claim_id
    ), stored AS (
        INSERT INTO assessments (id, claim_id, enterprise_id, bureau_code, number, round, edition,
            assessed_on, year, completed_on, amount, findings, facts)
        SELECT :id, c.id, c.enterprise_id, c.bureau_code,
               (SELECT count(*) + 1 FROM assessments WHERE claim_id = c.id), c.round, :edition,
               :today, :year, :completed_on, :amount,
               CAST(:findings AS jsonb), CAST(:facts AS jsonb)
        FROM claim AS c
    )
    INSERT INTO assessment_lines (assessment_id, number, claim_id, enterprise_id, bureau_code,
        trainee_id, person_id, minutes, hours, gross, payable, findings, facts)
    SELECT :id, u.number, c.id, c.enterprise_id, c.bureau_code, u.trainee, u.person,
           u.minutes, u.hours, u.gross, u.payable, u.findings::jsonb, u.facts::jsonb
    FROM claim AS c, unnest(
        CAST(:numbers AS int[]), CAST(:trainees AS uuid[]), CAST(:persons AS uuid[]),
        CAST(:minutes AS int[]), CAST(:hours AS int[]), CAST(:gross AS numeric[]),
        CAST(:payable AS numeric[]), CAST(:line_findings AS text[]), CAST(:line_facts AS text[])
    ) AS u (number, trainee, person, minutes, hours, gross, payable, findings, facts)
    """
    )
)


@dataclass(frozen=True, slots=True)
class Assessed:
    """An assessment with the facts it rests on and the people it speaks of.

    ``balances`` is the law by whose measure and period the people's balances were read; what is
    reserved is booked there, too.
    """

    facts: ClaimFacts
    law: Parameters
    balances: Parameters
    people: list[Row[Any]]
    result: Assessment


async def of_plan(
    desk: Desk[Member], plan: Row[Any], said: Employed, commitments: int, *, locked: bool = False
) -> Assessed:
    """Assess a claim for *plan* as it would be filed today.

    Raises:
        PersonsUnknown: numbers that are not on the roster.
    """
    applied = law.of(plan.ends_on)
    rows = await facts.persons(desk, plan.id, applied, locked=locked)
    employed, left = _said(said, frozenset(row.number for row in rows))
    people = tuple(facts.person(row, employed=employed, left=left) for row in rows)
    case = await facts.of_plan(desk, plan, applied, people, commitments)
    return _assessed(case, applied, rows)


async def again(desk: Desk[Member], claim: Row[Any]) -> tuple[Row[Any], Assessed]:
    """Return the claim's stored assessment, and the same facts assessed with today's standing.

    The persons' entitlements are locked, so that nobody else decides on them meanwhile.
    """
    stored = await latest(desk, claim.id)
    case = CLAIM_FACTS.validate_python({**stored.facts, "persons": ()})
    applied = law.of(case.plan.ends_on)
    rows = await facts.persons(desk, claim.plan_id, applied, locked=True)
    standing = {row.number: row for row in rows}
    people = tuple(
        _with_standing(PERSON_FACTS.validate_python(line.facts), standing[line.number])
        for line in await lines(desk, stored.id)
    )
    return stored, _assessed(replace(case, persons=people), applied, rows)


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


async def store(desk: Desk[Member], claim_id: UUID, done: Assessed) -> UUID:
    """Store an assessment of a claim with the facts it rests on, for ever."""
    assessment_id, result = new_id(), done.result
    of_claim = replace(done.facts, persons=())
    await _STORE.rows(
        desk.driver,
        id=assessment_id,
        claim_id=claim_id,
        edition=result.edition,
        today=desk.today,
        year=result.year,
        completed_on=date.fromisoformat(result.completed_on) if result.completed_on else None,
        amount=result.amount,
        findings=packed(result.findings),
        facts=CLAIM_FACTS.dump_json(of_claim).decode(),
        **_line_columns(done),
    )
    return assessment_id


def _assessed(case: ClaimFacts, balances: Parameters, rows: list[Row[Any]]) -> Assessed:
    applied = law_of(case)
    return Assessed(case, applied, balances, rows, assess(case, applied))


def assessed(case: ClaimFacts, before: Assessed) -> Assessed:
    """Return *before* with other facts of the claim: assessed again, of the same people."""
    return _assessed(case, before.balances, before.people)


def _line_columns(done: Assessed) -> dict[str, list[Any]]:
    found = done.result.lines
    return {
        "numbers": [line.number for line in found],
        "trainees": [row.id for row in done.people],
        "persons": [row.person_id for row in done.people],
        "minutes": [line.minutes for line in found],
        "hours": [line.hours for line in found],
        "gross": [line.gross for line in found],
        "payable": [line.payable for line in found],
        "line_findings": [packed(line.findings) for line in found],
        "line_facts": [PERSON_FACTS.dump_json(one).decode() for one in done.facts.persons],
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


def _said(said: Employed, known: frozenset[int]) -> tuple[frozenset[int], dict[int, date | None]]:
    employed = frozenset(said.still_employed)
    left = {leaver.number: leaver.left_on for leaver in said.left}
    strangers = (employed | left.keys()) - known
    if strangers or employed & left.keys():
        raise PersonsUnknown(numbers=sorted(strangers), both=sorted(employed & left.keys()))
    return employed, left


def _with_standing(person: PersonFacts, row: Row[Any]) -> PersonFacts:
    now = facts.person(row, employed=frozenset(), left={})
    return replace(
        person,
        occupied=now.occupied,
        already_subsidised=now.already_subsidised,
        counted=now.counted,
        used=now.used,
    )
