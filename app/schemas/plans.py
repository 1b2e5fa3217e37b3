"""What does a filing tell before training, and what is answered?"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator

from app.policy.facts import Mode
from app.policy.measures import MEASURES, hourly_sme, is_a_class
from app.policy.procedure import PlanState
from app.schemas.classes import (
    CommissionCreate,
    CourseCreate,
    CourseRead,
    PlatformCreate,
    TeacherCreate,
    TeacherRead,
)
from app.schemas.words import (
    Day,
    External,
    Given,
    LongText,
    Numbered,
    Step,
    Text,
    Yuan,
)


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


def _known(code: str) -> str:
    if code not in MEASURES:
        raise ValueError("没有这个补贴项目，见 /api/v1/policy/measures")
    return code


Measure = Annotated[str, AfterValidator(_known), Field(json_schema_extra={"enum": [*MEASURES]})]
"""The code of a measure; which there are is the law's to say."""

PlanStanding = PlanState
"""Where a plan stands, as a list may be asked for it."""


class PlanCreate(Given):
    """A training plan (DL-4.2-c, LN-1.2-a); officers who key in paper name the enterprise."""

    enterprise_id: UUID | None = Field(None, description="仅经办人员录入纸质材料时填写")
    channel: Channel = Field(Channel.INTERNET, description="收件方式")
    received_on: Day | None = Field(None, description="纸质材料收件日期")
    external: External | None = Field(None, description="外部系统备案编号")
    measure: Measure = Field(
        hourly_sme.MEASURE.code, description="补贴项目，见 /api/v1/policy/measures"
    )
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
    courses: list[CourseCreate] = Field(max_length=50, description="课程；以工代训可为空")
    tested: bool = Field(False, description="结业是否考核（A-13）")  # noqa: FBT003  pydantic's default
    commission: CommissionCreate | None = Field(None, description="委托培训机构（DL-3.2-d）")
    teachers: list[TeacherCreate] = Field(
        default_factory=list, max_length=100, description="授课教师（LN-1.1-e）"
    )
    class_reference: Text | None = Field(
        None, description="原办理程序中的班级编号（DL-4.4-a）或订单协议编号（DL-2.4-c）"
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.ends_on < self.starts_on:
            raise ValueError("结束日期早于开始日期")
        names = [course.name for course in self.courses]
        if len(set(names)) != len(names):
            raise ValueError("课程名称重复")
        taught = {Mode(course.mode) for course in self.courses}
        if not self.courses and not is_a_class(self.measure):
            return self
        if not self.courses:
            raise ValueError("请填写培训课程")
        if taught != ({self.mode} if self.mode is not Mode.MIXED else {Mode.ONLINE, Mode.OFFLINE}):
            raise ValueError("课程的培训方式与培训方案不一致")
        return self


class PlanSummary(Numbered):
    """A plan in a list."""

    receipt: str = Field(description="备案受理号")
    enterprise_id: UUID
    bureau_code: str
    state: str
    state_zh: str
    measure: str
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
    tested: bool
    commission_institution: str | None
    commission_uscc: str | None
    class_reference: str | None
    teachers: list[TeacherRead]
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
