"""What of a claim was paid, what is held for an objection, and what is due now?"""

from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, bindparam, select, text

from app.actors import Member, Officer
from app.errors import LinesHeld, NoticeOpen
from app.hot import Hot
from app.models import Notice, NoticeClaim
from app.office import Desk
from app.policy import workdays
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


async def refuse_open_notice(desk: Desk[Officer], claim: Row[Any]) -> None:
    """Refuse while the notice hangs.

    Raises:
        NoticeOpen: it has not closed yet.
    """
    query = select(Notice.last_day).join(NoticeClaim, NoticeClaim.notice_id == Notice.id)
    in_force = (NoticeClaim.claim_id == claim.id, NoticeClaim.ended.is_(None))
    last_day = await desk.db.scalar(query.where(*in_force))
    if last_day is None or not workdays.is_closed(last_day, desk.today):
        raise NoticeOpen(
            f"申请 {claim.receipt} 的公示截止日为 {last_day}，当前业务日期为 {desk.today}。",
            claim=claim.receipt,
            last_day=last_day,
        )
