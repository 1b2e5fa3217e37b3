"""How does the sample case go from a filed plan to a paid claim? Through public routes only."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Column

from app.sandbox import claiming, filing, outcome, story, verdict
from app.sandbox.case_sheet import SampleCase
from app.sandbox.client import Refused
from app.sandbox.outcome import Outcome
from app.sandbox.play import OtherCase, Play

STEPS: Final[tuple[tuple[str, Callable[[Play], None]], ...]] = (
    ("企业登记", filing.register),
    ("起草方案", filing.draft),
    ("导入花名册", filing.roster),
    ("提交备案", filing.submit),
    ("核验企业", filing.verify),
    ("准予开班", filing.approve_plan),
    ("学习记录", filing.learn),
    ("补贴申请", claiming.claim),
    ("审核", claiming.review),
    ("审批", claiming.approve),
    ("公示", claiming.publish),
    ("公示期内", claiming.refused_early),
    ("拨付", claiming.pay),
)
_SECONDS: Final = 120
_NAME_CELLS: Final = 12
"""The widest title and its dots: the bar must not jump."""


def play(base: str, examples: Path, sample: SampleCase, record: Path, console: Console) -> None:
    """Play the sample case to its end and tell what was decided and paid.

    A case that was played to its end before is told in short. What goes wrong is told as well and
    never raised: the service goes on serving.
    """
    try:
        with httpx.Client(base_url=base, timeout=_SECONDS, trust_env=False) as http:
            known = outcome.kept(record)
            if known is not None and outcome.in_place(known, http):
                story.in_place(console, known, sample)
                return
            case = Play(http, examples, sample)
            _play(case, console)
            _tell(case, console).keep(record)
    except Refused as refused:
        story.refused(console, refused)
    except OtherCase as other:
        story.other_case(console, str(other))
    except Exception as trouble:  # noqa: BLE001  the service goes on serving, whatever it was
        story.failed(console, trouble)


def _play(case: Play, console: Console) -> None:
    story.heading(console, "样例办理", f"The sample case {case.sample}, through the public API")
    name = TextColumn("{task.description}", table_column=Column(min_width=_NAME_CELLS))
    columns = (name, BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("样例", total=len(STEPS))
        for number, (title, step) in enumerate(STEPS, start=1):
            progress.update(task, description=f"{title} …")
            case.told.clear()
            case.calls.clear()
            step(case)
            story.step(console, f"{number}/{len(STEPS)}", case.today(), title, case)
            progress.advance(task)
        progress.update(task, description="样例办结")


def _tell(case: Play, console: Console) -> Outcome:
    desk, claim = case.desk("enterprise"), case.claim
    assessment = desk.get(f"/claims/{claim['id']}/assessment")
    notice = desk.get(f"/claims/{claim['id']}/notice")
    batch, payment = claiming.latest_payment(case.desk("cashier"), claim["id"])
    ended = _outcome(case, assessment, notice, batch, payment)
    verdict.tell(console, claim, assessment)
    story.ended(console, ended)
    return ended


def _outcome(
    case: Play,
    assessment: dict[str, Any],
    notice: dict[str, Any],
    batch: dict[str, Any],
    payment: dict[str, Any],
) -> Outcome:
    return Outcome(
        sample=case.sample,
        notice_id=notice["id"],
        claim=case.claim["receipt"],
        receipts=(
            case.plan["receipt"], case.claim["receipt"], notice["receipt"], batch["receipt"],
        ),
        persons=assessment["persons_paid"],
        amount=payment["amount"],
        clauses=verdict.clauses_of_money(assessment["lines"]),
        posted_on=notice["posted_on"],
        last_day=notice["last_day"],
        paid_on=payment["paid_on"],
        payee=f"{payment['payee']} {payment['bank_name']} {payment['account_masked']}",
    )  # fmt: skip
