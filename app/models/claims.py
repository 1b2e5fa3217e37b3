"""What is claimed, what does the law say of it, and who signed? Claims and their assessments."""

from datetime import date, datetime
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
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Id, Written
from app.models.plans import OF_PLAN, PLAN_KEY

OF_CLAIM = ["claim_id", "enterprise_id", "bureau_code"]
CLAIM_KEY = ["claims.id", "claims.enterprise_id", "claims.bureau_code"]


class Claim(Base):
    """One claim for one plan: the annex's form, its commitments, its state and its amount.

    ``advanced`` is what was paid in advance of it (the database fills it in), ``to_pay`` and
    ``to_recover`` what is left of ``amount`` after it (DL-2.1-c). One that ``supersedes`` another
    is the decision made anew; what that one brought counts as advanced.
    ``due_on`` is when the awaited step is to be done; ``asked_checks`` are what officers must check
    before it is approved.
    """

    __tablename__ = "claims"
    __table_args__ = (
        ForeignKeyConstraint(OF_PLAN, PLAN_KEY),
        ForeignKeyConstraint(["plan_id", "measure"], ["plans.id", "plans.measure"]),
        ForeignKeyConstraint(
            ["supersedes", "plan_id"], ["claims.id", "claims.plan_id"], name="fk_claims_supersedes"
        ),
        UniqueConstraint("id", "enterprise_id", "bureau_code"),
        UniqueConstraint("id", "plan_id"),
        UniqueConstraint("id", "amount"),
        UniqueConstraint("id", "to_pay"),
        UniqueConstraint("id", "to_recover"),
        UniqueConstraint("external_issuer", "external_reference"),
        Index(
            "uq_claims_open_on_plan",
            "plan_id",
            "kind",
            unique=True,
            postgresql_where="supersedes IS NULL AND state NOT IN ('rejected', 'withdrawn')",
        ),
        Index(
            "uq_claims_supersedes",
            "supersedes",
            unique=True,
            postgresql_where="supersedes IS NOT NULL AND state NOT IN ('rejected', 'withdrawn')",
        ),
        Index(
            "uq_claims_one_per_class",
            "measure",
            "class_reference",
            unique=True,
            postgresql_where="supersedes IS NULL AND kind = 'claim'"
            " AND state IN ('approved', 'published', 'paying', 'paid', 'superseded')",
        ),
        Index("ix_claims_bureau_code", "bureau_code", "state", "id"),
        Index("ix_claims_bureau_code_id", "bureau_code", "id"),
        Index("ix_claims_enterprise_id", "enterprise_id", "id"),
        Index("ix_claims_plan_id", "plan_id"),
        CheckConstraint(
            "state IN ('filed', 'reviewed', 'returned', 'approved', 'published', 'paying',"
            " 'paid', 'rejected', 'withdrawn', 'superseded')",
            "state",
        ),
        CheckConstraint("amount >= 0", "amount"),
        CheckConstraint("channel IN ('internet', 'fax', 'post')", "channel"),
        CheckConstraint(
            "(external_issuer IS NULL) = (external_reference IS NULL)", "external_reference"
        ),
        CheckConstraint("round > 0", "round"),
        CheckConstraint("kind IN ('claim', 'advance')", "kind"),
        CheckConstraint("payee IN ('enterprise', 'employee', 'institution')", "payee"),
        CheckConstraint("advanced >= 0 AND (kind = 'claim' OR advanced = 0)", "advanced"),
        CheckConstraint("step_days_used >= 0", "step_days_used"),
        CheckConstraint("asked_checks @> ARRAY['evidence_seen']", "asked_checks"),
    )

    id: Mapped[Id]
    plan_id: Mapped[UUID]
    enterprise_id: Mapped[UUID]
    bureau_code: Mapped[str]
    receipt: Mapped[str] = mapped_column(unique=True)
    external_issuer: Mapped[str | None]
    external_reference: Mapped[str | None]
    state: Mapped[str]
    round: Mapped[int] = mapped_column(server_default="1")
    channel: Mapped[str]
    keyed_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    filed_on: Mapped[date]
    amount: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    persons: Mapped[int]
    form: Mapped[dict[str, Any]] = mapped_column(JSONB)
    commitments_version: Mapped[str]
    commitments_accepted: Mapped[int]
    accepted_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    accepted_at: Mapped[datetime]
    remark: Mapped[str | None]
    created_at: Mapped[Written]
    kind: Mapped[str]
    measure: Mapped[str]
    payee: Mapped[str]
    class_reference: Mapped[str | None]
    requirements_met: Mapped[bool | None]
    supersedes: Mapped[UUID | None]
    advanced: Mapped[Decimal] = mapped_column(Numeric(12, 2), server_default="0")
    to_pay: Mapped[Decimal] = mapped_column(
        Numeric(12, 2), Computed("greatest(amount - advanced, (0)::numeric)", persisted=True)
    )
    to_recover: Mapped[Decimal] = mapped_column(
        Numeric(12, 2), Computed("greatest(advanced - amount, (0)::numeric)", persisted=True)
    )
    fund: Mapped[str] = mapped_column(server_default="失业保险基金支持技能提升行动资金")
    step_began_on: Mapped[date | None]
    due_on: Mapped[date | None]
    step_days_used: Mapped[int] = mapped_column(server_default="0")
    asked_checks: Mapped[list[str]] = mapped_column(ARRAY(TEXT), server_default="{evidence_seen}")


class AssessmentRecord(Base):
    """What the law said of a claim on one day, with the facts it read; never edited."""

    __tablename__ = "assessments"
    __table_args__ = (
        ForeignKeyConstraint(OF_CLAIM, CLAIM_KEY),
        UniqueConstraint("claim_id", "number"),
        CheckConstraint("amount >= 0", "amount"),
    )

    id: Mapped[Id]
    claim_id: Mapped[UUID]
    enterprise_id: Mapped[UUID]
    bureau_code: Mapped[str]
    number: Mapped[int]
    round: Mapped[int]
    edition: Mapped[str]
    assessed_on: Mapped[date]
    year: Mapped[int]
    completed_on: Mapped[date | None]
    amount: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    findings: Mapped[list[Any]] = mapped_column(JSONB)
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[Written]


class AssessmentLine(Base):
    """One person's line of an assessment: hours, gross and payable yuan, findings, facts."""

    __tablename__ = "assessment_lines"
    __table_args__ = (
        ForeignKeyConstraint(OF_CLAIM, CLAIM_KEY),
        CheckConstraint("minutes >= 0 AND hours >= 0", "learned"),
        CheckConstraint("payable >= 0 AND payable <= gross", "payable"),
    )

    assessment_id: Mapped[UUID] = mapped_column(ForeignKey("assessments.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    claim_id: Mapped[UUID]
    enterprise_id: Mapped[UUID]
    bureau_code: Mapped[str]
    trainee_id: Mapped[UUID] = mapped_column(ForeignKey("trainees.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("persons.id"))
    minutes: Mapped[int]
    hours: Mapped[int]
    gross: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    payable: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    findings: Mapped[list[Any]] = mapped_column(JSONB)
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)


class Signature(Base):
    """One officer's signature under one step of a case; never two by one officer in a round."""

    __tablename__ = "signatures"
    __table_args__ = (
        CheckConstraint("(plan_id IS NULL) <> (claim_id IS NULL)", "one_case"),
        UniqueConstraint("case_id", "round", "officer_id", name="uq_signatures_one_per_officer"),
        CheckConstraint(
            "step IN ('keyed_in', 'approve_plan', 'review', 'approve', 'countersign', 'pay')",
            "step",
        ),
    )

    id: Mapped[Id]
    plan_id: Mapped[UUID | None] = mapped_column(ForeignKey("plans.id"))
    claim_id: Mapped[UUID | None] = mapped_column(ForeignKey("claims.id"))
    case_id: Mapped[UUID] = mapped_column(Computed("coalesce(claim_id, plan_id)", persisted=True))
    enterprise_id: Mapped[UUID]
    bureau_code: Mapped[str]
    round: Mapped[int]
    step: Mapped[str]
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    officer_name: Mapped[str]
    assessment_id: Mapped[UUID | None] = mapped_column(ForeignKey("assessments.id"))
    signed_on: Mapped[date]
    remark: Mapped[str | None]
    created_at: Mapped[Written]
