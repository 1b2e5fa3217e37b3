"""Who may sign in, and which sessions are open?"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Id, Written


class Account(Base):
    """Who signs in: a person for one enterprise or one bureau, or the program of one platform."""

    __tablename__ = "accounts"
    __table_args__ = (
        CheckConstraint("role IN ('enterprise', 'district', 'centre', 'platform')", "role"),
        CheckConstraint(
            "(role = 'enterprise') = (enterprise_id IS NOT NULL)"
            " AND (role IN ('district', 'centre')) = (bureau_code IS NOT NULL)"
            " AND (role = 'platform') = (platform_id IS NOT NULL)"
            " AND (role = 'centre') = (bureau_code IS NOT DISTINCT FROM 'LN-PROV')",
            "belongs",
        ),
        CheckConstraint(
            "duties <@ ARRAY['review', 'approve', 'pay', 'administer', 'audit']", "duties"
        ),
        # Who grants rights, or looks into what was done with them, has none of them.
        CheckConstraint(
            "NOT duties && ARRAY['administer', 'audit'] OR cardinality(duties) = 1", "apart"
        ),
        CheckConstraint("NOT clerk OR role = 'enterprise'", "clerk"),
        Index("ix_accounts_enterprise_id", "enterprise_id"),
        Index("ix_accounts_bureau_code", "bureau_code"),
        CheckConstraint("role IN ('district', 'centre') OR duties = '{}'", "no_duty_outside"),
        CheckConstraint(
            "username !~ '^(outside:|svc-)' OR password_hash = '!'", "without_password"
        ),
    )

    id: Mapped[Id]
    username: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    role: Mapped[str]
    enterprise_id: Mapped[UUID | None]
    bureau_code: Mapped[str | None] = mapped_column(ForeignKey("bureaus.code"))
    platform_id: Mapped[UUID | None] = mapped_column(ForeignKey("platforms.id", use_alter=True))
    duties: Mapped[list[str]] = mapped_column(ARRAY(TEXT), server_default="{}")
    active: Mapped[bool] = mapped_column(server_default="true")
    failures: Mapped[int] = mapped_column(server_default="0")
    locked_until: Mapped[datetime | None]
    created_at: Mapped[Written]
    clerk: Mapped[bool] = mapped_column(server_default="false")
    must_change_password: Mapped[bool] = mapped_column(server_default="false")
    email_sealed: Mapped[bytes | None]


class RefreshToken(Base):
    """One refresh token, kept as its digest; a family is one sign-in and its renewals."""

    __tablename__ = "refresh_tokens"
    __table_args__ = (
        Index("ix_refresh_tokens_family_id", "family_id"),
        Index("ix_refresh_tokens_account_id", "account_id"),
    )

    digest: Mapped[bytes] = mapped_column(primary_key=True)
    family_id: Mapped[UUID]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    issued_at: Mapped[Written]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    began_at: Mapped[Written]
    address: Mapped[str] = mapped_column(server_default="")


class SecondFactor(Base):
    """The secret of an account's authenticator, and the digests of the recovery codes left."""

    __tablename__ = "second_factors"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    secret_sealed: Mapped[bytes]
    last_step: Mapped[int] = mapped_column(BigInteger, server_default="0")
    recovery_digests: Mapped[list[bytes]] = mapped_column(ARRAY(LargeBinary), server_default="{}")
    created_at: Mapped[Written]
    confirmed_at: Mapped[datetime | None]


class PasswordReset(Base):
    """One leave to set a new password without the old one, kept as its digest."""

    __tablename__ = "password_resets"
    __table_args__ = (
        CheckConstraint(
            "channel IN ('bureau', 'mail') AND (channel = 'bureau') = (issued_by IS NOT NULL)",
            "channel",
        ),
        Index("ix_password_resets_account_id", "account_id"),
    )

    digest: Mapped[bytes] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    channel: Mapped[str]
    issued_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    issued_at: Mapped[Written]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
