"""Who signed a claim, who is still to sign, and how does a third officer sign (LN-3.3-a)?"""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, exists, select

from app.actors import Member, Officer
from app.errors import SignedAlready
from app.models import Claim, LineDecisionRecord, Redetermination, Signature
from app.office import Desk
from app.policy.procedure import CLOSED_CLAIMS, ClaimState
from app.policy.signing import is_third_needed
from app.schemas.claims import ClaimRead
from app.schemas.deciding import SignatureRead, SignaturesRead
from app.schemas.words import Remarked
from app.services import cases, claims, kept, law

_STEPS_ZH: Final = {
    "keyed_in": "录入", "review": "审核", "approve": "审批", "countersign": "会签", "pay": "拨付",
}  # fmt: skip


async def countersign(desk: Desk[Officer], claim_id: UUID, word: Remarked) -> ClaimRead:
    """Sign as the third officer under an approved claim above the limit.

    Raises:
        WrongState: the claim is not approved, or not above the limit.
        SignedAlready: the officer signed or decided in it already, keyed it in, or another
            countersigned.
        DutyMissing: the officer does not approve.
    """
    row = await cases.found(desk, Claim, claim_id, lock=True)
    move = cases.may(desk, Claim, row, "countersign")
    limit = law.of(desk.today)
    if not is_third_needed(row.amount, limit):
        raise cases.wrong_state(
            Claim,
            row.state,
            f"金额未超过会签限额 {limit.third_signature_above} 元，无需会签，请直接公示。",
        )
    await _refuse_who_decided(desk, row)
    stored = await kept.latest(desk, claim_id)
    await cases.advance(desk, Claim, row, move, remark=word.remark, assessment_id=stored.id)
    return await claims.read(desk, claim_id)


async def of_claim(desk: Desk[Member], claim_id: UUID) -> SignaturesRead:
    """Return the signatures of a claim, oldest first, and the steps that wait for one."""
    claim = await cases.found(desk, Claim, claim_id)
    rows = list(
        await desk.db.execute(
            select(*Signature.__table__.c)
            .where(Signature.claim_id == claim_id)
            .order_by(Signature.id)
        )
    )
    limit = law.of(desk.today)
    wanted = ["review", "approve", "pay"]
    if is_third_needed(claim.amount, limit):
        wanted.insert(2, "countersign")
    if claim.state in {*CLOSED_CLAIMS, ClaimState.SUPERSEDED}:
        wanted = []
    given = {row.step for row in rows if row.round == claim.round}
    return SignaturesRead(
        given=[SignatureRead(**row._mapping, step_zh=_STEPS_ZH[row.step]) for row in rows],
        waiting=[step for step in wanted if step not in given],
        third_above=limit.third_signature_above,
    )


async def _refuse_who_decided(desk: Desk[Officer], claim: Row[Any]) -> None:
    """Let nobody countersign what he decided on himself, nor what is countersigned already."""
    me = desk.actor.account_id
    line, anew = LineDecisionRecord, Redetermination
    decided = exists().where(line.claim_id == claim.id, line.officer_id == me)
    remade = exists().where(anew.claim_id == claim.id, anew.officer_id == me)
    if await desk.db.scalar(select(decided | remade)):
        raise SignedAlready("对该申请作过核减或重新核定的人员不得会签。")
    signed = exists().where(
        Signature.claim_id == claim.id,
        Signature.round == claim.round,
        Signature.step == "countersign",
    )
    if await desk.db.scalar(select(signed)):
        raise SignedAlready("该申请本轮已经会签。")
