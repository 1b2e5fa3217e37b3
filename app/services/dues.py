"""What of a claim was paid, what is held for an objection, and what is due now?"""

from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import Row, bindparam, text

from app.actors import Member, Officer
from app.errors import LinesHeld
from app.hot import Hot
from app.office import Desk
from app.policy.money import NOTHING
from app.policy.procedure import ClaimState

_DUES: Final = Hot(text("SELECT * FROM dues(CAST(:claim AS uuid))").bindparams(bindparam("claim")))
_NOTHING_YET: Final = frozenset(
    {ClaimState.FILED, ClaimState.REVIEWED, ClaimState.RETURNED, ClaimState.APPROVED}
)


@dataclass(frozen=True, slots=True)
class Dues:
    """How the amount to pay is divided: on its way, paid, held, and due now."""

    sent: Decimal = NOTHING
    paid: Decimal = NOTHING
    held: Decimal = NOTHING
    due: Decimal = NOTHING

    def told(self) -> dict[str, Decimal]:
        """Return the figures by name."""
        return asdict(self)


async def of(desk: Desk[Member], claim_id: UUID) -> Dues:
    """Return the dues of a claim that the caller may see, as they are at this moment."""
    row = await _DUES.row(desk.driver, claim=claim_id)
    return Dues(row.sent, row.paid, row.held, row.due)


async def told(desk: Desk[Member], claim: Row[tuple[object, ...]]) -> Dues:
    """Return the dues of a claim; before it is published nothing is due."""
    return Dues() if claim.state in _NOTHING_YET else await of(desk, claim.id)


async def payable(desk: Desk[Officer], claim: Row[tuple[object, ...]]) -> Decimal:
    """Return what is due now of a claim that the caller has locked.

    Raises:
        LinesHeld: objections hold all that was not paid.
    """
    now = await of(desk, claim.id)
    if now.due == NOTHING:
        raise LinesHeld(
            f"申请 {claim.receipt} 未拨付的 {now.held} 元均有异议。",
            claim=claim.receipt,
            held=str(now.held),
        )
    return now.due
