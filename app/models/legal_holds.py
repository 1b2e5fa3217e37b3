"""Which cases must be kept whole, whatever rule of retention might say, and by whose order?"""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Id, Written
from app.models.plans import OF_PLAN, PLAN_KEY


class LegalHold(Base):
    """One order to keep a case; several may stand at once, and each is lifted by another officer.

    While one stands, not even a draft's rows are replaced.
    """

    __tablename__ = "legal_holds"
    __table_args__ = (
        ForeignKeyConstraint(OF_PLAN, PLAN_KEY),
        Index("ix_legal_holds_plan_id", "plan_id", "id"),
        CheckConstraint("length(reason) > 1 AND length(document) > 0", "in_writing"),
        CheckConstraint(
            "num_nulls(lifted_on, lifted_by, lifted_by_name, lifted_reason, lifted_document)"
            " IN (0, 5)",
            "lifted",
        ),
        CheckConstraint(
            "length(lifted_reason) > 1 AND length(lifted_document) > 0", "lifted_in_writing"
        ),
        CheckConstraint("placed_on <= lifted_on", "days"),
        CheckConstraint("placed_by <> lifted_by", "two_persons"),
    )

    id: Mapped[Id]
    plan_id: Mapped[UUID]
    enterprise_id: Mapped[UUID]
    bureau_code: Mapped[str]
    reason: Mapped[str]
    document: Mapped[str]
    placed_on: Mapped[date]
    placed_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    placed_by_name: Mapped[str]
    lifted_on: Mapped[date | None]
    lifted_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    lifted_by_name: Mapped[str | None]
    lifted_reason: Mapped[str | None]
    lifted_document: Mapped[str | None]
    created_at: Mapped[Written]
