"""How would an assessment and an approval look as loops of an ORM? Person by person."""

from dataclasses import replace
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
    Enrolment,
    LearningRecord,
    LedgerEntry,
    PeriodBalance,
    Person,
    Plan,
    ProjectSubsidy,
    Signature,
    Trainee,
    YearBalance,
)
from app.policy.determination import determine
from app.policy.facts import ClaimFacts, Employment, PersonFacts, Session
from app.policy.parameters import Parameters


async def assess(session: AsyncSession, case: ClaimFacts, plan_id: UUID, law: Parameters) -> None:
    """Assess a claim: for each person ask what he received and learned, and store his line."""
    claim = (await session.scalars(select(Claim).limit(1))).one()
    basis = AssessmentRecord(
        claim_id=claim.id, enterprise_id=claim.enterprise_id, bureau_code=claim.bureau_code,
        number=1, round=1, edition="2020-02-24", assessed_on=case.claimed_on, year=2020, amount=0,
        findings=[], facts={},
    )  # fmt: skip
    session.add(basis)
    await session.flush()
    for trainee in (await session.scalars(select(Trainee).where(Trainee.plan_id == plan_id))).all():
        person = await _person(session, trainee, law)
        found = determine(replace(case, persons=(person,)), law).lines[0]
        session.add(
            AssessmentLine(
                assessment_id=basis.id, number=trainee.number, claim_id=claim.id,
                enterprise_id=claim.enterprise_id, bureau_code=claim.bureau_code,
                trainee_id=trainee.id, person_id=trainee.person_id, minutes=found.minutes,
                hours=found.hours, gross=found.gross, payable=found.payable, findings=[], facts={},
            )
        )  # fmt: skip
        await session.flush()


async def _person(session: AsyncSession, trainee: Trainee, law: Parameters) -> PersonFacts:
    person_id = trainee.person_id
    year = await session.get(YearBalance, (person_id, "hourly_sme", 2020))
    times = await session.get(PeriodBalance, (person_id, law.policy_period))
    paid = await session.scalars(
        select(ProjectSubsidy).where(ProjectSubsidy.person_id == person_id)
    )
    elsewhere = await session.scalars(
        select(Enrolment).where(
            Enrolment.person_id == person_id, Enrolment.plan_id != trainee.plan_id
        )
    )
    records = await session.scalars(
        select(LearningRecord)
        .where(LearningRecord.plan_id == trainee.plan_id, LearningRecord.trainee_id == trainee.id)
        .order_by(LearningRecord.id)
    )
    return PersonFacts(
        number=trainee.number, id_valid=True, twice_on_roster=False, post=trainee.post,
        frontline=trainee.frontline, employment=Employment(trainee.employment),
        dispatch_company="", dispatch_uscc="", hired_on=trainee.hired_on, left_on=None,
        still_employed=True, occupied=bool(elsewhere.all()), already_subsidised=bool(paid.all()),
        counted=times.counted if times else 0, used={2020: year.used} if year else {},
        sessions=tuple(_session(each) for each in records),
    )  # fmt: skip


def _session(record: LearningRecord) -> Session:
    return Session(
        record.course_number,
        int(record.started_at.timestamp()) + 28_800,
        int(record.ended_at.timestamp()) + 28_800,
        record.stated_seconds,
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
    claim.state, claim.step_began_on, claim.due_on = "approved", today, today
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
