"""What comes back: of an advance, for an error, for a fraud?"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from app.schemas.words import Day, Given, Numbered, Reason, Remark, Text, Told, Yuan

Some = Annotated[Yuan, Field(gt=0)]


class Repaid(Given):
    """The return of the whole of what is open of a demand."""

    bank_reference: Text = Field(description="银行回单号")


class Instalment(Given):
    """A part of a demand that came back."""

    amount: Some = Field(description="退回金额（元）")
    paid_on: Day = Field(description="到账日期")
    bank_reference: Text = Field(description="银行回单号")


class DemandLine(Given):
    """What is demanded back for one person."""

    number: int = Field(ge=1, description="花名册序号")
    amount: Some


class RecoveryCreate(Given):
    """A demand of what was paid in error, or obtained by a fraud that was established."""

    ground: Literal["error", "fraud"] = Field(description="error 核算差错，fraud 违规骗取")
    reason: Remark = Field(description="书面理由")
    document: Text = Field(description="文号")
    violation_id: UUID | None = Field(None, description="违规案件（ground 为 fraud 时必填）")
    lines: list[DemandLine] = Field(min_length=1, max_length=5000)

    @model_validator(mode="after")
    def _founded(self) -> Self:
        if (self.ground == "fraud") != (self.violation_id is not None):
            raise ValueError("违规骗取须注明违规案件，核算差错不填")
        return self


class Recall(Reason):
    """Why an advance is recalled for which no claim was filed."""

    document: Text = Field(description="文号")


class DecisionCreate(Given):
    """The first of two signatures: to keep back of later payments, or to write off the rest."""

    kind: Literal["offset", "write_off"] = Field(description="offset 抵扣后续拨付，write_off 核销")
    reason: Remark = Field(description="书面理由")
    document: Text | None = Field(None, description="文号（核销必填）")

    @model_validator(mode="after")
    def _founded(self) -> Self:
        if self.kind == "write_off" and self.document is None:
            raise ValueError("核销须注明文号")
        return self


class DecisionRead(Numbered):
    """A decision on a demand, and who signed it."""

    kind: str
    reason: str
    document: str | None
    decided_by_name: str
    decided_on: date
    countersigned_by_name: str | None
    countersigned_on: date | None


class InstalmentRead(Numbered):
    """What came back: by transfer, or kept back of a payment."""

    kind: str = Field(description="transfer 退款到账，offset 抵扣")
    amount: Decimal
    paid_on: date
    bank_reference: str


class RecoveryRead(Numbered):
    """An amount that is demanded back (DL-2.1-c, A-15, A-34)."""

    claim_id: UUID
    receipt: str = Field(description="退款通知编号")
    ground: str = Field(
        description="advance 预拨超出，recall 收回预拨，error 核算差错，fraud 违规骗取"
    )
    reason: str
    document: str
    amount: Decimal = Field(description="应退回金额（元）")
    open: Decimal = Field(description="尚未退回（元），不含拨付中正在抵扣的部分")
    state: str = Field(description="demanded 待退回，repaid 已退回，written_off 已核销")
    demanded_on: date
    due_on: date | None = Field(description="退回期限")
    overdue: bool = Field(description="是否逾期")
    repaid_on: date | None
    bank_reference: str | None
    instalments: list[InstalmentRead]
    decisions: list[DecisionRead]


class OffsetRead(Told):
    """What is kept back of a payment for a demand."""

    recovery_id: UUID
    amount: Decimal
