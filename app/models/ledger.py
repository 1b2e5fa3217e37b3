"""What has each person already received? Persons, their calendar and their entitlements.

These tables belong to no tenant: the service has no rights on them. A few functions of the
database, owned by the role ``subsidy_ledger``, do all locking and booking.
"""

from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Numeric,
    SmallInteger,
)
from sqlalchemy.dialects.postgresql import DATERANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql import literal_column

from app.models.base import Base, Id, Written

# The id decides; its hash before it only gives the index an order. A range over uuid knows no
# distance, and an index led by it grows until 50 changes cost 50 ms; led by int8 they cost 5.
_HASHED: Final = (
    "int8range(uuid_hash_extended(person_id, (0)::bigint),"
    " uuid_hash_extended(person_id, (0)::bigint), '[]'::text)"
)


class Person(Base):
    """One human being, known by the keyed digest of the resident ID."""

    __tablename__ = "persons"

    id: Mapped[Id]
    id_digest: Mapped[bytes] = mapped_column(unique=True)
    id_sealed: Mapped[bytes]
    created_at: Mapped[Written]


class Enrolment(Base):
    """The days that an approved plan holds in a person's calendar (LN-1.3-f, A-17)."""

    __tablename__ = "enrolments"
    __table_args__ = (
        ExcludeConstraint(
            (literal_column(_HASHED), "="),
            (literal_column("uuid_range(person_id, person_id, '[]'::text)"), "="),
            ("period", "&&"),
            where="active",
            using="gist",
            name="ex_enrolments_no_overlap",
        ),
        CheckConstraint("NOT isempty(period)", "period"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plans.id"), primary_key=True)
    period: Mapped[Range[date]] = mapped_column(DATERANGE)
    active: Mapped[bool] = mapped_column(server_default="true")


class YearBalance(Base):
    """Yuan of one person in one calendar year, reserved and paid less reversed (DL-2.3-f)."""

    __tablename__ = "year_balances"
    __table_args__ = (
        CheckConstraint("used >= 0", "not_negative"),
        CheckConstraint("used <= ceiling", "cap"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    measure: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    ceiling: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    used: Mapped[Decimal] = mapped_column(Numeric(12, 2))


class PeriodBalance(Base):
    """Counted subsidies of one person in one policy period (DL-3.2-e)."""

    __tablename__ = "period_balances"
    __table_args__ = (
        CheckConstraint("counted >= 0", "not_negative"),
        CheckConstraint("counted <= ceiling", "times"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    ceiling: Mapped[int] = mapped_column(SmallInteger)
    counted: Mapped[int] = mapped_column(SmallInteger)


class ProjectSubsidy(Base):
    """One project subsidised for one person; the same project never twice (DL-2.3-g)."""

    __tablename__ = "project_subsidies"
    __table_args__ = (
        Index(
            "uq_project_subsidies_once",
            "person_id",
            "project_key",
            unique=True,
            postgresql_where="NOT released",
        ),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    claim_id: Mapped[UUID] = mapped_column(ForeignKey("claims.id"), primary_key=True)
    project_key: Mapped[str]
    released: Mapped[bool] = mapped_column(server_default="false")


class LedgerEntry(Base):
    """One booking for one person; entries are append-only and only they move balances."""

    __tablename__ = "ledger_entries"
    __table_args__ = (
        CheckConstraint("kind IN ('reserve', 'post', 'release', 'reverse')", "kind"),
        CheckConstraint(
            "(kind = 'reverse') = (ground IS NOT NULL)"
            " AND ground IN ('error', 'fraud', 'superseded')",
            "ground",
        ),
        CheckConstraint("kind <> 'post' OR (used = 0 AND counted = 0)", "post_moves_nothing"),
        Index(
            "uq_ledger_entries_once",
            "claim_id",
            "person_id",
            "kind",
            unique=True,
            postgresql_where="kind <> 'reverse'",
        ),
        Index("uq_ledger_entries_recovery_id_person_id", "recovery_id", "person_id", unique=True),
        Index("ix_ledger_entries_person_id", "person_id", "measure", "year"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    claim_id: Mapped[UUID] = mapped_column(ForeignKey("claims.id"))
    measure: Mapped[str]
    year: Mapped[int] = mapped_column(SmallInteger)
    period: Mapped[str]
    kind: Mapped[str]
    amount: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    used: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    counted: Mapped[int] = mapped_column(SmallInteger)
    at: Mapped[Written]
    ground: Mapped[str | None]
    recovery_id: Mapped[UUID | None] = mapped_column(ForeignKey("recoveries.id"))
