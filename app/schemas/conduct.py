"""How was a class carried out: what did officers order and find, and where did it deviate?"""

from datetime import date

from pydantic import Field

from app.schemas.findings import FindingRead
from app.schemas.words import Day, Given, LongText, Numbered, Remark, Text, Told


class SuspensionCreate(Given):
    """An officer's order to suspend a class (DL-1-c)."""

    from_day: Day | None = Field(None, description="暂停的第一日，默认为业务日期")
    reason: Remark = Field(description="暂停原因")


class Resumption(Given):
    """The end of a suspension."""

    to_day: Day = Field(description="暂停的最后一日，次日起恢复培训")
    remark: Remark = Field(description="恢复依据")


class SuspensionRead(Numbered):
    """Days on which nothing that is learned counts."""

    from_day: date
    to_day: date | None = Field(description="暂停的最后一日；为空表示仍在暂停")
    reason: str
    suspended_by_name: str = Field(description="决定暂停的经办人员")
    remark: str | None
    resumed_by_name: str | None = Field(description="决定恢复的经办人员")


class EvaluationCreate(Given):
    """What was found of the training afterwards (DL-5.2-b)."""

    made_on: Day = Field(description="评估日期")
    made_by: Text = Field(description="评估单位或人员")
    result: LongText = Field(description="评估结果")


class EvaluationRead(Told):
    """Whether the office asked for the evaluation, and what it found."""

    due: bool = Field(description="经办部门是否要求评估")
    asked_on: date | None = Field(description="提出要求的日期")
    made_on: date | None = Field(description="评估日期；为空表示尚未登记评估")
    made_by: str | None
    result: str | None


class CourseHeld(Told):
    """One filed course against what was learned of it."""

    number: int
    name: str
    mode: str
    filed_hours: int = Field(description="备案课时")
    taught_hours: int = Field(description="实际开展课时：学得最多的人员的课时")
    persons: int = Field(description="有学习记录可以认定的人数")
    persons_reached: int = Field(description="学满备案课时的人数")


class PersonHeld(Told):
    """One enrolled person against what he learned."""

    number: int
    name: str
    id_masked: str
    filed_hours: int = Field(description="备案课时")
    learned_hours: int = Field(description="实际课时")
    minutes: int = Field(description="核定学习分钟数")
    first_day: date | None
    last_day: date | None


class DeviationsRead(Told):
    """The filed plan against what was held (LN-1.2-b), for the officer who reviews the claim."""

    starts_on: date = Field(description="备案开始日期")
    ends_on: date = Field(description="备案结束日期")
    first_day: date | None = Field(description="实际第一次学习日期")
    last_day: date | None = Field(description="实际最后一次学习日期")
    findings: list[FindingRead] = Field(description="课程、日期、人员、课时与方案是否一致")
    courses: list[CourseHeld]
    persons: list[PersonHeld]
