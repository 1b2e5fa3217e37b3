"""What does a published notice say?"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.schemas.objections import ObjectionOutcome
from app.schemas.words import Day, Given, Numbered, Told

Standing = Literal["in_force", "rejected", "withdrawn", "superseded", "partly_ended"]


class NoticeCreate(Given):
    """The approved claims to be published together."""

    claim_ids: list[UUID] = Field(min_length=1, max_length=500)


class NoticeLine(Told):
    """One person on the list; the ID is partly hidden (DL-4.3-h)."""

    number: int | None = Field(None, description="花名册序号，提出异议时使用")
    name: str
    id_masked: str
    class_hours: int
    amount: Decimal


class NoticeClaim(Told):
    """One claim of a notice: enterprise, project, persons and amounts."""

    claim_id: UUID
    claim_receipt: str = Field(description="申请受理号")
    enterprise_name: str
    project: str
    amount: Decimal
    lines: list[NoticeLine]
    ended: str | None = Field(
        description="公示已终止的原因：rejected 不予补贴，withdrawn 已撤回，superseded 已重新核定"
    )


class NoticeSummary(Numbered):
    """A notice in a list."""

    receipt: str = Field(description="公示编号")
    bureau_code: str
    enterprise_name: str = Field(description="企业名称；多家企业的为首家名称加户数")
    claims: int = Field(description="申请件数")
    amount: Decimal
    posted_on: date
    last_day: date = Field(description="公示截止日（当日24时止，DL-4.3-i）")
    closed: bool = Field(description="公示期是否已满")
    standing: Standing = Field(
        description="in_force 有效，rejected 不予补贴，withdrawn 已撤回，superseded 已重新核定，"
        "partly_ended 部分申请已终止"
    )


class NoticeSiteRead(Told):
    """Where the notice was seen on an official site (A-19)."""

    url: str
    seen_on: date
    screenshot_sha256: str


class NoticeRead(NoticeSummary):
    """A notice with its lists, what was objected to it, and the digest of the published text."""

    claim_id: UUID | None = Field(description="只公示一个申请的，为该申请；下同")
    claim_receipt: str | None
    project: str | None
    fund: str
    lines: list[NoticeLine]
    entries: list[NoticeClaim] = Field(description="逐个申请的公示内容")
    objections: list[ObjectionOutcome] = Field(description="已有处理结果的异议")
    sites: list[NoticeSiteRead] = Field(description="官方网站公示凭证（A-19）")
    sha256: str


class NoticeSiteCreate(Given):
    """An official site on which the notice was seen, and the hash of a screenshot (A-19)."""

    url: Annotated[str, Field(pattern=r"^https?://[!-~]{1,500}$", description="公示网址")]
    seen_on: Day | None = Field(None, description="截图日期，默认为业务日期")
    screenshot_sha256: Annotated[
        str, Field(pattern="^[0-9a-f]{64}$", description="截图文件的 SHA-256（十六进制小写）")
    ]
