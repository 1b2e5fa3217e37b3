"""What did officers order and find of a class, and what was declared for all of them?"""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql import literal_column

from app.models.base import Base, Id, Written
from app.models.plans import OF_PLAN, PLAN_KEY


class SuspensionRecord(Base):
    """Days on which an officer suspended a class (DL-1-c); open until it is resumed."""

    __tablename__ = "suspensions"
    __table_args__ = (
        ForeignKeyConstraint(OF_PLAN, PLAN_KEY),
        Index("ix_suspensions_plan_id", "plan_id", "from_day"),
        CheckConstraint("from_day <= to_day", "days"),
        CheckConstraint(
            "num_nulls(to_day, remark, resumed_by, resumed_by_name) IN (0, 4)", "resumed"
        ),
        CheckConstraint("length(reason) > 1", "in_writing"),
        ExcludeConstraint(
            (literal_column("uuid_range(plan_id, plan_id, '[]'::text)"), "="),
            (literal_column("daterange(from_day, to_day, '[]'::text)"), "&&"),
            using="gist",
            name="ex_suspensions_no_overlap",
        ),
    )

    id: Mapped[Id]
    plan_id: Mapped[UUID]
    enterprise_id: Mapped[UUID]
    bureau_code: Mapped[str]
    from_day: Mapped[date]
    to_day: Mapped[date | None]
    reason: Mapped[str]
    suspended_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    suspended_by_name: Mapped[str]
    remark: Mapped[str | None]
    resumed_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    resumed_by_name: Mapped[str | None]
    created_at: Mapped[Written]


class EvaluationRecord(Base):
    """The evaluation of a class after training (DL-5.2-b): asked for by the office, or made."""

    __tablename__ = "evaluations"
    __table_args__ = (
        ForeignKeyConstraint(OF_PLAN, PLAN_KEY),
        CheckConstraint("num_nulls(asked_on, asked_by) IN (0, 2)", "asked"),
        CheckConstraint("num_nulls(made_on, made_by, result, recorded_by) IN (0, 4)", "made"),
    )

    plan_id: Mapped[UUID] = mapped_column(primary_key=True)
    enterprise_id: Mapped[UUID]
    bureau_code: Mapped[str]
    asked_on: Mapped[date | None]
    asked_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    made_on: Mapped[date | None]
    made_by: Mapped[str | None]
    result: Mapped[str | None]
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))


class DeclarationRecord(Base):
    """A day that a later document sets for all cases; the latest of its kind counts.

    One without a day takes back what was declared before.
    """

    __tablename__ = "declarations"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('period_ended', 'province_extended_to', 'offline_resumed')", "kind"
        ),
        CheckConstraint("length(document) > 0 AND length(source) > 0", "founded"),
    )

    id: Mapped[Id]
    kind: Mapped[str]
    day: Mapped[date | None]
    document: Mapped[str]
    source: Mapped[str]
    entered_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[Written]
