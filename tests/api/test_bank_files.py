"""Does a batch leave and come back as files, each fen, each digit and each fault in its place?"""

import csv
import hashlib
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from app.settings import Settings
from app.sheets.bank import Head, Remittance, bank_file, workbook
from tests import money
from tests.refusals import problem, refused
from tests.rows import scalar
from tests.world import World

ACCOUNT = "6222020200012345678"


async def sent(world: World) -> dict[str, Any]:
    """The sample claim is in a batch on 10 April 2020."""
    await world.published()
    await world.day("2020-04-10")
    return await money.batch(world)


async def file(world: World, made: dict[str, Any], kind: str) -> bytes:
    answer = await world.call("cashier", "GET", f"/payment-batches/{made['id']}/file.{kind}")
    assert answer.status_code == 200, answer.text
    assert hashlib.sha256(answer.content).hexdigest() == made[f"{kind}_sha256"]
    return answer.content


def contents(settings: Settings) -> list[bytes]:
    """What lies in the evidence store."""
    folder = Path(settings.evidence_url.removeprefix("file://"))
    return [each.read_bytes() for each in folder.rglob("*") if each.is_file()]


async def filled(world: World, made: dict[str, Any], *cells: object) -> bytes:
    """The downloaded workbook with result, reference and reason of its one payment filled in."""
    book = openpyxl.load_workbook(io.BytesIO(await file(world, made, "xlsx")))
    for column, cell in enumerate(cells, start=9):
        book.worksheets[0].cell(3, column).value = cell  # type: ignore[assignment]
    whole = io.BytesIO()
    book.save(whole)
    return whole.getvalue()


async def test_both_files_tell_every_payment_to_the_fen_with_whole_account_numbers(
    world: World, owner_url: str
) -> None:
    made = await sent(world)
    account = world.enterprise_body()["account_number"].replace(" ", "")
    sheet = openpyxl.load_workbook(io.BytesIO(await file(world, made, "xlsx"))).worksheets[0]
    row = [cell.value for cell in sheet[3]][:8]
    (payment,) = made["items"]
    due = Decimal(world.claim["amount"])
    assert row[1:6] == [
        payment["id"], world.claim["receipt"], payment["payee"], payment["bank_name"], account,
    ]  # fmt: skip
    assert sheet.cell(3, 6).data_type == "s", "an account number is no number"
    assert Decimal(str(row[6])) == due == Decimal(made["total"])
    assert (sheet.cell(4, 1).value, Decimal(str(sheet.cell(4, 7).value))) == ("合计", due)
    text = (await file(world, made, "csv")).decode("gb18030")
    _, line = csv.reader(io.StringIO(text))
    assert line == ["1", *row[1:6], str(due), f"职业培训补贴 {world.claim['receipt']}"]
    opened = "SELECT count(*) FROM audit_events WHERE act = 'open_file'"
    assert await scalar(owner_url, opened) == 2
    acts = await world.get("cashier", f"/payment-batches/{made['id']}/history")
    assert [each["act"] for each in acts] == [
        "payment_batches.make", "payment_batches.open_file", "payment_batches.open_file",
    ]  # fmt: skip


async def test_only_who_pays_opens_the_files_and_they_lie_sealed(
    world: World, settings: Settings
) -> None:
    made = await sent(world)
    for kind in ("xlsx", "csv"):
        path = f"/payment-batches/{made['id']}/file.{kind}"
        assert not refused(await world.call("officer1", "GET", path), 403, "duty_missing")
        assert not refused(await world.call("xigang", "GET", path), 404, "not_found")
    account = world.enterprise_body()["account_number"].replace(" ", "").encode()
    kept = contents(settings)
    assert kept
    assert not [each for each in kept if account in each]


def test_no_cell_begins_a_formula_whatever_the_payee_is_called() -> None:
    line = Remittance(
        "编号", "SQ", "=HYPERLINK(1)", " @银行", "6222020200012345678", Decimal("0.10"), "+1",
    )  # fmt: skip
    content = workbook(Head("BF", "210202", "资金", "2020-04-10"), [line])
    assert content == workbook(Head("BF", "210202", "资金", "2020-04-10"), [line])
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    assert (sheet.cell(3, 4).value, sheet.cell(3, 4).data_type) == ("=HYPERLINK(1)", "s")
    _, told = csv.reader(io.StringIO(bank_file([line]).decode("gb18030")))
    assert told[3:] == ["'=HYPERLINK(1)", "' @银行", "6222020200012345678", "0.10", "'+1"]


async def test_the_file_sent_out_comes_back_with_results_once_or_twice(
    world: World, owner_url: str
) -> None:
    made = await sent(world)
    path = f"/payment-batches/{made['id']}/results/file"
    back = await filled(world, made, "成功", "HD202004100001")
    told = await world.send("cashier", path, back, filename="results.xlsx")
    assert (told["recorded"], told["unchanged"], told["open"]) == (1, 0, 0)
    assert (told["paid"], told["failed"]) == (made["total"], "0.00")
    assert (await world.get("enterprise", f"/claims/{world.claim['id']}"))["state"] == "paid"
    again = await world.send("cashier", path, back, filename="results.xlsx")
    assert (again["recorded"], again["unchanged"]) == (0, 1)
    posted = "SELECT count(*) FROM ledger_entries WHERE kind = 'post'"
    assert await scalar(owner_url, posted) == 24
    other = await filled(world, made, "失败", None, "账号户名不符")
    answer = await world.upload("cashier", path, other, filename="results.xlsx")
    assert [row["code"] for row in problem(answer)["rows"]] == ["result_known"]


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({"拨付结果": "也许"}, ["outcome_unknown"]),
        ({"拨付结果": "失败"}, ["reason_missing"]),
        ({"拨付结果": "成功", "失败原因": "退票"}, ["reason_of_paid"]),
        ({"拨付编号": "00000000-0000-4000-8000-000000000000"}, ["payment_unknown"]),
        ({"拨付编号": "不知道"}, ["payment_unknown"]),
        ({"金额": "1.00"}, ["amount_differs"]),
        ({"金额": "1.001"}, ["amount_unreadable"]),
    ],
)
async def test_one_fault_in_a_sheet_and_nothing_is_recorded(
    world: World, change: dict[str, str], codes: list[str]
) -> None:
    made = await sent(world)
    (payment,) = made["items"]
    good = {
        "拨付编号": payment["id"], "拨付结果": "成功", "金额": payment["amount"], "失败原因": "",
    }  # fmt: skip
    text = io.StringIO()
    writer = csv.DictWriter(text, good)
    writer.writeheader()
    writer.writerow({**good, **change})
    path = f"/payment-batches/{made['id']}/results/file"
    content = text.getvalue().encode("gb18030")
    answer = await world.upload("cashier", path, content, filename="results.csv")
    assert not refused(answer, 422, "rows_unreadable")
    assert [row["code"] for row in problem(answer)["rows"]] == codes
    assert (await world.get("cashier", f"/payment-batches/{made['id']}"))["items"] == made["items"]


async def test_a_row_told_twice_is_a_fault(world: World) -> None:
    made = await sent(world)
    row = f"{made['items'][0]['id']},成功\n"
    path = f"/payment-batches/{made['id']}/results/file"
    content = f"拨付编号,拨付结果\n{row}{row}".encode()
    answer = await world.upload("cashier", path, content, filename="results.csv")
    assert [each["code"] for each in problem(answer)["rows"]] == ["payment_twice"]


async def test_a_failed_payment_is_corrected_and_paid_again_once(world: World) -> None:
    """支付失败再申请: the account is changed, verified again, and the money goes there."""
    first = await sent(world)
    await money.results(world, first, "failed")
    path = f"/enterprises/{world.enterprise['id']}"
    body = world.enterprise_body(account_number=ACCOUNT)
    answer = await world.call("enterprise", "PUT", path, json=body)
    assert answer.status_code == 200, answer.text
    claims = {"claim_ids": [world.claim["id"]]}
    answer = await world.call("cashier", "POST", "/payment-batches", json=claims)
    assert not refused(answer, 409, "enterprise_not_verified")
    await world.post("officer1", f"{path}/verify", {})
    again = await money.batch(world)
    text = (await file(world, again, "csv")).decode("gb18030")
    assert ACCOUNT in text
    twice = await world.call("cashier", "POST", "/payment-batches", json=claims)
    assert not refused(twice, 409, "wrong_state")
    await money.results(world, again)
    payments = await world.get("cashier", f"/claims/{world.claim['id']}/payments")
    assert [each["state"] for each in payments] == ["failed", "paid"]
    late = await world.call("cashier", "POST", "/payment-batches", json=claims)
    assert not refused(late, 409, "wrong_state")
    told = await world.get("cashier", "/reconciliation", year=2020)
    assert (told["balanced"], told["paid"]) == (True, again["total"])
