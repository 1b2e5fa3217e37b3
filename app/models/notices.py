"""What is published, where else was it seen, and who objects? Notices and objections."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Numeric,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Id, Written
from app.models.claims import CLAIM_KEY, OF_CLAIM

OF_NOTICE = ["notice_id", "bureau_code"]
NOTICE_KEY = ["notices.id", "notices.bureau_code"]
_WAITS: Final = "scan IN ('pending', 'not_scanned')"


class Notice(Base):
    """A published list of one claim or several: a snapshot with masked IDs (DL-4.3-g)."""

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("id", "bureau_code"),
        Index("ix_notices_posted_on", "posted_on", "last_day", "id"),
        Index("ix_notices_bureau_code", "bureau_code", "last_day", "id"),
        Index("ix_notices_last_day", "last_day", "id"),
        CheckConstraint("posted_on < last_day", "days"),
        CheckConstraint("claims > 0", "claims"),
    )

    id: Mapped[Id]
    bureau_code: Mapped[str]
    receipt: Mapped[str] = mapped_column(unique=True)
    enterprise_name: Mapped[str]
    amount: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    posted_on: Mapped[date]
    last_day: Mapped[date]
    posted_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    sha256: Mapped[bytes]
    created_at: Mapped[Written]
    claims: Mapped[int]


class NoticeClaim(Base):
    """One claim of a notice; ``ended`` tells why it is published no more. In force it is once."""

    __tablename__ = "notice_claims"
    __table_args__ = (
        ForeignKeyConstraint(OF_NOTICE, NOTICE_KEY),
        ForeignKeyConstraint(OF_CLAIM, CLAIM_KEY),
        ForeignKeyConstraint(
            ["claim_id", "amount"], ["claims.id", "claims.amount"], name="fk_notice_claims_amount"
        ),
        Index(
            "uq_notice_claims_in_force",
            "claim_id",
            unique=True,
            postgresql_where="ended IS NULL",
        ),
        Index("ix_notice_claims_claim_receipt", "claim_receipt"),
        Index("ix_notice_claims_claim_id", "claim_id"),
        CheckConstraint("ended IN ('rejected', 'withdrawn', 'superseded')", "ended"),
    )

    notice_id: Mapped[UUID] = mapped_column(primary_key=True)
    claim_id: Mapped[UUID] = mapped_column(primary_key=True)
    enterprise_id: Mapped[UUID]
    bureau_code: Mapped[str]
    claim_receipt: Mapped[str]
    enterprise_name: Mapped[str]
    amount: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    ended: Mapped[str | None]


class NoticeTerm(Base):
    """One or two characters that follow each other in a name of a notice; how it is searched.

    The database enters them. Under each term the notices stand in the order of the days on which
    they close, so that a page is read off without sorting, and so are the open or the closed ones.
    """

    __tablename__ = "notice_terms"

    term: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    last_day: Mapped[date] = mapped_column(primary_key=True)
    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notices.id"), primary_key=True)


class NoticeSite(Base):
    """Where the notice was seen on an official site: the address and a screenshot's hash (A-19)."""

    __tablename__ = "notice_sites"
    __table_args__ = (
        ForeignKeyConstraint(OF_NOTICE, NOTICE_KEY),
        Index("ix_notice_sites_notice_id", "notice_id"),
        CheckConstraint("url ~ '^https?://'", "url"),
        CheckConstraint("octet_length(screenshot_sha256) = 32", "screenshot"),
    )

    id: Mapped[Id]
    notice_id: Mapped[UUID]
    bureau_code: Mapped[str]
    url: Mapped[str]
    seen_on: Mapped[date]
    screenshot_sha256: Mapped[bytes]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[Written]


class Objection(Base):
    """Somebody's objection to a notice, a claim of it or some lines; it holds them (A-21).

    ``claim_id`` is empty where the whole notice is meant, ``lines`` where the whole claim is. What
    was said, and by whom, is sealed; the holder of the token may ask what became of it.
    """

    __tablename__ = "objections"
    __table_args__ = (
        ForeignKeyConstraint(OF_NOTICE, NOTICE_KEY),
        ForeignKeyConstraint(
            ["notice_id", "claim_id"], ["notice_claims.notice_id", "notice_claims.claim_id"]
        ),
        UniqueConstraint("id", "bureau_code"),
        Index("ix_objections_notice_id", "notice_id"),
        Index("ix_objections_bureau_code", "bureau_code", "state", "id"),
        CheckConstraint("channel IN ('internet', 'letter', 'telephone')", "channel"),
        CheckConstraint("(channel = 'internet') = (keyed_by IS NULL)", "keyed_by"),
        CheckConstraint(
            "grounds IN ('not_employed', 'not_trained', 'hours', 'amount', 'paid_before', 'other')",
            "grounds",
        ),
        CheckConstraint(
            "lines IS NULL OR (claim_id IS NOT NULL AND cardinality(lines) > 0)", "lines"
        ),
        CheckConstraint("state IN ('open', 'rejected', 'upheld')", "state"),
        CheckConstraint(
            "num_nulls(reason, decided_on, decided_by, decided_by_name)"
            " = CASE WHEN state = 'open' THEN 4 ELSE 0 END",
            "decided",
        ),
        CheckConstraint("length(reason) > 1", "in_writing"),
        CheckConstraint("lodged_on < due_on AND lodged_on <= decided_on", "days"),
        CheckConstraint("state = 'upheld' OR redetermine_by IS NULL", "redetermine_by"),
    )

    id: Mapped[Id]
    notice_id: Mapped[UUID]
    claim_id: Mapped[UUID | None]
    bureau_code: Mapped[str]
    receipt: Mapped[str] = mapped_column(unique=True)
    lines: Mapped[list[int] | None] = mapped_column(ARRAY(Integer))
    grounds: Mapped[str]
    channel: Mapped[str]
    named: Mapped[bool]
    said_sealed: Mapped[bytes]
    token_digest: Mapped[bytes]
    lodged_on: Mapped[date]
    due_on: Mapped[date]
    keyed_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    state: Mapped[str]
    reason: Mapped[str | None]
    decided_on: Mapped[date | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    decided_by_name: Mapped[str | None]
    redetermine_by: Mapped[date | None]
    created_at: Mapped[Written]


class ObjectionAttachment(Base):
    """A file that came with an objection; only officers of the bureau open it.

    It is scanned as evidence is, and its columns for that mean the same.
    """

    __tablename__ = "objection_attachments"
    __table_args__ = (
        ForeignKeyConstraint(
            ["objection_id", "bureau_code"], ["objections.id", "objections.bureau_code"]
        ),
        Index("ix_objection_attachments_objection_id", "objection_id"),
        Index("ix_objection_attachments_sha256", "sha256"),
        Index("ix_objection_attachments_to_scan", "scan", "id", postgresql_where=text(_WAITS)),
        CheckConstraint("size > 0", "size"),
        CheckConstraint(
            "scan IN ('pending', 'clean', 'infected', 'unscannable', 'not_scanned')", "scan"
        ),
        CheckConstraint(f"({_WAITS}) = (scanned_at IS NULL)", "scanned"),
    )

    id: Mapped[Id]
    objection_id: Mapped[UUID]
    bureau_code: Mapped[str]
    filename: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[bytes]
    created_at: Mapped[Written]
    scan: Mapped[str] = mapped_column(server_default="not_scanned")
    scan_detail: Mapped[str | None]
    scanned_at: Mapped[datetime | None]
    scan_after: Mapped[Written]
    scan_attempts: Mapped[int] = mapped_column(SmallInteger, server_default="0")
