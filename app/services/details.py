"""What is told of single people beside the roster, before training and after it?"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import insert

from app.actors import Member
from app.errors import PersonsUnknown
from app.models import Plan, Trainee, TraineeDetails
from app.office import Desk
from app.policy.procedure import STATES_ZH, PlanState
from app.schemas.details import DetailsRead, EnrolmentDetails, TrainingResult
from app.services import acts, cases, plans


async def file(
    desk: Desk[Member], plan_id: UUID, told: list[EnrolmentDetails]
) -> list[DetailsRead]:
    """Store how people were taken on, apprenticed or placed; a plan still open for edits only.

    Raises:
        PersonsUnknown: numbers that are not on the roster, or twice.
        WrongState: the filing was submitted.
    """
    plan = await plans.editable(desk, plan_id)
    columns = {
        one.number: {
            **_flat("start", one.start),
            **_flat("apprentice", one.apprentice),
            **_flat("placement", one.placement),
        }
        for one in told
    }
    return await _stored(desk, plan, [one.number for one in told], columns, "tell_details")


async def results(
    desk: Desk[Member], plan_id: UUID, told: list[TrainingResult]
) -> list[DetailsRead]:
    """Store what people reached: test and certificate; after approval, before the claim.

    Raises:
        PersonsUnknown: numbers that are not on the roster, or twice.
        WrongState: the plan is not approved.
    """
    plan = await cases.found(desk, Plan, plan_id, lock=True)
    cases.refuse_foreign_hand(desk, plan)
    if plan.state != PlanState.APPROVED:
        raise cases.wrong_state(
            Plan,
            plan.state,
            f"当前状态为「{STATES_ZH[plan.state]}」，备案审核通过后方可登记培训结果。",
        )
    columns = {
        one.number: {"test_passed": one.test_passed, **_flat("certificate", one.certificate)}
        for one in told
    }
    return await _stored(desk, plan, [one.number for one in told], columns, "tell_results")


async def of_plan(desk: Desk[Member], plan_id: UUID) -> list[DetailsRead]:
    """Return what is told of the people of a plan that the caller may see."""
    await cases.found(desk, Plan, plan_id)
    query = (
        select(Trainee.number, Trainee.name, Trainee.id_masked, *TraineeDetails.__table__.c)
        .join(TraineeDetails, TraineeDetails.trainee_id == Trainee.id)
        .where(Trainee.plan_id == plan_id)
        .order_by(Trainee.number)
    )
    return [DetailsRead.model_validate(row) for row in await desk.db.execute(query)]


async def store(desk: Desk[Member], plan: Row[Any], columns: Mapping[UUID, dict[str, Any]]) -> None:
    """Replace these columns of each trainee; the database refuses what is fixed already."""
    rows = [
        {
            "trainee_id": trainee_id,
            "plan_id": plan.id,
            "enterprise_id": plan.enterprise_id,
            "bureau_code": plan.bureau_code,
            **told,
        }
        for trainee_id, told in columns.items()
    ]
    if rows:
        new = insert(TraineeDetails)
        changed = {key: new.excluded[key] for told in columns.values() for key in told}
        await desk.db.execute(
            new.on_conflict_do_update(index_elements=["trainee_id"], set_=changed), rows
        )


def _flat(name: str, part: Any) -> dict[str, Any]:  # noqa: ANN401  one of several bodies
    """Return the columns of one part; an absent part empties them."""
    columns = [each.name for each in TraineeDetails.__table__.c if each.name.startswith(f"{name}_")]
    told = part.model_dump() if part else {}
    return {key: told.get(key.removeprefix(f"{name}_")) for key in columns}


async def _stored(
    desk: Desk[Member],
    plan: Row[Any],
    numbers: list[int],
    columns: Mapping[int, dict[str, Any]],
    act: str,
) -> list[DetailsRead]:
    people = await _numbered(desk, plan, numbers)
    await store(desk, plan, {people[number]: told for number, told in columns.items()})
    await acts.record(desk, act, "plans", plan.id, acts.Case.of(plan), persons=len(columns))
    return await of_plan(desk, plan.id)


async def _numbered(desk: Desk[Member], plan: Row[Any], numbers: Iterable[int]) -> dict[int, UUID]:
    """Return the trainees' ids by number.

    Raises:
        PersonsUnknown: a number is not on the roster, or is given twice.
    """
    rows = await desk.db.execute(
        select(Trainee.number, Trainee.id).where(Trainee.plan_id == plan.id)
    )
    known = {row.number: row.id for row in rows}
    asked = list(numbers)
    twice = sorted({number for number in asked if asked.count(number) > 1})
    strangers = sorted(set(asked) - known.keys())
    if twice or strangers:
        raise PersonsUnknown(numbers=strangers, both=twice)
    return known
