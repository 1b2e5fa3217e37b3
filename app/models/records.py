"""What was done, and what was answered? Audit events and stored answers to repeated requests."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Written


class AuditEvent(Base):
    """One act: who did what to which object. Append-only for everyone."""

    __tablename__ = "audit_events"
    __table_args__ = (
        Index("ix_audit_events_case_id", "case_id", "id"),
        CheckConstraint("outcome IN ('done', 'refused')", "outcome"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[Written]
    business_day: Mapped[date]
    account_id: Mapped[UUID | None]
    account_name: Mapped[str]
    role: Mapped[str]
    act: Mapped[str]
    object_kind: Mapped[str]
    object_id: Mapped[str]
    case_id: Mapped[UUID | None]
    enterprise_id: Mapped[UUID | None]
    bureau_code: Mapped[str | None]
    outcome: Mapped[str] = mapped_column(server_default="done")
    request_id: Mapped[str]
    address: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")


class StoredAnswer(Base):
    """The answer that an Idempotency-Key got, so that a repeated request gets the same one.

    ``name`` is a keyed digest of the key and whose it is; ``body`` opens with the key only.
    """

    __tablename__ = "stored_answers"

    name: Mapped[bytes] = mapped_column(primary_key=True)
    account_id: Mapped[UUID | None]
    fingerprint: Mapped[bytes]
    body: Mapped[bytes]
    created_at: Mapped[Written]
