"""What was decided? Line by line with the clauses, as the API tells it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.sandbox import story

_MONEY: Final = frozenset(
    {
        "completed",
        "CAP_ANNUAL",
        "certificate_earned",
        "apprenticed_for_a_month",
        "employed_for_three_months",
    }
)
"""The rules that say how much a line brings: hours, certificate or months, and the yearly cap."""
_RATED: Final = "rate_in_force"
"""The rule about the claim that says by which figure, where the notices leave it to others."""
_MARKS: Final = {
    "passed": Text("通过", "green"),
    "warned": Text("提示", "yellow"),
    "failed": Text("不符", "red"),
    "no_data": Text("缺项", "yellow"),
}


def tell(console: Console, claim: dict[str, Any], assessment: dict[str, Any]) -> None:
    """Print every line with its amount and clauses, and every check with its outcome."""
    title = f"{claim['receipt']} 核定 {assessment['amount']} 元（政策版本 {assessment['edition']}）"
    story.heading(console, title, "line by line")
    console.print(_lines(assessment))
    total = f"合计 {assessment['persons_paid']} 人 {assessment['amount']} 元"
    console.print(Text(total, "bold green"))
    groups = _grouped(assessment)
    counts = Counter(finding["outcome"] for finding, _ in groups)
    told = "，".join(f"{_MARKS[outcome].plain} {n} 项" for outcome, n in counts.items())
    story.heading(console, f"核查：{told}", "every check and its clauses")
    console.print(_checks(groups))


def clauses_of_money(
    lines: Iterable[dict[str, Any]], about_claim: Iterable[dict[str, Any]] = ()
) -> tuple[str, ...]:
    """Return the clauses on which the amounts of *lines* rest, each once."""
    rests_on = [each for each in about_claim if each["rule"] == _RATED]
    rests_on += [each for line in lines for each in _basis(line)]
    return tuple(dict.fromkeys(clause for each in rests_on for clause in each["clauses"]))


def _basis(line: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        each for each in line["findings"] if each["rule"] in _MONEY or each["outcome"] != "passed"
    ]


def _lines(assessment: dict[str, Any]) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("号", justify="right", no_wrap=True)
    for title in ("姓名", "证件号码"):
        table.add_column(title, no_wrap=True)
    for title in ("分钟", "课时", "应补", "实补"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("依据", overflow="fold")
    for line in assessment["lines"]:
        cells = (line["number"], line["name"], line["id_masked"], line["minutes"], line["hours"])
        # What the notices leave open (A-numbers) stands with the checks, or a line would be three.
        clauses = " ".join(each for each in clauses_of_money([line]) if not each.startswith("A-"))
        told = (*map(str, cells), line["gross"], line["payable"], clauses)
        table.add_row(*map(Text, told))
    return table


def _grouped(assessment: dict[str, Any]) -> list[tuple[dict[str, Any], str]]:
    """Return each finding once, with what it holds for: the claim, or so many people."""
    groups = [(finding, "申请") for finding in assessment["findings"]]
    people: dict[str, list[dict[str, Any]]] = {}
    for line in assessment["lines"]:
        for finding in line["findings"]:
            key = f"{finding['rule']} {finding['outcome']} {finding['reason']}"
            people.setdefault(key, []).append(finding)
    return [*groups, *((same[0], f"{len(same)} 人") for same in people.values())]


def _checks(groups: Sequence[tuple[dict[str, Any], str]]) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("结果", no_wrap=True)
    table.add_column("对象", justify="right", no_wrap=True)
    table.add_column("事项", overflow="fold")
    table.add_column("依据", overflow="fold")
    for finding, subject in groups:
        title = finding["title"]
        if finding["outcome"] != "passed":
            title = f"{title}：{finding['reason']}{finding['remedy']}"
        clauses = Text(" ".join(finding["clauses"]))
        table.add_row(_MARKS[finding["outcome"]], Text(subject), Text(title), clauses)
    return table
