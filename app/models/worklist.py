"""What awaits an officer, who holds it, and who held it before?"""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Numeric,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Id, Written
from app.models.claims import CLAIM_KEY, OF_CLAIM
from app.models.plans import OF_PLAN, PLAN_KEY

_TRAY = ("bureau_code", "step", "taken", "flagged")


class WorklistEntry(Base):
    """A case that awaits an officer's step; triggers keep it, and nobody else.

    A case is a plan, a claim or an objection; one to the whole of a notice may mean several
    enterprises and measures, and then tells none.

    ``taken`` and ``flagged`` (open signals) lead the indexes with the step: whatever is asked of
    the list is then a few short scans, however long it is. What else a page asks for stands in the
    indexes beside their keys. ``fen`` is the amount once more: numbers with decimals are not
    compared by an index where row security stands (their operators may tell what they compare).
    """

    __tablename__ = "worklist"
    __table_args__ = (
        Index(
            "ix_worklist_by_due_day",
            *_TRAY,
            "due_on",
            "case_id",
            postgresql_include=["since", "fen"],
        ),
        Index(
            "ix_worklist_by_age",
            *_TRAY,
            "since",
            "case_id",
            postgresql_include=["due_on", "fen"],
        ),
        Index(
            "ix_worklist_by_amount",
            "bureau_code",
            "fen",
            "case_id",
            postgresql_include=["step", "taken", "flagged", "since", "due_on"],
        ),
        Index("ix_worklist_holder", "bureau_code", "holder", postgresql_where="holder IS NOT NULL"),
        Index("ix_worklist_uncounted", "bureau_code", postgresql_where="NOT counted"),
        CheckConstraint("kind IN ('plan', 'claim', 'advance', 'objection')", "kind"),
        CheckConstraint(
            "kind = 'objection' OR num_nulls(enterprise_id, measure) = 0", "of_an_enterprise"
        ),
        CheckConstraint("signals >= 0", "signals"),
        CheckConstraint("(holder IS NULL) = (holder_name IS NULL)", "holder"),
    )

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    enterprise_id: Mapped[UUID | None]
    bureau_code: Mapped[str]
    receipt: Mapped[str]
    measure: Mapped[str | None]
    step: Mapped[str]
    round: Mapped[int]
    since: Mapped[date]
    due_on: Mapped[date]
    amount: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    signals: Mapped[int] = mapped_column(server_default="0")
    holder: Mapped[UUID | None]
    holder_name: Mapped[str | None]
    counted: Mapped[bool] = mapped_column(server_default="false")
    taken: Mapped[bool] = mapped_column(Computed("holder IS NOT NULL", persisted=True))
    flagged: Mapped[bool] = mapped_column(Computed("signals > 0", persisted=True))
    fen: Mapped[int | None] = mapped_column(
        BigInteger, Computed("(amount * 100)::bigint", persisted=True)
    )


class WorklistCount(Base):
    """How many cases of a bureau await a step, by its days: folded sums, and deltas since."""

    __tablename__ = "worklist_counts"
    __table_args__ = (Index("ix_worklist_counts_bureau_code", "bureau_code"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    bureau_code: Mapped[str]
    step: Mapped[str]
    since: Mapped[date]
    due_on: Mapped[date]
    cases: Mapped[int]


class Assignment(Base):
    """Who took, took over, handed over or released a case, from whom, to whom; never edited."""

    __tablename__ = "assignments"
    __table_args__ = (
        ForeignKeyConstraint(OF_CLAIM, CLAIM_KEY),
        ForeignKeyConstraint(OF_PLAN, PLAN_KEY),
        ForeignKeyConstraint(
            ["objection_id", "bureau_code"], ["objections.id", "objections.bureau_code"]
        ),
        Index("ix_assignments_case_id", "case_id"),
        CheckConstraint("num_nonnulls(plan_id, claim_id, objection_id) = 1", "one_case"),
        CheckConstraint(
            "objection_id IS NOT NULL OR enterprise_id IS NOT NULL", "of_an_enterprise"
        ),
        CheckConstraint(
            "CASE act WHEN 'take' THEN from_id IS NULL AND to_id = officer_id"
            " WHEN 'take_over' THEN from_id <> officer_id AND to_id = officer_id"
            " AND reason IS NOT NULL"
            " WHEN 'hand_over' THEN to_id <> officer_id"
            " AND coalesce(from_id, officer_id) = officer_id"
            " WHEN 'release' THEN from_id = officer_id AND to_id IS NULL ELSE false END",
            "act",
        ),
    )

    id: Mapped[Id]
    plan_id: Mapped[UUID | None]
    claim_id: Mapped[UUID | None]
    objection_id: Mapped[UUID | None]
    case_id: Mapped[UUID] = mapped_column(
        Computed("coalesce(objection_id, claim_id, plan_id)", persisted=True)
    )
    enterprise_id: Mapped[UUID | None]
    bureau_code: Mapped[str]
    step: Mapped[str]
    act: Mapped[str]
    from_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    from_name: Mapped[str | None]
    to_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    to_name: Mapped[str | None]
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    officer_name: Mapped[str]
    reason: Mapped[str | None]
    done_on: Mapped[date]
    created_at: Mapped[Written]
