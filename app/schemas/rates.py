"""Which figures are paid that the notices leave to other documents (规定标准)?"""

import re
from datetime import date
from decimal import Decimal
from typing import Final, Self

from pydantic import Field, model_validator

from app.policy.kinds import Certainty, Level
from app.policy.measures import measure, rests_on_rates
from app.schemas.plans import Measure
from app.schemas.words import Asked, Day, Given, Numbered, Text, Told, Yuan

_DISTRICT: Final = re.compile("[0-9]{6}")
_MOST_YUAN: Final = 100_000
"""No figure for one person is as large; what is typed with two zeros more is."""


class RateCreate(Given):
    """A figure with the document that sets it; a changed figure is entered anew."""

    measure: Measure = Field(description="补贴项目")
    key: list[Text] = Field(
        min_length=1,
        max_length=5,
        description="适用对象：等级代码或区市县代码",
        examples=[["senior"]],
    )
    amount: Yuan = Field(gt=0, le=_MOST_YUAN, description="标准（元）")
    document: Asked = Field("", description="文号；verified 时必填")
    source: Text = Field(description="出处")
    certainty: Certainty = Field(description="verified 已核对原文；其余为待核对，sample 为示例")
    valid_from: Day = Field(description="起始日")
    valid_to: Day | None = Field(None, description="截止日")
    note: Asked = Field("", description="备注")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if not rests_on_rates(self.measure):
            raise ValueError("该补贴项目不按规定标准计算，无需登记")
        (key, *more) = self.key
        by_district = measure(self.measure).by_district
        fits = bool(_DISTRICT.fullmatch(key)) if by_district else key in set(Level)
        if more or not fits:
            raise ValueError("适用对象应为一个等级代码（junior 至 senior_technician）或区市县代码")
        return self

    @model_validator(mode="after")
    def _founded(self) -> Self:
        if self.certainty is Certainty.VERIFIED and not self.document:
            raise ValueError("已核对原文的标准须填写文号")
        if self.valid_to and self.valid_to < self.valid_from:
            raise ValueError("截止日早于起始日")
        return self


class RateRead(Numbered):
    """A figure in force, or that was."""

    measure: str
    key: list[str]
    amount: Decimal
    document: str
    source: str
    certainty: str
    valid_from: date
    valid_to: date | None
    note: str


class MeasureRead(Told):
    """One measure of the notices."""

    code: str
    title: str
    clauses: list[str]
    payees: list[str]
    is_class: bool = Field(description="是否按培训班备案")
    rated: bool = Field(description="是否按规定标准（需先登记标准）")
    in_advance: bool = Field(description="是否可预拨（DL-2.1-c）")
    papers_at_filing: list[str] = Field(description="备案材料")
    papers_at_claim: list[str] = Field(description="申请材料")
