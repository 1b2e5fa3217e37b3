"""Which bodies go with the steps of a walk? What everybody says who makes one."""

from typing import Any, Final

from app.policy.procedure import CLAIM_MOVES

REASON: Final = {"reason": "不符合规定"}
DECISION: Final = {"reason": "经核实未参加培训", "reference": "核查记录1号"}
ANEW: Final = {"objection": "异议〔2020〕3号", "reason": "异议成立"}
DEMAND: Final = {"ground": "error", "reason": "不符合条件", "document": "大人社追〔2020〕1号"}
SIGNED: Final = {"reason": "依规办理", "document": "文号"}
NEXT: Final = {"filed": "review", "reviewed": "approve", "approved": "notice"}
"""Which step takes a claim on, by its state."""
STEPS: Final = (
    "review", "approve", "countersign", "return", "reject", "withdraw", "reassess", "notice",
    "redetermine", "settle",
)  # fmt: skip
_POINT: Final = {"kind": "field", "place": "hours", "how": "请说明"}
BODIES: Final[dict[str, object]] = {
    "return": {**REASON, "points": [_POINT]},
    "reject": REASON,
    "withdraw": REASON,
    "redetermine": ANEW,
}


def answered(point: dict[str, Any]) -> dict[str, Any]:
    """Return the enterprise's answer to a point."""
    return {"number": point["number"], "answer": "explained", "explanation": "情况属实"}


def result(payment: dict[str, Any], outcome: str) -> dict[str, Any]:
    """Return what the bank says of a payment."""
    reason = {"reason": "账号户名不符"} if outcome == "failed" else {}
    return {"payment_id": payment["id"], "outcome": outcome, **reason}


def moves() -> set[str]:
    """Return the states that a claim can be in by the published moves."""
    return {move.target for move in CLAIM_MOVES}
