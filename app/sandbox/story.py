"""What does the terminal say of the sandbox and of the case that is played in it?

Nothing is ever cut off: what does not fit is folded, also at 80 columns and in a pipe.
"""

from datetime import date
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.sandbox.accounts import ACCOUNTS
from app.sandbox.client import Refused
from app.sandbox.outcome import Outcome
from app.sandbox.play import Play

_DUTIES: Final = {
    "review": "审核", "approve": "审批", "pay": "拨付", "administer": "账户管理", "audit": "审计",
}  # fmt: skip
_PARTS: Final = ("其中 in parts", "")
_RESUME: Final = "服务照常运行；下次启动从此处接续。 The service goes on; the next start resumes."


def heading(console: Console, chinese: str, english: str) -> None:
    """Print what follows."""
    console.print()
    console.print(Text.assemble((chinese, "bold cyan"), (f"  {english}", "dim")))


def rows(console: Console, *told: tuple[str, str | Text]) -> None:
    """Print labels and texts; a long text is folded beside its label."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True, style="bold")
    grid.add_column(overflow="fold")
    for label, text in told:
        grid.add_row(Text(label), text if isinstance(text, Text) else Text(text))
    console.print(grid)


def database(console: Console, server: str, folder: Path) -> None:
    """Print where the data will be, before anything takes time."""
    heading(console, "大连市职业培训补贴经办服务 · 沙箱", "starting, a few seconds")
    rows(console, ("数据库 database", server), ("数据 data", str(folder)))


def accounts(console: Console) -> None:
    """Print who can sign in, with passwords."""
    heading(console, "沙箱账户", "Accounts: sign in with Authorize at /docs")
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for title in ("用户名 user", "密码 password"):
        table.add_column(title, no_wrap=True)
    for title in ("身份", "职责"):
        table.add_column(title, overflow="fold")
    for ready in ACCOUNTS:
        duties = " ".join(_DUTIES[duty] for duty in ready.duties)
        told = (ready.username, ready.password, ready.name, duties or "申请")
        table.add_row(*map(Text, told))
    console.print(table)


def step(console: Console, number: str, today: date, title: str, case: Play) -> None:
    """Print what a step brought: the answers in words, and the requests that changed anything."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    for width in (5, 10, 10):
        grid.add_column(no_wrap=True, min_width=width)
    grid.add_column(overflow="fold")
    first, *more = case.told or ["此前已办 done before"]
    grid.add_row(Text(f"{number:>5}"), Text(str(today)), Text(title, "bold"), Text(first))
    for told in more:
        grid.add_row("", "", "", Text(told))
    counted = dict.fromkeys(map(str, case.calls), 0)
    for call in map(str, case.calls):
        counted[call] += 1
    for call, times in counted.items():
        grid.add_row("", "", "", Text(call if times == 1 else f"{call} ×{times}", "dim"))
    console.print(grid)


def ended(console: Console, told: Outcome) -> None:
    """Print what was paid, when, to whom and on which clauses."""
    how = "Settled, in parts" if told.parts else "Paid, in full"
    heading(console, "办结", f"{how}: {told.amount} yuan")
    _told(console, told)


def in_place(console: Console, told: Outcome, sample: str) -> None:
    """Print that the case is there already."""
    heading(console, "样例已办结，不再重办", "The sample case is in place and was not played again")
    if told.sample != sample:
        other_case(console, f"此数据中已有样例 {told.sample}，未再办理 {sample}。")
    _told(console, told)


def _told(console: Console, told: Outcome) -> None:
    label = "结清 settled" if told.parts else "拨付 paid"
    rows(
        console,
        (label, Text(f"{told.amount} 元，{told.persons} 人，{told.paid_on}", "bold green")),
        *((label, part) for label, part in zip(_PARTS, told.parts, strict=False)),
        ("公示 notice", f"{told.posted_on} 至 {told.last_day}，5个工作日期满后拨付"),
        ("依据 clauses", "金额 " + " ".join(told.clauses)),
        ("", "公示 DL-4.3-g DL-4.3-h DL-4.3-i，拨付 DL-4.3-j"),
        ("条文 law", f"GET /api/v1/policy?on={told.paid_on}"),
        ("收款 payee", told.payee),
        ("文号 receipts", " ".join(told.receipts)),
    )


def other_case(console: Console, reason: str) -> None:
    """Print that one set of data holds one sample case."""
    console.print(Text(reason, "yellow"))
    rows(console, ("另办 instead", "subsidy sandbox --case FILE --data NEW_FOLDER"))


def refused(console: Console, trouble: Refused) -> None:
    """Print what the API refused, in its own words."""
    said = trouble.problem
    heading(console, "样例中断", "The play stopped: the API refused a step")
    rows(
        console,
        ("请求 request", str(trouble.call)),
        ("答复 answer", f"{said.get('title', '')}（{said.get('code', '')}）"),
        ("说明 detail", str(said.get("detail", ""))),
        ("处理 remedy", str(said.get("remedy", ""))),
    )
    console.print(Text(_RESUME, "yellow"))


def failed(console: Console, trouble: Exception) -> None:
    """Print what went wrong beside the API."""
    heading(console, "样例中断", "The play stopped")
    rows(console, ("原因 reason", f"{type(trouble).__name__}: {trouble}"))
    console.print(Text(_RESUME, "yellow"))


def serving(console: Console, base: str) -> None:
    """Print where the service is and how it is stopped; these are the last lines."""
    heading(console, "服务运行中", "Serving until Ctrl-C")
    rows(
        console,
        ("Swagger UI", f"{base}/docs"),
        ("OpenAPI", f"{base}/api/v1/openapi.json"),
        ("停止 stop", "Ctrl-C"),
    )
