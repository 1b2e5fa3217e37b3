"""How is an advance applied for, settled by the claim, and asked back where it was too much?"""

from itertools import chain
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, select, text

from app.actors import Member, Officer
from app.errors import DutyMissing, NotFound, WrongState
from app.models import Claim, Recovery
from app.office import Desk
from app.policy.explanation import effect_of
from app.policy.facts import Purpose
from app.policy.findings import Assessment
from app.policy.money import NOTHING
from app.policy.procedure import Duty
from app.policy.rulebook import Effect
from app.schemas.advances import Instalment, RecoveryRead, Repaid
from app.schemas.claims import AdvanceCreate, ClaimRead, Employed
from app.services import (
    assessments,
    blacklist,
    cases,
    claiming,
    claims,
    demands,
    dues,
    recoveries,
)

_POST: Final = text("SELECT post_entitlements(:claim)")
_STOPPING: Final = frozenset({Effect.BLOCKS, Effect.EXCLUDES, Effect.NEEDS_DECISION})
_NOBODY: Final = Employed(still_employed=[])


async def apply(desk: Desk[Member], plan_id: UUID, new: AdvanceCreate) -> ClaimRead:
    """Apply for an advance on an approved plan (DL-2.1-c); it goes the way of every claim.

    Raises:
        WrongState: the plan is not approved, or its claim was filed already.
        ClaimAlreadyFiled: there is an open application for an advance on it.
        FindingsBlock: nothing may be paid in advance.
        NotYourRole, CommitmentsMissing: as named.
    """
    plan = await claiming.applicable(desk, plan_id, new)
    accepted = len(set(new.commitments.accepted))
    done = await assessments.of_plan(desk, plan, _NOBODY, accepted, Purpose.ADVANCE)
    blacklist.refuse(done.facts)
    _refuse_nothing(done.result)
    return await claiming.lodge(desk, plan, new, done)


async def settle(desk: Desk[Officer], claim_id: UUID) -> ClaimRead:
    """Close a claim of which nothing is left to pay; what was advanced too much is demanded back.

    Raises:
        WrongState: something is left to pay, or the claim is not published.
        NoticeOpen, DutyMissing, SignedAlready, NotFound: as named.
    """
    row = await cases.found(desk, Claim, claim_id, lock=True)
    move = cases.may(desk, Claim, row, "settle")
    if row.to_pay > NOTHING:
        raise cases.wrong_state(Claim, row.state, f"尚有 {row.to_pay} 元应拨付，请列入拨付批次。")
    await dues.refuse_open_notice(desk, row)
    await cases.advance(desk, Claim, row, move)
    await desk.db.execute(_POST, {"claim": claim_id})
    if row.to_recover > NOTHING:
        await demand(desk, row)
    return await claims.read(desk, claim_id)


async def recovery(desk: Desk[Member], claim_id: UUID) -> RecoveryRead:
    """Return what is to come back of a claim: the latest demand.

    Raises:
        NotFound: nothing is.
    """
    await cases.found(desk, Claim, claim_id)
    query = select(Recovery.id).where(Recovery.claim_id == claim_id).order_by(Recovery.id.desc())
    found = await desk.db.scalar(query.limit(1))
    if found is None:
        raise NotFound("该申请没有应退回的款项。")
    return await recoveries.read(desk, found)


async def repaid(desk: Desk[Officer], claim_id: UUID, word: Repaid) -> RecoveryRead:
    """Record that all that is open of the latest demand came back.

    Raises:
        NotFound: nothing was demanded.
        WrongState: it came back already.
        DutyMissing: the officer is not charged with payments.
    """
    await cases.found(desk, Claim, claim_id, lock=True)
    if Duty.PAY not in desk.actor.duties:
        raise DutyMissing
    demanded = await recovery(desk, claim_id)
    if demanded.state != "demanded":
        raise WrongState("该笔款项已退回。", state=demanded.state, possible=[])
    part = Instalment(amount=demanded.open, paid_on=desk.today, bank_reference=word.bank_reference)
    return await recoveries.pay(desk, demanded.id, part)


def _refuse_nothing(found: Assessment) -> None:
    """Refuse an application that comes to nothing, with every reason once."""
    if found.amount > NOTHING:
        return
    answers = chain(found.findings, *(line.findings for line in found.lines))
    raise cases.blocked((one for one in answers if effect_of(one) in _STOPPING), found.amount)


async def demand(desk: Desk[Officer], claim: Row[Any]) -> None:
    """Demand back what was advanced on *claim* beyond its final amount."""
    await demands.surplus(desk, claim)
