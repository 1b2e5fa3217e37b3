"""What was decided on a claim, and how may the applicant object?"""

from dataclasses import asdict
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, select

from app.actors import Member
from app.models import AuditEvent, Bureau, Claim
from app.office import Desk
from app.policy import remedies
from app.policy.procedure import STATES_ZH, ClaimState
from app.schemas.deciding import RemediesRead, RemedyRead
from app.services import cases, law

_EXAMINED: Final = frozenset({ClaimState.FILED, ClaimState.REVIEWED, ClaimState.RETURNED})


async def of_claim(desk: Desk[Member], claim_id: UUID) -> RemediesRead:
    """Return the decision on a claim with its day, its reason and the ways to object.

    Before the decision one may only state one's case; of a withdrawn claim nothing was decided.
    """
    claim = await cases.found(desk, Claim, claim_id)
    office = await desk.db.scalar(select(Bureau.name).where(Bureau.code == claim.bureau_code))
    decided_on = await _decided_on(desk, claim)
    day = decided_on or desk.today
    told = remedies.remedies if decided_on else remedies.while_examined
    ways = told(day, office or "", law.of(day))
    rejected = claim.state == ClaimState.REJECTED
    return RemediesRead(
        state=claim.state,
        state_zh=STATES_ZH[claim.state],
        decided_on=decided_on,
        office=office or "",
        reason=claim.remark if rejected else None,
        ways=[RemedyRead(**asdict(each)) for each in ways]
        if claim.state != ClaimState.WITHDRAWN
        else [],
    )


async def _decided_on(desk: Desk[Member], claim: Row[Any]) -> date | None:
    """Return the business day of the decision in force, as its act was recorded."""
    if claim.state in {*_EXAMINED, ClaimState.WITHDRAWN}:
        return None
    act = "reject" if claim.state == ClaimState.REJECTED else "approve"
    decided: date | None = await desk.db.scalar(
        select(AuditEvent.business_day)
        .where(AuditEvent.case_id == claim.id, AuditEvent.act == act)
        .order_by(AuditEvent.id.desc())
        .limit(1)
    )
    return decided
