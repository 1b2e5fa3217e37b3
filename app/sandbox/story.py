"""What was decided and paid? Line by line with the clauses, as the API tells it."""

from typing import Any

from rich.console import Console
from rich.table import Table

from app.sandbox.client import Desk


def tell(console: Console, desk: Desk, claim: dict[str, Any]) -> None:
    """Print the claim's lines, findings, notice and payment as the API returned them."""
    assessment = desk.get(f"/claims/{claim['id']}/assessment")
    console.print(_lines(claim, assessment))
    shared = assessment["lines"][0]["findings"] if assessment["lines"] else []
    console.print("[bold]每一行的核查依据（第1行）：[/bold]")
    for finding in [*assessment["findings"], *shared]:
        clauses = "、".join(finding["clauses"])
        console.print(f"  {finding['outcome']:8} {finding['title']}（{clauses}）")
    notice = desk.get(f"/claims/{claim['id']}/notice")
    console.print(f"公示 {notice['receipt']}：{notice['posted_on']} 至 {notice['last_day']}")
    for payment in desk.get(f"/claims/{claim['id']}/payments"):
        console.print(
            f"拨付 {payment['amount']} 元 → {payment['payee']} {payment['bank_name']}"
            f" {payment['account_masked']}：{payment['state']} {payment['paid_on'] or ''}"
        )
    console.print(f"[bold green]{claim['receipt']} {claim['state_zh']}：{claim['amount']} 元[/]")


def _lines(claim: dict[str, Any], assessment: dict[str, Any]) -> Table:
    title = f"{claim['receipt']} 核算结果（政策版本 {assessment['edition']}）"
    table = Table(title=title, show_footer=True)
    table.add_column("序号", "合计")
    table.add_column("姓名")
    table.add_column("证件号码")
    table.add_column("分钟", justify="right")
    table.add_column("课时", justify="right")
    table.add_column("应发（元）", justify="right")
    table.add_column("实补（元）", assessment["amount"], justify="right")
    table.add_column("金额依据")
    for line in assessment["lines"]:
        basis = [each for each in line["findings"] if each["rule"] in {"completed", "CAP_ANNUAL"}]
        clauses = "、".join(dict.fromkeys(clause for each in basis for clause in each["clauses"]))
        table.add_row(
            str(line["number"]), line["name"], line["id_masked"], str(line["minutes"]),
            str(line["hours"]), line["gross"], line["payable"], clauses,
        )  # fmt: skip
    return table
