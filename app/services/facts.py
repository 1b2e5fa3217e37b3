"""What are the facts of an application? Gathered from the tables, for the law to read."""

from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import Row, select, text

from app.actors import PROVINCIAL_CENTRE, Member
from app.errors import NotFound
from app.hot import Hot
from app.hot import Row as HotRow
from app.models import PlanCourse
from app.office import Desk
from app.policy import levels, platforms
from app.policy.facts import (
    Category,
    ClaimFacts,
    Course,
    Employment,
    EnterpriseFacts,
    InsuranceLevel,
    LegalForm,
    Mode,
    PersonFacts,
    PlanFacts,
    Platform,
    Purpose,
)
from app.policy.kinds import Entity, OrganisationForm, Payee
from app.services import circumstances, scans

# One statement for the applicant, the papers, the courses, the platform, and what the measure asks
# beside. What few plans have is looked for first, and costs next to nothing.
_AROUND: Final = Hot(
    text(
        """
    SELECT e.*,
           (SELECT json_agg(DISTINCT ARRAY[v.kind, v.scan]) FROM evidence AS v
            WHERE v.plan_id = :plan_id) AS files,
           (SELECT json_agg(ARRAY[s.kind, s.scan]) FROM (
                (SELECT v.kind, v.scan FROM evidence AS v
                 WHERE v.plan_id = :plan_id AND v.kind = 'roster' ORDER BY v.id DESC LIMIT 1)
                UNION ALL
                SELECT v.kind, v.scan FROM evidence AS v
                JOIN learning_batches AS b
                  ON b.plan_id = v.plan_id AND b.created_at = v.created_at
                WHERE v.plan_id = :plan_id AND v.kind = 'learning_export'
                  AND b.replaced_by IS NULL) AS s) AS sheets,
           (SELECT json_agg(c ORDER BY c.number) FROM plan_courses AS c
            WHERE c.plan_id = :plan_id) AS courses,
           (SELECT json_agg(json_build_object(
                'kind', p.kind, 'hosts', p.hosts, 'named', p.plain_name = :platform,
                'own', p.enterprise_id = e.id,
                'conditions_met', in_china AND qualified AND creditworthy AND public_service,
                'valid_from', p.valid_from, 'valid_to', p.valid_to,
                'blocked_since', p.blocked_since, 'blocked_reason', p.blocked_reason)
                ORDER BY p.id)
            FROM platforms AS p
            WHERE p.plain_name = :platform OR p.hosts && CAST(:hosts AS text[])) AS platforms,
           (SELECT json_build_object('since', l.from_day, 'document', l.document)
            FROM blacklistings AS l
            WHERE l.enterprise_id = e.id AND l.from_day <= CAST(:today AS date)
              AND coalesce(l.until_day, 'infinity') >= CAST(:today AS date)
              AND coalesce(l.lifted_on, 'infinity') > CAST(:today AS date)
            ORDER BY l.from_day LIMIT 1) AS blacklisting,
           (SELECT json_agg(json_build_object('name', t.name, 'honour', t.honour)
                            ORDER BY t.number)
            FROM plan_teachers AS t WHERE t.plan_id = :plan_id) AS teachers,
           (SELECT json_agg(json_build_object(
                'measure', r.measure, 'key', r.key, 'amount', r.amount::text,
                'document', r.document, 'source', r.source, 'certainty', r.certainty,
                'valid_from', r.valid_from, 'valid_to', r.valid_to) ORDER BY r.id)
            FROM rates AS r WHERE r.measure = :measure) AS rates,
           (SELECT json_agg(json_build_object(
                'from_day', s.from_day, 'to_day', s.to_day, 'reason', s.reason)
                            ORDER BY s.from_day)
            FROM suspensions AS s WHERE s.plan_id = :plan_id) AS suspensions,
           (SELECT json_build_object('due', f.asked_on IS NOT NULL, 'made_on', f.made_on,
                'by', f.made_by, 'result', f.result)
            FROM evaluations AS f WHERE f.plan_id = :plan_id) AS evaluation,
           (SELECT json_object_agg(d.kind, d.day)
            FROM (SELECT DISTINCT ON (kind) kind, day FROM declarations
                  ORDER BY kind, id DESC) AS d) AS declared,
           CASE WHEN CAST(:class_reference AS text) IS NOT NULL
                THEN class_paid_to(:plan_id) END AS class_paid_to,
           CASE WHEN EXISTS (SELECT FROM trainee_details AS d WHERE d.plan_id = :plan_id) THEN (
                SELECT json_agg(to_jsonb(d) || jsonb_build_object('number', t.number,
                    'paid_before', s.paid_before, 'certificate_paid_to', s.certificate_paid_to))
                FROM trainee_details AS d
                JOIN trainees AS t ON t.id = d.trainee_id
                JOIN standing_of_details(:plan_id) AS s ON s.trainee = d.trainee_id
                WHERE d.plan_id = :plan_id) END AS details
    FROM enterprises AS e WHERE e.id = :enterprise_id
    """
    )
)


async def around(desk: Desk[Member], plan: Row[Any]) -> HotRow:
    """Return what surrounds the people of *plan*.

    Raises:
        NotFound: the enterprise is another's.
    """
    found = await _AROUND.row(
        desk.driver,
        plan_id=plan.id,
        platform=platforms.plain_name(plan.platform_name or ""),
        hosts=platforms.suffixes(platforms.hosts_in(plan.platform_address or "")),
        enterprise_id=plan.enterprise_id,
        measure=plan.measure,
        class_reference=plan.class_reference,
        today=desk.today,
    )
    if found is None:
        raise NotFound
    return cast("HotRow", found)


async def of_plan(
    desk: Desk[Member],
    plan: Row[Any],
    people: tuple[PersonFacts, ...],
    commitments: int,
    purpose: Purpose = Purpose.CLAIM,
) -> ClaimFacts:
    """Return the facts of an application for *plan*, filed today."""
    told = await around(desk, plan)
    held = scans.held(desk.office, told.files or (), told.sheets or ())
    enterprise = _enterprise(told)
    platform = circumstances.platform(plan, told.platforms, desk.today)
    return ClaimFacts(
        measure=plan.measure,
        claimed_on=desk.today,
        handled_by_centre=plan.bureau_code == PROVINCIAL_CENTRE,
        enterprise=enterprise,
        plan=_plan(plan, told, held, people, platform),
        materials=held.materials,
        commitments=commitments,
        persons=circumstances.with_details(people, told.details),
        rates=circumstances.rates(told.rates),
        district=told.district_code,
        payee=circumstances.payee_of(enterprise.entity),
        class_also_paid_to=Payee(told.class_paid_to) if told.class_paid_to else None,
        procedure_reference=plan.class_reference or "",
        purpose=purpose,
        **circumstances.evaluated(told.evaluation),
        **circumstances.declared(told.declared),
    )


def _enterprise(row: HotRow) -> EnterpriseFacts:
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
        entity=Entity(row.entity),
        **circumstances.blacklisted(row.blacklisting),
    )


def _plan(
    plan: Row[Any],
    told: HotRow,
    held: scans.Held,
    people: tuple[PersonFacts, ...],
    platform: Platform | None,
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
        courses=tuple(_course(each) for each in told.courses or ()),
        platform=platform,
        materials=held.materials,
        withheld=held.withheld,
        trainees=len(people),
        dispatched=sum(one.employment is Employment.DISPATCHED for one in people),
        level=levels.named(plan.level),
        organisation=OrganisationForm(plan.form),
        commission=circumstances.commission(plan.commission_institution, plan.commission_uscc),
        teachers=circumstances.teachers(told.teachers),
        suspensions=circumstances.suspensions(told.suspensions),
        tested=plan.tested,
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
        told["explanation"],
    )
