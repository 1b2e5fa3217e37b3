"""What was decided on rules and lines, what is to be mended, what was made anew, and by whom?"""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Numeric,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Id, Written
from app.models.claims import CLAIM_KEY, OF_CLAIM


class OverrideRecord(Base):
    """An officer's decision on one rule "in principle" (原则上) in one case; never edited."""

    __tablename__ = "overrides"
    __table_args__ = (
        ForeignKeyConstraint(OF_CLAIM, CLAIM_KEY),
        Index("ix_overrides_claim_id", "claim_id", "round"),
        CheckConstraint("length(reason) > 1 AND length(reference) > 0", "in_writing"),
    )

    id: Mapped[Id]
    claim_id: Mapped[UUID]
    enterprise_id: Mapped[UUID]
    bureau_code: Mapped[str]
    round: Mapped[int]
    rule: Mapped[str]
    person: Mapped[int | None]
    reason: Mapped[str]
    reference: Mapped[str]
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    officer_name: Mapped[str]
    decided_on: Mapped[date]
    created_at: Mapped[Written]


class LineDecisionRecord(Base):
    """An officer's decision on one line; the last on a line is in force, none is ever edited.

    ``before`` and ``after`` are what the line was payable by the assessments around it.
    """

    __tablename__ = "line_decisions"
    __table_args__ = (
        ForeignKeyConstraint(OF_CLAIM, CLAIM_KEY),
        Index("ix_line_decisions_claim_id", "claim_id", "number", "ordinal"),
        CheckConstraint("number > 0", "number"),
        CheckConstraint("kind IN ('exclude', 'reduce', 'lift')", "kind"),
        CheckConstraint(
            "num_nonnulls(amount, hours) = CASE kind WHEN 'reduce' THEN 1 ELSE 0 END"
            " AND coalesce(amount, hours::numeric, 1) > 0",
            "allowed",
        ),
        CheckConstraint("kind = 'lift' OR after <= before", "never_raises"),
        CheckConstraint("length(reason) > 1 AND length(reference) > 0", "in_writing"),
    )

    id: Mapped[Id]
    claim_id: Mapped[UUID]
    enterprise_id: Mapped[UUID]
    bureau_code: Mapped[str]
    created_at: Mapped[Written]
    ordinal: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    round: Mapped[int]
    number: Mapped[int]
    kind: Mapped[str]
    amount: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    hours: Mapped[int | None]
    before: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    after: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    reason: Mapped[str]
    reference: Mapped[str]
    carried_from: Mapped[UUID | None] = mapped_column(ForeignKey("line_decisions.id"))
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    officer_name: Mapped[str]
    decided_on: Mapped[date]


class CorrectionPoint(Base):
    """One point of a returned claim: what is to be mended, where and how, and what became of it."""

    __tablename__ = "correction_points"
    __table_args__ = (
        ForeignKeyConstraint(OF_CLAIM, CLAIM_KEY),
        UniqueConstraint("claim_id", "round", "number"),
        CheckConstraint("kind IN ('document', 'line', 'field', 'learning')", "kind"),
        CheckConstraint("answer IN ('mended', 'explained')", "answer"),
        CheckConstraint(
            "num_nulls(answer, explanation, answered_on, answered_by) IN (0, 4)", "answered"
        ),
    )

    id: Mapped[Id]
    claim_id: Mapped[UUID]
    enterprise_id: Mapped[UUID]
    bureau_code: Mapped[str]
    created_at: Mapped[Written]
    round: Mapped[int]
    number: Mapped[int]
    kind: Mapped[str]
    place: Mapped[str]
    how: Mapped[str]
    due_on: Mapped[date]
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    officer_name: Mapped[str]
    decided_on: Mapped[date]
    answer: Mapped[str | None]
    explanation: Mapped[str | None]
    answered_on: Mapped[date | None]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))


class ClaimRound(Base):
    """What a claim said in a round that is over; the database keeps it when the next begins."""

    __tablename__ = "claim_rounds"
    __table_args__ = (ForeignKeyConstraint(OF_CLAIM, CLAIM_KEY),)

    claim_id: Mapped[UUID] = mapped_column(primary_key=True)
    enterprise_id: Mapped[UUID]
    bureau_code: Mapped[str]
    created_at: Mapped[Written]
    round: Mapped[int] = mapped_column(primary_key=True)
    filed_on: Mapped[date]
    amount: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    persons: Mapped[int]
    form: Mapped[dict[str, Any]] = mapped_column(JSONB)
    commitments_version: Mapped[str]
    commitments_accepted: Mapped[int]


class Redetermination(Base):
    """Why a decision is made anew in place of another: the objection that was upheld."""

    __tablename__ = "redeterminations"
    __table_args__ = (
        ForeignKeyConstraint(OF_CLAIM, CLAIM_KEY),
        Index("ix_redeterminations_supersedes", "supersedes"),
        CheckConstraint("length(reason) > 1 AND length(objection) > 0", "in_writing"),
    )

    claim_id: Mapped[UUID] = mapped_column(primary_key=True)
    enterprise_id: Mapped[UUID]
    bureau_code: Mapped[str]
    created_at: Mapped[Written]
    supersedes: Mapped[UUID] = mapped_column(ForeignKey("claims.id"))
    objection: Mapped[str]
    reason: Mapped[str]
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    officer_name: Mapped[str]
    decided_on: Mapped[date]
