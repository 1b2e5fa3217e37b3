"""Who stands on a roster, and which of its cells cannot be read?"""

from datetime import date
from uuid import UUID

from pydantic import Field

from app.policy.facts import Employment
from app.schemas.words import Told


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

    dry_run: bool = Field(description="是否试导入：同样的结果，不保存任何内容")
    stored: int = Field(description="已保存人数（试导入时为将保存的人数）")
    skipped: list[FaultRead] = Field(description="未保存的行（仅在选择只接收无误的行时）")
    ignored_columns: list[str]
    trainees: list[TraineeRead]
