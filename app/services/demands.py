"""What is demanded back of a claim: a surplus, an advance never settled, an error, a fraud?"""

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert

from app.actors import Officer
from app.errors import DutyMissing, MoreThanPaid, PersonsUnknown, RecallTooEarly
from app.models import Claim, Plan, Recovery, RecoveryLine, new_id
from app.office import Desk
from app.policy import recovery
from app.policy.facts import Purpose
from app.policy.procedure import ClaimState, Duty
from app.policy.recovery import Ground
from app.schemas.advances import Recall, RecoveryCreate, RecoveryRead
from app.services import acts, cases, kept, law, recoveries

_SURPLUS = "预拨金额超出核定金额"


async def surplus(desk: Desk[Officer], claim: Row[Any]) -> UUID:
    """Demand back what was advanced on *claim* beyond its final amount (DL-2.1-c)."""
    return await _demand(desk, claim, Ground.ADVANCE, claim.to_recover, reason=_SURPLUS)


async def recall(desk: Desk[Officer], claim_id: UUID, word: Recall) -> RecoveryRead:
    """Demand an advance back whole, because no claim was filed in time to settle it.

    Raises:
        WrongState: it is no paid advance, or was recalled before.
        RecallTooEarly: a claim may still be filed in time.
        MoreThanPaid: a claim was filed, or the advance is demanded back already.
        DutyMissing, NotFound: as named.
    """
    claim = await _paid(desk, claim_id)
    if claim.kind != Purpose.ADVANCE:
        raise cases.wrong_state(Claim, claim.state, "只有预拨申请可以收回预拨款。")
    plan = await cases.found(desk, Plan, claim.plan_id)
    last_day = recovery.recalled_after(plan.ends_on, law.of(plan.ends_on))
    if desk.today <= last_day:
        raise RecallTooEarly(last_day=last_day)
    recovery_id = await _demand(
        desk, claim, Ground.RECALL, claim.amount, reason=word.reason, document=word.document
    )
    return await recoveries.read(desk, recovery_id)


async def make(desk: Desk[Officer], claim_id: UUID, new: RecoveryCreate) -> RecoveryRead:
    """Demand back, person by person, what was paid in error or obtained by fraud.

    Raises:
        WrongState: the claim is not paid.
        MoreThanPaid: it is more than was paid for a person and is not demanded already.
        PersonsUnknown: numbers that are not on the roster.
        NotEstablished: a fraud without an established violation.
        DutyMissing, NotFound: as named.
    """
    claim = await _paid(desk, claim_id)
    persons = await _persons(desk, claim_id, new)
    amount = sum((line.amount for line in new.lines), Decimal(0))
    recovery_id = await _demand(
        desk, claim, Ground(new.ground), amount,
        reason=new.reason, document=new.document, violation_id=new.violation_id,
    )  # fmt: skip
    whose = {"enterprise_id": claim.enterprise_id, "bureau_code": claim.bureau_code}
    rows = [
        {
            "recovery_id": recovery_id,
            "claim_id": claim.id,
            "person_id": persons[line.number],
            **line.model_dump(),
            **whose,
        }
        for line in new.lines
    ]
    await desk.db.execute(insert(RecoveryLine), rows)
    return await recoveries.read(desk, recovery_id)


async def _paid(desk: Desk[Officer], claim_id: UUID) -> Row[Any]:
    claim = await cases.found(desk, Claim, claim_id, lock=True)
    if Duty.APPROVE not in desk.actor.duties:
        raise DutyMissing
    if claim.state != ClaimState.PAID:
        raise cases.wrong_state(Claim, claim.state, "只有已拨付的申请可以要求退回。")
    return claim


async def _persons(desk: Desk[Officer], claim_id: UUID, new: RecoveryCreate) -> dict[int, UUID]:
    """Return who stands under the named numbers, of whom so much was paid."""
    stored = await kept.lines(desk, (await kept.latest(desk, claim_id)).id)
    paid = {row.number: row for row in stored}
    asked = [line.number for line in new.lines]
    strangers = sorted({number for number in asked if number not in paid})
    if strangers or len(set(asked)) < len(asked):
        raise PersonsUnknown(numbers=strangers, both=[])
    above = [line.number for line in new.lines if line.amount > paid[line.number].payable]
    if above:
        raise MoreThanPaid(numbers=above)
    return {number: paid[number].person_id for number in asked}


async def _demand(
    desk: Desk[Officer], claim: Row[Any], ground: Ground, amount: Decimal, **told: object
) -> UUID:
    recovery_id = new_id()
    applied = law.of((await cases.found(desk, Plan, claim.plan_id)).ends_on)
    receipt = await cases.receipt(desk, "TK", claim.bureau_code)
    demanded = {
        "id": recovery_id,
        "claim_id": claim.id,
        "enterprise_id": claim.enterprise_id,
        "bureau_code": claim.bureau_code,
        "receipt": receipt,
        "amount": amount,
        "state": "demanded",
        "demanded_on": desk.today,
        "demanded_by": desk.actor.account_id,
        "due_on": recovery.due_day(desk.today, applied),
        "ground": ground,
        "frees": recovery.frees_entitlement(ground, applied),
        "reason": "",
        "document": "",
    }
    await desk.db.execute(insert(Recovery).values({**demanded, **told}))
    await acts.record(
        desk, "demand", "recoveries", recovery_id, acts.Case.of(claim),
        receipt=receipt, amount=str(amount), ground=ground.value,
    )  # fmt: skip
    return recovery_id
