"""How does a batch leave for the finance side? As a workbook to be sent back, and as a bank file.

Nothing in them is ever a formula, a number cut short or a link: texts are written as texts.
"""

import io
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final, NamedTuple

import xlsxwriter

from app.policy.money import NOTHING
from app.sheets.written import table

TITLES: Final = (
    "序号", "拨付编号", "申请编号", "收款人", "开户银行", "账号", "金额（元）", "用途",
)  # fmt: skip
_TO_FILL_IN: Final = ("拨付结果", "银行回单号", "失败原因")
_WIDTHS: Final = (6, 38, 26, 36, 30, 26, 14, 34, 10, 22, 30)
_ENCODING: Final = "gb18030"
# The same batch is the same file to the byte, whenever and wherever it is written.
_CREATED: Final = datetime(2020, 1, 1)  # noqa: DTZ001  a workbook knows no zones


class Remittance(NamedTuple):
    """One line: what is transferred to whom, with the full account number."""

    payment_id: str
    claim: str
    payee: str
    bank: str
    account: str
    amount: Decimal
    purpose: str


class Head(NamedTuple):
    """What stands above the lines of a workbook."""

    receipt: str
    bureau: str
    fund: str
    made_on: str


def workbook(head: Head, lines: Sequence[Remittance]) -> bytes:
    """Return the batch as xlsx, with the columns in which its results come back."""
    file = io.BytesIO()
    safe = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, {"in_memory": True, **safe})
    book.set_properties({"created": _CREATED})
    sheet = book.add_worksheet("拨付清单")
    money = book.add_format({"num_format": "#,##0.00"})
    bold = book.add_format({"bold": True})
    for place, width in enumerate(_WIDTHS):
        sheet.set_column(place, place, width)
    told = f"拨付批次 {head.receipt}  {head.bureau}  {head.fund}  {head.made_on}"
    sheet.write_string(0, 0, told, bold)
    for place, title in enumerate((*TITLES, *_TO_FILL_IN)):
        sheet.write_string(1, place, title, bold)
    for row, line in enumerate(lines, start=2):
        sheet.write_number(row, 0, row - 1)
        texts = (line.payment_id, line.claim, line.payee, line.bank, line.account)
        for place, text in enumerate(texts, start=1):
            sheet.write_string(row, place, text)
        sheet.write_number(row, 6, line.amount, money)
        sheet.write_string(row, 7, line.purpose)
    total = sum((line.amount for line in lines), NOTHING)
    sheet.write_string(len(lines) + 2, 0, "合计", bold)
    sheet.write_number(len(lines) + 2, 6, total, money)
    book.close()
    return file.getvalue()


def bank_file(lines: Sequence[Remittance]) -> bytes:
    """Return the batch as the csv that banks read: GB18030, one line a transfer, CRLF."""
    rows = [
        (str(number), *line[:5], f"{line.amount:.2f}", line.purpose)
        for number, line in enumerate(lines, start=1)
    ]
    return table([TITLES, *rows], _ENCODING)
