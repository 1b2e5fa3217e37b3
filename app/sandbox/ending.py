"""What came of a case that was played to its end, paid at once, in parts, or too much at first?"""

from typing import Any, Final

from app.sandbox import paying, verdict
from app.sandbox.outcome import Outcome
from app.sandbox.play import ADVANCE, CLAIM, Play

_CLOSING: Final = frozenset({"claims.confirm_payment", "claims.settle"})


def of(case: Play, assessment: dict[str, Any]) -> Outcome:
    """Return what is left to say of *case*."""
    claim, recovery = case.claim, paying.recovery_of(case)
    notice = _notice(case, CLAIM)
    paid = {kind: _paid(case, kind) for kind in (ADVANCE, CLAIM) if _was_paid(case, kind)}
    payments = [payment for _, payment in paid.values()]
    receipts = [case.plan["receipt"]]
    for kind in case.applications:
        receipts += [case.applications[kind]["receipt"], _notice(case, kind)["receipt"]]
        receipts += [paid[kind][0]["receipt"]] if kind in paid else []
    return Outcome(
        sample=case.sample,
        notice_id=notice["id"],
        claim=claim["receipt"],
        receipts=(*receipts, *([recovery["receipt"]] if recovery else [])),
        persons=assessment["persons_paid"],
        amount=claim["amount"],
        clauses=verdict.clauses_of_money(assessment["lines"], assessment["findings"]),
        posted_on=notice["posted_on"],
        last_day=notice["last_day"],
        paid_on=_closed_on(case),
        payee="{payee} {bank_name} {account_masked}".format(**payments[-1]),
        parts=_parts(payments, recovery) if ADVANCE in paid else (),
    )


def _closed_on(case: Play) -> str:
    """Return the day on which the claim was paid, or settled with what was advanced."""
    history = case.desk("enterprise").get(f"/claims/{case.claim['id']}/history")
    days: list[str] = [act["business_day"] for act in history if act["act"] in _CLOSING]
    return days[-1]


def _parts(payments: list[dict[str, Any]], recovery: dict[str, Any] | None) -> tuple[str, ...]:
    first, *rest = payments
    told = [f"预拨 {first['amount']} 元，{first['paid_on']}"]
    told += [f"余额 {one['amount']} 元，{one['paid_on']}" for one in rest]
    if recovery is not None:
        told.append(f"退回 {recovery['amount']} 元，{recovery['repaid_on']}")
    return tuple(told)


def _was_paid(case: Play, kind: str) -> bool:
    return kind in case.applications and case.applications[kind]["to_pay"] != "0.00"


def _paid(case: Play, kind: str) -> tuple[dict[str, Any], dict[str, Any]]:
    return paying.latest_payment(case.desk("cashier"), case.applications[kind]["id"])


def _notice(case: Play, kind: str) -> dict[str, Any]:
    path = f"/claims/{case.applications[kind]['id']}/notice"
    notice: dict[str, Any] = case.desk("enterprise").get(path)
    return notice
