"""What comes back of an advance?"""

from datetime import date
from decimal import Decimal

from pydantic import Field

from app.schemas.words import Given, Numbered, Text


class Repaid(Given):
    """The return of a demanded amount."""

    bank_reference: Text = Field(description="银行回单号")


class RecoveryRead(Numbered):
    """An amount that is demanded back (DL-2.1-c, A-15)."""

    receipt: str = Field(description="退款通知编号")
    amount: Decimal = Field(description="应退回金额（元）")
    state: str = Field(description="demanded 待退回，repaid 已退回")
    demanded_on: date
    repaid_on: date | None
    bank_reference: str | None
