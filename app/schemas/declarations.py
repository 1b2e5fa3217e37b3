"""Which days were declared by later documents: the period's end, an extension, a resumption?"""

from datetime import date
from enum import StrEnum

from pydantic import Field

from app.schemas.words import Day, Given, Numbered, Text


class DeclarationKind(StrEnum):
    """What a declaration is about."""

    PERIOD_ENDED = "period_ended"
    PROVINCE_EXTENDED_TO = "province_extended_to"
    OFFLINE_RESUMED = "offline_resumed"


class DeclarationCreate(Given):
    """A day with the document that sets it; the one entered last counts."""

    kind: DeclarationKind = Field(
        description="period_ended 疫情期间的最后一日，province_extended_to 省通知延长执行至，"
        "offline_resumed 培训机构恢复线下培训的第一日"
    )
    day: Day | None = Field(None, description="日期；为空表示撤销此前的登记")
    document: Text = Field(description="文号")
    source: Text = Field(description="出处")


class DeclarationRead(Numbered):
    """What was declared."""

    kind: str
    day: date | None
    document: str
    source: str
    in_force: bool = Field(description="是否为该事项的最新登记")
