"""How does the sample case go from a filed plan to a paid claim? Through public routes only.

Every step first asks the API whether it was done already, so a play that was cut short is resumed,
and one that was finished is not repeated.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from app.sandbox import case_sheet
from app.sandbox.client import Desk, Refused
from app.sandbox.story import tell

_FILING: Final = {
    "licence": "licence.jpg",
    "sme_proof": "sme_proof.pdf",
    "teaching_plan": "teaching_plan.pdf",
    "platform_screenshot": "platform_screenshot.png",
    "account_proof": "account_proof.pdf",
    "dispatch_agreement": "dispatch_agreement.pdf",
}
_CLAIM: Final = {
    "application_form": "application_form.pdf",
    "sign_in_registration": "signin_registration.pdf",
    "cumulative_hours": "cumulative_hours.png",
    "training_record": "training_record.pdf",
}
_APPROVED, _CLAIMED, _DECIDED = date(2020, 3, 3), date(2020, 3, 30), date(2020, 3, 31)
_POSTED, _LAST_DAY, _PAID = date(2020, 4, 1), date(2020, 4, 9), date(2020, 4, 10)
_WAIT_SECONDS: Final = 30


@dataclass(slots=True)
class Play:
    """The case as far as it has come; ``told`` collects what the API returned."""

    http: httpx.Client
    examples: Path
    desks: dict[str, Desk] = field(default_factory=dict)
    enterprise: dict[str, Any] = field(default_factory=dict)
    plan: dict[str, Any] = field(default_factory=dict)
    claim: dict[str, Any] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)

    def desk(self, username: str) -> Desk:
        """Return the desk of an account, signed in when it is first needed."""
        if username not in self.desks:
            self.desks[username] = Desk(self.http, username)
        return self.desks[username]

    def day(self, to: date) -> None:
        """Let the business clock go on to *to*, unless it is later already."""
        public = Desk(self.http)
        if date.fromisoformat(public.get("/sandbox/clock")["today"]) < to:
            public.post("/sandbox/clock", {"today": to.isoformat()})


def play(base: str, examples: Path, console: Console) -> None:
    """Play the sample case to its end and print what was decided and paid."""
    with httpx.Client(base_url=base, timeout=60) as http:
        _await_service(http)
        case = Play(http, examples)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, console=console) as progress:
            task = progress.add_task("样例", total=len(_STEPS))
            for title, step in _STEPS:
                progress.update(task, description=title)
                step(case)
                for line in case.told:
                    progress.console.print(line)
                case.told.clear()
                progress.advance(task)
        tell(console, case.desk("enterprise"), case.claim)


def _register(case: Play) -> None:
    known = case.desk("enterprise").get("/enterprises")["items"]
    if known:
        case.enterprise = known[0]
        return
    sheet = case_sheet.read_sheet(case.examples / "plan.json")
    districts = {each["name"]: each["code"] for each in Desk(case.http).get("/bureaus")}
    district = next(code for name, code in districts.items() if sheet["企业"]["所在地区"] in name)
    body = case_sheet.enterprise(sheet, district)
    case.enterprise = case.desk("enterprise").post("/enterprises", body)
    case.told.append(f"企业登记 {case.enterprise['name']}：{case.enterprise['size_explained']}")


def _draft(case: Play) -> None:
    known = case.desk("enterprise").get("/plans")["items"]
    if known:
        case.plan = known[-1]
        return
    sheet = case_sheet.read_sheet(case.examples / "plan.json")
    case.plan = case.desk("enterprise").post("/plans", case_sheet.plan(sheet))
    case.told.append(f"起草培训方案 {case.plan['receipt']}")


def _roster(case: Play) -> None:
    if case.plan["state"] != "draft":
        return
    answer = case.desk("enterprise").send(
        f"/plans/{case.plan['id']}/roster", case.examples / "roster.xlsx"
    )
    case.told.append(f"导入花名册 {answer['stored']} 人")


def _upload(case: Play, files: dict[str, str]) -> None:
    path, desk = f"/plans/{case.plan['id']}/evidence", case.desk("enterprise")
    known = {(each["kind"], each["filename"]) for each in desk.get(path)}
    for kind, name in files.items():
        if (kind, name) not in known:
            desk.send(path, case.examples / name, kind=kind)


def _submit(case: Play) -> None:
    _upload(case, _FILING)
    if case.plan["state"] == "draft":
        case.plan = case.desk("enterprise").post(f"/plans/{case.plan['id']}/submit")
        case.told.append(f"提交备案 {case.plan['submitted_on']}：{case.plan['state_zh']}")


def _verify(case: Play) -> None:
    case.day(_APPROVED)
    if case.enterprise["state"] == "registered":
        path = f"/enterprises/{case.enterprise['id']}/verify"
        case.enterprise = case.desk("officer1").post(path, {"remark": "证照齐全"})
        case.told.append(f"核验企业登记：{case.enterprise['state']}")


def _approve_plan(case: Play) -> None:
    if case.plan["state"] == "submitted":
        path = f"/plans/{case.plan['id']}/approve"
        case.plan = case.desk("officer1").post(path, {"remark": "同意开班"})
        case.told.append(f"准予开班 {case.plan['approved_on']}")


def _learn(case: Play) -> None:
    case.day(_CLAIMED)
    path, desk = f"/plans/{case.plan['id']}/learning-batches", case.desk("enterprise")
    if not desk.get(path):
        answer = desk.send(path, case.examples / "learning_px_class.xlsx")
        case.told.append(f"导入学习记录 {answer['stored']} 条")


def _claim(case: Play) -> None:
    desk = case.desk("enterprise")
    known = [each for each in desk.get("/claims")["items"] if each["plan_id"] == case.plan["id"]]
    if known:
        case.claim = desk.get(f"/claims/{known[0]['id']}")
        return
    _upload(case, _CLAIM)
    numbers = [each["number"] for each in desk.get(f"/plans/{case.plan['id']}/trainees")]
    trial = desk.post(f"/plans/{case.plan['id']}/assess", {"still_employed": numbers})
    case.told.append(f"试算 {trial['persons_paid']} 人 {trial['amount']} 元")
    word = desk.get("/policy/commitments")
    accepted = list(range(1, len(word["items"]) + 1))
    body = {
        "plan_id": case.plan["id"],
        "still_employed": numbers,
        "commitments": {"version": word["version"], "accepted": accepted},
    }
    case.claim = desk.post("/claims", body)
    case.told.append(f"提出申请 {case.claim['receipt']}：{case.claim['amount']} 元")


def _step(case: Play, state: str, username: str, name: str) -> None:
    if case.claim["state"] == state:
        path = f"/claims/{case.claim['id']}/{name}"
        case.claim = case.desk(username).post(path, {"remark": "核对无误"})
        case.told.append(f"{case.claim['state_zh']}（{username}）")


def _review(case: Play) -> None:
    case.day(_DECIDED)
    _step(case, "filed", "officer1", "review")


def _approve(case: Play) -> None:
    _step(case, "reviewed", "officer2", "approve")


def _publish(case: Play) -> None:
    case.day(_POSTED)
    if case.claim["state"] == "approved":
        notice = case.desk("officer2").post(f"/claims/{case.claim['id']}/notice")
        case.claim["state"] = "published"
        case.told.append(f"公示 {notice['receipt']}，截止 {notice['last_day']}")


def _refused_early(case: Play) -> None:
    if case.claim["state"] != "published":
        return
    case.day(_LAST_DAY)
    try:
        case.desk("cashier").post("/payment-batches", {"claim_ids": [case.claim["id"]]})
    except Refused as refused:
        case.told.append(f"公示期内拨付被拒：{refused}")


def _pay(case: Play) -> None:
    case.day(_PAID)
    desk = case.desk("cashier")
    if case.claim["state"] == "published":
        batch = desk.post("/payment-batches", {"claim_ids": [case.claim["id"]]})
        case.claim["state"] = "paying"
        case.told.append(f"编制拨付批次 {batch['receipt']}：合计 {batch['total']} 元")
    if case.claim["state"] == "paying":
        batch = desk.get(f"/payment-batches/{desk.get('/payment-batches')['items'][0]['id']}")
        results = [
            {"payment_id": each["id"], "outcome": "paid", "bank_reference": "HD20200410001"}
            for each in batch["items"]
        ]
        desk.post(f"/payment-batches/{batch['id']}/results", {"results": results})
    case.claim = case.desk("enterprise").get(f"/claims/{case.claim['id']}")


_STEPS: Final[tuple[tuple[str, Callable[[Play], None]], ...]] = (
    ("企业登记", _register),
    ("起草培训方案", _draft),
    ("导入花名册", _roster),
    ("提交备案", _submit),
    ("核验企业", _verify),
    ("备案审核", _approve_plan),
    ("学习记录", _learn),
    ("补贴申请", _claim),
    ("审核", _review),
    ("审批", _approve),
    ("公示", _publish),
    ("公示期内", _refused_early),
    ("拨付", _pay),
)


def _await_service(http: httpx.Client) -> None:
    """Wait until the service answers, or give up after half a minute."""
    deadline = time.monotonic() + _WAIT_SECONDS
    while True:
        try:
            http.get("/api/v1/health").raise_for_status()
        except httpx.HTTPError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return
