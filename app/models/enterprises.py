"""Who applies? Enterprises with the figures that make them small or large."""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Id, Written


class Enterprise(Base):
    """An enterprise as registered, and the bureau that handles its cases (A-28, LN-1.2-d).

    The database alone writes ``accepted`` (a bureau verified it once: it holds its credit code),
    ``accepted_digest`` (of the bank account that was verified) and ``revision``.
    """

    __tablename__ = "enterprises"
    __table_args__ = (
        UniqueConstraint("id", "bureau_code"),
        Index("ix_enterprises_bureau_code", "bureau_code", "state", "id"),
        Index("uq_enterprises_uscc", "uscc", unique=True, postgresql_where=text("accepted")),
        Index("ix_enterprises_uscc", "uscc"),
        CheckConstraint("state IN ('registered', 'verified', 'returned', 'closed')", "state"),
        CheckConstraint("accepted OR state <> 'verified'", "accepted"),
        CheckConstraint(
            "entity IN ('enterprise', 'cooperative', 'poverty_alleviation_workshop',"
            " 'private_training_school', 'technical_school')",
            "entity",
        ),
        CheckConstraint("headcount >= 0", "headcount"),
        CheckConstraint("revenue_wan >= 0", "revenue_wan"),
        CheckConstraint("assets_wan >= 0", "assets_wan"),
        CheckConstraint(
            "(insurance = 'province') = (bureau_code = 'LN-PROV')", "routed_by_insurance"
        ),
    )

    id: Mapped[Id]
    uscc: Mapped[str]
    name: Mapped[str]
    legal_representative: Mapped[str]
    contact: Mapped[str]
    phone: Mapped[str]
    address: Mapped[str]
    district_code: Mapped[str] = mapped_column(ForeignKey("bureaus.code"))
    bureau_code: Mapped[str] = mapped_column(ForeignKey("bureaus.code"))
    legal_form: Mapped[str]
    dispatch_company: Mapped[bool]
    industry: Mapped[str]
    headcount: Mapped[int | None]
    revenue_wan: Mapped[Decimal | None] = mapped_column(Numeric(16, 4))
    assets_wan: Mapped[Decimal | None] = mapped_column(Numeric(16, 4))
    insurance: Mapped[str]
    stopped_from: Mapped[date | None]
    stopped_to: Mapped[date | None]
    bank_name: Mapped[str]
    account_name: Mapped[str]
    account_masked: Mapped[str]
    account_sealed: Mapped[bytes]
    account_digest: Mapped[bytes]
    size: Mapped[str | None]
    is_sme: Mapped[bool | None]
    size_explained: Mapped[str]
    state: Mapped[str]
    remark: Mapped[str | None]
    registered_on: Mapped[date]
    created_at: Mapped[Written]
    entity: Mapped[str]
    accepted: Mapped[bool] = mapped_column(server_default="false")
    accepted_digest: Mapped[bytes | None]
    revision: Mapped[int] = mapped_column(server_default="1")
