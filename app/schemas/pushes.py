"""What does a platform push, and what is it answered, record by record?"""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.schemas.words import Given, Text, Told

_Short = Annotated[str, Field(min_length=1, max_length=60)]
_Long = Annotated[str, Field(max_length=400)]


class RecordCreate(Given):
    """One session of one person as the platform recorded it."""

    key: Text = Field(
        description="平台内部的记录编号，在本平台内唯一；同一 key 重复推送不会重复计入。"
        "不得含有身份证号码",
        examples=["session-20200309-000017"],
    )
    plan: _Short = Field(
        description="企业告知的备案回执编号（或备案 id）", examples=["BA2020-210202-0000001"]
    )
    resident_id: _Short = Field(description="居民身份证号码")
    name: _Short
    course: Annotated[str, Field(min_length=1, max_length=400)] = Field(
        description="与备案一致的课程名称"
    )
    started_at: _Short = Field(
        description="ISO 8601；不带时区的按北京时间", examples=["2020-03-09T08:00:00+08:00"]
    )
    ended_at: _Short = Field(description="同上", examples=["2020-03-09T08:50:00+08:00"])
    stated_seconds: int | None = Field(
        None, ge=0, le=86_400, description="平台认定的学习秒数；不填则按起止时间计"
    )
    stated_minutes: float | None = Field(
        None, ge=0, le=1440, description="或以分钟计，与 stated_seconds 只填一项"
    )
    device: _Long = Field("", description="设备标识（可空）")
    address: _Long = Field("", description="IP 地址（可空）")


class PushReason(Told):
    """Why a record is refused, or counts nothing or less."""

    code: str = Field(description="稳定的代码")
    field: str | None = Field(None, description="有误的字段")
    reason: str
    remedy: str


class PushItem(Told):
    """One record that is not simply stored or known."""

    index: int = Field(description="在 records 中的位置，从 0 起")
    key: str | None = Field(description="记录的 key；不能照录的为空")
    outcome: Literal["findings", "refused"] = Field(
        description="findings 已保存但不计或少计学时；refused 未保存"
    )
    reasons: list[PushReason]


class PushedBatch(Told):
    """What a call stored for one plan."""

    batch_id: UUID
    plan_id: UUID
    receipt: str
    stored: int
    with_findings: int
    replaces: UUID | None = None


class PushRead(Told):
    """What became of a call: received = stored + known + refused."""

    received: int
    stored: int = Field(description="新保存的记录条数")
    known: int = Field(description="此前已以同一 key 保存、内容相同的记录条数，未作任何改变")
    refused: int = Field(description="未保存的记录条数")
    with_findings: int = Field(description="已保存或已知、但不计或少计学时的记录条数")
    batches: list[PushedBatch]
    items: list[PushItem] = Field(description="全部被拒绝或有问题的记录；其余记录均已保存")


class PushLimits(Told):
    """What one call may have at most."""

    records: int
    plans: int
    bytes: int


class RecentPush(Told):
    """One batch that the platform pushed."""

    batch_id: UUID
    plan_id: UUID
    rows: int
    rows_with_findings: int
    replaced_by: UUID | None
    created_at: datetime


class PlatformStatus(Told):
    """How the platform stands, and what it pushed last."""

    platform_id: UUID
    platform: str
    account: str
    blocked_since: date | None
    blocked_reason: str | None
    business_day: date = Field(description="业务日期")
    limits: PushLimits
    recent: list[RecentPush] = Field(description="最近的推送批次，新的在前")
