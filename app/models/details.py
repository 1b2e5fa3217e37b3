"""What do single measures ask of a person beside the roster, before and after training?"""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base
from app.models.plans import OF_PLAN, PLAN_KEY


class TraineeDetails(Base):
    """How one person was taken on, apprenticed or placed, and what he reached.

    What is filed is fixed with the filing, results with the claim (trigger ``filed_details``).
    """

    __tablename__ = "trainee_details"
    __table_args__ = (
        ForeignKeyConstraint(
            ["trainee_id", "plan_id"], ["trainees.id", "trainees.plan_id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(OF_PLAN, PLAN_KEY),
        Index("ix_trainee_details_certificate_number", "certificate_number"),
        Index("ix_trainee_details_plan_id", "plan_id"),
        CheckConstraint("num_nulls(start_kind, start_on) IN (0, 2)", "start"),
        CheckConstraint(
            "num_nulls(apprentice_level, apprentice_starts_on, apprentice_ends_on,"
            " apprentice_agreement) IN (0, 4)",
            "apprentice",
        ),
        CheckConstraint(
            "num_nulls(placement_category, placement_certificate, placement_issued_by,"
            " placement_employed_from) IN (0, 4)",
            "placement",
        ),
        CheckConstraint(
            "num_nulls(certificate_level, certificate_number, certificate_issued_on) IN (0, 3)",
            "certificate",
        ),
    )

    trainee_id: Mapped[UUID] = mapped_column(primary_key=True)
    plan_id: Mapped[UUID]
    enterprise_id: Mapped[UUID]
    bureau_code: Mapped[str]
    start_kind: Mapped[str | None]
    start_on: Mapped[date | None]
    apprentice_level: Mapped[str | None]
    apprentice_starts_on: Mapped[date | None]
    apprentice_ends_on: Mapped[date | None]
    apprentice_agreement: Mapped[str | None]
    placement_category: Mapped[str | None]
    placement_certificate: Mapped[str | None]
    placement_issued_by: Mapped[str | None]
    placement_employed_from: Mapped[date | None]
    test_passed: Mapped[bool | None]
    certificate_level: Mapped[str | None]
    certificate_number: Mapped[str | None]
    certificate_issued_on: Mapped[date | None]
