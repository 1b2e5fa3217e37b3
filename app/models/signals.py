"""What does not fit in a claim, and who looked at it? Signals and how each was cleared."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Id, Written
from app.models.claims import CLAIM_KEY, OF_CLAIM


class SignalRecord(Base):
    """One signal of one round of a claim; ``rows`` are ids of learning records. Cleared once."""

    __tablename__ = "signals"
    __table_args__ = (
        ForeignKeyConstraint(OF_CLAIM, CLAIM_KEY),
        UniqueConstraint("claim_id", "round", "kind"),
        CheckConstraint("severity IN ('notice', 'warning', 'serious')", "severity"),
        CheckConstraint(
            "num_nulls(cleared_by, cleared_by_name, cleared_on, remark) IN (0, 4)", "cleared"
        ),
        CheckConstraint("length(remark) > 1", "in_writing"),
    )

    id: Mapped[Id]
    claim_id: Mapped[UUID]
    enterprise_id: Mapped[UUID]
    bureau_code: Mapped[str]
    round: Mapped[int]
    kind: Mapped[str]
    severity: Mapped[str]
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    rows: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    raised_on: Mapped[date]
    cleared_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    cleared_by_name: Mapped[str | None]
    cleared_on: Mapped[date | None]
    remark: Mapped[str | None]
    created_at: Mapped[Written]
