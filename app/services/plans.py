"""How is a training plan drafted, and what does it say?"""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, insert, select, update

from app.actors import EnterpriseUser, Member
from app.errors import NotYourRole
from app.models import Plan, PlanCourse, PlanTeacher, Trainee, new_id
from app.office import Desk
from app.policy.procedure import STATES_ZH, PlanState
from app.policy.project import project_key
from app.schemas.claims import HistoryEntry
from app.schemas.classes import CourseRead, TeacherRead
from app.schemas.plans import Channel, PlanCreate, PlanRead, PlanSummary
from app.schemas.rosters import TraineeRead
from app.schemas.words import Page
from app.services import acts, cases, enterprises, pages

EDITABLE = frozenset({PlanState.DRAFT, PlanState.RETURNED})
_APART = {
    "enterprise_id", "received_on", "external", "platform", "courses", "commission", "teachers",
}  # fmt: skip


async def draft(desk: Desk[Member], new: PlanCreate) -> PlanRead:
    """Store a draft for the caller's enterprise, or for one that the officer names.

    Raises:
        NotFound: the enterprise is not registered, or not the caller's.
        NotYourRole: an enterprise may file by internet only.
    """
    enterprise = await enterprises.found(desk, _applicant(desk, new))
    plan_id = new_id()
    await desk.db.execute(
        insert(Plan).values(
            id=plan_id,
            enterprise_id=enterprise.id,
            bureau_code=enterprise.bureau_code,
            receipt=await cases.receipt(desk, "BA", enterprise.bureau_code),
            state=PlanState.DRAFT,
            keyed_by=cases.keyed_by(desk),
            **_columns(desk, new, enterprise.id),
        )
    )
    row = await cases.found(desk, Plan, plan_id)
    await _store_class(desk, row, new)
    await acts.record(desk, "draft", "plans", plan_id, acts.Case.of(row), title=new.title)
    return await read(desk, plan_id)


async def edit(desk: Desk[Member], plan_id: UUID, new: PlanCreate) -> PlanRead:
    """Replace what a draft or a returned plan says; the roster stays.

    Raises:
        WrongState: the plan was submitted.
    """
    row = await editable(desk, plan_id)
    _applicant(desk, new)
    columns = _columns(desk, new, row.enterprise_id)
    await desk.db.execute(update(Plan).where(Plan.id == plan_id).values(**columns))
    for table in (PlanCourse, PlanTeacher):
        await desk.db.execute(delete(table).where(table.plan_id == plan_id))
    await _store_class(desk, row, new)
    await acts.record(desk, "edit", "plans", plan_id, acts.Case.of(row), title=new.title)
    return await read(desk, plan_id)


async def editable(desk: Desk[Member], plan_id: UUID) -> Row[Any]:
    """Return the locked row of a plan that may still be edited.

    Raises:
        NotFound, WrongState: as named.
    """
    row = await cases.found(desk, Plan, plan_id, lock=True)
    cases.refuse_foreign_hand(desk, row)
    if row.state not in EDITABLE:
        raise cases.wrong_state(
            Plan, row.state, f"当前状态为「{STATES_ZH[row.state]}」，备案内容和花名册不能修改。"
        )
    return row


async def read(desk: Desk[Member], plan_id: UUID) -> PlanRead:
    """Return one plan that the caller may see."""
    row = await cases.found(desk, Plan, plan_id)
    courses = await desk.db.execute(
        select(*PlanCourse.__table__.c)
        .where(PlanCourse.plan_id == plan_id)
        .order_by(PlanCourse.number)
    )
    teachers = await desk.db.execute(
        select(PlanTeacher.name, PlanTeacher.honour)
        .where(PlanTeacher.plan_id == plan_id)
        .order_by(PlanTeacher.number)
    )
    count = select(func.count()).select_from(Trainee).where(Trainee.plan_id == plan_id)
    return PlanRead(
        **row._mapping,
        state_zh=STATES_ZH[row.state],
        trainees=await desk.db.scalar(count) or 0,
        courses=[CourseRead.model_validate(course) for course in courses],
        teachers=[TeacherRead.model_validate(teacher) for teacher in teachers],
        possible=cases.possible(Plan, row.state),
    )


async def listed(desk: Desk[Member], state: str | None, place: pages.Place) -> Page[PlanSummary]:
    """Return a page of the plans that the caller may see, newest first."""
    query = select(*Plan.__table__.c)
    if state is not None:
        query = query.where(Plan.state == state)
    rows = await pages.rows(desk, query, Plan.id, place)
    found = [PlanSummary(**row._mapping, state_zh=STATES_ZH[row.state]) for row in rows]
    return pages.page(found, place)


async def trainees(desk: Desk[Member], plan_id: UUID) -> list[TraineeRead]:
    """Return the roster of a plan that the caller may see."""
    await cases.found(desk, Plan, plan_id)
    query = select(*Trainee.__table__.c).where(Trainee.plan_id == plan_id).order_by(Trainee.number)
    return [TraineeRead.model_validate(row) for row in await desk.db.execute(query)]


async def history(desk: Desk[Member], plan_id: UUID) -> list[HistoryEntry]:
    """Return the acts on a plan that the caller may see, oldest first."""
    await cases.found(desk, Plan, plan_id)
    return await acts.history(desk, plan_id)


def _applicant(desk: Desk[Member], new: PlanCreate) -> UUID:
    """Return whose plan it is: the caller's, or the one that an officer names."""
    if isinstance(desk.actor, EnterpriseUser):
        if new.enterprise_id not in {None, desk.actor.enterprise_id}:
            raise NotYourRole("企业只能为本企业备案。")
        if new.channel is not Channel.INTERNET:
            raise NotYourRole("传真、邮寄材料由经办人员录入。")
        return desk.actor.enterprise_id
    if new.enterprise_id is None or new.channel is Channel.INTERNET:
        raise NotYourRole("经办人员录入纸质材料时须指明企业和收件方式（传真或邮寄）。")
    return new.enterprise_id


def _columns(desk: Desk[Member], new: PlanCreate, enterprise_id: UUID) -> dict[str, Any]:
    platform = new.platform
    return {
        **new.model_dump(exclude=_APART),
        "received_on": new.received_on or desk.today,
        "external_issuer": new.external.issuer if new.external else None,
        "external_reference": new.external.reference if new.external else None,
        "project_key": project_key(str(enterprise_id), new.title),
        "commission_institution": new.commission.institution if new.commission else None,
        "commission_uscc": new.commission.uscc if new.commission else None,
        "platform_kind": platform.kind if platform else None,
        "platform_name": platform.name if platform else None,
        "platform_address": platform.address if platform else None,
    }


async def _store_class(desk: Desk[Member], plan: Row[Any], new: PlanCreate) -> None:
    for table, parts in ((PlanCourse, new.courses), (PlanTeacher, new.teachers)):
        rows = [
            {
                "plan_id": plan.id,
                "enterprise_id": plan.enterprise_id,
                "bureau_code": plan.bureau_code,
                "number": number,
                **part.model_dump(),
            }
            for number, part in enumerate(parts, start=1)
        ]
        if rows:
            await desk.db.execute(insert(table), rows)
