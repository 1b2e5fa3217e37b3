"""How is the law told? Its clauses and parameters in force on a day."""

from datetime import date, datetime
from decimal import Decimal

from pydantic import Field

from app.policy.findings import Outcome
from app.schemas.words import Day, Given, Told


class ParameterRead(Told):
    """One number or date of the law."""

    key: str
    name: str
    value: str
    starts_on: date
    ends_on: date | None
    clauses: list[str]
    certainty: str = Field(description="verified 通知载明，from_memory 待核对，uncertain 本地规则")
    source: str = Field(description="通知以外的出处")


class ClauseText(Told):
    """One clause of the two notices."""

    id: str
    document: str
    kind: str
    text: str
    meaning_zh: str
    meaning: str
    rules: list[str] = Field(description="据此设立的核查规则")


class ClauseBrief(Told):
    """One clause in a few words, and how often it acts and is shown."""

    id: str
    document: str
    kind: str
    quote: str = Field(description="原文摘句")
    meaning_zh: str
    places: int = Field(description="落点数")
    examples: int = Field(description="实例数")
    not_code: str | None = Field(description="不入系统的理由")


class PlaceRead(Told):
    """A place where a clause acts."""

    kind: str = Field(description="rule、parameter、paper、measure、move、state、table 等")
    kind_zh: str
    name: str = Field(description="在其类别中的稳定名称")
    title: str = Field(description="中文名称；参数附取值和起止日期")


class OutcomeRead(Told):
    """What comes of one rule in a worked example."""

    rule: str
    title: str
    outcome: Outcome


class ExampleRead(Told):
    """A worked example: a case, and what must come out."""

    id: str
    title: str
    measure: str
    measure_zh: str
    clauses: list[str]
    persons: int
    outcomes: list[OutcomeRead] = Field(description="本条各规则的结论，以及其他未通过的规则")
    in_advance: bool = Field(description="amount 为预支金额")
    amount: Decimal = Field(description="全案应补贴（或预支）金额（元）")


class ClauseRead(ClauseText):
    """One clause, every place where it acts, and its examples."""

    acts: str = Field(description="在系统中的作用")
    places: list[PlaceRead] = Field(description="全部落点")
    not_code: str | None = Field(description="没有落点的理由")
    examples: list[ExampleRead]


class PolicyRead(Told):
    """The law on one day."""

    on: date
    edition: str
    parameters: list[ParameterRead]
    clauses: list[ClauseText]


class CommitmentsRead(Told):
    """The annex's commitments, word by word."""

    version: str
    title: str
    items: list[str]
    online_only: list[int] = Field(description="仅线上培训须确认的承诺序号")
    closing: str


class BureauRead(Told):
    """A handling bureau."""

    code: str
    name: str
    kind: str


class IndustryRead(Told):
    """An industry of the SME standard."""

    code: str
    name: str
    text: str


class ClockRead(Told):
    """The sandbox's business day."""

    today: date


class ClockSet(Given):
    """The business day to go to."""

    today: Day


class Health(Told):
    """The service answers, and so does its database."""

    status: str
    sandbox: bool
    audit_sealed_at: datetime | None = Field(description="最近一次审计封存的时间")
    audit_unsealed_seconds: int = Field(description="最早一条未封存审计记录已等待的秒数，向上取整")
    audit_late: bool = Field(description="封存是否延误；为 true 时请检查服务日志")
