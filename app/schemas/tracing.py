"""What leads from a paid yuan back to the session rows and the file they came from?"""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from pydantic import Field

from app.schemas.findings import FindingRead
from app.schemas.words import Told


class SignatureRead(Told):
    """One officer's signature under the decision."""

    step: str = Field(description="review 审核、approve 审批、pay 拨付、keyed_in 录入")
    officer_name: str
    signed_on: date


class NoticeOfClaim(Told):
    """Where the decision was published."""

    id: UUID
    receipt: str
    posted_on: date
    last_day: date
    sha256: str


class PaymentOfClaim(Told):
    """One payment of the claim, failed ones included."""

    id: UUID
    batch_id: UUID
    batch_receipt: str | None = Field(description="拨付批次号（企业不可见）")
    amount: Decimal
    state: str
    paid_on: date | None
    failure: str | None
    bank_reference: str | None = Field(description="银行回单号")


class ClaimBehind(Told):
    """The claim a line belongs to: what was decided, signed, published and paid."""

    id: UUID
    receipt: str
    kind: str
    measure: str
    measure_zh: str
    state: str
    state_zh: str
    plan_id: UUID
    enterprise_id: UUID
    amount: Decimal = Field(description="核定金额（元），等于各人应补贴金额之和")
    advanced: Decimal
    to_pay: Decimal = Field(description="扣除预拨后应拨付金额（元）")
    signatures: list[SignatureRead]
    notice: NoticeOfClaim | None
    payments: list[PaymentOfClaim]


class LineDecided(Told):
    """What was decided of one person, and by which clauses."""

    assessment_id: UUID
    assessment_number: int = Field(description="第几次核算")
    round: int
    edition: str = Field(description="适用政策版本")
    assessed_on: date
    completed_on: date | None
    minutes: int
    hours: int
    gross: Decimal = Field(description="课时 × 标准（元）")
    payable: Decimal = Field(description="应补贴金额（元）")
    clauses: list[str] = Field(description="金额所依据的条款")
    findings: list[FindingRead] = Field(description="逐项核查结果及其条款")


class CourseTotal(Told):
    """What the sessions of one course add up to, in seconds."""

    number: int
    name: str
    sessions: int
    own_seconds: int = Field(description="各次学习合计（重叠部分只计一次）")
    filed_seconds: int = Field(description="备案课时折合")
    counted_seconds: int = Field(description="计入")
    class_hours: int | None = Field(description="逐次折算的课时；为空表示各课程合计后折算")


class Figures(Told):
    """A session in the figures that the law reads."""

    course_number: int
    started_at: datetime
    ended_at: datetime
    stated_seconds: int


class SessionSource(Told):
    """One session of the decision and the row it was read from."""

    course_number: int
    course: str
    day: date
    started_at: datetime
    ended_at: datetime
    stated_seconds: int = Field(description="记录所载学习时长")
    own_seconds: int = Field(description="除去与其他学习重叠的部分后")
    counted_seconds: int = Field(description="计入学时的秒数")
    reasons: list[FindingRead] = Field(description="少计或不计的原因")
    beyond_filed: bool = Field(description="有超出该课程备案课时、因而不计的部分（DL-2.3-e）")
    record_id: int | None = Field(description="学习记录编号")
    batch_id: UUID | None = Field(description="导入批次，见 files")
    row: int | None = Field(description="原文件中的行号")
    filename: str | None
    key: str | None = Field(description="平台直接推送的记录，其在平台上的编号")
    difference: str | None = Field(
        description="空表示记录与决定所依据的一致；altered 记录已被改动，missing 记录已不存在，"
        "added 记录不在决定之内"
    )
    now: Figures | None = Field(description="记录被改动时，其现在的内容")


class FileBehind(Told):
    """One imported file: where it came from and where to open it."""

    batch_id: UUID
    filename: str
    sha256: str = Field(description="原文件的 SHA-256")
    evidence_id: UUID | None = Field(description="原文件，见 /api/v1/evidence/{id}/content")
    platform_id: UUID | None = Field(description="由平台直接推送的，为该平台；否则为空")
    rows: int
    replaced_by: UUID | None = Field(description="此后更正该批次的批次")
    imported_by: str = Field(description="导入人员")
    imported_at: datetime
    business_day: date | None


class LineSources(Told):
    """From one person's yuan to the rows and files: one line of a claim, traced."""

    claim: ClaimBehind
    number: int
    name: str
    id_masked: str
    decided: LineDecided
    arithmetic: list[str] = Field(description="计算过程，可逐步手工核对")
    courses: list[CourseTotal]
    sessions: list[SessionSource]
    files: list[FileBehind]
    intact: bool = Field(description="决定、其依据和学习记录三者一致")
    differences: list[str] = Field(description="不一致之处，逐条列明")


class LineBrief(Told):
    """One person's part of a payment."""

    number: int
    name: str
    id_masked: str
    hours: int
    payable: Decimal
    sources: str = Field(description="逐次追溯的地址")


class PaymentSources(Told):
    """From one payment to the persons it was paid for."""

    payment: PaymentOfClaim
    claim: ClaimBehind
    arithmetic: list[str]
    lines: list[LineBrief]
