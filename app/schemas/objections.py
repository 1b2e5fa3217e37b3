"""What does an objection say, and what becomes of it?"""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from app.policy.facts import Scan
from app.schemas.words import Given, LongText, Numbered, Remark, Text, Told


class Grounds(StrEnum):
    """What an objection is about; the enterprise and the public are told this, not the words."""

    NOT_EMPLOYED = "not_employed"
    NOT_TRAINED = "not_trained"
    HOURS = "hours"
    AMOUNT = "amount"
    PAID_BEFORE = "paid_before"
    OTHER = "other"


class ObjectionStanding(StrEnum):
    """Where an objection stands."""

    OPEN = "open"
    REJECTED = "rejected"
    UPHELD = "upheld"


Line = Annotated[int, Field(ge=1, le=100_000)]


class ObjectionCreate(Given):
    """An objection to the whole notice, to a claim of it, or to some of its lines."""

    claim_receipt: Text | None = Field(None, description="申请受理号；为空表示对整个公示提出异议")
    lines: list[Line] | None = Field(
        None, min_length=1, max_length=500, description="人员序号；为空表示对整个申请提出异议"
    )
    grounds: Grounds = Field(
        description="异议事项：not_employed 非本企业职工，not_trained 未参加培训，hours 学时不实，"
        "amount 金额有误，paid_before 重复享受，other 其他"
    )
    text: LongText = Field(description="具体情况，仅经办部门可见")
    name: Text | None = Field(None, description="姓名；匿名的不填。仅经办部门可见")
    contact: Text | None = Field(None, description="联系方式；匿名的不填。仅经办部门可见")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.name is None) != (self.contact is None):
            raise ValueError("实名的须同时填写姓名和联系方式，匿名的均不填")
        if self.lines is not None and self.claim_receipt is None:
            raise ValueError("指明人员序号的，须同时指明申请受理号")
        return self


class ObjectionKeyed(ObjectionCreate):
    """An objection that came by letter or telephone, keyed in by an officer."""

    channel: Literal["letter", "telephone"] = Field(description="letter 信函，telephone 电话")


class ObjectionOutcome(Told):
    """What is told of an objection with the notice; never who objected, nor in which words."""

    receipt: str = Field(description="异议受理号")
    claim_id: UUID | None = Field(description="为空表示对整个公示提出异议")
    lines: list[int] | None
    grounds: Grounds
    lodged_on: date
    due_on: date = Field(description="处理时限（A-21）")
    state: ObjectionStanding
    reason: str | None = Field(description="处理理由")
    decided_on: date | None


class ObjectionLookup(ObjectionOutcome):
    """What is told to whoever holds the token."""

    id: UUID
    notice_id: UUID
    attachments: int = Field(description="已收附件数")


class ObjectionReceipt(ObjectionLookup):
    """The receipt of an objection, with the token; it is told this once."""

    token: str = Field(description="查询和补交附件的凭证，只显示一次，请妥善保存")


class ObjectionSummary(Numbered, ObjectionOutcome):
    """An objection in the bureau's list."""

    notice_id: UUID
    channel: str
    named: bool = Field(description="是否实名")
    overdue: bool = Field(description="是否超过处理时限")
    decided_by_name: str | None
    redetermine_by: date | None = Field(description="异议成立的，重新核定的期限（A-21）")


class AttachmentRead(Numbered):
    """A file that came with an objection."""

    filename: str
    media_type: str
    size: int
    sha256: str
    created_at: datetime
    scan: Scan = Field(
        description="安全检查：pending 检查中、clean 未见异常、infected 检出恶意内容（不能下载）、"
        "unscannable 无法检查、not_scanned 未检查"
    )
    scan_detail: str | None = Field(description="检出内容的名称，或无法检查的原因")
    scanned_at: datetime | None


class ObjectionRead(ObjectionSummary):
    """An objection as the bureau reads it: who objected, if named, and in which words."""

    text: str
    name: str | None
    contact: str | None
    files: list[AttachmentRead]


class ObjectionDecision(Given):
    """What was found, and why."""

    outcome: Literal["rejected", "upheld"] = Field(description="rejected 不成立，upheld 成立")
    reason: Remark = Field(description="处理理由，随公示一并公开")
