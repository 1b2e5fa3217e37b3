"""What does a bureau keep on a violation, and what is an enterprise told (LN-3.3-c)?"""

from datetime import date
from decimal import Decimal
from uuid import UUID

from pydantic import Field

from app.policy.recovery import Violation
from app.schemas.words import Day, Given, Numbered, Reason, Remark, Text, Told, Yuan


class ConcernedClaim(Given):
    """A claim that the violation concerns."""

    claim_id: UUID
    persons: list[int] = Field(default=[], max_length=5000, description="涉及人员的花名册序号")
    amount: Yuan = Field(description="涉及金额（元）")


class ViolationCreate(Given):
    """A new file: what was found, of whom, and what money it concerns."""

    enterprise_id: UUID
    kind: Violation = Field(
        description="false_report 虚报，extraction 套取，private_division 私分，diversion 挪用"
    )
    findings: Remark = Field(description="查明的事实")
    amount: Yuan = Field(description="涉及金额合计（元）")
    claims: list[ConcernedClaim] = Field(default=[], max_length=500)


class Conclusion(Given):
    """What another officer concludes, by which document."""

    conclusion: Remark = Field(description="认定意见")
    document: Text = Field(description="文号")


class BlacklistingCreate(Given):
    """From when, and until when, the enterprise is barred."""

    from_day: Day = Field(description="列入日期")
    until_day: Day | None = Field(None, description="截止日期（含），为空表示直至解除")
    document: Text = Field(description="文号")


class Lift(Reason):
    """Why an enterprise is barred no longer."""

    document: Text = Field(description="文号")


class TransferCreate(Given):
    """To whom the case was handed."""

    authority: Text = Field(description="移送机关", examples=["大连市公安局"])
    transferred_on: Day
    document: Text = Field(description="文号")


class ConcernedClaimRead(Told):
    """A claim that the violation concerns."""

    claim_id: UUID
    persons: list[int]
    amount: Decimal


class TransferRead(Numbered):
    """A transfer to another authority."""

    authority: str
    transferred_on: date
    document: str


class BlacklistingRead(Numbered):
    """The days on which the enterprise is barred, and how they ended."""

    from_day: date
    until_day: date | None
    document: str
    listed_by_name: str
    lifted_on: date | None
    lifted_by_name: str | None
    lifted_reason: str | None
    lifted_document: str | None


class ViolationSummary(Numbered):
    """A file in a list."""

    receipt: str = Field(description="案件编号")
    enterprise_id: UUID
    kind: str
    amount: Decimal
    state: str = Field(description="open 调查中，established 已认定，dismissed 不成立")
    opened_on: date


class ViolationRead(ViolationSummary):
    """The whole file."""

    kind_zh: str
    clause: str
    findings: str
    opened_by_name: str
    conclusion: str | None
    document: str | None
    decided_by_name: str | None
    decided_on: date | None
    claims: list[ConcernedClaimRead]
    transfers: list[TransferRead]
    blacklisting: BlacklistingRead | None


class BlacklistingTold(Told):
    """What everybody concerned is told: that an enterprise is stopped, since when, by what."""

    blacklisted: bool
    since: date | None = Field(description="列入日期")
    until: date | None = Field(description="截止日期，为空表示直至解除")
    document: str | None = Field(description="文号")
    clause: str
