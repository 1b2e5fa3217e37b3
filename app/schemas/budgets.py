"""What is told of the fund's budget of a bureau in a year?"""

from datetime import date
from decimal import Decimal

from pydantic import Field

from app.schemas.words import Given, Numbered, Text, Told, Yuan


class BudgetCreate(Given):
    """The budget of a year as a document sets it; it replaces what was in force before."""

    year: int = Field(ge=2000, le=2100, description="预算年度")
    fund: Text | None = Field(None, description="资金来源，默认为现行政策规定的资金")
    amount: Yuan = Field(description="年度预算总额（元），不是追加额")
    document: Text = Field(description="文号", examples=["大财指社〔2020〕1号"])


class BudgetRead(Numbered):
    """One budget as it was entered; in force once another officer confirmed it."""

    bureau_code: str
    year: int
    fund: str
    amount: Decimal
    document: str
    entered_by_name: str
    entered_on: date
    confirmed_by_name: str | None
    confirmed_on: date | None


class BudgetFigures(Told):
    """What of a budget is promised, paid and free; without a budget nothing is limited."""

    bureau_code: str
    year: int
    fund: str
    limited: bool = Field(description="是否已登记预算；未登记的不限额，另见 note")
    note: str | None = None
    budget: Decimal | None
    reserved: Decimal = Field(description="已审批、尚未支付")
    paid: Decimal
    free: Decimal | None
    history: list[BudgetRead] = Field(description="历次登记，最新在前")
