"""How is published money paid? In batches for the finance side, after the notice, once."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select

from app.actors import Member, Officer
from app.errors import EnterpriseNotVerified, NotFound
from app.models import (
    Claim,
    Enterprise,
    Payment,
    PaymentBatch,
    PaymentOffset,
    Plan,
    new_id,
)
from app.office import Desk
from app.policy.money import NOTHING
from app.schemas.claims import HistoryEntry
from app.schemas.payments import BatchCreate, BatchRead, BatchSummary, PaymentRead
from app.schemas.words import Page
from app.services import acts, bank_files, blacklist, cases, dues, law, offsets, pages, results


@dataclass(frozen=True, slots=True)
class _Due:
    """A claim that is to be paid, to whom, what is due of it now, and what is kept back of that."""

    claim: Row[Any]
    payee: Row[Any]
    gross: Decimal
    kept_back: dict[UUID, Decimal]
    id: UUID = field(default_factory=new_id)

    @property
    def offset(self) -> Decimal:
        """What is kept back in all."""
        return sum(self.kept_back.values(), NOTHING)

    @property
    def amount(self) -> Decimal:
        """What is transferred."""
        return self.gross - self.offset


async def make_batch(desk: Desk[Officer], new: BatchCreate) -> BatchRead:
    """Put closed notices' claims into one batch for the finance side: all of them or none.

    Of each is paid what no objection holds; the rest may follow in another batch.

    Raises:
        LinesHeld: objections hold all that was not paid of a claim.
        NoticeOpen: a notice has not closed yet.
        EnterpriseNotVerified: an account was changed and not verified again.
        EnterpriseBlacklisted: an enterprise is barred.
        WrongState, DutyMissing, SignedAlready, NotFound: as named.
    """
    rows = [
        await cases.found(desk, Claim, claim_id, lock=True)
        for claim_id in sorted(set(new.claim_ids))
    ]
    moves = [cases.may(desk, Claim, row, "pay") for row in rows]
    for row in rows:
        _refuse_nothing_due(row)
        await dues.refuse_open_notice(desk, row)
    due = await _due(desk, rows)
    batch_id = await _batch(desk, due)
    for one, move in zip(due, moves, strict=True):
        await _pay(desk, batch_id, one)
        await cases.advance(desk, Claim, one.claim, move)
    for one in due:
        if one.amount == NOTHING:
            await results.settle_kept_back(desk, batch_id, one.id)
    return await read(desk, batch_id)


async def read(desk: Desk[Officer], batch_id: UUID) -> BatchRead:
    """Return one batch with its payments."""
    row = await found(desk, batch_id)
    items = await desk.db.execute(
        select(*Payment.__table__.c).where(Payment.batch_id == batch_id).order_by(Payment.id)
    )
    digests = {
        name: row._mapping[name].hex() if row._mapping[name] else None
        for name in ("xlsx_sha256", "csv_sha256")
    }
    return BatchRead(
        **{**row._mapping, **digests},
        items=[PaymentRead.model_validate(payment) for payment in items],
    )


async def found(desk: Desk[Officer], batch_id: UUID) -> Row[Any]:
    """Return the row of a batch of the officer's bureau.

    Raises:
        NotFound: there is none, or it is another's.
    """
    query = select(*PaymentBatch.__table__.c).where(PaymentBatch.id == batch_id)
    row = (await desk.db.execute(query)).one_or_none()
    if row is None:
        raise NotFound
    return row


async def listed(desk: Desk[Officer], place: pages.Place) -> Page[BatchSummary]:
    """Return a page of the bureau's batches, newest first."""
    rows = await pages.rows(desk, select(*PaymentBatch.__table__.c), PaymentBatch.id, place)
    return pages.page([BatchSummary.model_validate(row) for row in rows], place)


async def history(desk: Desk[Officer], batch_id: UUID) -> list[HistoryEntry]:
    """Return the acts on a batch, oldest first."""
    await found(desk, batch_id)
    return await acts.history(desk, batch_id)


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


async def _due(desk: Desk[Officer], claims: list[Row[Any]]) -> list[_Due]:
    """Return what is due of each claim, less what is kept back for demands, the oldest first.

    Raises:
        LinesHeld: objections hold all that was not paid of a claim.
        EnterpriseNotVerified, EnterpriseBlacklisted: as named.
    """
    demands = await offsets.open_demands(desk, {claim.enterprise_id for claim in claims})
    due = []
    for claim in claims:
        await blacklist.refuse_payment(desk, claim.enterprise_id)
        query = select(*Enterprise.__table__.c).where(Enterprise.id == claim.enterprise_id)
        payee = (await desk.db.execute(query)).one()
        if payee.state != "verified":
            raise EnterpriseNotVerified("企业登记（含基本账户）变更后尚未重新核验，不能拨付。")
        gross = await dues.payable(desk, claim)
        kept = offsets.keep_back(demands[claim.enterprise_id], gross)
        due.append(_Due(claim, payee, gross, kept))
    return due


async def _batch(desk: Desk[Officer], due: list[_Due]) -> UUID:
    batch_id = new_id()
    receipt = await cases.receipt(desk, "BF", desk.actor.bureau)
    plan = await cases.found(desk, Plan, due[0].claim.plan_id)
    fund = law.of(plan.ends_on).fund
    lines = [bank_files.Line(one.id, one.claim, one.payee, one.amount) for one in due]
    files = await bank_files.make(desk, receipt, fund, lines)
    total = sum((one.amount for one in due), NOTHING)
    await desk.db.execute(
        insert(PaymentBatch).values(
            id=batch_id,
            bureau_code=desk.actor.bureau,
            receipt=receipt,
            payments=len(due),
            total=total,
            fund=fund,
            made_on=desk.today,
            made_by=desk.actor.account_id,
            **files,
        )
    )
    case = acts.Case(batch_id, None, desk.actor.bureau)
    await acts.record(
        desk, "make", "payment_batches", batch_id, case, receipt=receipt, payments=len(due),
        total=str(total), kept_back=str(sum((one.offset for one in due), NOTHING)),
        xlsx_sha256=files["xlsx_sha256"].hex(), csv_sha256=files["csv_sha256"].hex(),
    )  # fmt: skip
    return batch_id


async def _pay(desk: Desk[Officer], batch_id: UUID, one: _Due) -> None:
    whose = {"enterprise_id": one.claim.enterprise_id, "bureau_code": one.claim.bureau_code}
    await desk.db.execute(
        insert(Payment).values(
            id=one.id,
            batch_id=batch_id,
            claim_id=one.claim.id,
            amount=one.amount,
            offset_amount=one.offset,
            payee=one.payee.account_name,
            bank_name=one.payee.bank_name,
            account_masked=one.payee.account_masked,
            account_sealed=one.payee.account_sealed,
            state="sent",
            **whose,
        )
    )
    for recovery_id, amount in one.kept_back.items():
        await desk.db.execute(
            insert(PaymentOffset).values(
                payment_id=one.id, recovery_id=recovery_id, amount=amount, **whose
            )
        )
