"""What did an officer check himself, and what did he find?"""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Id, Written
from app.models.claims import CLAIM_KEY, OF_CLAIM


class OfficerCheck(Base):
    """One check of an officer in one round of a claim; the latest of a code counts, none is edited.

    Nothing is approved before each check asked of the claim is met in the round.
    """

    __tablename__ = "officer_checks"
    __table_args__ = (
        ForeignKeyConstraint(OF_CLAIM, CLAIM_KEY),
        Index("ix_officer_checks_claim_id", "claim_id", "round", "code"),
        CheckConstraint("outcome IN ('met', 'not_met')", "outcome"),
        CheckConstraint("outcome = 'met' OR length(remark) > 1", "in_writing"),
    )

    id: Mapped[Id]
    claim_id: Mapped[UUID]
    enterprise_id: Mapped[UUID]
    bureau_code: Mapped[str]
    round: Mapped[int]
    code: Mapped[str]
    outcome: Mapped[str]
    remark: Mapped[str | None]
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    officer_name: Mapped[str]
    checked_on: Mapped[date]
    created_at: Mapped[Written]
