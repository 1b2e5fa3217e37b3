"""Which uploads are under way, and how far did each come?"""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Id, Written
from app.models.plans import OF_PLAN, PLAN_KEY

_OF_UPLOAD: Final = ("upload_id", "account_id", "enterprise_id", "bureau_code")
_UPLOAD_KEY: Final = tuple(
    f"uploads.{column}" for column in ("id", "account_id", "enterprise_id", "bureau_code")
)


class ResumableUpload(Base):
    """One file that comes in pieces; ``writer`` is the connection that may go on with it.

    It is evidence in the moment in which its last byte counts as received, and not before.
    """

    __tablename__ = "uploads"
    __table_args__ = (
        ForeignKeyConstraint(OF_PLAN, PLAN_KEY),
        ForeignKeyConstraint(
            ["claim_id", "plan_id"], ["claims.id", "claims.plan_id"], name="fk_uploads_claim"
        ),
        UniqueConstraint("id", "account_id", "enterprise_id", "bureau_code"),
        Index("ix_uploads_expires_at", "expires_at"),
        CheckConstraint("length > 0", "length"),
        CheckConstraint("received BETWEEN 0 AND length", "received"),
        CheckConstraint("(received = length) = (evidence_id IS NOT NULL)", "finished"),
    )

    id: Mapped[Id]
    plan_id: Mapped[UUID]
    claim_id: Mapped[UUID | None]
    enterprise_id: Mapped[UUID]
    bureau_code: Mapped[str]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    kind: Mapped[str]
    filename: Mapped[str]
    length: Mapped[int] = mapped_column(BigInteger)
    received: Mapped[int] = mapped_column(BigInteger, server_default="0")
    writer: Mapped[UUID | None]
    expires_at: Mapped[datetime]
    evidence_id: Mapped[UUID | None] = mapped_column(ForeignKey("evidence.id"))
    created_at: Mapped[Written]


class UploadSegment(Base):
    """So many bytes of an upload from the first one on, and the name under which they lie."""

    __tablename__ = "upload_segments"
    __table_args__ = (
        ForeignKeyConstraint(
            _OF_UPLOAD, _UPLOAD_KEY, name="fk_upload_segments_upload", ondelete="CASCADE"
        ),
        UniqueConstraint("name"),
        CheckConstraint("first >= 0", "first"),
        CheckConstraint("size > 0", "size"),
    )

    upload_id: Mapped[UUID] = mapped_column(primary_key=True)
    first: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str]
    account_id: Mapped[UUID]
    enterprise_id: Mapped[UUID]
    bureau_code: Mapped[str]
