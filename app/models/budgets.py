"""What may a bureau spend of the fund in a year, and what of it is promised?"""

from datetime import date
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    SmallInteger,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Id, Money, Written
from app.models.claims import CLAIM_KEY, OF_CLAIM

_SLICE = ("bureau_code", "year", "fund", "slice")


class Budget(Base):
    """An amount told by a document; the latest that another officer confirmed is in force."""

    __tablename__ = "budgets"
    __table_args__ = (
        Index("ix_budgets_bureau_code", "bureau_code", "year", "fund", "id"),
        CheckConstraint("amount >= 0", "amount"),
        CheckConstraint("length(document) > 0 AND length(fund) > 0", "founded"),
        CheckConstraint(
            "num_nulls(confirmed_by, confirmed_by_name, confirmed_on) IN (0, 3)", "confirmed"
        ),
        CheckConstraint("confirmed_by <> entered_by", "two_persons"),
    )

    id: Mapped[Id]
    bureau_code: Mapped[str] = mapped_column(ForeignKey("bureaus.code"))
    fund: Mapped[str]
    document: Mapped[str]
    entered_by_name: Mapped[str]
    confirmed_by_name: Mapped[str | None]
    year: Mapped[int] = mapped_column(SmallInteger)
    amount: Mapped[Money]
    entered_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    entered_on: Mapped[date]
    confirmed_on: Mapped[date | None]
    created_at: Mapped[Written]


class BudgetSlice(Base):
    """A part of a budget: those who approve at once take from different ones.

    Without a ceiling nothing was entered, and nothing is limited.
    """

    __tablename__ = "budget_slices"
    __table_args__ = (
        CheckConstraint("used >= 0", "not_negative"),
        CheckConstraint("used <= ceiling", "within"),
    )

    bureau_code: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    fund: Mapped[str] = mapped_column(primary_key=True)
    slice: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    ceiling: Mapped[Money | None]
    used: Mapped[Money]


class BudgetEntry(Base):
    """What a claim took of a slice, or gave back; only entries move slices."""

    __tablename__ = "budget_entries"
    __table_args__ = (
        ForeignKeyConstraint(OF_CLAIM, CLAIM_KEY),
        ForeignKeyConstraint(_SLICE, [f"budget_slices.{name}" for name in _SLICE]),
        Index("ix_budget_entries_claim_id", "claim_id"),
        Index("ix_budget_entries_bureau_code", "bureau_code", "year", "fund"),
        CheckConstraint("kind IN ('reserve', 'release')", "kind"),
        CheckConstraint("(kind = 'reserve') = (amount > 0) AND amount <> 0", "sign"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    claim_id: Mapped[UUID]
    enterprise_id: Mapped[UUID]
    bureau_code: Mapped[str]
    fund: Mapped[str]
    kind: Mapped[str]
    year: Mapped[int] = mapped_column(SmallInteger)
    slice: Mapped[int] = mapped_column(SmallInteger)
    amount: Mapped[Money]
    created_at: Mapped[Written]
