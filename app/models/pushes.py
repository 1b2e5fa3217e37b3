"""Under which keys of their own have platforms pushed records?"""

from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class PushedRecord(Base):
    """A platform's own key of a pushed record, and the keyed digest of what was pushed under it.

    The record itself stands in ``learning_records`` under the same batch and row. ``standing`` ends
    when the batch is replaced: the key may then be used anew, and this row stays as history.
    """

    __tablename__ = "pushed_records"
    __table_args__ = (
        ForeignKeyConstraint(
            ["batch_id", "platform_id", "enterprise_id", "bureau_code"],
            [
                "learning_batches.id",
                "learning_batches.platform_id",
                "learning_batches.enterprise_id",
                "learning_batches.bureau_code",
            ],
        ),
        Index(
            "uq_pushed_records_standing",
            "platform_id",
            "key",
            unique=True,
            postgresql_where="standing",
        ),
    )

    batch_id: Mapped[UUID] = mapped_column(primary_key=True)
    row: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    platform_id: Mapped[UUID]
    enterprise_id: Mapped[UUID]
    bureau_code: Mapped[str]
    key: Mapped[str] = mapped_column(Text(collation="C"))
    digest: Mapped[bytes]
    standing: Mapped[bool] = mapped_column(server_default="true")
