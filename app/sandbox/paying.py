"""How does a decided application get published and paid, or settled with its advance?

As in filing, each step asks the API first what is done.
"""

from datetime import date
from typing import Any

from app.sandbox.client import Desk, Refused
from app.sandbox.play import CLAIM, Play


def publish(case: Play, kind: str) -> None:
    """The notice is posted for five working days."""
    filed = case.applications[kind]
    if filed["state"] == "approved":
        case.day(case.planned("公示", kind))
        notice = case.desk("officer2").post(f"/claims/{filed['id']}/notice")
        filed["state"] = "published"
        case.told += [notice["receipt"], f"公示至 {notice['last_day']}，5个工作日"]


def refused_early(case: Play, kind: str) -> None:
    """On the last day of the notice, payment is refused."""
    filed = case.applications[kind]
    if filed["state"] != "published":
        return
    notice = case.desk("officer2").get(f"/claims/{filed['id']}/notice")
    last_day = date.fromisoformat(notice["last_day"])
    if case.today() > last_day:
        return
    case.day(last_day)
    try:
        _close(case, filed)
    except Refused as refused:
        if refused.problem.get("code") != "notice_open":
            raise
        case.told.append(f"提前拨付被拒，理应如此：{refused.problem['title']}")


def pay(case: Play, kind: str) -> None:
    """The day after, the cashier makes the payment and records its result."""
    filed, desk = case.applications[kind], case.desk("cashier")
    if filed["state"] == "published":
        case.day(case.planned("拨付", kind))
        batch = _close(case, filed)
        case.told.append(
            f"批次 {batch['receipt']} {batch['payments']} 笔，合计 {batch['total']} 元"
        )
        filed["state"] = "paying"
    if filed["state"] == "paying":
        batch, payment = latest_payment(desk, filed["id"])
        result = {
            "payment_id": payment["id"],
            "outcome": "paid",
            "bank_reference": _bank_reference(case.planned("拨付", kind)),
        }
        desk.post(f"/payment-batches/{batch['id']}/results", {"results": [result]})
    case.applications[kind] = case.desk("enterprise").get(f"/claims/{filed['id']}")


def settle(case: Play) -> None:
    """Where the advance was enough, the cashier closes the claim; the rest is asked back."""
    if case.claim["state"] == "published":
        case.day(case.planned("结清", CLAIM))
        case.applications[CLAIM] = _close(case, case.claim)
        case.told.append(f"预拨 {case.claim['advanced']} 元，核定 {case.claim['amount']} 元")
        if recovery := recovery_of(case):
            case.told.append(f"{recovery['receipt']} 应退回 {recovery['amount']} 元")


def repay(case: Play) -> None:
    """What was advanced too much comes back."""
    recovery = recovery_of(case)
    if recovery is not None and recovery["state"] == "demanded":
        day = case.planned("退回预拨")
        case.day(day)
        path = f"/claims/{case.claim['id']}/recovery/repaid"
        word = {"bank_reference": _bank_reference(day)}
        recovery = case.desk("cashier").post(path, word)
        case.told.append(f"{recovery['receipt']} 退回 {recovery['amount']} 元")


def recovery_of(case: Play) -> dict[str, Any] | None:
    """Return what is to come back of the claim, if anything was demanded."""
    if case.claim["to_recover"] == "0.00" or case.claim["state"] != "paid":
        return None
    recovery: dict[str, Any] = case.desk("cashier").get(f"/claims/{case.claim['id']}/recovery")
    return recovery


def latest_payment(desk: Desk, claim_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the latest batch that holds a payment of the claim, and that payment."""
    for batch in desk.pages("/payment-batches"):
        whole = desk.get(f"/payment-batches/{batch['id']}")
        for payment in whole["items"]:
            if payment["claim_id"] == claim_id:
                return whole, payment
    raise LookupError(claim_id)


def _close(case: Play, filed: dict[str, Any]) -> dict[str, Any]:
    """Put the application into a payment batch, or settle it where nothing is left to pay."""
    desk = case.desk("cashier")
    if filed["to_pay"] == "0.00":
        answer: dict[str, Any] = desk.post(f"/claims/{filed['id']}/settle")
    else:
        answer = desk.post("/payment-batches", {"claim_ids": [filed["id"]]})
    return answer


def _bank_reference(day: date) -> str:
    return f"HD{day:%Y%m%d}001"
