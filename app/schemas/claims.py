"""What does a claim tell, and what do its assessment and its steps answer?"""

from datetime import date
from decimal import Decimal
from uuid import UUID

from pydantic import Field, StrictBool

from app.policy.facts import Material
from app.policy.procedure import ClaimState
from app.schemas.deciding import PointAnswer
from app.schemas.findings import FindingRead
from app.schemas.plans import Channel
from app.schemas.words import Day, External, Given, Numbered, Remark, Step, Text, Told

ClaimStanding = ClaimState
"""Where a claim stands, as a list may be asked for it."""


class Leaver(Given):
    """A person who left the enterprise before the claim (LN-F-c2b)."""

    number: int = Field(ge=1, description="花名册序号")
    left_on: Day | None = Field(None, description="离职日期")


class Commitments(Given):
    """The acceptance of the annex's commitments (LN-F-c1 to LN-F-c7)."""

    version: Text = Field(description="承诺书版本，见 /api/v1/policy/commitments")
    accepted: list[int] = Field(max_length=20, description="逐条确认的承诺序号")


class Employed(Given):
    """The enterprise's word, per person, on who still works there at claim time."""

    still_employed: list[int] = Field(max_length=5000, description="仍在职人员的花名册序号")
    left: list[Leaver] = Field(default_factory=list, max_length=5000, description="已离职人员")


class AdvanceCreate(Given):
    """An application for an advance on an approved plan (DL-2.1-c)."""

    channel: Channel = Field(Channel.INTERNET, description="收件方式")
    external: External | None = Field(None, description="外部系统备案编号")
    commitments: Commitments


class ClaimCreate(AdvanceCreate, Employed):
    """A claim for one approved plan (DL-4.3-b, LN-1.2-h)."""

    plan_id: UUID


class ClaimResubmit(Employed):
    """A claim filed again after correction."""

    commitments: Commitments
    points: list[PointAnswer] = Field(
        default_factory=list, max_length=200, description="补正事项逐项答复"
    )


class DryRun(Employed):
    """What a claim would say, before it is filed; nothing is stored."""

    commitments_accepted: StrictBool = Field(True, description="假定全部承诺均已确认")  # noqa: FBT003


class ClaimSummary(Numbered):
    """A claim in a list."""

    receipt: str = Field(description="申请受理号")
    kind: str = Field(description="claim 补贴申请，advance 预拨申请（DL-2.1-c）")
    measure: str = Field(description="补贴项目")
    plan_id: UUID
    enterprise_id: UUID
    bureau_code: str
    state: str
    state_zh: str
    filed_on: date
    persons: int
    amount: Decimal = Field(description="核算金额（元）")


class ClaimForm(Told):
    """The annex's form as it stood when the claim was filed (LN-F-1)."""

    enterprise_name: str
    uscc: str
    legal_representative: str
    contact: str
    phone: str
    address: str
    bank_name: str
    account_name: str
    account_masked: str
    industry: str
    headcount: int | None
    revenue_wan: Decimal | None
    assets_wan: Decimal | None
    project: str
    persons: int
    occupation: str
    class_hours: int
    mode: str
    platform: str | None


class ClaimRead(ClaimSummary):
    """A claim, and which steps may follow."""

    round: int
    channel: str
    external_issuer: str | None
    external_reference: str | None
    commitments_version: str
    commitments_accepted: int
    payee: str = Field(description="补贴对象：enterprise 企业，institution 培训机构")
    class_reference: str | None
    requirements_met: bool | None = Field(description="经办人员认定符合政府补贴培训要求")
    advanced: Decimal = Field(description="已预拨金额（元）")
    to_pay: Decimal = Field(description="扣除预拨后应拨付金额（元）")
    to_recover: Decimal = Field(description="预拨超出核定金额、应退回的金额（元）")
    supersedes: UUID | None = Field(description="重新核定所取代的申请")
    sent: Decimal = Field(description="已列入批次、尚无结果的金额（元）")
    paid: Decimal = Field(description="已到账金额（元）")
    held: Decimal = Field(description="因异议暂不拨付的金额（元，A-21）")
    due: Decimal = Field(description="公示期满后现应拨付的金额（元）")
    form: ClaimForm
    remark: str | None
    possible: list[Step] = Field(description="当前可办理的步骤")


class LineRead(Told):
    """What one person brings, and why."""

    number: int
    name: str
    id_masked: str
    minutes: int = Field(description="核定学习分钟数")
    hours: int = Field(description="课时")
    gross: Decimal = Field(description="课时 × 标准（元）")
    payable: Decimal = Field(description="应补贴金额（元）")
    findings: list[FindingRead]


class AssessmentRead(Told):
    """What the law says of a claim, in full."""

    edition: str = Field(description="适用政策版本")
    assessed_on: date
    year: int = Field(description="计入补贴上限的年度（A-04）")
    completed_on: date | None = Field(description="培训完成日期")
    persons_paid: int
    amount: Decimal = Field(description="核算金额（元）")
    findings: list[FindingRead]
    lines: list[LineRead]
    missing: list[Material] = Field(default_factory=list, description="尚缺的申报材料")


class HistoryEntry(Told):
    """One act in the life of a case or of another object."""

    at: str
    business_day: date
    who: str
    role: str
    act: str
    title: str = Field(description="事项名称，供阅读", examples=["提出补贴申请"])
    details: dict[str, object]


class RequirementsFound(Given):
    """What an officer found of the requirements of government-subsidised training (DL-2.4-c)."""

    met: StrictBool = Field(description="是否符合政府补贴培训要求")
    remark: Remark = Field(description="认定依据")


class OverrideCreate(Given):
    """A decision on a rule "in principle" (原则上), for one case."""

    rule: Text = Field(description="核查规则名称，见核算结果", examples=["claimed_in_time"])
    person: int | None = Field(None, ge=1, le=100_000, description="花名册序号；为空表示整个申请")
    reason: Remark = Field(description="书面理由")
    reference: Text = Field(description="依据文号或会议纪要")


class OverrideRead(Told):
    """What an officer decided otherwise."""

    id: UUID
    round: int
    rule: str
    person: int | None
    reason: str
    reference: str
    officer_name: str
    decided_on: date
