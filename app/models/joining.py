"""How does somebody come to act for an enterprise? By signing it up, or by invitation."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Id, Written


class SignUp(Base):
    """Which credit code somebody says to act for; the licence is to show it."""

    __tablename__ = "sign_ups"

    enterprise_id: Mapped[UUID] = mapped_column(primary_key=True)
    uscc: Mapped[str]
    name: Mapped[str]
    created_at: Mapped[Written]


class Invitation(Base):
    """One leave to make an account of an enterprise, kept as the digest of its token."""

    __tablename__ = "invitations"
    __table_args__ = (
        CheckConstraint("(used_at IS NULL) = (account_id IS NULL)", "used"),
        Index("ix_invitations_enterprise_id", "enterprise_id"),
    )

    id: Mapped[Id]
    enterprise_id: Mapped[UUID]
    clerk: Mapped[bool]
    token_digest: Mapped[bytes] = mapped_column(unique=True)
    invited_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[Written]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    revoked_at: Mapped[datetime | None]


class Licence(Base):
    """A scan of an enterprise's business licence, as shown to its bureau."""

    __tablename__ = "licences"
    __table_args__ = (
        CheckConstraint("size > 0", "size"),
        Index("ix_licences_enterprise_id", "enterprise_id"),
    )

    id: Mapped[Id]
    enterprise_id: Mapped[UUID] = mapped_column(ForeignKey("enterprises.id"))
    filename: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[bytes]
    uploaded_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[Written]
