"""What was filed before training? Plans, their courses and the people on the roster."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Numeric,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Id, Written

OF_PLAN = ["plan_id", "enterprise_id", "bureau_code"]
PLAN_KEY = ["plans.id", "plans.enterprise_id", "plans.bureau_code"]


class Plan(Base):
    """One training project as filed (开班备案), before its first session."""

    __tablename__ = "plans"
    __table_args__ = (
        UniqueConstraint("id", "enterprise_id", "bureau_code"),
        UniqueConstraint("id", "measure"),
        UniqueConstraint("external_issuer", "external_reference"),
        Index("ix_plans_bureau_code", "bureau_code", "state", "id"),
        Index("ix_plans_enterprise_id", "enterprise_id", "id"),
        CheckConstraint(
            "state IN ('draft', 'submitted', 'returned', 'approved', 'withdrawn')", "state"
        ),
        CheckConstraint("starts_on <= ends_on", "dates"),
        CheckConstraint("(state = 'approved') <= (approved_on IS NOT NULL)", "approved_on"),
        CheckConstraint("approved_on < starts_on", "approved_before_start"),
        CheckConstraint("mode IN ('online', 'offline', 'mixed')", "mode"),
        CheckConstraint("channel IN ('internet', 'fax', 'post')", "channel"),
        CheckConstraint(
            "(external_issuer IS NULL) = (external_reference IS NULL)", "external_reference"
        ),
        CheckConstraint("cost >= 0", "cost"),
        CheckConstraint(
            "commission_uscc IS NULL OR commission_institution IS NOT NULL", "commission"
        ),
        CheckConstraint("step_days_used >= 0", "step_days_used"),
    )

    id: Mapped[Id]
    enterprise_id: Mapped[UUID] = mapped_column(ForeignKey("enterprises.id"))
    bureau_code: Mapped[str] = mapped_column(ForeignKey("bureaus.code"))
    receipt: Mapped[str] = mapped_column(unique=True)
    external_issuer: Mapped[str | None]
    external_reference: Mapped[str | None]
    state: Mapped[str]
    round: Mapped[int] = mapped_column(server_default="0")
    channel: Mapped[str]
    received_on: Mapped[date]
    keyed_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    title: Mapped[str]
    project_key: Mapped[str]
    occupation: Mapped[str]
    level: Mapped[str]
    main_business: Mapped[str]
    mode: Mapped[str]
    form: Mapped[str]
    converted_from_offline: Mapped[bool]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    cost: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    platform_kind: Mapped[str | None]
    platform_name: Mapped[str | None]
    platform_address: Mapped[str | None]
    platform_conditions_met: Mapped[bool | None]
    approved_on: Mapped[date | None]
    submitted_on: Mapped[date | None]
    remark: Mapped[str | None]
    created_at: Mapped[Written]
    measure: Mapped[str]
    tested: Mapped[bool]
    commission_institution: Mapped[str | None]
    commission_uscc: Mapped[str | None]
    class_reference: Mapped[str | None]
    step_began_on: Mapped[date | None]
    due_on: Mapped[date | None]
    step_days_used: Mapped[int] = mapped_column(server_default="0")


class PlanCourse(Base):
    """One filed course with its class hours."""

    __tablename__ = "plan_courses"
    __table_args__ = (
        ForeignKeyConstraint(OF_PLAN, PLAN_KEY, ondelete="CASCADE"),
        UniqueConstraint("plan_id", "name"),
        CheckConstraint("class_hours > 0", "class_hours"),
        CheckConstraint("number > 0", "number"),
        CheckConstraint("mode IN ('online', 'offline')", "mode"),
    )

    plan_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    enterprise_id: Mapped[UUID]
    bureau_code: Mapped[str]
    name: Mapped[str]
    category: Mapped[str]
    mode: Mapped[str]
    delivery: Mapped[str]
    class_hours: Mapped[int]
    explanation: Mapped[str]


class PlanTeacher(Base):
    """One teacher of the plan, with the honour he holds (LN-1.1-e)."""

    __tablename__ = "plan_teachers"
    __table_args__ = (
        ForeignKeyConstraint(OF_PLAN, PLAN_KEY, ondelete="CASCADE"),
        CheckConstraint("number > 0", "number"),
    )

    plan_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    enterprise_id: Mapped[UUID]
    bureau_code: Mapped[str]
    name: Mapped[str]
    honour: Mapped[str | None]


class Trainee(Base):
    """One person on the roster of a plan; his full ID stands sealed with the person.

    Of nearly everybody ``turns_16_on`` and ``retires_on`` are empty: a day is kept only where it
    may fall into the training (``app.policy.signals.ages``).
    """

    __tablename__ = "trainees"
    __table_args__ = (
        ForeignKeyConstraint(OF_PLAN, PLAN_KEY, ondelete="CASCADE"),
        UniqueConstraint("plan_id", "person_id"),
        UniqueConstraint("plan_id", "number"),
        UniqueConstraint("id", "plan_id"),
        Index("ix_trainees_person_id", "person_id"),
        CheckConstraint("employment IN ('contract', 'dispatched')", "employment"),
    )

    id: Mapped[Id]
    plan_id: Mapped[UUID]
    enterprise_id: Mapped[UUID]
    bureau_code: Mapped[str]
    number: Mapped[int]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    name: Mapped[str]
    id_masked: Mapped[str]
    post: Mapped[str]
    employment: Mapped[str]
    dispatch_company: Mapped[str]
    dispatch_uscc: Mapped[str]
    frontline: Mapped[bool | None]
    hired_on: Mapped[date | None]
    phone: Mapped[str]
    turns_16_on: Mapped[date | None]
    retires_on: Mapped[date | None]
