"""What is to come back, of whom, and what came back of it?"""

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
from app.models.violations import OF_VIOLATION, VIOLATION_KEY

_OF_RECOVERY = ["recovery_id", "enterprise_id", "bureau_code"]
_RECOVERY_KEY = ["recoveries.id", "recoveries.enterprise_id", "recoveries.bureau_code"]


class Recovery(Base):
    """A demand: of an advance that was too large or never settled, for an error, for a fraud.

    ``frees`` tells whether the persons' cap and count are free again once it is met (A-34).
    """

    __tablename__ = "recoveries"
    __table_args__ = (
        ForeignKeyConstraint(OF_CLAIM, CLAIM_KEY),
        ForeignKeyConstraint(
            ["claim_id", "surplus"], ["claims.id", "claims.to_recover"], name="fk_recoveries_amount"
        ),
        ForeignKeyConstraint(OF_VIOLATION, VIOLATION_KEY),
        UniqueConstraint("id", "enterprise_id", "bureau_code"),
        Index(
            "uq_recoveries_claim_id",
            "claim_id",
            "ground",
            unique=True,
            postgresql_where="ground IN ('advance', 'recall')",
        ),
        Index("ix_recoveries_claim_id", "claim_id"),
        Index("ix_recoveries_enterprise_id", "enterprise_id",
              postgresql_where="state = 'demanded'"),
        CheckConstraint("amount > 0", "amount"),
        CheckConstraint("state IN ('demanded', 'repaid', 'written_off')", "state"),
        CheckConstraint("ground IN ('advance', 'recall', 'error', 'fraud')", "ground"),
        CheckConstraint("(ground IN ('error', 'fraud')) = (frees IS NOT NULL)", "frees"),
        CheckConstraint("(ground = 'fraud') = (violation_id IS NOT NULL)", "violation"),
        CheckConstraint(
            "(state = 'repaid') = (repaid_on IS NOT NULL AND bank_reference IS NOT NULL)",
            "repaid",
        ),
    )  # fmt: skip

    id: Mapped[Id]
    claim_id: Mapped[UUID]
    enterprise_id: Mapped[UUID]
    bureau_code: Mapped[str]
    receipt: Mapped[str] = mapped_column(unique=True)
    amount: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    state: Mapped[str]
    demanded_on: Mapped[date]
    demanded_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    repaid_on: Mapped[date | None]
    bank_reference: Mapped[str | None]
    created_at: Mapped[Written]
    ground: Mapped[str]
    reason: Mapped[str]
    document: Mapped[str]
    due_on: Mapped[date | None]
    frees: Mapped[bool | None]
    violation_id: Mapped[UUID | None]
    surplus: Mapped[Money | None] = mapped_column(
        Computed("CASE WHEN ground = 'advance' THEN amount END", persisted=True)
    )


class RecoveryLine(Base):
    """What is demanded back for one person of the claim."""

    __tablename__ = "recovery_lines"
    __table_args__ = (
        ForeignKeyConstraint(_OF_RECOVERY, _RECOVERY_KEY),
        ForeignKeyConstraint(OF_CLAIM, CLAIM_KEY),
        Index("ix_recovery_lines_claim_id", "claim_id"),
        CheckConstraint("amount > 0", "amount"),
    )

    recovery_id: Mapped[UUID] = mapped_column(primary_key=True)
    claim_id: Mapped[UUID]
    enterprise_id: Mapped[UUID]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    bureau_code: Mapped[str]
    number: Mapped[int] = mapped_column(primary_key=True)
    amount: Mapped[Money]


class RecoveryDecision(Base):
    """Two signatures: to keep a demand back of later payments, or to write the rest off."""

    __tablename__ = "recovery_decisions"
    __table_args__ = (
        ForeignKeyConstraint(_OF_RECOVERY, _RECOVERY_KEY),
        UniqueConstraint("recovery_id", "kind"),
        CheckConstraint("kind IN ('offset', 'write_off')", "kind"),
        CheckConstraint("length(reason) > 1", "in_writing"),
        CheckConstraint(
            "num_nulls(countersigned_by, countersigned_by_name, countersigned_on) IN (0, 3)",
            "countersigned",
        ),
        CheckConstraint("countersigned_by <> decided_by", "two_persons"),
    )

    id: Mapped[Id]
    recovery_id: Mapped[UUID]
    enterprise_id: Mapped[UUID]
    bureau_code: Mapped[str]
    kind: Mapped[str]
    reason: Mapped[str]
    document: Mapped[str | None]
    decided_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    countersigned_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    decided_by_name: Mapped[str]
    countersigned_by_name: Mapped[str | None]
    decided_on: Mapped[date]
    countersigned_on: Mapped[date | None]
    created_at: Mapped[Written]


class PaymentOffset(Base):
    """What is kept back of a payment for a demand; booked once the payment is."""

    __tablename__ = "payment_offsets"
    __table_args__ = (
        ForeignKeyConstraint(
            ["payment_id", "enterprise_id", "bureau_code"],
            ["payments.id", "payments.enterprise_id", "payments.bureau_code"],
        ),
        ForeignKeyConstraint(_OF_RECOVERY, _RECOVERY_KEY),
        Index("ix_payment_offsets_recovery_id", "recovery_id"),
        CheckConstraint("amount > 0", "amount"),
    )

    payment_id: Mapped[UUID] = mapped_column(primary_key=True)
    recovery_id: Mapped[UUID] = mapped_column(primary_key=True)
    enterprise_id: Mapped[UUID]
    bureau_code: Mapped[str]
    amount: Mapped[Money]


class RecoveryPayment(Base):
    """An instalment: money that came back, or was kept back of a payment."""

    __tablename__ = "recovery_payments"
    __table_args__ = (
        ForeignKeyConstraint(_OF_RECOVERY, _RECOVERY_KEY),
        ForeignKeyConstraint(
            ["payment_id", "recovery_id"],
            ["payment_offsets.payment_id", "payment_offsets.recovery_id"],
        ),
        UniqueConstraint("payment_id", "recovery_id"),
        Index(
            "uq_recovery_payments_recovery_id_bank_reference",
            "recovery_id",
            "bank_reference",
            unique=True,
            postgresql_where="kind = 'transfer'",
        ),
        CheckConstraint("kind IN ('transfer', 'offset')", "kind"),
        CheckConstraint("amount > 0", "amount"),
        CheckConstraint("(kind = 'offset') = (payment_id IS NOT NULL)", "offset"),
        CheckConstraint("length(bank_reference) > 0", "bank_reference"),
    )

    id: Mapped[Id]
    recovery_id: Mapped[UUID]
    enterprise_id: Mapped[UUID]
    bureau_code: Mapped[str]
    kind: Mapped[str]
    bank_reference: Mapped[str]
    amount: Mapped[Money]
    paid_on: Mapped[date]
    payment_id: Mapped[UUID | None]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[Written]
