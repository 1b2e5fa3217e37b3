"""What does an enterprise tell when it registers, and what is answered?"""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from pydantic import Field, StrictBool, model_validator

from app.policy.facts import InsuranceLevel, LegalForm
from app.policy.kinds import Entity
from app.policy.sme import industries
from app.schemas.words import (
    AccountNumber,
    Day,
    Given,
    LongText,
    Numbered,
    Remark,
    Remarked,
    TenThousandYuan,
    Text,
    Uscc,
)


class EnterpriseCreate(Given):
    """The registration of an enterprise (LN-F-1, LN-F-c7)."""

    uscc: Uscc = Field(description="统一社会信用代码", examples=["91210202MA0TE5T08F"])
    name: Text = Field(description="企业名称")
    legal_representative: Text = Field(description="法定代表人")
    contact: Text = Field(description="联系人")
    phone: Text = Field(description="联系电话")
    address: LongText = Field(description="详细地址")
    district_code: Text = Field(description="所在地区代码，见 /api/v1/bureaus", examples=["210202"])
    legal_form: LegalForm = Field(description="企业类型")
    entity: Entity = Field(
        Entity.ENTERPRISE,
        description="单位类别：企业、合作社、扶贫车间、民办职业培训学校、技工院校（DL-2.2-b、DL-3.4-b）",
    )
    dispatch_company: StrictBool = Field(description="是否劳务派遣单位")
    industry: Text = Field(description="所属行业，见 /api/v1/industries", examples=["INDUSTRY"])
    headcount: int | None = Field(None, ge=0, le=10_000_000, description="2019年底从业人员（人）")
    revenue_wan: TenThousandYuan | None = Field(None, description="2019年营业收入（万元）")
    assets_wan: TenThousandYuan | None = Field(None, description="2019年底资产总额（万元）")
    insurance: InsuranceLevel = Field(description="失业保险缴纳层级：city 市本级，province 省本级")
    stopped_from: Day | None = Field(None, description="受疫情影响停工、恢复期起")
    stopped_to: Day | None = Field(None, description="受疫情影响停工、恢复期止")
    bank_name: Text = Field(description="基本账户开户银行")
    account_name: Text = Field(description="基本账户户名，应与企业名称一致")
    account_number: AccountNumber = Field(description="基本账户账号")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.account_name != self.name:
            raise ValueError("基本账户户名应与企业名称一致（DL-4.3-j）")
        if self.industry not in {each.code for each in industries()}:
            raise ValueError("没有这个行业代码，见 /api/v1/industries")
        if self.stopped_from and self.stopped_to and self.stopped_to < self.stopped_from:
            raise ValueError("停工、恢复期的止日早于起日")
        return self


class EnterpriseRead(Numbered):
    """An enterprise as registered; the account number is masked."""

    uscc: str
    name: str
    legal_representative: str
    contact: str
    phone: str
    address: str
    district_code: str
    bureau_code: str = Field(description="经办部门：所在地区，或省就业和人才服务中心（LN-1.2-d）")
    entity: str
    legal_form: LegalForm
    dispatch_company: bool
    industry: str
    headcount: int | None
    revenue_wan: TenThousandYuan | None
    assets_wan: TenThousandYuan | None
    insurance: InsuranceLevel
    stopped_from: date | None
    stopped_to: date | None
    bank_name: str
    account_name: str
    account_masked: str
    size: str | None = Field(description="划型结果；为空表示数据不足")
    is_sme: bool | None
    size_explained: str = Field(description="划型依据（工信部联企业〔2011〕300号）")
    state: str
    remark: Remark | None
    registered_on: date
    revision: int = Field(description="修订号，每次更正加一；核验时可填写，以确认所核验的内容")


class Acceptance(Remarked):
    """An officer accepts a registration, and may say which revision of it he looked at."""

    revision: int | None = Field(None, ge=1, description="所核验的修订号（可空）；已更正的不予核验")


class LicenceRead(Numbered):
    """A scan of the business licence."""

    filename: str
    media_type: str
    size: int
    sha256: str
    uploaded_by: UUID
    created_at: datetime
