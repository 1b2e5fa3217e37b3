"""What was paid, and what comes back? Payment batches, payments and recoveries."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Numeric,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Id, Money, Written
from app.models.claims import CLAIM_KEY, OF_CLAIM

OF_AMOUNT = ["claim_id", "amount"]


class PaymentBatch(Base):
    """Payments sent to the finance side together, with their totals."""

    __tablename__ = "payment_batches"
    __table_args__ = (
        UniqueConstraint("id", "bureau_code"),
        CheckConstraint("payments > 0 AND total >= 0", "totals"),
        CheckConstraint(
            "num_nulls(xlsx_sha256, xlsx_kept, csv_sha256, csv_kept) IN (0, 4)", "files"
        ),
    )

    id: Mapped[Id]
    bureau_code: Mapped[str] = mapped_column(ForeignKey("bureaus.code"))
    receipt: Mapped[str] = mapped_column(unique=True)
    payments: Mapped[int]
    total: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    fund: Mapped[str]
    made_on: Mapped[date]
    made_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[Written]
    xlsx_sha256: Mapped[bytes | None]
    xlsx_kept: Mapped[bytes | None]
    csv_sha256: Mapped[bytes | None]
    csv_kept: Mapped[bytes | None]


class Payment(Base):
    """Money of one claim to the basic account: what is due and not held, one at a time.

    ``offset_amount`` is what is kept back of it for demands; ``gross``, with it, is what was due.
    ``to_pay`` is what the claim has to pay in all (the database fills it in); what has not failed
    of it never comes to more.
    """

    __tablename__ = "payments"
    __table_args__ = (
        ForeignKeyConstraint(OF_CLAIM, CLAIM_KEY),
        ForeignKeyConstraint(
            ["claim_id", "to_pay"], ["claims.id", "claims.to_pay"], name="fk_payments_to_pay"
        ),
        UniqueConstraint("id", "enterprise_id", "bureau_code"),
        ForeignKeyConstraint(
            ["batch_id", "bureau_code"], ["payment_batches.id", "payment_batches.bureau_code"]
        ),
        Index(
            "uq_payments_one_on_its_way",
            "claim_id",
            unique=True,
            postgresql_where="state = 'sent'",
        ),
        Index("ix_payments_claim_id", "claim_id"),
        Index("ix_payments_batch_id", "batch_id"),
        CheckConstraint("state IN ('sent', 'paid', 'failed')", "state"),
        CheckConstraint("(state = 'paid') = (paid_on IS NOT NULL)", "paid_on"),
        CheckConstraint("(state = 'failed') = (failure IS NOT NULL)", "failure"),
        CheckConstraint(
            "amount >= 0 AND offset_amount >= 0 AND amount + offset_amount > 0", "amount"
        ),
    )

    id: Mapped[Id]
    batch_id: Mapped[UUID]
    claim_id: Mapped[UUID]
    enterprise_id: Mapped[UUID]
    bureau_code: Mapped[str]
    amount: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    payee: Mapped[str]
    bank_name: Mapped[str]
    account_masked: Mapped[str]
    account_sealed: Mapped[bytes]
    state: Mapped[str]
    paid_on: Mapped[date | None]
    failure: Mapped[str | None]
    bank_reference: Mapped[str | None]
    created_at: Mapped[Written]
    offset_amount: Mapped[Money] = mapped_column(server_default="0")
    gross: Mapped[Money] = mapped_column(Computed("amount + offset_amount", persisted=True))
    to_pay: Mapped[Money]
