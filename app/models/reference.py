"""Which data do officers keep by date? Bureaus, platforms, working days, the business clock."""

from datetime import date

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class Bureau(Base):
    """A handling bureau: of a district, of a pioneer zone, or the provincial centre."""

    __tablename__ = "bureaus"
    __table_args__ = (CheckConstraint("kind IN ('district', 'pioneer_zone', 'centre')", "kind"),)

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str]
    source: Mapped[str]


class ListedPlatform(Base):
    """A platform that the notices name (DL-3.1-a), or one that is blocked (DL-3.2-b)."""

    __tablename__ = "platforms"
    __table_args__ = (CheckConstraint("kind IN ('listed', 'blocked')", "kind"),)

    name: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    hosts: Mapped[str]
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
