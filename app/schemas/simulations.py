"""What would other figures have cost? The question, how far it is computed, and the answer."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from pydantic import Field, StrictBool, StrictInt

from app.schemas.words import Day, Given, Numbered, Text, Told


class ParameterChange(Given):
    """Another value of one parameter, for training completed on ``starts_on`` or later."""

    key: Text = Field(
        description="参数名（见 GET /api/v1/policy 的 key）", examples=["cap_per_person_year"]
    )
    value: StrictBool | StrictInt | Text | list[Text] = Field(
        description="假设的值；金额、比例和日期写成文字", examples=["1200.00"]
    )
    starts_on: Day = Field(description="自哪一日起（按结业日）", examples=["2020-03-01"])


class SimulationCreate(Given):
    """The figures to try; of several values of one key the latest begun holds."""

    changes: list[ParameterChange] = Field(min_length=1, max_length=20)


class SimulatedShare(Told):
    """What the claims of one bureau and measure cost, and would have cost."""

    bureau_code: str
    measure: str
    claims: int
    lines: int = Field(description="人次")
    before: Decimal
    after: Decimal
    difference: Decimal
    claims_gaining: int
    claims_losing: int
    lines_gaining: int = Field(description="补贴增加的人次")
    lines_losing: int = Field(description="补贴减少的人次")


class SimulatedClaim(Told):
    """One of the bureau's own claims that would have been paid otherwise."""

    id: UUID
    receipt: str
    before: Decimal
    after: Decimal


class SimulationResult(Told):
    """Totals, winners and losers."""

    claims: int
    lines: int = Field(description="人次")
    before: Decimal = Field(description="按现行规定")
    after: Decimal = Field(description="按假设的规定")
    difference: Decimal
    claims_gaining: int
    claims_losing: int
    persons_gaining: int = Field(description="补贴合计增加的人数")
    persons_losing: int = Field(description="补贴合计减少的人数")
    shares: list[SimulatedShare] = Field(description="按经办部门和补贴项目")
    changed: list[SimulatedClaim] = Field(
        description="补贴有变化的本部门申请，按审批先后，最多列出 100 件"
    )


class SimulationSummary(Numbered):
    """A simulation in a list."""

    bureau_code: str
    asked_by_name: str
    changes: list[ParameterChange]
    state: str = Field(description="waiting 排队、running 核算中、done 完成、failed 未完成")
    lines_done: int = Field(description="已核算人次")
    lines_total: int | None = Field(description="应核算人次；排队时为空")
    failure: str | None
    created_at: datetime
    finished_at: datetime | None


class SimulationRead(SimulationSummary):
    """A simulation with its result, once it is done."""

    result: SimulationResult | None
