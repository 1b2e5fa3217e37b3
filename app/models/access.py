"""Who comes in by other doors than a password, and under which keys do sealed files lie?"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Written


class OutsideIdentity(Base):
    """Whom an outside issuer vouched for, and the account made for it.

    ``belongs`` says for whom the subject acts: for two enterprises it has two accounts.
    """

    __tablename__ = "outside_identities"
    __table_args__ = (Index("ix_outside_identities_belongs", "belongs"),)

    issuer: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    belongs: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), unique=True)
    uscc: Mapped[str | None]
    created_at: Mapped[Written]


class ServiceAccount(Base):
    """A system's account: what it may call stands in its scopes, and it has no duty."""

    __tablename__ = "service_accounts"
    __table_args__ = (CheckConstraint("cardinality(scopes) > 0", "scopes"),)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    client_id: Mapped[str] = mapped_column(unique=True)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    created_at: Mapped[Written]
    revoked_at: Mapped[datetime | None]


class ServiceSecret(Base):
    """One secret of a system, kept as its digest; two may live at once."""

    __tablename__ = "service_secrets"
    __table_args__ = (
        CheckConstraint("slot IN (1, 2)", "slot"),
        CheckConstraint("octet_length(digest) = 32", "digest"),
        Index(
            "uq_service_secrets_two_at_once",
            "account_id",
            "slot",
            unique=True,
            postgresql_where="revoked_at IS NULL",
        ),
    )

    digest: Mapped[bytes] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("service_accounts.account_id"))
    slot: Mapped[int] = mapped_column(SmallInteger)
    created_at: Mapped[Written]
    revoked_at: Mapped[datetime | None]


class FileKey(Base):
    """The key of one sealed file, itself sealed: it rotates, and the file stays as it is."""

    __tablename__ = "file_keys"

    sha256: Mapped[bytes] = mapped_column(primary_key=True)
    enterprise_id: Mapped[UUID | None]
    bureau_code: Mapped[str]
    key_sealed: Mapped[bytes]
    created_at: Mapped[Written]
