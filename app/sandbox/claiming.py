"""How does the sample case apply for money, in advance and at the end, and how is it decided?

As in filing, each step asks the API first what is done.
"""

from typing import Any, Final

from app.sandbox import people_sheet
from app.sandbox.play import ADVANCE, CLAIM, Play

_OVER: Final = frozenset({"rejected", "withdrawn"})


def advance(case: Play) -> None:
    """The enterprise applies for a part of the subsidy in advance."""
    if _is_filed(case, ADVANCE):
        return
    case.day(case.planned("申请", ADVANCE))
    body = {"commitments": _commitments(case)}
    filed = case.desk("enterprise").post(f"/plans/{case.plan['id']}/advance", body)
    _tell_filed(case, ADVANCE, filed)


def claim(case: Play) -> None:
    """The enterprise tries what a claim would bring, and files it."""
    if _is_filed(case, CLAIM):
        return
    desk, path = case.desk("enterprise"), f"/plans/{case.plan['id']}"
    case.day(case.planned("申请", CLAIM))
    case.upload("申请材料")
    numbers = [each["number"] for each in desk.get(f"{path}/trainees")]
    employed = people_sheet.employed(case.sheet, numbers)
    trial = desk.post(f"{path}/assess", employed)
    case.told.append(f"试算 {trial['persons_paid']} 人 {trial['amount']} 元")
    body = {"plan_id": case.plan["id"], **employed, "commitments": _commitments(case)}
    filed = desk.post("/claims", body)
    _tell_filed(case, CLAIM, filed)
    if filed["advanced"] != "0.00":
        case.told.append(f"已预拨 {filed['advanced']} 元")


def find_requirements(case: Play) -> None:
    """An officer finds whether the class meets what is asked of subsidised training."""
    if case.claim["state"] != "filed" or case.claim["requirements_met"] is not None:
        return
    case.day(case.planned("审核审批", CLAIM))
    found = {"met": True, "remark": case.sheet["培训要求认定"]}
    path = f"/claims/{case.claim['id']}/requirements"
    case.applications[CLAIM] = case.desk("officer1").post(path, found)
    case.told += [case.sheet["培训要求认定"], f"重新核算 {case.claim['amount']} 元"]


def review(case: Play, kind: str) -> None:
    """An officer checks what only he can, and reviews the application."""
    _check(case, kind)
    _step(case, kind, "filed", "officer1", "review")


def approve(case: Play, kind: str) -> None:
    """Another officer approves it."""
    _step(case, kind, "reviewed", "officer2", "approve")


def _check(case: Play, kind: str) -> None:
    filed, desk = case.applications[kind], case.desk("officer1")
    if filed["state"] != "filed":
        return
    case.day(case.planned("审核审批", kind))
    path = f"/claims/{filed['id']}"
    for task in desk.get(f"{path}/tasks")["tasks"]:
        if task["by"] == "officer" and task["blocking"]:
            desk.post(f"{path}/checks", {"check": task["code"], "outcome": "met"})
            case.told.append(f"核对：{task['title']}")


def _step(case: Play, kind: str, state: str, username: str, name: str) -> None:
    filed = case.applications[kind]
    if filed["state"] == state:
        case.day(case.planned("审核审批", kind))
        path = f"/claims/{filed['id']}/{name}"
        filed = case.desk(username).post(path, {"remark": "核对无误"})
        case.applications[kind] = filed
        case.told.append(f"{filed['amount']} 元，{filed['state_zh']}")


def _is_filed(case: Play, kind: str) -> bool:
    desk = case.desk("enterprise")
    for known in desk.pages("/claims"):
        ours = (known["plan_id"], known["kind"]) == (case.plan["id"], kind)
        if ours and known["state"] not in _OVER:
            case.applications[kind] = desk.get(f"/claims/{known['id']}")
            return True
    return False


def _commitments(case: Play) -> dict[str, Any]:
    """Return the acceptance of the commitments: those that the sheet numbers, or all."""
    word = case.desk("enterprise").get("/policy/commitments")
    every = range(1, len(word["items"]) + 1)
    return {"version": word["version"], "accepted": case.sheet.get("承诺", [*every])}


def _tell_filed(case: Play, kind: str, filed: dict[str, Any]) -> None:
    case.applications[kind] = filed
    case.told.append(f"{filed['receipt']} {filed['amount']} 元，{filed['state_zh']}")
