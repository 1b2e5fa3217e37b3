"""What is to be done on a claim before it is reviewed, and what did an officer check?"""

from datetime import date
from enum import StrEnum
from typing import Literal, Self

from pydantic import Field, model_validator

from app.schemas.words import Given, Remark, Told

CheckCode = Literal[
    "main_business", "platform_conditions", "place_of_training", "evidence_seen",
    "warnings_weighed",
]  # fmt: skip


class Ticked(StrEnum):
    """What an officer found."""

    MET = "met"
    NOT_MET = "not_met"


class TaskOutcome(StrEnum):
    """How a task stands."""

    PASSED = "passed"
    FAILED = "failed"
    NO_DATA = "no_data"
    OFFICER_NEEDED = "officer_needed"


class CheckCreate(Given):
    """An officer's own check; what is not met is told in writing."""

    check: CheckCode = Field(description="核对事项代码，见 tasks")
    outcome: Ticked = Field(description="met 符合、not_met 不符合（须写明情况）")
    remark: Remark | None = Field(None, description="核对情况")

    @model_validator(mode="after")
    def _in_writing(self) -> Self:
        if self.outcome is Ticked.NOT_MET and self.remark is None:
            raise ValueError("核对不符合的，须在 remark 中写明情况")
        return self


class TaskRead(Told):
    """One check of a claim: made by a rule, or to be made by an officer."""

    code: str
    by: str = Field(description="automatic 系统核查、officer 经办人员核对")
    title: str
    clauses: list[str]
    outcome: TaskOutcome
    text: str = Field(description="核查结果的说明，或应如何核对")
    remedy: str = Field(description="如何处理；没有需要处理的为空")
    persons: list[int] = Field(description="所涉人员的花名册序号；为空表示整个申请或全部人员")
    blocking: bool = Field(description="是否因此不能办理「审核通过」")
    officer_name: str | None = Field(None, description="核对人员")
    checked_on: date | None = None
    remark: str | None = None


class TaskList(Told):
    """Every check of the present round; the claim is reviewed when nothing is open."""

    round: int
    open: int = Field(description="尚未完成、因此不能审核通过的事项数")
    tasks: list[TaskRead]
