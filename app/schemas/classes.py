"""What makes a class: its courses, its channel, its teachers, and who gives it?"""

from enum import StrEnum
from typing import Literal, Self

from pydantic import Field, model_validator

from app.policy.facts import Category, PlatformKind
from app.policy.kinds import Honour
from app.schemas.words import Asked, Given, Text, Told, Uscc


class Delivery(StrEnum):
    """How a course is taught (LN-1.1-c)."""

    LIVE = "live"
    RECORDED = "recorded"
    QUESTIONS = "questions_and_answers"
    TEST = "test"
    PRACTICE = "practice"
    CLASSROOM = "classroom"


class CourseCreate(Given):
    """One course of the plan."""

    name: Text = Field(description="课程名称")
    class_hours: int = Field(ge=1, le=1000, description="课时（每课时不少于45分钟）")
    category: Category = Field(description="培训内容类别（DL-2.3-b）")
    mode: Literal["online", "offline"] = Field(description="培训方式")
    delivery: Delivery = Field(description="授课形式（LN-1.1-c）")
    explanation: Asked = Field("", description="类别为 other 时说明课程内容（DL-2.3-b）")

    @model_validator(mode="after")
    def _explained(self) -> Self:
        if self.category is Category.OTHER and not self.explanation:
            raise ValueError("类别为 other 的课程须在 explanation 中说明内容")
        return self


class CommissionCreate(Given):
    """Who trains on the enterprise's behalf (DL-3.2-d)."""

    institution: Text = Field(description="受委托培训机构名称")
    uscc: Uscc | None = Field(None, description="受委托培训机构统一社会信用代码")


class TeacherCreate(Given):
    """A teacher of the plan (LN-1.1-e)."""

    name: Text = Field(description="授课教师姓名")
    honour: Honour | None = Field(None, description="所获荣誉（LN-1.1-e）")


class PlatformCreate(Given):
    """The online channel (DL-4.2-d)."""

    kind: PlatformKind = Field(description="listed 名单内平台，own 自建网站，other 其他平台")
    name: Text = Field(description="平台名称")
    address: Text = Field(description="网址、APP 或公众号", examples=["px.class.com.cn"])


class CourseRead(Told):
    """One filed course."""

    number: int
    name: str
    class_hours: int
    category: str
    mode: str
    delivery: str
    explanation: str


class TeacherRead(Told):
    """A teacher of the plan."""

    name: str
    honour: str | None
