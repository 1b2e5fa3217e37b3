"""How is published money paid, and what became of it?"""

from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, insert, select, text, update

from app.actors import Member, Officer
from app.errors import EnterpriseNotVerified, NotFound, NoticeOpen, WrongState
from app.models import Claim, Enterprise, Notice, NoticeClaim, Payment, PaymentBatch, Plan, new_id
from app.office import Desk
from app.policy import workdays
from app.policy.money import NOTHING
from app.schemas.payments import (
    BatchCreate,
    BatchRead,
    BatchResults,
    BatchSummary,
    PaymentRead,
    PaymentResult,
)
from app.schemas.words import Page
from app.services import cases, dues, law, pages

_POST: Final = text("SELECT post_entitlements(:claim)")


async def make_batch(desk: Desk[Officer], new: BatchCreate) -> BatchRead:
    """Put closed notices' claims into one batch for the finance side: all of them or none.

    Of each is paid what no objection holds; the rest may follow in another batch.

    Raises:
        LinesHeld: objections hold all that was not paid of a claim.
        NoticeOpen: a notice has not closed yet.
        WrongState, DutyMissing, SignedAlready, NotFound: as named.
    """
    rows = [
        await cases.found(desk, Claim, claim_id, lock=True)
        for claim_id in sorted(set(new.claim_ids))
    ]
    moves = [cases.may(desk, Claim, row, "pay") for row in rows]
    for row in rows:
        _refuse_nothing_due(row)
        await refuse_open_notice(desk, row)
    amounts = [await dues.payable(desk, row) for row in rows]
    batch_id = new_id()
    await desk.db.execute(
        insert(PaymentBatch).values(
            id=batch_id,
            bureau_code=desk.actor.bureau,
            receipt=await cases.receipt(desk, "BF", desk.actor.bureau),
            payments=len(rows),
            total=sum(amounts, NOTHING),
            fund=await _fund(desk, rows[0]),
            made_on=desk.today,
            made_by=desk.actor.account_id,
        )
    )
    for row, move, amount in zip(rows, moves, amounts, strict=True):
        await _pay(desk, batch_id, row, amount)
        await cases.advance(desk, Claim, row, move)
    return await read(desk, batch_id)


async def record_results(desk: Desk[Officer], batch_id: UUID, said: BatchResults) -> BatchRead:
    """Record what became of payments; a paid one is final, a failed one may be paid again.

    Raises:
        NotFound: no such batch or payment.
        WrongState: a payment's result is known already.
    """
    await read(desk, batch_id)
    for result in said.results:
        await _settle(desk, batch_id, result)
    return await read(desk, batch_id)


async def read(desk: Desk[Officer], batch_id: UUID) -> BatchRead:
    """Return one batch with its payments."""
    query = select(*PaymentBatch.__table__.c).where(PaymentBatch.id == batch_id)
    row = (await desk.db.execute(query)).one_or_none()
    if row is None:
        raise NotFound
    items = await desk.db.execute(
        select(*Payment.__table__.c).where(Payment.batch_id == batch_id).order_by(Payment.id)
    )
    return BatchRead(
        **row._mapping, items=[PaymentRead.model_validate(payment) for payment in items]
    )


async def listed(desk: Desk[Officer], place: pages.Place) -> Page[BatchSummary]:
    """Return a page of the bureau's batches, newest first."""
    rows = await pages.rows(desk, select(*PaymentBatch.__table__.c), PaymentBatch.id, place)
    return pages.page([BatchSummary.model_validate(row) for row in rows], place)


async def of_claim(desk: Desk[Member], claim_id: UUID) -> list[PaymentRead]:
    """Return the payments of a claim, failed ones included."""
    await cases.found(desk, Claim, claim_id)
    rows = await desk.db.execute(
        select(*Payment.__table__.c).where(Payment.claim_id == claim_id).order_by(Payment.id)
    )
    return [PaymentRead.model_validate(row) for row in rows]


def _refuse_nothing_due(claim: Row[Any]) -> None:
    if claim.to_pay == NOTHING:
        raise cases.wrong_state(
            Claim,
            claim.state,
            f"申请 {claim.receipt} 预拨已足额，没有应拨付的金额，请办理「结清」。",
        )


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


async def _fund(desk: Desk[Officer], claim: Row[Any]) -> str:
    plan = await cases.found(desk, Plan, claim.plan_id)
    return law.of(plan.ends_on).fund


async def _pay(desk: Desk[Officer], batch_id: UUID, claim: Row[Any], amount: Decimal) -> None:
    payee = (
        await desk.db.execute(
            select(*Enterprise.__table__.c).where(Enterprise.id == claim.enterprise_id)
        )
    ).one()
    if payee.state != "verified":
        raise EnterpriseNotVerified("企业登记（含基本账户）变更后尚未重新核验，不能拨付。")
    await desk.db.execute(
        insert(Payment).values(
            id=new_id(),
            batch_id=batch_id,
            claim_id=claim.id,
            enterprise_id=claim.enterprise_id,
            bureau_code=claim.bureau_code,
            amount=amount,
            payee=payee.account_name,
            bank_name=payee.bank_name,
            account_masked=payee.account_masked,
            account_sealed=payee.account_sealed,
            state="sent",
        )
    )


async def _settle(desk: Desk[Officer], batch_id: UUID, result: PaymentResult) -> None:
    query = select(*Payment.__table__.c).where(
        Payment.id == result.payment_id, Payment.batch_id == batch_id
    )
    payment = (await desk.db.execute(query.with_for_update())).one_or_none()
    if payment is None:
        raise NotFound("该批次没有这笔拨付。")
    claim = await cases.found(desk, Claim, payment.claim_id, lock=True)
    paid = result.outcome == "paid"
    name = await _what_follows(desk, claim, payment) if paid else "payment_failed"
    move = cases.may(desk, Claim, claim, name)
    if payment.state != "sent":
        raise WrongState("该笔拨付结果已登记。", state=payment.state, possible=[])
    await desk.db.execute(
        update(Payment)
        .where(Payment.id == payment.id)
        .values(
            state=result.outcome,
            paid_on=desk.today if paid else None,
            failure=result.reason,
            bank_reference=result.bank_reference,
        )
    )
    await cases.advance(desk, Claim, claim, move, remark=result.reason)
    if name == "confirm_payment":
        await desk.db.execute(_POST, {"claim": claim.id})


async def _what_follows(desk: Desk[Officer], claim: Row[Any], payment: Row[Any]) -> str:
    """Return the move that follows when *payment* was paid: in full, or the rest is still held."""
    before = await dues.of(desk, claim.id)
    return "confirm_payment" if before.paid + payment.amount == claim.to_pay else "confirm_part"
