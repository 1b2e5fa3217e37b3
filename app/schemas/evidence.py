"""What is told of an evidence file?"""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from app.policy.facts import Material, Scan
from app.schemas.words import Told


class ArchivedFile(Told):
    """One file that an archive lists."""

    name: str
    size: int = Field(description="解压后的字节数（压缩包自述）")


class ArchiveContents(Told):
    """What an archive lists; nothing of it is unpacked."""

    files: list[ArchivedFile]
    unpacked: int = Field(description="全部解压后的字节数（压缩包自述）")


class EvidenceRead(Told):
    """One file: its kind, name, size and the SHA-256 of its content."""

    id: UUID
    plan_id: UUID
    claim_id: UUID | None
    kind: Material
    filename: str
    media_type: str
    size: int = Field(description="字节数")
    sha256: str
    contents: ArchiveContents | None = Field(
        description="压缩包内的文件清单（不解压）；材料清单中不列"
    )
    note: str = Field(description="扩展名与实际内容不符时的说明，通常为空")
    created_at: datetime
    scan: Scan = Field(
        description="安全检查：`pending` 检查中，`clean` 通过，"
        "`infected` 检出恶意内容（不能下载），"
        "`unscannable` 无法检查（加密、过大等），`not_scanned` 未检查（不等于通过）。"
        "配置了检查程序时，只有 `clean` 的材料可作为申报依据。"
    )
    scan_detail: str | None = Field(description="检出的名称，或无法检查的原因")
    scanned_at: datetime | None = Field(description="检查时间")
