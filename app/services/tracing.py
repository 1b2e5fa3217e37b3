"""From a paid yuan back to the session rows and the files they came from: what was read, and when?

Nothing is decided here: the stored facts of the decision are counted once more, row by row, under
the edition that they were decided by, and set beside the rows as they stand now.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select

from app.actors import Member
from app.errors import NotFound
from app.models import AssessmentLine, Claim, Payment, Trainee
from app.office import Desk
from app.policy import counting, learning, parameters
from app.policy.facts import ClaimFacts
from app.policy.measures import is_capped, measure
from app.policy.rows import row_findings
from app.schemas.findings import FindingRead
from app.schemas.tracing import (
    LineBrief,
    LineDecided,
    LineSources,
    PaymentSources,
    SessionSource,
)
from app.services import arithmetic, behind_claims, cases, kept, rows_behind, told_rows
from app.services.kept import CLAIM_FACTS, PERSON_FACTS

_CAP_CLAUSE = "DL-2.3-f"


@dataclass(frozen=True, slots=True)
class Basis:
    """A claim's assessment in force: its facts, the law it was decided by, its files."""

    claim: Row[Any]
    stored: Row[Any]
    facts: ClaimFacts
    law: parameters.Parameters
    plan: learning.Syllabus
    files: dict[UUID, Row[Any]]
    stood: frozenset[UUID]

    @property
    def clauses(self) -> list[str]:
        """The clauses that the amounts rest on."""
        cap = [_CAP_CLAUSE] if is_capped(self.facts.measure, self.law) else []
        return [*measure(self.facts.measure).clauses, *cap]


async def of_line(desk: Desk[Member], claim_id: UUID, number: int) -> LineSources:
    """Return where one person's line of a claim comes from.

    Raises:
        NotFound: no such claim or line, or another's.
    """
    basis = await basis_of(desk, claim_id)
    found = await lines(desk, basis.stored.id, number)
    if not found:
        raise NotFound
    line = found[0]
    rows = await rows_behind.rows(desk, basis.claim.plan_id, line.trainee_id)
    mine = rows.get(line.trainee_id, [])
    keys = await behind_claims.keys(desk, basis.files.values(), mine)
    told = traced(basis, line, mine, keys)
    used = {session.batch_id for session in told.sessions}
    files = [file for file in basis.files.values() if file.id in used]
    return LineSources(
        claim=await behind_claims.claim(desk, basis.claim),
        number=line.number,
        name=line.name,
        id_masked=line.id_masked,
        decided=_decided(basis, line),
        arithmetic=arithmetic.steps(told.again, basis.stored.completed_on),
        courses=told_rows.courses(told.again.count, basis.facts.plan),
        sessions=told.sessions,
        files=await behind_claims.files(desk, basis.claim.plan_id, files),
        intact=not told.differences,
        differences=told.differences,
    )


async def of_payment(desk: Desk[Member], payment_id: UUID) -> PaymentSources:
    """Return for whom a payment was made, with the way to each person's sources.

    Raises:
        NotFound: no such payment, or another's.
    """
    claim_id = await desk.db.scalar(select(Payment.claim_id).where(Payment.id == payment_id))
    if claim_id is None:
        raise NotFound
    claim = await cases.found(desk, Claim, claim_id)
    told = await behind_claims.claim(desk, claim)
    stored = await kept.latest(desk, claim_id)
    paid = [
        LineBrief(**line._mapping, sources=f"/api/v1/claims/{claim_id}/lines/{line.number}/sources")
        for line in await lines(desk, stored.id)
        if line.payable > 0
    ]
    (payment,) = [each for each in told.payments if each.id == payment_id]
    return PaymentSources(
        payment=payment,
        claim=told,
        arithmetic=[
            f"{len(paid)} 人应补贴金额之和 = {sum(line.payable for line in paid)} 元。",
            f"核定 {claim.amount} 元 − 已预拨 {claim.advanced} 元 = 应拨付 {claim.to_pay} 元。",
            f"本笔拨付 {payment.amount} 元。",
        ],
        lines=paid,
    )


async def basis_of(desk: Desk[Member], claim_id: UUID) -> Basis:
    """Return what the claim's lines rest on.

    Raises:
        NotFound: there is no such claim, or it is another's.
    """
    claim = await cases.found(desk, Claim, claim_id)
    stored = await kept.latest(desk, claim_id)
    facts = CLAIM_FACTS.validate_python({**stored.facts, "persons": ()})
    law = parameters.edition(date.fromisoformat(stored.edition))
    files = {row.id: row for row in await behind_claims.batches(desk, claim.plan_id)}
    return Basis(
        claim=claim,
        stored=stored,
        facts=facts,
        law=law,
        plan=learning.syllabus(facts.plan, law),
        files=files,
        stood=rows_behind.standing(files.values(), stored.id),
    )


async def lines(
    desk: Desk[Member], assessment_id: UUID, number: int | None = None
) -> list[Row[Any]]:
    """Return the lines of an assessment (or one) with the names of the people."""
    query = (
        select(*AssessmentLine.__table__.c, Trainee.name, Trainee.id_masked)
        .join(Trainee, Trainee.id == AssessmentLine.trainee_id)
        .where(AssessmentLine.assessment_id == assessment_id)
        .order_by(AssessmentLine.number)
    )
    if number is not None:
        query = query.where(AssessmentLine.number == number)
    return list(await desk.db.execute(query))


@dataclass(frozen=True, slots=True)
class Traced:
    """One line with its sessions and the rows behind them, and how it is computed again."""

    line: Row[Any]
    again: arithmetic.Line
    sessions: list[SessionSource]
    differences: list[str]


def traced(basis: Basis, line: Row[Any], rows: Sequence[Row[Any]], keys: told_rows.Keys) -> Traced:
    """Return a line of the assessment, traced to *rows*, those of the person as they stand now.

    *keys* are those under which platforms pushed some of them.
    """
    person, plan = PERSON_FACTS.validate_python(line.facts), basis.facts.plan
    count = counting.count(person.sessions, basis.plan)
    again = arithmetic.Line(basis.facts, person, basis.plan, basis.law, count, line)
    found = [] if again.is_advance else rows_behind.behind(person.sessions, rows, basis.stood)
    told = told_rows.Told(plan, count, row_findings(plan, person.sessions))
    return Traced(
        line=line,
        again=again,
        sessions=[told_rows.session(each, told, basis.files, keys) for each in found],
        differences=[
            *arithmetic.differences(again, basis.stored.completed_on),
            *told_rows.differences(found, basis.files),
        ],
    )


def _decided(basis: Basis, line: Row[Any]) -> LineDecided:
    stored = basis.stored
    return LineDecided(
        assessment_id=stored.id,
        assessment_number=stored.number,
        round=stored.round,
        edition=stored.edition,
        assessed_on=stored.assessed_on,
        completed_on=stored.completed_on,
        minutes=line.minutes,
        hours=line.hours,
        gross=line.gross,
        payable=line.payable,
        clauses=basis.clauses,
        findings=[FindingRead.of(one) for one in kept.unpacked(line.findings)],
    )
