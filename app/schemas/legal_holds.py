"""How is a legal hold placed, lifted and told?"""

from datetime import date

from pydantic import Field

from app.schemas.words import Given, Numbered, Remark, Text


class LegalHoldCreate(Given):
    """An order to keep a case as it is."""

    reason: Remark = Field(description="封存保全原因，如审计、举报核查、诉讼")
    document: Text = Field(description="依据文书及文号")


class LegalHoldLift(Given):
    """The end of a hold."""

    reason: Remark = Field(description="解除原因")
    document: Text = Field(description="依据文书及文号")


class LegalHoldRead(Numbered):
    """One hold; it stands until it is lifted."""

    reason: str
    document: str
    placed_on: date
    placed_by_name: str = Field(description="决定封存的经办人员")
    lifted_on: date | None = Field(description="解除日期；为空表示仍在封存")
    lifted_by_name: str | None = Field(description="决定解除的经办人员，须为另一人")
    lifted_reason: str | None
    lifted_document: str | None
