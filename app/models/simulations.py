"""What would other figures have cost? What was asked, how far it is computed, and the answer."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Id, Written

WAITING, RUNNING, DONE, FAILED = STATES = ("waiting", "running", "done", "failed")
HELD: Final = "hashtextextended(id::text, 0)"
"""The advisory lock (SQL over a row's ``id``) that whoever computes the simulation holds: the
database releases it however that process ends."""


class Simulation(Base):
    """One question of a bureau, computed apart from the requests; it changes no case."""

    __tablename__ = "simulations"
    __table_args__ = (
        Index("ix_simulations_bureau_code", "bureau_code", "id"),
        Index("ix_simulations_waiting", "id", postgresql_where="state = 'waiting'"),
        CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", "state"),
        CheckConstraint("(state = 'done') = (result IS NOT NULL)", "result"),
        CheckConstraint("(state = 'failed') = (failure IS NOT NULL)", "failure"),
        CheckConstraint("lines_done >= 0 AND lines_done <= lines_total", "progress"),
    )

    id: Mapped[Id]
    bureau_code: Mapped[str] = mapped_column(ForeignKey("bureaus.code"))
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    asked_by_name: Mapped[str]
    changes: Mapped[list[Any]] = mapped_column(JSONB)
    state: Mapped[str]
    lines_done: Mapped[int] = mapped_column(server_default="0")
    lines_total: Mapped[int | None]
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    failure: Mapped[str | None]
    created_at: Mapped[Written]
    finished_at: Mapped[datetime | None]
