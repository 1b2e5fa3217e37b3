"""What was done, what seals it, and what was answered to a repeated request?"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Written


class AuditEvent(Base):
    """One act: who did what to which object. Append-only for everyone.

    ``written_in`` is the transaction that wrote it, as the database itself says: by it the seals
    tell which events they cover.
    """

    __tablename__ = "audit_events"
    __table_args__ = (
        Index("ix_audit_events_case_id", "case_id", "id"),
        Index("ix_audit_events_object", "object_kind", "object_id", "id"),
        Index("ix_audit_events_written_in", "written_in", "id"),
        Index("ix_audit_events_no_case", "object_id", postgresql_where=text("case_id IS NULL")),
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
    written_in: Mapped[int] = mapped_column(BigInteger)


class AuditSeal(Base):
    """One link of the chain: a signed list of the digests of events.

    ``leaves`` are the ids and digests of its events in the order of their ids, forty bytes each;
    ``previous`` is the ``digest`` of the seal before. By ``snapshot``, ``floor_id`` and
    ``highest_id`` the next seal knows what is covered.
    """

    __tablename__ = "audit_seals"
    __table_args__ = (
        CheckConstraint("events > 0", "events"),
        CheckConstraint("octet_length(leaves) = 40 * events", "leaves"),
    )

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    first_id: Mapped[int] = mapped_column(BigInteger)
    last_id: Mapped[int] = mapped_column(BigInteger)
    events: Mapped[int]
    leaves: Mapped[bytes]
    previous: Mapped[bytes] = mapped_column(unique=True)
    digest: Mapped[bytes] = mapped_column(unique=True)
    key: Mapped[str]
    signature: Mapped[bytes]
    sealed_at: Mapped[datetime]
    snapshot: Mapped[str]
    floor_id: Mapped[int] = mapped_column(BigInteger)
    highest_id: Mapped[int] = mapped_column(BigInteger)


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
