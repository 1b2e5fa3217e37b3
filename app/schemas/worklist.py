"""How is the work list asked for and told: what waits, until when, and in whose hands?"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field

from app.schemas.words import Given, Remark, Told

StepName = Literal[
    "approve_plan", "review", "approve", "publish", "pay", "confirm_payment", "decide_objection",
    "redetermine",
]  # fmt: skip
WaitingState = Literal[
    "submitted", "filed", "reviewed", "approved", "published", "paying", "open", "upheld"
]
DutyName = Literal["review", "approve", "pay"]


def _a_place(told: str) -> str:
    day, _, case_id = told.partition("_")
    try:
        date.fromisoformat(day), UUID(case_id)
    except ValueError:
        raise ValueError("不是上一页返回的 next") from None
    return told


PlaceInList = Annotated[str, Field(max_length=60), AfterValidator(_a_place)]
"""The day and the case after which a page begins."""


class Order(StrEnum):
    """By what the list is ordered, and its days are bounded."""

    DUE = "due"
    AGE = "age"


class Hold(StrEnum):
    """In whose hands a case is."""

    MINE = "mine"
    NOBODY = "nobody"
    SOMEBODY = "somebody"


class WorkItem(Told):
    """A case that awaits an officer's step."""

    id: UUID = Field(description="备案、申请或异议的编号")
    kind: str = Field(description="plan 开班备案、claim 补贴申请、advance 预拨申请、objection 异议")
    receipt: str
    enterprise_name: str = Field(description="企业名称；对多家企业的公示提出的异议为公示所列名称")
    measure: str | None = Field(description="补贴项目；异议涉及多个项目的为空")
    state: str
    state_zh: str
    step: str
    step_title: str
    duty: str = Field(description="办理该环节所需职责")
    since: date = Field(description="该环节自何日起待办")
    due_on: date | None = Field(description="办理期限；工作日历缺失时为空")
    overdue: bool = Field(description="是否已超过办理期限")
    amount: Decimal | None = Field(description="核算金额，异议为其所涉金额；备案为空")
    signals: int = Field(description="本轮未核销的疑点数")
    holder: UUID | None = Field(description="持有人；为空表示无人领取")
    holder_name: str | None


class WorkPage(Told):
    """One page of the work list; ``next`` is the ``after`` of the following page."""

    items: list[WorkItem]
    next: str | None = Field(None, description="下一页的 after 参数；为空表示已到末页")


class StepCount(Told):
    """How many cases of the bureau await one step."""

    step: str
    title: str
    duty: str
    state: str
    state_zh: str
    waiting: int = Field(description="待办件数")
    overdue: int = Field(description="其中已超过办理期限的件数")
    to_come: int = Field(description="尚在公示期内、期满后待办的件数")


class WorkCounts(Told):
    """How many cases of the bureau await an officer, by state and step."""

    today: date
    waiting: int
    overdue: int
    steps: list[StepCount]


class Colleague(Told):
    """An officer of the bureau."""

    id: UUID
    name: str
    duties: list[str]


class Taking(Given):
    """Taking a case; one that another officer holds is taken over with a reason."""

    reason: Remark | None = Field(None, description="接手他人持有的事项时的理由")


class HandingOver(Given):
    """Handing a case over to a colleague."""

    to: UUID = Field(description="接收人员的编号，见 colleagues")
    reason: Remark | None = Field(None, description="移交说明（可空）")
