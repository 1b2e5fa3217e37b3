"""What is said of platforms, and of how they title the columns of their exports?"""

from datetime import date, datetime
from typing import Annotated, Any, Final, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, Field, StrictBool, model_validator

from app.policy.facts import PlatformKind
from app.policy.platforms import hosts_in, is_host
from app.schemas.words import Day, Given, Numbered, Remark, Text, Told

_MOST_HOSTS: Final = 20
PlatformSort = Literal["listed", "own", "other"]


def _host(text: str) -> str:
    hosts = hosts_in(text)
    if len(hosts) != 1 or not is_host(hosts[0]):
        raise ValueError("应为一个完整的网站域名，例如 px.class.com.cn")
    return hosts[0]


Host = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_host)]
Hosts = Annotated[
    list[Host],
    Field(max_length=_MOST_HOSTS, description="网站域名，不含 www.；其下级域名一并适用"),
]


class NewPlatform(Given):
    """A platform to be entered in the catalogue."""

    name: Text = Field(description="平台名称，全市唯一", examples=["某某职业技能在线"])
    kind: PlatformKind = Field(
        description="listed 名单内平台（省中心登记），own 企业自有网站，other 其他平台"
    )
    hosts: Hosts = Field(default_factory=list)
    source: Text = Field(description="出处：文号、网址或企业说明")
    enterprise_id: UUID | None = Field(None, description="自有网站所属企业；仅 own 填写")

    @model_validator(mode="after")
    def _owned(self) -> Self:
        if (self.kind is PlatformKind.OWN) != (self.enterprise_id is not None):
            raise ValueError("企业自有网站须指明企业，其他平台不填企业")
        if self.kind is PlatformKind.OWN and not self.hosts:
            raise ValueError("企业自有网站须填写域名")
        return self


class PlatformCorrection(Given):
    """The hosts of a platform, and where they are from."""

    hosts: Hosts
    source: Text = Field(description="出处")


class Examination(Given):
    """What was found of the four conditions for another platform (DL-3.2-b)."""

    in_china: StrictBool = Field(description="在中国境内")
    qualified: StrictBool = Field(description="资质合法")
    creditworthy: StrictBool = Field(description="信用良好")
    public_service: StrictBool = Field(description="提供公益服务")
    remark: Remark = Field(description="逐项核查的依据和情况")
    document: Text = Field(description="核查材料名称或文号", examples=["ICP备案截图、办学许可证"])
    valid_from: Day | None = Field(None, description="自何日起有效；空为当日")
    valid_to: Day | None = Field(None, description="有效至；空为长期")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError("有效期截止日早于起始日")
        return self


class Blocking(Given):
    """Why a platform is found unfit, and since when."""

    reason: Remark = Field(description="停用理由", examples=["学习时长造假"])
    since: Day | None = Field(
        None, description="自何日起；空为当日。培训在该日之前结束的不受影响，可填写此前的日期"
    )


class PlatformRead(Numbered):
    """A platform of the catalogue."""

    name: str
    kind: str = Field(description="listed 名单内，own 企业自有，other 其他")
    hosts: list[str]
    source: str
    enterprise_id: UUID | None
    in_china: bool | None
    qualified: bool | None
    creditworthy: bool | None
    public_service: bool | None
    examined_remark: str | None
    examined_document: str | None
    examined_on: date | None
    examined_by_name: str | None
    examined_at_bureau: str | None
    valid_from: date | None
    valid_to: date | None
    blocked_since: date | None
    blocked_reason: str | None
    blocked_by_name: str | None
    blocked_at_bureau: str | None


class PlatformEventRead(Told):
    """One step in the life of a platform's entry."""

    act: str = Field(
        description="enter 登记，correct 更正域名，examine 核查，block 停用，unblock 恢复"
    )
    business_day: date
    bureau_code: str
    officer_name: str
    details: dict[str, Any]
    created_at: datetime


class PlatformHistory(PlatformRead):
    """A platform with everything that was decided of it, oldest first."""

    history: list[PlatformEventRead]


class ColumnRead(Numbered):
    """A title of a platform's export and the field it means."""

    platform_name: str
    enterprise_id: UUID | None = Field(description="空为经办部门所记，该平台的企业均适用")
    bureau_code: str
    title: str = Field(validation_alias="written", description="平台列名")
    field: str
    unit: Literal["seconds", "minutes", "hours"] | None
    taught_by_name: str
    taught_on: date
    removed_on: date | None
