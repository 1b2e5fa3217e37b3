"""Who learned what, when? Imported batches and their session rows."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Id, Written
from app.models.plans import OF_PLAN, PLAN_KEY


class LearningBatch(Base):
    """One imported export of a platform; a later batch may replace it, nothing deletes it.

    ``columns`` is how the sender, or who taught the platform's titles, named its columns then.
    """

    __tablename__ = "learning_batches"
    __table_args__ = (
        ForeignKeyConstraint(OF_PLAN, PLAN_KEY),
        Index(
            "uq_learning_batches_file",
            "plan_id",
            "sha256",
            unique=True,
            postgresql_where="replaced_by IS NULL",
        ),
        Index("ix_learning_batches_sha256", "sha256"),
        UniqueConstraint("id", "platform_id", "enterprise_id", "bureau_code"),
        Index(
            "ix_learning_batches_platform_id",
            "platform_id",
            "id",
            postgresql_where="platform_id IS NOT NULL",
        ),
    )

    id: Mapped[Id]
    plan_id: Mapped[UUID]
    enterprise_id: Mapped[UUID]
    bureau_code: Mapped[str]
    filename: Mapped[str]
    sha256: Mapped[bytes]
    rows: Mapped[int]
    rows_with_findings: Mapped[int]
    columns: Mapped[list[dict[str, str]]] = mapped_column(JSONB, server_default=text("'[]'"))
    replaced_by: Mapped[UUID | None] = mapped_column(ForeignKey("learning_batches.id"))
    imported_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    platform_id: Mapped[UUID | None] = mapped_column(ForeignKey("platforms.id"))
    created_at: Mapped[Written]


class LearningRecord(Base):
    """One session of one person as the export states it; ``finding`` says why it counts nothing."""

    __tablename__ = "learning_records"
    __table_args__ = (
        ForeignKeyConstraint(OF_PLAN, PLAN_KEY),
        Index("ix_learning_records_plan_id", "plan_id", "trainee_id"),
        Index("ix_learning_records_batch_id", "batch_id", "row"),
        CheckConstraint("started_at <= ended_at", "times"),
        CheckConstraint("stated_seconds >= 0", "stated_seconds"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("learning_batches.id"))
    plan_id: Mapped[UUID]
    enterprise_id: Mapped[UUID]
    bureau_code: Mapped[str]
    row: Mapped[int]
    trainee_id: Mapped[UUID | None] = mapped_column(ForeignKey("trainees.id"))
    name: Mapped[str]
    id_masked: Mapped[str]
    course_number: Mapped[int]
    course: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    stated_seconds: Mapped[int]
    device: Mapped[str]
    address: Mapped[str]
    finding: Mapped[str | None]
