"""Which files support a case? Evidence on a plan or a claim, by the hash of its content."""

from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Id, Written
from app.models.plans import OF_PLAN, PLAN_KEY


class Evidence(Base):
    """One uploaded file; the bytes lie in the store under their SHA-256 and never change."""

    __tablename__ = "evidence"
    __table_args__ = (
        ForeignKeyConstraint(OF_PLAN, PLAN_KEY),
        ForeignKeyConstraint(
            ["claim_id", "plan_id"], ["claims.id", "claims.plan_id"], name="fk_evidence_claim"
        ),
        Index("ix_evidence_sha256", "sha256"),
        Index("uq_evidence_content", "plan_id", "kind", "sha256", unique=True),
        CheckConstraint("size > 0", "size"),
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
    sealed: Mapped[bool]
    uploaded_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[Written]
