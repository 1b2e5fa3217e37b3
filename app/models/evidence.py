"""Which files support a case? Evidence on a plan or a claim, by the hash of its content."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Id, Written
from app.models.plans import OF_PLAN, PLAN_KEY

_WAITS: Final = "scan IN ('pending', 'not_scanned')"


class Evidence(Base):
    """One uploaded file; the bytes lie in the store under their SHA-256 and never change.

    ``scan`` is what the scanner said. Before ``scan_after`` nobody tries to scan the file: somebody
    is at it, or it failed before (``scan_attempts`` counts).
    """

    __tablename__ = "evidence"
    __table_args__ = (
        ForeignKeyConstraint(OF_PLAN, PLAN_KEY),
        ForeignKeyConstraint(
            ["claim_id", "plan_id"], ["claims.id", "claims.plan_id"], name="fk_evidence_claim"
        ),
        Index("ix_evidence_sha256", "sha256"),
        Index("uq_evidence_content", "plan_id", "kind", "sha256", unique=True),
        CheckConstraint("size > 0", "size"),
        CheckConstraint(
            "scan IN ('pending', 'clean', 'infected', 'unscannable', 'not_scanned')", "scan"
        ),
        CheckConstraint(f"({_WAITS}) = (scanned_at IS NULL)", "scanned"),
        Index("ix_evidence_to_scan", "scan", "id", postgresql_where=text(_WAITS)),
    )

    id: Mapped[Id]
    plan_id: Mapped[UUID]
    claim_id: Mapped[UUID | None]
    enterprise_id: Mapped[UUID]
    bureau_code: Mapped[str]
    kind: Mapped[str]
    filename: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[bytes]
    contents: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    sealed: Mapped[bool]
    uploaded_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[Written]
    scan: Mapped[str] = mapped_column(server_default="not_scanned")
    scan_detail: Mapped[str | None]
    scanned_at: Mapped[datetime | None]
    scan_after: Mapped[Written]
    scan_attempts: Mapped[int] = mapped_column(SmallInteger, server_default="0")
