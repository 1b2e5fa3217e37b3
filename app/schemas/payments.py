"""What is told of payment batches, and what does the finance side report?"""

from datetime import date
from decimal import Decimal
from typing import Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from app.schemas.words import Given, Numbered, Remark, Text, Told


class BatchCreate(Given):
    """The claims to be paid together."""

    claim_ids: list[UUID] = Field(min_length=1, max_length=500)


class PaymentRead(Told):
    """One payment to the basic account."""

    id: UUID
    claim_id: UUID
    payee: str
    bank_name: str
    account_masked: str
    amount: Decimal = Field(description="实际转账金额（元）")
    offset_amount: Decimal = Field(description="抵扣应退款（元）")
    gross: Decimal = Field(description="应拨付金额（元），为前两项之和")
    state: str
    paid_on: date | None
    failure: str | None
    bank_reference: str | None


class BatchSummary(Numbered):
    """A batch in a list."""

    receipt: str
    bureau_code: str
    payments: int
    total: Decimal
    fund: str
    made_on: date


class BatchRead(BatchSummary):
    """A batch with its payments; the digests are those of its two files."""

    xlsx_sha256: str | None
    csv_sha256: str | None
    items: list[PaymentRead]


class ResultsImport(Told):
    """What an imported file of results told."""

    recorded: int = Field(description="本次登记的笔数")
    unchanged: int = Field(description="此前已登记、与文件一致的笔数")
    open: int = Field(description="批次中仍无结果的笔数")
    paid: Decimal = Field(description="批次中已支付合计（元）")
    failed: Decimal = Field(description="批次中支付失败合计（元）")
    ignored_columns: list[str]


class PaymentResult(Given):
    """What became of one payment."""

    payment_id: UUID
    outcome: Literal["paid", "failed"]
    bank_reference: Text | None = Field(None, description="银行回单号")
    reason: Remark | None = Field(None, description="支付失败原因")

    @model_validator(mode="after")
    def _reasoned(self) -> Self:
        if (self.outcome == "failed") != (self.reason is not None):
            raise ValueError("支付失败须注明原因，支付成功不填原因")
        return self


class BatchResults(Given):
    """The finance side's report on a batch."""

    results: list[PaymentResult] = Field(min_length=1, max_length=500)
