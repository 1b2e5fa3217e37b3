"""What are the facts of a claim? Gathered from the tables, for the law to read."""

from datetime import date
from functools import partial
from struct import Struct
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, select, text

from app.actors import PROVINCIAL_CENTRE, Member
from app.errors import NotFound
from app.hot import Hot
from app.hot import Row as HotRow
from app.models import PlanCourse
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

# One statement for all persons: who they are here, what they already received, what they learned.
# What they learned is gathered first, apart: the planner takes the sessions of a plan for very few.
# A person's sessions come as one string of eight-byte numbers, four to a session: arrays of arrays
# cost the server twice and the driver thrice as much.
_PERSONS: Final = Hot(
    text(
        """
    WITH learned AS MATERIALIZED (
        SELECT r.trainee_id,
               string_agg(
                   int8send(r.course_number)
                   || int8send(date_part('epoch', r.started_at)::bigint + 28800)
                   || int8send(date_part('epoch', r.ended_at)::bigint + 28800)
                   || int8send(r.stated_seconds),
                   ''::bytea ORDER BY r.id
               ) AS sessions
        FROM learning_records AS r
        WHERE r.plan_id = :plan_id AND r.trainee_id IS NOT NULL
          AND r.batch_id IN (
              SELECT b.id FROM learning_batches AS b
              WHERE b.plan_id = :plan_id AND b.replaced_by IS NULL)
        GROUP BY r.trainee_id
    )
    SELECT t.number, t.id, t.person_id, t.name, t.id_masked, t.post, t.frontline, t.employment,
           t.dispatch_company, t.dispatch_uscc, t.hired_on,
           s.occupied, s.already_subsidised, s.counted, s.used, l.sessions
    FROM standing(:plan_id, :measure, :period, :locked) AS s
    JOIN trainees AS t ON t.id = s.trainee
    LEFT JOIN learned AS l ON l.trainee_id = t.id
    WHERE t.plan_id = :plan_id
    ORDER BY t.number
    """
    )
)

_NUMBERS: Final = Struct("!4q")
_SESSION: Final = partial(tuple.__new__, Session)

# And one for what surrounds them: the applicant, the papers, the courses, the platform.
_AROUND: Final = Hot(
    text(
        """
    SELECT e.*,
           ARRAY(SELECT DISTINCT v.kind FROM evidence AS v WHERE v.plan_id = :plan_id) AS kinds,
           (SELECT json_agg(c ORDER BY c.number) FROM plan_courses AS c
            WHERE c.plan_id = :plan_id) AS courses,
           (SELECT p.kind FROM platforms AS p WHERE p.name = :platform) AS platform
    FROM enterprises AS e WHERE e.id = :enterprise_id
    """
    )
)


async def persons(
    desk: Desk[Member], plan_id: UUID, law: Parameters, *, locked: bool = False
) -> list[HotRow]:
    """Return a row per person of the plan; with ``locked`` their entitlements wait for us."""
    return await _PERSONS.rows(
        desk.driver, plan_id=plan_id, measure=law.measure, period=law.policy_period, locked=locked
    )


def person(row: HotRow, *, employed: frozenset[int], left: dict[int, date | None]) -> PersonFacts:
    """Return the facts of one person, with the enterprise's word on his employment."""
    said = True if row["number"] in employed else False if row["number"] in left else None
    return PersonFacts(
        number=row["number"],
        id_valid=True,
        twice_on_roster=False,
        post=row["post"],
        frontline=row["frontline"],
        employment=Employment(row["employment"]),
        dispatch_company=row["dispatch_company"],
        dispatch_uscc=row["dispatch_uscc"],
        hired_on=row["hired_on"],
        left_on=left.get(row["number"]),
        still_employed=said,
        occupied=row["occupied"],
        already_subsidised=row["already_subsidised"],
        counted=row["counted"],
        used={int(year): yuan(used) for year, used in row["used"].items()},
        sessions=tuple(map(_SESSION, _NUMBERS.iter_unpack(row["sessions"] or b""))),
    )


async def of_plan(
    desk: Desk[Member],
    plan: Row[Any],
    law: Parameters,
    people: tuple[PersonFacts, ...],
    commitments: int,
) -> ClaimFacts:
    """Return the facts of a claim for *plan*, filed today."""
    around = await _AROUND.row(
        desk.driver, plan_id=plan.id, platform=plan.platform_name, enterprise_id=plan.enterprise_id
    )
    if around is None:
        raise NotFound
    materials = frozenset(Material(kind) for kind in around.kinds)
    return ClaimFacts(
        measure=law.measure,
        claimed_on=desk.today,
        handled_by_centre=plan.bureau_code == PROVINCIAL_CENTRE,
        enterprise=_enterprise(around),
        plan=_plan(plan, around, materials, people),
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


def _plan(
    plan: Row[Any],
    around: Row[Any],
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
        courses=tuple(_course(told) for told in around.courses or ()),
        platform=_platform(plan, around.platform),
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
    return tuple(_course(dict(row._mapping)) for row in rows)


def _course(told: dict[str, Any]) -> Course:
    return Course(
        told["number"],
        told["name"],
        Category(told["category"]),
        Mode(told["mode"]),
        told["class_hours"],
    )


def _platform(plan: Row[Any], known: str | None) -> Platform | None:
    """Return the filed channel; one that only calls itself listed is an "other" platform."""
    if plan.platform_kind is None:
        return None
    stated = PlatformKind(plan.platform_kind)
    unknown = stated is PlatformKind.LISTED and known != PlatformKind.LISTED
    return Platform(
        kind=PlatformKind.OTHER if unknown else stated,
        name=plan.platform_name,
        address=plan.platform_address,
        conditions_met=plan.platform_conditions_met,
        blocked=known == "blocked",
    )
