"""Which learning records are looked for, and what is found?"""

from datetime import date, timedelta
from typing import Annotated, Final, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field, JsonValue, StrictBool, model_validator

from app.policy import identifiers
from app.schemas.learning import LearningRecordRead
from app.schemas.words import Day, Given, Text, Told

_EXAMPLE: Final[dict[str, JsonValue]] = {
    "first_day": "2020-03-09",
    "last_day": "2020-03-13",
    "standing": "current",
}
_LONGEST: Final = timedelta(days=30)
_LAST_DAY: Final = date(2100, 12, 31)
_LAST_MICROSECOND: Final = (date.max - date.min).days * 86_400_000_000
_LAST_ID: Final = 2**63 - 1


def _resident_id(text: str) -> str:
    try:
        return identifiers.resident_id(text, _LAST_DAY)
    except identifiers.InvalidIdentifier as invalid:
        words = identifiers.explain(invalid.code)
        raise ValueError(words.reason + words.remedy) from None


def _mark(text: str) -> str:
    since, last = text.split("-")
    if int(since) > _LAST_MICROSECOND or int(last) > _LAST_ID:
        raise ValueError("请原样填写上一页返回的 next")
    return text


Mark = Annotated[str, Field(pattern=r"^[0-9]{1,18}-[0-9]{1,19}$"), AfterValidator(_mark)]
"""Where a page begins: after a session's start, in microseconds of the calendar, and its id."""
ResidentId = Annotated[str, Field(max_length=40), AfterValidator(_resident_id)]
"""Sent in a body only, shown nowhere."""


class RecordSearch(Given):
    """What is looked for; what is left out is not asked."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    plan_id: UUID | None = None
    number: int | None = Field(None, ge=1, le=2**31 - 1, description="花名册序号，须同时给出项目")
    resident_id: ResidentId | None = Field(
        None,
        repr=False,
        description="身份证号：跨项目查同一人，只在请求正文中提交，查询记入审计",
    )
    course: Text | None = Field(None, description="课程名称")
    first_day: Day | None = Field(None, description="自哪一日起（学习开始时间，北京时间）")
    last_day: Day | None = Field(None, description="至哪一日止（含当日）")
    batch_id: UUID | None = Field(None, description="导入批次")
    with_finding: StrictBool | None = Field(None, description="只查有（或没有）疑问的记录")
    standing: Literal["current", "replaced"] | None = Field(
        None, description="current 现行批次，replaced 已被更正替换的批次；为空表示都查"
    )
    after: Mark | None = Field(None, description="上一页返回的 next")
    limit: int = Field(200, ge=1, le=1000, description="每页条数")

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if self.number is not None and self.plan_id is None:
            raise ValueError("按花名册序号查询须同时给出 plan_id")
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise ValueError("截止日早于起始日")
        if self.plan_id or self.batch_id or self.resident_id:
            return self
        if not (self.first_day and self.last_day) or self.last_day - self.first_day > _LONGEST:
            raise ValueError("未指定项目、批次或人员时，须给出起止日期，且不超过31天")
        return self


class RecordFound(LearningRecordRead):
    """One session, with the plan and whether its batch still stands."""

    plan_id: UUID
    course_number: int = Field(description="备案课程序号，0 表示未备案的课程")
    replaced: bool = Field(description="所属批次已被更正替换")


class RecordTotals(Told):
    """What all pages add up to."""

    sessions: int
    with_finding: int
    stated_seconds: int = Field(description="记录所载学习时长合计")
    counted_seconds: int | None = Field(
        description="按备案和政策计入学时的秒数；只在按人查询时给出，已替换的批次不计"
    )


class RecordsFound(Told):
    """One page, in the order of the sessions' starts."""

    items: list[RecordFound]
    next: str | None = Field(None, description="下一页的 after 参数；为空表示已到末页")
    totals: RecordTotals | None = Field(
        None, description="合计：按项目、批次或人员查询（企业：任何查询）的第一页给出"
    )
