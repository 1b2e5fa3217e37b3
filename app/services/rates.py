"""Which reference figures are there, and who entered them?"""

from datetime import date

from sqlalchemy import insert, or_, select

from app.actors import Actor, CentreOfficer, Officer
from app.errors import DutyMissing, NotYourRole
from app.models import ReferenceRate, new_id
from app.office import Desk
from app.policy.measures import MEASURES, is_a_class, rests_on_rates
from app.policy.papers import Demand
from app.policy.procedure import Duty
from app.schemas.rates import MeasureRead, RateCreate, RateRead
from app.services import acts, law


async def listed(desk: Desk[Actor], measure: str | None, on: date | None) -> list[RateRead]:
    """Return the figures, of one measure and in force on a day where these are given."""
    query = select(*ReferenceRate.__table__.c)
    if measure is not None:
        query = query.where(ReferenceRate.measure == measure)
    if on is not None:
        query = query.where(
            ReferenceRate.valid_from <= on,
            or_(ReferenceRate.valid_to.is_(None), ReferenceRate.valid_to >= on),
        )
    ordered = query.order_by(
        ReferenceRate.measure, ReferenceRate.key, ReferenceRate.valid_from, ReferenceRate.id
    )
    return [RateRead.model_validate(row) for row in await desk.db.execute(ordered)]


async def enter(desk: Desk[Officer], new: RateCreate) -> RateRead:
    """Enter a figure; the provincial centre does, for everybody.

    Raises:
        NotYourRole: the caller is not of the provincial centre.
        DutyMissing: the officer does not approve.
        RateKnown: a figure for this from this day on was entered before.
    """
    if not isinstance(desk.actor, CentreOfficer):
        raise NotYourRole("规定标准由省中心统一登记。")
    if Duty.APPROVE not in desk.actor.duties:
        raise DutyMissing
    rate_id = new_id()
    columns = new.model_dump()
    await desk.db.execute(
        insert(ReferenceRate).values(id=rate_id, entered_by=desk.actor.account_id, **columns)
    )
    nobody = acts.Case(None, None, None)
    told = new.model_dump(mode="json")
    await acts.record(desk, "enter", "rates", rate_id, nobody, **told)
    return RateRead(id=rate_id, **columns)


def measures(day: date) -> list[MeasureRead]:
    """Return the measures of the law on *day*.

    Raises:
        NoPolicyInForce: no edition covers that day.
    """
    applied = law.of(day)
    return [
        MeasureRead(
            code=each.code,
            title=each.title,
            clauses=list(each.clauses),
            payees=sorted(each.payees),
            is_class=is_a_class(each.code),
            rated=rests_on_rates(each.code),
            in_advance=each.code in applied.advance_measures,
            papers_at_filing=_named(each.papers.at_filing),
            papers_at_claim=_named(each.papers.at_claim),
        )
        for each in MEASURES.values()
        if each.code in applied.measures
    ]


def _named(demands: tuple[Demand, ...]) -> list[str]:
    return [demand.any_of[0] for demand in demands]
