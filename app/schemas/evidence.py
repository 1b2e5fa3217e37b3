"""What is told of an evidence file?"""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from app.policy.facts import Material
from app.schemas.words import Told


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
    created_at: datetime
