"""What is told of something that does not fit in a claim, and how is it cleared?"""

from datetime import date
from typing import Any

from pydantic import Field

from app.policy.signals import Severity
from app.schemas.words import Given, Numbered, Remark


class Clearance(Given):
    """The reviewer's word on a signal."""

    remark: Remark = Field(description="核实情况和处理意见")


class SignalRead(Numbered):
    """One signal: never a verdict, but somebody must look at it before the claim is approved."""

    round: int = Field(description="申请的轮次；补正后重新提交或重新核算即为新的一轮")
    kind: str = Field(description="疑点类别代码")
    severity: Severity = Field(description="notice 提示、warning 可疑、serious 严重")
    title: str
    text: str = Field(description="发现了什么")
    advice: str = Field(description="如何核实")
    data: dict[str, Any] = Field(description="说明中的数字；persons 为花名册序号")
    rows: list[int] = Field(description="所依据的学习记录编号（见 learning-records）")
    raised_on: date
    open: bool = Field(description="是否尚待核销；审批前须全部核销")
    cleared_by_name: str | None = Field(description="核销人员")
    cleared_on: date | None
    remark: str | None = Field(description="核实情况")
