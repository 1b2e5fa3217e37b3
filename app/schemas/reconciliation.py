"""Does what was approved agree with what was published, sent and paid, to the fen?"""

from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

from pydantic import Field

from app.schemas.words import Told

Kind = Literal[
    "not_published", "notice_open", "not_batched", "objected", "payment_failed", "awaiting_result",
    "notice_differs", "payment_differs", "paid_twice",
]  # fmt: skip


class Difference(Told):
    """One claim by which two neighbouring sums differ, and why."""

    claim_id: UUID
    receipt: str
    step: Literal["published", "sent", "paid"] = Field(description="在哪一步与前一步不同")
    kind: Kind
    kind_zh: str
    amount: Decimal
    since: date | None


class Reconciliation(Told):
    """approved = published + not yet published; published = sent + not yet sent; and so on.

    All are amounts to be paid, after advances; what is kept back of a payment counts as paid.
    """

    bureau_code: str
    year: int
    claims: int
    approved: Decimal
    published: Decimal
    sent: Decimal = Field(description="已列入批次（含支付失败待重拨的）")
    paid: Decimal
    failed: Decimal = Field(description="最近一次支付失败、尚未重新拨付")
    open: Decimal = Field(description="已送财政、尚无结果")
    transferred: Decimal = Field(description="已支付中实际转账的部分")
    kept_back: Decimal = Field(description="已支付中抵扣应退款的部分")
    balanced: bool = Field(description="各步之差是否恰为所列差异，且没有金额不符")
    differences: list[Difference]
