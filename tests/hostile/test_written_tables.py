"""No table that the service writes holds a formula, a link or a line of somebody else's making."""

import csv
import io

import httpx
import openpyxl
import pytest
from fastapi import FastAPI

from tests import money
from tests.hostile.corpus import FORMULAS
from tests.sheets.build import EXAMPLES
from tests.world import CLAIM, FILING, World

BEGINNINGS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
TABLES = {
    ("get", "/api/v1/claims/{claim_id}/sources"),
    ("get", "/api/v1/learning-batches/{learning_batch_id}/report"),
    ("get", "/api/v1/payment-batches/{batch_id}/file.csv"),
    ("get", "/api/v1/payment-batches/{batch_id}/file.xlsx"),
    ("get", "/api/v1/reconciliation/file.csv"),
    ("post", "/api/v1/plans/{plan_id}/learning-batches/report"),
    ("post", "/api/v1/plans/{plan_id}/roster/report"),
}
ORIGINALS = {
    ("get", "/api/v1/enterprises/{enterprise_id}/licences/{licence_id}"),
    ("get", "/api/v1/evidence/{evidence_id}/content"),
    ("get", "/api/v1/objections/{objection_id}/attachments/{attachment_id}"),
}
"""Files that leave as they came."""
COURSE = "数控机床安全操作规程"


def test_every_table_that_leaves_is_known_here(app: FastAPI) -> None:
    """A new one is to be read below."""
    leaving = {
        (method, path)
        for path, methods in app.openapi()["paths"].items()
        for method, told in methods.items()
        for kind in told["responses"].get("200", {}).get("content", {})
        if kind != "application/json"
    }
    assert leaving == TABLES | ORIGINALS


@pytest.mark.parametrize("text", FORMULAS)
async def test_no_cell_of_any_table_begins_a_formula(world: World, text: str) -> None:
    """The text is the enterprise's name, its bank, the file's name and the course's."""
    await world.registered(name=text, account_name=text, bank_name=text, address=text)
    body = world.plan_body(title=text)
    body["courses"][0]["name"] = text
    world.plan = await world.post("enterprise", "/plans", body)
    plan = f"/plans/{world.plan['id']}"
    roster, export = f"{text}.xlsx", f"{text}.csv"
    await world.send("enterprise", f"{plan}/roster", (EXAMPLES / "roster.xlsx").read_bytes(),
                     filename=roster)  # fmt: skip
    reports = [
        await world.upload(
            "enterprise", f"{plan}/roster/report", (EXAMPLES / "roster.xlsx").read_bytes(),
            filename=roster,
        )
    ]  # fmt: skip
    reports.append(await _filed(world, learned(text), export))
    await _sent(world)
    batch = await money.batch(world)
    files = f"/payment-batches/{batch['id']}/file"
    (imported,) = await world.get("enterprise", f"{plan}/learning-batches")
    for who, path in (
        ("enterprise", f"/learning-batches/{imported['id']}/report"),
        ("officer1", f"/claims/{world.claim['id']}/sources"),
        ("cashier", f"{files}.xlsx"),
        ("cashier", f"{files}.csv"),
        ("cashier", "/reconciliation/file.csv"),
    ):
        reports.append(await world.call(who, "GET", path))
    assert len(reports) == len(TABLES)
    for answer in reports:
        cells = told(answer)
        assert cells
        assert not [each for each in cells if each.lstrip(" ").startswith(BEGINNINGS)]
    assert any(text in each for answer in reports for each in told(answer)), "it is there"


async def _filed(world: World, export: bytes, name: str) -> httpx.Response:
    """Go on from the roster to the claim; return the report on an export that names the course."""
    plan = f"/plans/{world.plan['id']}"
    await world.papers(FILING)
    await world.post("enterprise", f"{plan}/submit")
    await world.day("2020-03-03")
    await world.post("officer1", f"{plan}/approve", {})
    await world.day("2020-03-30")
    batches = f"{plan}/learning-batches"
    report = await world.upload("enterprise", f"{batches}/report", export, filename=name)
    await world.send("enterprise", batches, export, filename=name)
    await world.papers(CLAIM)
    world.claim = await world.post("enterprise", "/claims", await world.claim_body())
    return report


async def _sent(world: World) -> None:
    await world.day("2020-03-31")
    await world.cleared()
    await world.step("officer1", "review")
    await world.step("officer2", "approve")
    await world.day("2020-04-01")
    await world.post("officer2", f"/claims/{world.claim['id']}/notice")
    await world.day("2020-04-10")


def learned(course: str) -> bytes:
    """Return the sample export as csv, with one course under another name."""
    sheet = openpyxl.load_workbook(EXAMPLES / "learning_px_class.xlsx").worksheets[0]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for row in sheet.iter_rows(values_only=True):
        writer.writerow([course if cell == COURSE else cell for cell in row])
    return text.getvalue().encode()


def told(answer: httpx.Response) -> list[str]:
    """Return the texts of a table's cells, none of which is a formula or leads anywhere."""
    assert answer.is_success, answer.text
    if answer.content.startswith(b"PK"):
        cells = [
            cell
            for sheet in openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets
            for row in sheet.iter_rows()
            for cell in row
        ]
        assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
        # In a workbook the kind of a cell decides, not how its text begins.
        return [f"'{cell.value}" for cell in cells if cell.value is not None]
    encoding = "gb18030" if "gb18030" in answer.headers["content-type"] else "utf-8-sig"
    return [
        cell for row in csv.reader(io.StringIO(answer.content.decode(encoding))) for cell in row
    ]
