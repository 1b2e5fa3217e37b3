"""How does the sample case go from a filed plan to a paid claim? Through public routes only."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Column

from app.sandbox import claiming, ending, filing, outcome, paying, story, verdict
from app.sandbox.case_sheet import SampleCase
from app.sandbox.client import Refused
from app.sandbox.outcome import Outcome
from app.sandbox.play import ADVANCE, CLAIM, OtherCase, Play


class Step(NamedTuple):
    """One step; it is taken if the case sheet has a *section* of this name, or a day for it."""

    title: str
    act: Callable[[Play], None]
    section: str = ""


_EVERY_STEP: Final = (
    Step("企业登记", filing.register),
    Step("起草方案", filing.draft),
    Step("导入花名册", filing.roster),
    Step("人员情况", filing.details, "人员情况"),
    Step("提交备案", filing.submit),
    Step("核验企业", filing.verify),
    Step("准予开班", filing.approve_plan),
    Step("预拨申请", claiming.advance, "预拨"),
    Step("预拨审核", partial(claiming.review, kind=ADVANCE), "预拨"),
    Step("预拨审批", partial(claiming.approve, kind=ADVANCE), "预拨"),
    Step("预拨公示", partial(paying.publish, kind=ADVANCE), "预拨"),
    Step("预拨拨付", partial(paying.pay, kind=ADVANCE), "预拨"),
    Step("学习记录", filing.learn, "学习记录"),
    Step("培训结果", filing.results, "培训结果"),
    Step("补贴申请", claiming.claim),
    Step("要求认定", claiming.find_requirements, "培训要求认定"),
    Step("审核", partial(claiming.review, kind=CLAIM)),
    Step("审批", partial(claiming.approve, kind=CLAIM)),
    Step("公示", partial(paying.publish, kind=CLAIM)),
    Step("公示期内", partial(paying.refused_early, kind=CLAIM)),
    Step("拨付", partial(paying.pay, kind=CLAIM), "补贴.拨付"),
    Step("结清", paying.settle, "补贴.结清"),
    Step("退回预拨", paying.repay, "退回预拨"),
)
_SECONDS: Final = 120
_NAME_CELLS: Final = 12
"""The widest title and its dots: the bar must not jump."""


def steps(sheet: dict[str, Any]) -> tuple[Step, ...]:
    """Return the steps that the case sheet foresees, in their order."""
    days: dict[str, Any] = sheet["日程"]
    closing = {f"补贴.{name}" for name in days["补贴"]}
    told = {"", *sheet, *days, *closing}
    return tuple(step for step in _EVERY_STEP if step.section in told)


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
    foreseen = steps(case.sheet)
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("样例", total=len(foreseen))
        for number, step in enumerate(foreseen, start=1):
            progress.update(task, description=f"{step.title} …")
            case.told.clear()
            case.calls.clear()
            step.act(case)
            story.step(console, f"{number}/{len(foreseen)}", case.today(), step.title, case)
            progress.advance(task)
        progress.update(task, description="样例办结")


def _tell(case: Play, console: Console) -> Outcome:
    assessment = case.desk("enterprise").get(f"/claims/{case.claim['id']}/assessment")
    ended = ending.of(case, assessment)
    verdict.tell(console, case.claim, assessment)
    story.ended(console, ended)
    return ended
