"""Which step follows, and whose signature does it need? States and moves of plans and claims."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Duty(StrEnum):
    """What an officer may be charged with (LN-3.3-a: two persons for every payment).

    Who administers the accounts of his bureau, or audits it, decides on no case.
    """

    REVIEW = "review"
    APPROVE = "approve"
    PAY = "pay"
    ADMINISTER = "administer"
    AUDIT = "audit"


class Hand(StrEnum):
    """Whose hand makes a move."""

    APPLICANT = "applicant"
    OFFICER = "officer"


class PlanState(StrEnum):
    """Where a filing stands (DL-4.2-a, DL-4.2-f)."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


class ClaimState(StrEnum):
    """Where a claim stands (DL-4.3-f to DL-4.3-j). "Notice closed" is derived from the calendar.

    A claim of which lines are held goes back to published when the rest was paid. ``SUPERSEDED``
    is one that a later decision on the same plan stands for; it stays readable.
    """

    FILED = "filed"
    REVIEWED = "reviewed"
    RETURNED = "returned"
    APPROVED = "approved"
    PUBLISHED = "published"
    PAYING = "paying"
    PAID = "paid"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class Move:
    """One allowed step: from which states, to which, by whose hand, under which duty.

    ``signature`` is the step that the officer signs for (never two in one round of a case);
    ``reason`` tells that the move must be justified in writing; ``new_round`` that signatures
    are to be given again. A move without ``hands`` is nobody's to make: it follows from another.
    """

    name: str
    title_zh: str
    sources: tuple[str, ...]
    target: str
    hands: tuple[Hand, ...]
    clause: str
    duty: Duty | None = None
    signature: str | None = None
    reason: bool = False
    new_round: bool = False


_BOTH = (Hand.APPLICANT, Hand.OFFICER)
_P, _C = PlanState, ClaimState

PLAN_MOVES: tuple[Move, ...] = (
    Move("submit", "提交备案", (_P.DRAFT, _P.RETURNED), _P.SUBMITTED, _BOTH, "DL-4.2-a",
         new_round=True),
    Move("approve", "准予开班", (_P.SUBMITTED,), _P.APPROVED, (Hand.OFFICER,), "DL-4.2-f",
         duty=Duty.REVIEW, signature="approve_plan"),
    Move("return", "退回补正", (_P.SUBMITTED,), _P.RETURNED, (Hand.OFFICER,), "DL-4.2-f",
         duty=Duty.REVIEW, reason=True),
    Move("withdraw", "撤回备案", (_P.DRAFT, _P.SUBMITTED, _P.RETURNED, _P.APPROVED), _P.WITHDRAWN,
         _BOTH, "DL-4.2-a", reason=True),
)  # fmt: skip

CLAIM_MOVES: tuple[Move, ...] = (
    Move("review", "审核通过", (_C.FILED,), _C.REVIEWED, (Hand.OFFICER,), "DL-4.3-f",
         duty=Duty.REVIEW, signature="review"),
    Move("reassess", "重新核算", (_C.REVIEWED,), _C.FILED, (Hand.OFFICER,), "DL-4.3-f",
         duty=Duty.REVIEW, new_round=True),
    Move("approve", "审批同意", (_C.REVIEWED,), _C.APPROVED, (Hand.OFFICER,), "LN-3.3-a",
         duty=Duty.APPROVE, signature="approve"),
    Move("countersign", "会签", (_C.APPROVED,), _C.APPROVED, (Hand.OFFICER,), "LN-3.3-a",
         duty=Duty.APPROVE, signature="countersign"),
    Move("return", "退回补正", (_C.FILED, _C.REVIEWED), _C.RETURNED, (Hand.OFFICER,), "DL-4.3-f",
         duty=Duty.REVIEW, reason=True),
    Move("resubmit", "补正后重新提交", (_C.RETURNED,), _C.FILED, _BOTH, "DL-4.3-b",
         new_round=True),
    Move("reject", "不予补贴", (_C.FILED, _C.REVIEWED, _C.RETURNED, _C.APPROVED, _C.PUBLISHED),
         _C.REJECTED, (Hand.OFFICER,), "DL-4.3-f", duty=Duty.APPROVE, reason=True),
    Move("withdraw", "撤回申请", (_C.FILED, _C.REVIEWED, _C.RETURNED, _C.APPROVED, _C.PUBLISHED),
         _C.WITHDRAWN, _BOTH, "DL-4.3-b", reason=True),
    Move("publish", "公示", (_C.APPROVED,), _C.PUBLISHED, (Hand.OFFICER,), "DL-4.3-g",
         duty=Duty.APPROVE),
    Move("pay", "列入拨付批次", (_C.PUBLISHED,), _C.PAYING, (Hand.OFFICER,), "DL-4.3-j",
         duty=Duty.PAY, signature="pay"),
    Move("settle", "预拨足额结清", (_C.PUBLISHED,), _C.PAID, (Hand.OFFICER,), "DL-2.1-c",
         duty=Duty.PAY, signature="pay"),
    Move("confirm_payment", "确认到账", (_C.PAYING,), _C.PAID, (Hand.OFFICER,), "DL-4.3-j",
         duty=Duty.PAY),
    Move("confirm_part", "确认部分到账", (_C.PAYING,), _C.PUBLISHED, (Hand.OFFICER,), "DL-4.3-j",
         duty=Duty.PAY),
    Move("payment_failed", "支付失败", (_C.PAYING,), _C.PUBLISHED, (Hand.OFFICER,), "DL-4.3-j",
         duty=Duty.PAY, reason=True),
    Move("supersede", "由重新核定取代", (_C.PUBLISHED, _C.PAID), _C.SUPERSEDED, (),
         "DL-4.3-g"),
)  # fmt: skip

HOLDS_ENTITLEMENT = frozenset({_C.APPROVED, _C.PUBLISHED})
"""States in which withdrawing or rejecting a claim frees reserved money and counts."""

CLOSED_CLAIMS = frozenset({_C.REJECTED, _C.WITHDRAWN})
"""States that leave room for another claim on the same plan."""

STATES_ZH: dict[str, str] = {
    "draft": "草稿", "submitted": "待备案审核", "returned": "已退回补正", "approved": "审核通过",
    "withdrawn": "已撤回", "filed": "待审核", "reviewed": "待审批", "published": "公示中",
    "paying": "拨付中", "paid": "已拨付", "rejected": "不予补贴", "superseded": "已由重新核定取代",
}  # fmt: skip


def move_named(moves: Iterable[Move], name: str) -> Move:
    """Return the move of that name; it exists or the caller is wrong (KeyError)."""
    for move in moves:
        if move.name == name:
            return move
    raise KeyError(name)


def possible_moves(moves: Iterable[Move], state: str) -> tuple[Move, ...]:
    """Return the moves that somebody may make from *state*."""
    return tuple(move for move in moves if state in move.sources and move.hands)
