"""Is an enterprise barred, since when and by which document? (LN-3.3-c)."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, or_, select

from app.actors import Member
from app.errors import EnterpriseBlacklisted
from app.models import Blacklisting
from app.office import Desk
from app.policy.enterprise import barred
from app.policy.facts import ClaimFacts
from app.policy.findings import Outcome
from app.schemas.violations import BlacklistingTold
from app.services import enterprises

_CLAUSE: Final = "LN-3.3-c"


def refuse(case: ClaimFacts) -> None:
    """Refuse a filing or an application of a barred enterprise.

    Raises:
        EnterpriseBlacklisted: it is, by the rule of the law.
    """
    answer = barred(case.enterprise)
    if answer.outcome is Outcome.FAILED:
        told = {name: str(value) for name, value in answer.data.items()}
        raise EnterpriseBlacklisted(clause=_CLAUSE, **told)


async def refuse_payment(desk: Desk[Member], enterprise_id: UUID) -> None:
    """Refuse a payment to an enterprise that is barred today.

    Raises:
        EnterpriseBlacklisted: it is.
    """
    row = await _today(desk, enterprise_id)
    if row is not None:
        since = row.from_day.isoformat()
        raise EnterpriseBlacklisted(clause=_CLAUSE, since=since, document=row.document)


async def of_enterprise(desk: Desk[Member], enterprise_id: UUID) -> BlacklistingTold:
    """Return whether an enterprise that the caller may see is barred today.

    Raises:
        NotFound: there is none, or it is another's.
    """
    await enterprises.found(desk, enterprise_id)
    row = await _today(desk, enterprise_id)
    if row is None:
        return BlacklistingTold(
            blacklisted=False, since=None, until=None, document=None, clause=_CLAUSE
        )
    return BlacklistingTold(
        blacklisted=True,
        since=row.from_day,
        until=row.until_day,
        document=row.document,
        clause=_CLAUSE,
    )


async def _today(desk: Desk[Member], enterprise_id: UUID) -> Row[Any] | None:
    query = (
        select(*Blacklisting.__table__.c)
        .where(Blacklisting.enterprise_id == enterprise_id, _in_force(desk.today))
        .order_by(Blacklisting.from_day)
        .limit(1)
    )
    return (await desk.db.execute(query)).one_or_none()


def _in_force(on: date) -> ColumnElement[bool]:
    return and_(
        Blacklisting.from_day <= on,
        or_(Blacklisting.until_day.is_(None), Blacklisting.until_day >= on),
        or_(Blacklisting.lifted_on.is_(None), Blacklisting.lifted_on > on),
    )
