"""What was published, and what was paid? Notices, payment batches and payments."""

from datetime import date
from decimal import Decimal
from typing import Any
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
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Id, Money, Written
from app.models.claims import CLAIM_KEY, OF_CLAIM

OF_AMOUNT = ["claim_id", "amount"]
AMOUNT_KEY = ["claims.id", "claims.amount"]


class Notice(Base):
    """The published list of one claim: an immutable snapshot with masked IDs (DL-4.3-g)."""

    __tablename__ = "notices"
    __table_args__ = (
        ForeignKeyConstraint(OF_CLAIM, CLAIM_KEY),
        ForeignKeyConstraint(OF_AMOUNT, AMOUNT_KEY, name="fk_notices_amount"),
        UniqueConstraint("claim_id"),
        Index("ix_notices_posted_on", "posted_on", "id"),
        CheckConstraint("posted_on < last_day", "days"),
    )

    id: Mapped[Id]
    claim_id: Mapped[UUID]
    enterprise_id: Mapped[UUID]
    bureau_code: Mapped[str]
    receipt: Mapped[str] = mapped_column(unique=True)
    enterprise_name: Mapped[str]
    amount: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    posted_on: Mapped[date]
    last_day: Mapped[date]
    posted_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    sha256: Mapped[bytes]
    created_at: Mapped[Written]


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
    """One claim's money to the basic account; a claim has at most one that has not failed.

    ``offset_amount`` is what is kept back of it for demands; ``gross``, with it, is what was due.
    """

    __tablename__ = "payments"
    __table_args__ = (
        ForeignKeyConstraint(OF_CLAIM, CLAIM_KEY),
        ForeignKeyConstraint(
            ["claim_id", "gross"], ["claims.id", "claims.to_pay"], name="fk_payments_amount"
        ),
        UniqueConstraint("id", "enterprise_id", "bureau_code"),
        ForeignKeyConstraint(
            ["batch_id", "bureau_code"], ["payment_batches.id", "payment_batches.bureau_code"]
        ),
        Index(
            "uq_payments_one_per_claim",
            "claim_id",
            unique=True,
            postgresql_where="state <> 'failed'",
        ),
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
