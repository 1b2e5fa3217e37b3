"""What became of the payments of a batch? Told one by one, or by the bank's sheet at once."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, func, select, text, update

from app.actors import Officer
from app.errors import DutyMissing, NotFound, WrongState
from app.models import Claim, Payment, PaymentBatch
from app.office import Desk
from app.policy.money import NOTHING
from app.policy.procedure import Duty
from app.schemas.payments import PaymentResult, ResultsImport
from app.services import acts, cases, dues, sheets
from app.sheets.report import Fault, fault, refuse_faults, unreadable
from app.sheets.results import ResultRow, ResultsSheet, read_results

_POST: Final = text("SELECT post_entitlements(:claim)")
_KEPT_BACK: Final = "全额抵扣应退款"
_ROWS: Final = 5000
_STATES_ZH: Final = {"paid": "成功", "failed": "失败"}


async def record(desk: Desk[Officer], batch_id: UUID, said: list[PaymentResult]) -> None:
    """Record what became of payments; a paid one is final, a failed one may be paid again.

    Raises:
        NotFound: no such batch or payment.
        WrongState: a payment's result is known already.
    """
    await _batch(desk, batch_id)
    for result in said:
        await _settle(desk, batch_id, result)


async def settle_kept_back(desk: Desk[Officer], batch_id: UUID, payment_id: UUID) -> None:
    """Record that a payment of which nothing is transferred is done."""
    done = PaymentResult(payment_id=payment_id, outcome="paid", bank_reference=_KEPT_BACK)
    await _settle(desk, batch_id, done)


async def import_sheet(
    desk: Desk[Officer], batch_id: UUID, file: sheets.SheetFile
) -> ResultsImport:
    """Record the results that a sheet tells: all of them, or none and every fault.

    What was recorded before and is told again alike changes nothing.

    Raises:
        RowsUnreadable: rows cannot be read, are no payments of the batch, or contradict it.
        NotFound, DutyMissing: as named.
        Refusal: the file as a whole cannot be taken.
    """
    batch = await _batch(desk, batch_id)
    if Duty.PAY not in desk.actor.duties:
        raise DutyMissing
    sheet = await sheets.parse(desk, read_results, file, _ROWS)
    query = (
        select(*Payment.__table__.c)
        .where(Payment.batch_id == batch_id)
        .order_by(Payment.claim_id)
        .with_for_update()
    )
    payments = {row.id: row for row in await desk.db.execute(query)}
    faults = [found for row in sheet.rows for found in _faults(sheet, row, payments)]
    refuse_faults(sorted((*sheet.faults, *faults), key=lambda one: one.row))
    new = [row for row in sheet.rows if payments[row.payment_id].state == "sent"]
    for row in new:
        await _settle(desk, batch_id, _result(row))
    await acts.record(
        desk, "import_results", "payment_batches", batch_id,
        acts.Case(batch_id, None, batch.bureau_code),
        recorded=len(new), rows=len(sheet.rows), file_sha256=file.sha256.hex(),
    )  # fmt: skip
    return await _imported(desk, batch_id, sheet, len(new))


def _faults(sheet: ResultsSheet, row: ResultRow, payments: dict[UUID, Row[Any]]) -> list[Fault]:
    """Return what is wrong with a readable row against the batch."""
    payment = payments.get(row.payment_id)
    if payment is None:
        why = unreadable("payment_unknown")
    elif row.amount is not None and row.amount != payment.amount:
        why = unreadable("amount_differs", amount=str(payment.amount))
    elif payment.state not in {"sent", row.outcome}:
        why = unreadable("result_known", state=_STATES_ZH[payment.state])
    else:
        return []
    return [fault(row.row, sheet.title, "payment_id", str(row.payment_id), why)]


def _result(row: ResultRow) -> PaymentResult:
    return PaymentResult(
        payment_id=row.payment_id,
        outcome="paid" if row.outcome == "paid" else "failed",
        bank_reference=row.bank_reference or None,
        reason=row.reason or None,
    )


async def _imported(
    desk: Desk[Officer], batch_id: UUID, sheet: ResultsSheet, new: int
) -> ResultsImport:
    sums = await desk.db.execute(
        select(Payment.state, func.count().label("number"), func.sum(Payment.amount).label("sum"))
        .where(Payment.batch_id == batch_id)
        .group_by(Payment.state)
    )
    told = {row.state: row for row in sums}
    return ResultsImport(
        recorded=new,
        unchanged=len(sheet.rows) - new,
        open=told["sent"].number if "sent" in told else 0,
        paid=told["paid"].sum if "paid" in told else NOTHING,
        failed=told["failed"].sum if "failed" in told else NOTHING,
        ignored_columns=list(sheet.ignored_columns),
    )


async def _batch(desk: Desk[Officer], batch_id: UUID) -> Row[Any]:
    query = select(*PaymentBatch.__table__.c).where(PaymentBatch.id == batch_id)
    row = (await desk.db.execute(query)).one_or_none()
    if row is None:
        raise NotFound
    return row


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
    return "confirm_payment" if before.paid + payment.gross == claim.to_pay else "confirm_part"
