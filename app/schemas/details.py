"""What is told of single people beside the roster, before training and after it?"""

from datetime import date
from typing import Self

from pydantic import Field, model_validator

from app.policy.kinds import Joined, Level, PersonCategory
from app.schemas.rosters import FaultRead
from app.schemas.words import Day, Given, Text, Told


class StartCreate(Given):
    """Why and when an employee began, or came back (DL-2.1-b)."""

    kind: Joined = Field(description="newly_hired 新招用，resumed 复工")
    on: Day = Field(description="入职或复工日期")


class ApprenticeCreate(Given):
    """The agreement of a new-type apprenticeship (DL-2.1-c)."""

    level: Level = Field(description="培养目标等级")
    starts_on: Day = Field(description="学徒培养起始日")
    ends_on: Day = Field(description="学徒培养结束日")
    agreement: Text = Field(description="培养协议编号")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends_on < self.starts_on:
            raise ValueError("学徒培养结束日早于起始日")
        return self


class PlacementCreate(Given):
    """A job taken up under work-for-training (DL-2.2-a, DL-2.2-b)."""

    category: PersonCategory = Field(
        description="hard_to_employ 就业困难人员，zero_employment_family 零就业家庭成员，"
        "poor_labourer 建档立卡贫困劳动力"
    )
    certificate: Text = Field(description="身份类别证明编号")
    issued_by: Text = Field(description="证明出具单位")
    employed_from: Day = Field(description="吸纳就业（上岗）日期")


class CertificateCreate(Given):
    """A certificate earned by the training (DL-2.1-a)."""

    level: Level = Field(description="证书等级")
    number: Text = Field(description="证书编号")
    issued_on: Day = Field(description="发证日期")


class EnrolmentDetails(Given):
    """What the filing tells of one person; absent parts are not told."""

    number: int = Field(ge=1, description="花名册序号")
    start: StartCreate | None = None
    apprentice: ApprenticeCreate | None = None
    placement: PlacementCreate | None = None


class TrainingResult(Given):
    """What one person reached by the training."""

    number: int = Field(ge=1, description="花名册序号")
    test_passed: bool | None = Field(None, description="结业考核是否合格")
    certificate: CertificateCreate | None = None


class DetailsRead(Told):
    """What is told of one person beside the roster."""

    number: int
    name: str
    id_masked: str
    start_kind: str | None
    start_on: date | None
    apprentice_level: str | None
    apprentice_starts_on: date | None
    apprentice_ends_on: date | None
    apprentice_agreement: str | None
    placement_category: str | None
    placement_certificate: str | None
    placement_issued_by: str | None
    placement_employed_from: date | None
    test_passed: bool | None
    certificate_level: str | None
    certificate_number: str | None
    certificate_issued_on: date | None


class DetailsImport(Told):
    """What became of an imported sheet of details."""

    stored: int = Field(description="新保存或有改动的人数")
    unchanged: int = Field(description="与已保存内容相同的人数")
    skipped: list[FaultRead] = Field(description="未保存的行（仅在选择只接收无误的行时）")
    ignored_columns: list[str]
    details: list[DetailsRead]
