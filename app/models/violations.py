"""Who reported falsely or took what was not his, and who is barred for it (LN-3.3-c)?"""

from datetime import date
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Id, Money, Written
from app.models.claims import CLAIM_KEY, OF_CLAIM

OF_VIOLATION = ["violation_id", "enterprise_id", "bureau_code"]
VIOLATION_KEY = ["violations.id", "violations.enterprise_id", "violations.bureau_code"]


class Violation(Base):
    """The bureau's file on a violation; the enterprise never sees it."""

    __tablename__ = "violations"
    __table_args__ = (
        UniqueConstraint("id", "enterprise_id", "bureau_code"),
        CheckConstraint(
            "kind IN ('false_report', 'extraction', 'private_division', 'diversion')", "kind"
        ),
        CheckConstraint("state IN ('open', 'established', 'dismissed')", "state"),
        CheckConstraint("amount >= 0", "amount"),
        CheckConstraint("length(findings) > 1", "in_writing"),
        CheckConstraint(
            "num_nulls(conclusion, document, decided_by, decided_by_name, decided_on)"
            " = CASE WHEN state = 'open' THEN 5 ELSE 0 END",
            "decided",
        ),
        CheckConstraint("decided_by <> opened_by", "two_persons"),
    )

    id: Mapped[Id]
    enterprise_id: Mapped[UUID] = mapped_column(ForeignKey("enterprises.id"))
    bureau_code: Mapped[str] = mapped_column(ForeignKey("bureaus.code"))
    receipt: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    findings: Mapped[str]
    state: Mapped[str]
    amount: Mapped[Money]
    opened_on: Mapped[date]
    decided_on: Mapped[date | None]
    opened_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    opened_by_name: Mapped[str]
    decided_by_name: Mapped[str | None]
    conclusion: Mapped[str | None]
    document: Mapped[str | None]
    created_at: Mapped[Written]


class ViolationClaim(Base):
    """A claim that a violation concerns, with the numbers of its persons on the roster."""

    __tablename__ = "violation_claims"
    __table_args__ = (
        ForeignKeyConstraint(OF_VIOLATION, VIOLATION_KEY),
        ForeignKeyConstraint(OF_CLAIM, CLAIM_KEY),
        CheckConstraint("amount >= 0", "amount"),
    )

    violation_id: Mapped[UUID] = mapped_column(primary_key=True)
    claim_id: Mapped[UUID] = mapped_column(primary_key=True)
    enterprise_id: Mapped[UUID]
    bureau_code: Mapped[str]
    persons: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    amount: Mapped[Money]


class ViolationTransfer(Base):
    """A case handed to another authority."""

    __tablename__ = "violation_transfers"
    __table_args__ = (
        ForeignKeyConstraint(OF_VIOLATION, VIOLATION_KEY),
        Index("ix_violation_transfers_violation_id", "violation_id"),
        CheckConstraint("length(authority) > 0 AND length(document) > 0", "founded"),
    )

    id: Mapped[Id]
    violation_id: Mapped[UUID]
    enterprise_id: Mapped[UUID]
    bureau_code: Mapped[str]
    authority: Mapped[str]
    document: Mapped[str]
    transferred_on: Mapped[date]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[Written]


class Blacklisting(Base):
    """Days on which an enterprise is barred; open until its last day or until it is lifted."""

    __tablename__ = "blacklistings"
    __table_args__ = (
        ForeignKeyConstraint(OF_VIOLATION, VIOLATION_KEY),
        UniqueConstraint("violation_id"),
        Index("ix_blacklistings_enterprise_id", "enterprise_id", "from_day"),
        CheckConstraint("from_day <= until_day", "days"),
        CheckConstraint("length(document) > 0", "founded"),
        CheckConstraint(
            "num_nulls(lifted_on, lifted_reason, lifted_document, lifted_by, lifted_by_name)"
            " IN (0, 5)",
            "lifted",
        ),
        CheckConstraint("from_day <= lifted_on", "lifted_later"),
    )

    id: Mapped[Id]
    violation_id: Mapped[UUID]
    enterprise_id: Mapped[UUID]
    bureau_code: Mapped[str]
    document: Mapped[str]
    from_day: Mapped[date]
    until_day: Mapped[date | None]
    lifted_on: Mapped[date | None]
    listed_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    lifted_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    listed_by_name: Mapped[str]
    lifted_by_name: Mapped[str | None]
    lifted_reason: Mapped[str | None]
    lifted_document: Mapped[str | None]
    created_at: Mapped[Written]
