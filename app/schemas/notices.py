"""What does a published notice say?"""

from datetime import date
from decimal import Decimal
from uuid import UUID

from pydantic import Field

from app.schemas.words import Numbered, Told


class NoticeLine(Told):
    """One person on the list; the ID is partly hidden (DL-4.3-h)."""

    name: str
    id_masked: str
    class_hours: int
    amount: Decimal


class NoticeSummary(Numbered):
    """A notice in a list."""

    receipt: str = Field(description="公示编号")
    bureau_code: str
    enterprise_name: str
    amount: Decimal
    posted_on: date
    last_day: date = Field(description="公示截止日（当日24时止，DL-4.3-i）")
    closed: bool = Field(description="公示期是否已满")


class NoticeRead(NoticeSummary):
    """A notice with its list, and the digest of the published text."""

    claim_id: UUID
    claim_receipt: str
    project: str
    fund: str
    lines: list[NoticeLine]
    sha256: str
