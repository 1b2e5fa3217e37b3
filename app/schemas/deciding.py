"""What is said and told of decisions: on lines, by signatures, of points to mend, made anew?"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Self
from uuid import UUID

from pydantic import Field, model_validator

from app.policy.kinds import Ruling
from app.schemas.evidence import EvidenceRead
from app.schemas.words import Day, Given, LongText, Reason, Remark, Text, Told, Yuan

ORDINAL = Field(ge=1, le=100_000, description="花名册序号")


class LineDecisionCreate(Given):
    """A decision on one person's line, in writing; it takes away, and never adds."""

    number: int = ORDINAL
    kind: Ruling = Field(description="exclude 剔除该人，reduce 核减，lift 撤销以前的核减")
    amount: Yuan | None = Field(None, gt=0, description="核减后最多补贴的金额（元）")
    hours: int | None = Field(None, ge=1, le=10_000, description="认定的课时，超出部分不计")
    reason: Remark = Field(description="书面理由")
    reference: Text = Field(description="依据：核查记录、文号或会议纪要")

    @model_validator(mode="after")
    def _allows_one_thing(self) -> Self:
        allowed = (self.amount is not None) + (self.hours is not None)
        if allowed != (self.kind is Ruling.REDUCE):
            raise ValueError("核减（reduce）须填写金额或课时其中一项，其他决定都不填")
        return self


class LineDecisionRead(Told):
    """What was decided on a line, with both figures; the office decided, by whose duty it tells."""

    id: UUID
    round: int
    number: int
    name: str
    id_masked: str
    kind: str
    amount: Decimal | None
    hours: int | None
    before: Decimal = Field(description="决定前的应补贴金额（元）")
    after: Decimal = Field(description="决定后的应补贴金额（元）")
    reason: str
    reference: str
    decided_by: str = Field(description="作出决定的部门和岗位")
    decided_on: date
    in_force: bool = Field(description="是否仍然有效（未被以后的决定替代或撤销）")
    carried: bool = Field(description="重新核定时沿用原申请的决定")


class SignatureRead(Told):
    """One signature: who signed which step of which round."""

    step: str
    step_zh: str
    round: int
    officer_name: str
    signed_on: date
    remark: str | None


class SignaturesRead(Told):
    """The signatures of a claim, and those that its present round still waits for."""

    given: list[SignatureRead]
    waiting: list[str] = Field(description="本轮尚待签署的环节")
    third_above: Decimal = Field(description="超过此金额（元）须会签")


class Spot(StrEnum):
    """What a point to mend is about."""

    DOCUMENT = "document"
    LINE = "line"
    FIELD = "field"
    LEARNING = "learning"


class PointCreate(Given):
    """One point to mend: what, where, and how."""

    kind: Spot = Field(description="document 材料，line 人员，field 申请表栏目，learning 学习记录")
    place: Text = Field(description="何处：材料种类、花名册序号、栏目名称或批次和行号")
    how: LongText = Field(description="如何补正")


class Return(Reason):
    """Why a claim is returned, point by point."""

    points: list[PointCreate] = Field(default_factory=list, max_length=200, description="补正事项")


class Answer(StrEnum):
    """What became of a point."""

    MENDED = "mended"
    EXPLAINED = "explained"


class PointAnswer(Given):
    """What became of one point when the claim is filed again."""

    number: int = Field(ge=1, le=200, description="补正事项序号")
    answer: Answer = Field(description="mended 已补正，explained 说明情况")
    explanation: LongText = Field(description="补正了什么，或为何不补正")


class PointRead(Told):
    """One point to mend, and what became of it."""

    round: int
    number: int
    kind: str
    place: str
    how: str
    due_on: date = Field(description="补正期限")
    overdue: bool
    answer: str | None
    explanation: str | None
    answered_on: date | None


class Change(Told):
    """One thing that differs between two rounds; what was not there is empty."""

    field: str
    title: str
    before: str | None
    after: str | None


class LineChange(Told):
    """A line that came, went, or changed."""

    number: int
    name: str
    id_masked: str
    kind: str = Field(description="added 新增，removed 减少，changed 变化")
    changes: list[Change]


class RoundChanges(Told):
    """What a resubmission changed against the round before."""

    round: int
    filed_on: date
    claim: list[Change] = Field(description="金额、人数和申请层面的核查结果")
    form: list[Change] = Field(description="申请表栏目")
    lines: list[LineChange]
    files: list[EvidenceRead] = Field(description="新提交的材料")
    points: list[PointRead] = Field(description="上一轮的补正事项及答复")


class RedetermineCreate(Given):
    """Why a decision is made anew: the objection that was upheld."""

    objection: Text = Field(description="异议（或复议、判决）的编号")
    reason: Remark = Field(description="重新核定的理由")
    lifted: list[int] = Field(
        default_factory=list, max_length=5000, description="不再沿用核减决定的花名册序号"
    )


class RedeterminationRead(Told):
    """A decision made anew, and the one whose place it takes."""

    claim_id: UUID
    receipt: str
    state: str
    amount: Decimal
    supersedes: UUID
    objection: str
    reason: str
    decided_on: date


class RemedyRead(Told):
    """One way to object."""

    code: str
    title: str
    where: str
    text: str
    last_day: Day | None = Field(description="最后一日；为空表示没有期限")
    certainty: str = Field(description="from_memory 待核对，uncertain 本地规则")
    source: str


class RemediesRead(Told):
    """What was decided, when and why, and how to object."""

    state: str
    state_zh: str
    decided_on: date | None = Field(description="决定日期；尚未决定的为空")
    office: str = Field(description="作出决定的部门")
    reason: str | None = Field(description="不予补贴的理由")
    ways: list[RemedyRead]
