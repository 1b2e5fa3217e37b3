"""When is a sealed number told whole? To an officer with the duty, for a reason, on record.

The record is the bureau's: the enterprise whose case it is does not read the reason.
"""

from typing import Final
from uuid import UUID

from sqlalchemy import Integer, Uuid, bindparam, text

from app.actors import Officer
from app.errors import DutyMissing, NotFound
from app.models import Plan
from app.office import Desk
from app.policy.procedure import Duty
from app.schemas.reveals import Revealed, RevealReason
from app.services import acts, cases, enterprises, rosters

_SEALED_ID: Final = text("SELECT sealed_id_of(:plan_id, :number)").bindparams(
    bindparam("plan_id", type_=Uuid), bindparam("number", type_=Integer)
)


async def resident_id(
    desk: Desk[Officer], plan_id: UUID, number: int, said: RevealReason
) -> Revealed:
    """Tell the resident ID of one trainee to an officer who reviews.

    Raises:
        NotFound, DutyMissing: as named.
    """
    plan = await cases.found(desk, Plan, plan_id)
    if Duty.REVIEW not in desk.actor.duties:
        raise DutyMissing
    sealed = await desk.db.scalar(_SEALED_ID, {"plan_id": plan.id, "number": number})
    if sealed is None:
        raise NotFound
    case = acts.Case(plan.id, None, plan.bureau_code)
    await acts.record(
        desk, "reveal_resident_id", "plans", plan.id, case, number=number, reason=said.reason
    )
    return Revealed(number=desk.office.sealer.open(sealed, rosters.ID))


async def account_number(desk: Desk[Officer], enterprise_id: UUID, said: RevealReason) -> Revealed:
    """Tell an enterprise's account number to an officer who pays.

    Raises:
        NotFound, DutyMissing: as named.
    """
    row = await enterprises.found(desk, enterprise_id)
    if Duty.PAY not in desk.actor.duties:
        raise DutyMissing
    case = acts.Case(row.id, None, row.bureau_code)
    await acts.record(
        desk, "reveal_account_number", "enterprises", row.id, case, reason=said.reason
    )
    return Revealed(number=desk.office.sealer.open(row.account_sealed, enterprises.SEAL))
