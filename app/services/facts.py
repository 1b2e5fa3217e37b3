"""What are the facts of a claim? Gathered from the tables, for the law to read."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, bindparam, select, text

from app.actors import PROVINCIAL_CENTRE, Member
from app.models import Evidence, ListedPlatform, PlanCourse
from app.office import Desk
from app.policy.facts import (
    Category,
    ClaimFacts,
    Course,
    Employment,
    EnterpriseFacts,
    InsuranceLevel,
    LegalForm,
    Material,
    Mode,
    PersonFacts,
    PlanFacts,
    Platform,
    PlatformKind,
    Session,
)
from app.policy.money import yuan
from app.policy.parameters import Parameters
from app.services import enterprises

# One statement for all persons: who they are here, what they already received, what they learned.
_PERSONS: Final = text(
    """
    SELECT t.number, t.id, t.person_id, t.name, t.id_masked, t.post, t.frontline, t.employment,
           t.dispatch_company, t.dispatch_uscc, t.hired_on,
           s.occupied, s.already_subsidised, s.counted, s.used,
           l.courses, l.starts, l.ends, l.stated
    FROM standing(:plan_id, :measure, :period, :locked) AS s
    JOIN trainees AS t ON t.id = s.trainee
    LEFT JOIN (
        SELECT r.trainee_id,
               array_agg(r.course_number ORDER BY r.id) AS courses,
               array_agg(extract(epoch FROM r.started_at)::bigint + 28800 ORDER BY r.id) AS starts,
               array_agg(extract(epoch FROM r.ended_at)::bigint + 28800 ORDER BY r.id) AS ends,
               array_agg(r.stated_seconds ORDER BY r.id) AS stated
        FROM learning_records AS r
        JOIN learning_batches AS b ON b.id = r.batch_id AND b.replaced_by IS NULL
        WHERE r.plan_id = :plan_id AND r.trainee_id IS NOT NULL
        GROUP BY r.trainee_id
    ) AS l ON l.trainee_id = t.id
    WHERE t.plan_id = :plan_id
    ORDER BY t.number
    """
).bindparams(bindparam("locked", value=False))


async def persons(
    desk: Desk[Member], plan_id: UUID, law: Parameters, *, locked: bool = False
) -> list[Row[Any]]:
    """Return a row per person of the plan; with ``locked`` their entitlements wait for us."""
    asked = {"plan_id": plan_id, "measure": law.measure, "period": law.policy_period}
    return list(await desk.db.execute(_PERSONS, {**asked, "locked": locked}))


def person(row: Row[Any], *, employed: frozenset[int], left: dict[int, date | None]) -> PersonFacts:
    """Return the facts of one person, with the enterprise's word on his employment."""
    said = True if row.number in employed else False if row.number in left else None
    return PersonFacts(
        number=row.number,
        id_valid=True,
        twice_on_roster=False,
        post=row.post,
        frontline=row.frontline,
        employment=Employment(row.employment),
        dispatch_company=row.dispatch_company,
        dispatch_uscc=row.dispatch_uscc,
        hired_on=row.hired_on,
        left_on=left.get(row.number),
        still_employed=said,
        occupied=row.occupied,
        already_subsidised=row.already_subsidised,
        counted=row.counted,
        used={int(year): yuan(used) for year, used in row.used.items()},
        sessions=_sessions(row) if row.courses else (),
    )


def _sessions(row: Row[Any]) -> tuple[Session, ...]:
    columns = zip(row.courses, row.starts, row.ends, row.stated, strict=True)
    return tuple(Session(*one) for one in columns)


async def of_plan(
    desk: Desk[Member],
    plan: Row[Any],
    law: Parameters,
    people: tuple[PersonFacts, ...],
    commitments: int,
) -> ClaimFacts:
    """Return the facts of a claim for *plan*, filed today."""
    # An enterprise that moved after its case was closed is no longer its old bureau's to read.
    enterprise = await enterprises.found(desk, plan.enterprise_id)
    kinds = await desk.db.scalars(
        select(Evidence.kind).where(Evidence.plan_id == plan.id).distinct()
    )
    materials = frozenset(Material(kind) for kind in kinds)
    return ClaimFacts(
        measure=law.measure,
        claimed_on=desk.today,
        handled_by_centre=plan.bureau_code == PROVINCIAL_CENTRE,
        enterprise=_enterprise(enterprise),
        plan=await _plan(desk, plan, materials, people),
        materials=materials,
        commitments=commitments,
        persons=people,
    )


def _enterprise(row: Row[Any]) -> EnterpriseFacts:
    return EnterpriseFacts(
        legal_form=LegalForm(row.legal_form),
        # The registered seat lies in a district of Dalian; the database knows no other.
        registered_in_liaoning=row.district_code != PROVINCIAL_CENTRE,
        dispatch_company=row.dispatch_company,
        industry=row.industry,
        headcount=row.headcount,
        revenue_wan=row.revenue_wan,
        assets_wan=row.assets_wan,
        insurance=InsuranceLevel(row.insurance),
        verified=row.state == "verified",
    )


async def _plan(
    desk: Desk[Member],
    plan: Row[Any],
    materials: frozenset[Material],
    people: tuple[PersonFacts, ...],
) -> PlanFacts:
    return PlanFacts(
        project_key=plan.project_key,
        mode=Mode(plan.mode),
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        approved_on=plan.approved_on,
        main_business=plan.main_business,
        converted_from_offline=plan.converted_from_offline,
        cost=plan.cost,
        courses=await courses(desk, plan.id),
        platform=await _platform(desk, plan),
        materials=materials,
        trainees=len(people),
        dispatched=sum(one.employment is Employment.DISPATCHED for one in people),
    )


async def courses(desk: Desk[Member], plan_id: UUID) -> tuple[Course, ...]:
    """Return the filed courses of a plan."""
    rows = await desk.db.execute(
        select(*PlanCourse.__table__.c)
        .where(PlanCourse.plan_id == plan_id)
        .order_by(PlanCourse.number)
    )
    return tuple(
        Course(row.number, row.name, Category(row.category), Mode(row.mode), row.class_hours)
        for row in rows
    )


async def _platform(desk: Desk[Member], plan: Row[Any]) -> Platform | None:
    """Return the filed channel; one that only calls itself listed is an "other" platform."""
    if plan.platform_kind is None:
        return None
    known = await desk.db.scalar(
        select(ListedPlatform.kind).where(ListedPlatform.name == plan.platform_name)
    )
    stated = PlatformKind(plan.platform_kind)
    unknown = stated is PlatformKind.LISTED and known != PlatformKind.LISTED
    return Platform(
        kind=PlatformKind.OTHER if unknown else stated,
        name=plan.platform_name,
        address=plan.platform_address,
        conditions_met=plan.platform_conditions_met,
        blocked=known == "blocked",
    )
