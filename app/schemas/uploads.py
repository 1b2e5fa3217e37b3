"""What goes in and out of resumable uploads?"""

from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from pydantic import Field, model_validator

from app.policy.facts import Material
from app.schemas.words import Given, Text, Told


class UploadCreate(Given):
    """What is told of a file before its bytes come: the ``Upload-Metadata`` of tus."""

    kind: Material
    filename: Text
    plan_id: UUID | None = None
    claim_id: UUID | None = None

    @model_validator(mode="after")
    def _on_one_case(self) -> Self:
        if (self.plan_id is None) == (self.claim_id is None):
            raise ValueError("plan_id 和 claim_id 须且只须填写一个")
        return self


class UploadState(StrEnum):
    """How far an upload is."""

    RECEIVING = "receiving"
    FINISHED = "finished"


class UploadRead(Told):
    """How far an upload came, and the evidence that it became."""

    id: UUID
    kind: Material
    filename: str
    plan_id: UUID
    claim_id: UUID | None
    state: UploadState = Field(description="`receiving` 接收中，`finished` 已登记为材料")
    offset: int = Field(description="已收到的字节数，续传从此处开始")
    length: int = Field(description="文件总字节数")
    expires_at: datetime = Field(description="逾期未完成则删除已收到的内容；每次续传后顺延")
    evidence_id: UUID | None = Field(description="完成后的材料编号")


class EvidenceLimit(Told):
    """What is taken as evidence of one kind."""

    kind: Material = Field(description="材料类别")
    name: str = Field(description="类别名称")
    max_bytes: int = Field(description="单个文件的字节上限")
    media_types: tuple[str, ...] = Field(description="接受的文件类型（按内容判断，不按扩展名）")
