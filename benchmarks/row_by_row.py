"""How would an approval look as a loop of an ORM? The same rows, person by person."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.actors import DistrictOfficer
from app.models import (
    AssessmentLine,
    AssessmentRecord,
    AuditEvent,
    Claim,
    LedgerEntry,
    PeriodBalance,
    Person,
    Plan,
    ProjectSubsidy,
    Signature,
    YearBalance,
)


async def approve(
    session: AsyncSession, claim_id: UUID, officer: DistrictOfficer, period: str, today: date
) -> None:
    """Approve a claim: lock, read, write and sign, each row by itself."""
    claim = await session.get_one(Claim, claim_id, with_for_update=True)
    plan = await session.get_one(Plan, claim.plan_id)
    basis = (
        await session.scalars(
            select(AssessmentRecord)
            .where(AssessmentRecord.claim_id == claim_id)
            .order_by(AssessmentRecord.number.desc())
            .limit(1)
        )
    ).one()
    lines = await session.scalars(
        select(AssessmentLine)
        .where(AssessmentLine.assessment_id == basis.id, AssessmentLine.payable > 0)
        .order_by(AssessmentLine.person_id)
    )
    for line in lines.all():
        await _book(session, claim, plan, basis, line, period)
    case = {"enterprise_id": claim.enterprise_id, "bureau_code": claim.bureau_code}
    session.add(
        Signature(
            claim_id=claim.id, round=claim.round, step="approve", officer_id=officer.account_id,
            officer_name=officer.name, assessment_id=basis.id, signed_on=today, **case,
        )
    )  # fmt: skip
    await session.flush()
    claim.state = "approved"
    session.add(
        AuditEvent(
            business_day=today, account_id=officer.account_id, account_name=officer.name,
            role="district", act="approve", object_kind="claims", object_id=str(claim.id),
            case_id=claim.id, request_id="", address="", details={"state": "approved"}, **case,
        )
    )  # fmt: skip
    await session.flush()


async def _book(
    session: AsyncSession,
    claim: Claim,
    plan: Plan,
    basis: AssessmentRecord,
    line: AssessmentLine,
    period: str,
) -> None:
    await session.get_one(Person, line.person_id, with_for_update={"key_share": True})
    key = (line.person_id, claim.measure, basis.year)
    year = await session.get(YearBalance, key, with_for_update=True)
    if year is None:
        session.add(
            YearBalance(
                person_id=line.person_id, measure=claim.measure, year=basis.year, ceiling=1000,
                used=0,
            )
        )  # fmt: skip
    times = await session.get(PeriodBalance, (line.person_id, period), with_for_update=True)
    if times is None:
        session.add(PeriodBalance(person_id=line.person_id, period=period, ceiling=3, counted=0))
    session.add(
        ProjectSubsidy(person_id=line.person_id, claim_id=claim.id, project_key=plan.project_key)
    )
    await session.flush()
    session.add(
        LedgerEntry(
            person_id=line.person_id, claim_id=claim.id, measure=claim.measure, year=basis.year,
            period=period, kind="reserve", amount=line.payable, used=line.payable, counted=1,
        )
    )  # fmt: skip
    await session.flush()
