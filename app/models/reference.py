"""Which data do officers keep by date? Bureaus, rates, working days, the business clock."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Numeric, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Id, Written


class Bureau(Base):
    """A handling bureau: of a district, of a pioneer zone, or the provincial centre."""

    __tablename__ = "bureaus"
    __table_args__ = (CheckConstraint("kind IN ('district', 'pioneer_zone', 'centre')", "kind"),)

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str]
    source: Mapped[str]


class CalendarDay(Base):
    """One day and whether bureaus work on it; a missing day is an error, never a guess."""

    __tablename__ = "calendar_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    working: Mapped[bool]


class BusinessClock(Base):
    """The one row that sets the business day of a sandbox; empty everywhere else."""

    __tablename__ = "business_clock"
    __table_args__ = (CheckConstraint("one_row", "one_row"),)

    one_row: Mapped[bool] = mapped_column(primary_key=True, default=True)
    today: Mapped[date]


class SignatureLimit(Base):
    """Above which amount a third officer signs: the parameter, where the database can read it."""

    __tablename__ = "signature_limits"
    __table_args__ = (
        CheckConstraint("amount >= 0", "amount"),
        CheckConstraint("valid_from <= valid_to", "days"),
    )

    valid_from: Mapped[date] = mapped_column(primary_key=True)
    valid_to: Mapped[date | None]
    amount: Mapped[Decimal] = mapped_column(Numeric(12, 2))


class ReferenceRate(Base):
    """One figure that the notices leave to others (规定标准); a changed one is a new row."""

    __tablename__ = "rates"
    __table_args__ = (
        UniqueConstraint("measure", "key", "valid_from"),
        CheckConstraint("amount > 0", "amount"),
        CheckConstraint("valid_from <= valid_to", "days"),
        CheckConstraint(
            "certainty IN ('verified', 'from_memory', 'uncertain', 'sample')", "certainty"
        ),
        CheckConstraint("length(source) > 0", "source"),
    )

    id: Mapped[Id]
    measure: Mapped[str]
    key: Mapped[list[str]] = mapped_column(ARRAY(Text))
    amount: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    document: Mapped[str]
    source: Mapped[str]
    certainty: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    note: Mapped[str]
    entered_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[Written]
