"""Which platforms are there, what was decided of each, and how do they name their columns?"""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Id, Written


class ListedPlatform(Base):
    """A platform: named by the notices (DL-3.1-a), an enterprise's own, or another (DL-3.2-b).

    ``plain_name`` is the name as it is compared; ``hosts`` lack "www.". What was found of the four
    conditions stands together or not at all, and so does what blocks the platform.
    """

    __tablename__ = "platforms"
    __table_args__ = (
        CheckConstraint("kind IN ('listed', 'own', 'other')", "kind"),
        CheckConstraint("(kind = 'own') = (enterprise_id IS NOT NULL)", "owner"),
        CheckConstraint(
            "num_nulls(in_china, qualified, creditworthy, public_service, examined_remark,"
            " examined_document, examined_on, examined_by, examined_by_name, examined_at_bureau,"
            " valid_from) IN (0, 11) AND (valid_from IS NOT NULL OR valid_to IS NULL)",
            "examined",
        ),
        CheckConstraint("valid_from <= valid_to", "days"),
        CheckConstraint(
            "num_nulls(blocked_since, blocked_reason) IN (0, 2) AND length(blocked_reason) > 1"
            " AND num_nulls(blocked_by, blocked_by_name, blocked_at_bureau) IN (0, 3)"
            " AND (blocked_by IS NULL OR blocked_since IS NOT NULL)",
            "blocked",
        ),
        Index("uq_platforms_name", "name", unique=True),
        Index("uq_platforms_plain_name", "plain_name", unique=True),
        Index("ix_platforms_hosts", "hosts", postgresql_using="gin"),
    )

    id: Mapped[Id] = mapped_column(server_default=text("gen_random_uuid()"))
    name: Mapped[str]
    plain_name: Mapped[str]
    kind: Mapped[str]
    hosts: Mapped[list[str]] = mapped_column(ARRAY(Text))
    source: Mapped[str]
    enterprise_id: Mapped[UUID | None] = mapped_column(ForeignKey("enterprises.id"))
    in_china: Mapped[bool | None]
    qualified: Mapped[bool | None]
    creditworthy: Mapped[bool | None]
    public_service: Mapped[bool | None]
    examined_remark: Mapped[str | None]
    examined_document: Mapped[str | None]
    examined_on: Mapped[date | None]
    examined_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    examined_by_name: Mapped[str | None]
    examined_at_bureau: Mapped[str | None]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    blocked_since: Mapped[date | None]
    blocked_reason: Mapped[str | None]
    blocked_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    blocked_by_name: Mapped[str | None]
    blocked_at_bureau: Mapped[str | None]


class PlatformEvent(Base):
    """One step in the life of a platform's entry; rows are only ever added."""

    __tablename__ = "platform_events"
    __table_args__ = (
        CheckConstraint("act IN ('enter', 'correct', 'examine', 'block', 'unblock')", "act"),
        Index("ix_platform_events_platform_id", "platform_id", "id"),
    )

    id: Mapped[Id]
    platform_id: Mapped[UUID] = mapped_column(ForeignKey("platforms.id"))
    act: Mapped[str]
    business_day: Mapped[date]
    bureau_code: Mapped[str] = mapped_column(ForeignKey("bureaus.code"))
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    officer_name: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[Written]


class PlatformColumn(Base):
    """Which field a title of a platform's export means, as an enterprise or a bureau taught it.

    ``platform`` is the plain name, ``title`` the title as titles are compared. What an enterprise
    taught is its own; what a bureau taught (no ``enterprise_id``) is everybody's of the platform.
    """

    __tablename__ = "platform_columns"
    __table_args__ = (
        CheckConstraint("unit IN ('seconds', 'minutes', 'hours')", "unit"),
        CheckConstraint("num_nulls(removed_on, removed_by, removed_by_name) IN (0, 3)", "removed"),
        Index(
            "uq_platform_columns_title",
            "platform",
            "bureau_code",
            text("coalesce(enterprise_id, '00000000-0000-0000-0000-000000000000'::uuid)"),
            "title",
            unique=True,
            postgresql_where="removed_on IS NULL",
        ),
        Index("ix_platform_columns_bureau_code", "bureau_code", "id"),
    )

    id: Mapped[Id]
    platform: Mapped[str]
    platform_name: Mapped[str]
    enterprise_id: Mapped[UUID | None] = mapped_column(ForeignKey("enterprises.id"))
    bureau_code: Mapped[str] = mapped_column(ForeignKey("bureaus.code"))
    title: Mapped[str]
    written: Mapped[str]
    field: Mapped[str]
    unit: Mapped[str | None]
    taught_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    taught_by_name: Mapped[str]
    taught_on: Mapped[date]
    removed_on: Mapped[date | None]
    removed_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    removed_by_name: Mapped[str | None]
    created_at: Mapped[Written]
