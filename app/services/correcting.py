"""What is to be mended in a returned claim, and what became of each point?"""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select, update

from app.actors import Member, Officer
from app.errors import PointsOpen
from app.models import Claim, CorrectionPoint, new_id
from app.office import Desk
from app.schemas.claims import ClaimRead
from app.schemas.deciding import PointAnswer, PointRead, Return
from app.services import acts, cases, claims, deadlines, law


async def return_for_correction(desk: Desk[Officer], claim_id: UUID, word: Return) -> ClaimRead:
    """Return the claim with the points to mend, each with the day by which it is due.

    Raises:
        CalendarUnknown: the working days of the period are not known.
        WrongState, DutyMissing: as named.
    """
    row = await cases.found(desk, Claim, claim_id, lock=True)
    move = cases.may(desk, Claim, row, "return")
    await cases.advance(desk, Claim, row, move, remark=word.reason)
    if word.points:
        due_on = await deadlines.last_day(desk, law.of(desk.today).correction_working_days)
        await desk.db.execute(
            insert(CorrectionPoint),
            [
                {
                    "id": new_id(),
                    "claim_id": row.id,
                    "enterprise_id": row.enterprise_id,
                    "bureau_code": row.bureau_code,
                    "round": row.round,
                    "number": number,
                    "due_on": due_on,
                    "officer_id": desk.actor.account_id,
                    "officer_name": desk.actor.name,
                    "decided_on": desk.today,
                    **point.model_dump(),
                }
                for number, point in enumerate(word.points, start=1)
            ],
        )
        await acts.record(
            desk, "ask_to_mend", "claims", row.id, acts.Case.of(row),
            points=len(word.points), due_on=due_on.isoformat(),
        )  # fmt: skip
    return await claims.read(desk, claim_id)


async def points(desk: Desk[Member], claim_id: UUID) -> list[PointRead]:
    """Return every point of a claim, oldest first, and what became of it."""
    await cases.found(desk, Claim, claim_id)
    return await of_round(desk, claim_id, None)


async def of_round(desk: Desk[Member], claim_id: UUID, number: int | None) -> list[PointRead]:
    """Return the points of one round of a claim, or of all."""
    query = select(*CorrectionPoint.__table__.c).where(CorrectionPoint.claim_id == claim_id)
    if number is not None:
        query = query.where(CorrectionPoint.round == number)
    rows = await desk.db.execute(query.order_by(CorrectionPoint.round, CorrectionPoint.number))
    return [
        PointRead(**row._mapping, overdue=row.answer is None and row.due_on < desk.today)
        for row in rows
    ]


async def answer(desk: Desk[Member], claim: Row[Any], said: list[PointAnswer]) -> None:
    """Write down what became of each point; every one is answered, and once.

    Raises:
        PointsOpen: one was not answered, was answered twice, or is none.
    """
    asked = await of_round(desk, claim.id, claim.round)
    numbers = [each.number for each in said]
    if sorted(numbers) != [each.number for each in asked]:
        missing = [each for each in asked if each.number not in numbers]
        unknown = sorted({each for each in numbers if numbers.count(each) > 1}) + sorted(
            set(numbers) - {each.number for each in asked}
        )
        raise PointsOpen(points=[each.model_dump(mode="json") for each in missing], unfit=unknown)
    for each in said:
        await desk.db.execute(
            update(CorrectionPoint)
            .where(
                CorrectionPoint.claim_id == claim.id,
                CorrectionPoint.round == claim.round,
                CorrectionPoint.number == each.number,
            )
            .values(
                answer=each.answer,
                explanation=each.explanation,
                answered_on=desk.today,
                answered_by=desk.actor.account_id,
            )
        )
