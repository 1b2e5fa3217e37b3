"""What is asked, and what came, of approving many claims at once?"""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from app.schemas.words import Given, Remark, Told


class BulkMode(StrEnum):
    """What follows if one of the claims cannot be approved."""

    ALL_OR_NOTHING = "all_or_nothing"
    ITEMISED = "itemised"


class BulkApproval(Given):
    """Claims to approve with one word."""

    claim_ids: Annotated[list[UUID], Field(min_length=1, max_length=100)]
    mode: BulkMode = Field(
        description="all_or_nothing 有一件不能审批即全部不办；itemised 逐件办理、逐件列出结果"
    )
    remark: Remark | None = Field(None, description="意见（可空）")


class BulkOutcome(StrEnum):
    """What became of one claim."""

    APPROVED = "approved"
    REFUSED = "refused"


class BulkItem(Told):
    """What became of one claim: approved, or refused for the reason of the single route."""

    claim_id: UUID
    outcome: BulkOutcome
    receipt: str | None = None
    amount: Decimal | None = None
    problem: dict[str, Any] | None = Field(None, description="不能审批的原因，与逐件审批时相同")


class BulkRead(Told):
    """What became of each claim, in the order asked."""

    mode: BulkMode
    approved: int
    refused: int
    total: Decimal = Field(description="审批同意的金额合计")
    items: list[BulkItem]
