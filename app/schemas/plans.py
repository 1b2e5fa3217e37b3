"""What does a filing tell before training, and what is answered?"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from app.policy.facts import Category, Employment, Mode, PlatformKind
from app.policy.procedure import PlanState
from app.schemas.words import Day, External, Given, LongText, Numbered, Step, Text, Told, Yuan


class Channel(StrEnum):
    """How a filing reached the bureau (DL-4.2-a)."""

    INTERNET = "internet"
    FAX = "fax"
    POST = "post"


class TrainingForm(StrEnum):
    """How training is organised beside work (DL-3.2-d)."""

    OFF_THE_JOB = "off_the_job"
    SPARE_TIME = "spare_time"
    WORK_FOR_TRAINING = "work_for_training"
    WHILE_PRODUCING = "while_producing"


class Delivery(StrEnum):
    """How a course is taught (LN-1.1-c)."""

    LIVE = "live"
    RECORDED = "recorded"
    QUESTIONS = "questions_and_answers"
    TEST = "test"
    PRACTICE = "practice"
    CLASSROOM = "classroom"


PlanStanding = PlanState
"""Where a plan stands, as a list may be asked for it."""


class CourseCreate(Given):
    """One course of the plan."""

    name: Text = Field(description="课程名称")
    class_hours: int = Field(ge=1, le=1000, description="课时（每课时不少于45分钟）")
    category: Category = Field(description="培训内容类别（DL-2.3-b）")
    mode: Literal["online", "offline"] = Field(description="培训方式")
    delivery: Delivery = Field(description="授课形式（LN-1.1-c）")


class PlatformCreate(Given):
    """The online channel (DL-4.2-d)."""

    kind: PlatformKind = Field(description="listed 名单内平台，own 自建网站，other 其他平台")
    name: Text = Field(description="平台名称")
    address: Text = Field(description="网址、APP 或公众号", examples=["px.class.com.cn"])


class PlanCreate(Given):
    """A training plan (DL-4.2-c, LN-1.2-a); officers who key in paper name the enterprise."""

    enterprise_id: UUID | None = Field(None, description="仅经办人员录入纸质材料时填写")
    channel: Channel = Field(Channel.INTERNET, description="收件方式")
    received_on: Day | None = Field(None, description="纸质材料收件日期")
    external: External | None = Field(None, description="外部系统备案编号")
    title: Text = Field(description="培训项目名称")
    occupation: Text = Field(description="职业（工种）")
    level: Text = Field(description="等级")
    main_business: LongText = Field(description="与企业主营业务的关系（DL-2.3-a）")
    mode: Mode = Field(description="培训方式")
    form: TrainingForm = Field(description="组织形式（DL-3.2-d）")
    converted_from_offline: bool = Field(False, description="是否由原线下培训转为线上（DL-3.5-a）")  # noqa: FBT003
    starts_on: Day = Field(description="开始日期")
    ends_on: Day = Field(description="结束日期")
    cost: Yuan = Field(description="培训成本（元）")
    platform: PlatformCreate | None = Field(None, description="线上培训必填（DL-4.2-d）")
    courses: list[CourseCreate] = Field(min_length=1, max_length=50, description="课程")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.ends_on < self.starts_on:
            raise ValueError("结束日期早于开始日期")
        names = [course.name for course in self.courses]
        if len(set(names)) != len(names):
            raise ValueError("课程名称重复")
        taught = {Mode(course.mode) for course in self.courses}
        if taught != ({self.mode} if self.mode is not Mode.MIXED else {Mode.ONLINE, Mode.OFFLINE}):
            raise ValueError("课程的培训方式与培训方案不一致")
        return self


class CourseRead(Told):
    """One filed course."""

    number: int
    name: str
    class_hours: int
    category: str
    mode: str
    delivery: str


class PlanSummary(Numbered):
    """A plan in a list."""

    receipt: str = Field(description="备案受理号")
    enterprise_id: UUID
    bureau_code: str
    state: str
    state_zh: str
    title: str
    starts_on: date
    ends_on: date


class PlanRead(PlanSummary):
    """A plan as filed, and which steps may follow."""

    round: int
    channel: str
    received_on: date
    external_issuer: str | None
    external_reference: str | None
    occupation: str
    level: str
    main_business: str
    mode: str
    form: str
    converted_from_offline: bool
    cost: Decimal
    platform_kind: str | None
    platform_name: str | None
    platform_address: str | None
    platform_conditions_met: bool | None
    submitted_on: date | None
    approved_on: date | None
    remark: str | None
    trainees: int
    courses: list[CourseRead]
    possible: list[Step] = Field(description="当前可办理的步骤")


class PlanApproval(Given):
    """The officer's acceptance of a filing."""

    platform_conditions_met: bool | None = Field(
        None, description="自选平台四项条件核查结果（DL-3.2-b）；名单内平台无需填写"
    )
    remark: LongText | None = Field(None, description="审核意见")


class TraineeRead(Told):
    """One person on the roster; the ID is masked."""

    number: int
    id: UUID
    name: str
    id_masked: str
    post: str
    employment: Employment
    dispatch_company: str
    dispatch_uscc: str
    frontline: bool | None
    hired_on: date | None


class FaultRead(Told):
    """One cell that cannot be read."""

    row: int = Field(description="表格行号")
    column: str
    field: str
    value: str = Field(description="单元格内容（证件号码已遮挡）")
    code: str
    reason: str
    remedy: str


class RosterImport(Told):
    """What became of an imported roster."""

    stored: int = Field(description="已保存人数")
    skipped: list[FaultRead] = Field(description="未保存的行（仅在选择只接收无误的行时）")
    ignored_columns: list[str]
    trainees: list[TraineeRead]
