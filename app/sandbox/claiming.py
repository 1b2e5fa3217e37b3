"""How does the sample case get claimed, decided, published and paid?

As in filing, each step asks the API first what is done.
"""

from datetime import date
from typing import Any, Final

from app.sandbox.client import Desk, Refused
from app.sandbox.play import Play

_CLAIM: Final = {
    "application_form": "application_form.pdf",
    "sign_in_registration": "signin_registration.pdf",
    "cumulative_hours": "cumulative_hours.png",
    "training_record": "training_record.pdf",
}
_CLAIMED, _DECIDED = date(2020, 3, 30), date(2020, 3, 31)
_POSTED, _LAST_DAY, _PAID = date(2020, 4, 1), date(2020, 4, 9), date(2020, 4, 10)
_OVER: Final = frozenset({"rejected", "withdrawn"})


def claim(case: Play) -> None:
    """The enterprise tries what a claim would bring, and files it."""
    desk = case.desk("enterprise")
    for known in desk.pages("/claims"):
        if known["plan_id"] == case.plan["id"] and known["state"] not in _OVER:
            case.claim = desk.get(f"/claims/{known['id']}")
            return
    case.day(_CLAIMED)
    case.upload(_CLAIM)
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
    case.told.append(f"{case.claim['receipt']} {case.claim['amount']} 元，{case.claim['state_zh']}")


def _step(case: Play, state: str, username: str, name: str) -> None:
    if case.claim["state"] == state:
        case.day(_DECIDED)
        path = f"/claims/{case.claim['id']}/{name}"
        case.claim = case.desk(username).post(path, {"remark": "核对无误"})
        case.told.append(f"{case.claim['amount']} 元，{case.claim['state_zh']}")


def review(case: Play) -> None:
    """An officer reviews the claim."""
    _step(case, "filed", "officer1", "review")


def approve(case: Play) -> None:
    """Another officer approves it."""
    _step(case, "reviewed", "officer2", "approve")


def publish(case: Play) -> None:
    """The notice is posted for five working days."""
    if case.claim["state"] == "approved":
        case.day(_POSTED)
        notice = case.desk("officer2").post(f"/claims/{case.claim['id']}/notice")
        case.claim["state"] = "published"
        case.told += [notice["receipt"], f"公示至 {notice['last_day']}，5个工作日"]


def refused_early(case: Play) -> None:
    """On the last day of the notice, payment is refused."""
    if case.claim["state"] != "published" or case.today() > _LAST_DAY:
        return
    case.day(_LAST_DAY)
    try:
        case.desk("cashier").post("/payment-batches", {"claim_ids": [case.claim["id"]]})
    except Refused as refused:
        if refused.problem.get("code") != "notice_open":
            raise
        case.told.append(f"提前拨付被拒，理应如此：{refused.problem['title']}")


def pay(case: Play) -> None:
    """The day after, the cashier makes the payment and records its result."""
    desk = case.desk("cashier")
    if case.claim["state"] == "published":
        case.day(_PAID)
        batch = desk.post("/payment-batches", {"claim_ids": [case.claim["id"]]})
        case.told.append(
            f"批次 {batch['receipt']} {batch['payments']} 笔，合计 {batch['total']} 元"
        )
        case.claim["state"] = "paying"
    if case.claim["state"] == "paying":
        batch, payment = latest_payment(desk, case.claim["id"])
        result = {
            "payment_id": payment["id"],
            "outcome": "paid",
            "bank_reference": "HD20200410001",
        }
        desk.post(f"/payment-batches/{batch['id']}/results", {"results": [result]})
    case.claim = case.desk("enterprise").get(f"/claims/{case.claim['id']}")


def latest_payment(desk: Desk, claim_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the latest batch that holds a payment of the claim, and that payment."""
    for batch in desk.pages("/payment-batches"):
        whole = desk.get(f"/payment-batches/{batch['id']}")
        for payment in whole["items"]:
            if payment["claim_id"] == claim_id:
                return whole, payment
    raise LookupError(claim_id)
