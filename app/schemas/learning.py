"""What does an import of learning records answer?"""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from app.schemas.findings import FindingRead
from app.schemas.rosters import FaultRead
from app.schemas.words import Told


class RowFinding(Told):
    """Why a stored row counts nothing or less."""

    row: int = Field(description="表格行号")
    name: str
    id_masked: str
    findings: list[FindingRead]


class LearningImport(Told):
    """What became of an imported export."""

    batch_id: UUID | None = Field(description="导入批次；试导入时为空")
    dry_run: bool = Field(description="是否试导入：同样的结果，不保存任何内容")
    stored: int = Field(description="已保存的学习记录条数（试导入时为将保存的条数）")
    rows_with_findings: int
    findings: list[RowFinding] = Field(description="已保存但不计或少计学时的行")
    skipped: list[FaultRead] = Field(description="未保存的行（仅在选择只接收无误的行时）")
    ignored_columns: list[str]
    columns: dict[str, str] = Field(description="各字段所取的列（字段：表头）")


class LearningBatchRead(Told):
    """One batch of records: an imported export, or what a platform pushed in one call."""

    id: UUID
    source: Literal["file", "push"] = Field(description="file 导入的文件；push 平台推送")
    filename: str
    sha256: str
    rows: int
    rows_with_findings: int
    replaced_by: UUID | None
    created_at: datetime


class LearningRecordRead(Told):
    """One session as the export states it."""

    id: int
    batch_id: UUID
    row: int
    key: str | None = Field(description="平台推送的记录在平台内的编号")
    trainee_number: int | None
    name: str
    id_masked: str
    course: str
    started_at: datetime
    ended_at: datetime
    stated_seconds: int
    device: str
    address: str
    finding: str | None


class PersonProgress(Told):
    """What one person has learned so far."""

    number: int
    name: str
    id_masked: str
    minutes: int = Field(description="核定学习分钟数")
    class_hours: int = Field(description="折合课时")
    filed_hours: int = Field(description="备案课时")
    completed: bool
    first_day: str | None
    last_day: str | None
