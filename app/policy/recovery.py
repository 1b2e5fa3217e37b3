"""What comes back, by when, and what does it free? Demands of advances, errors and frauds."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from app.policy.deadline import last_claim_day
from app.policy.money import NOTHING
from app.policy.parameters import Parameters


class Ground(StrEnum):
    """Why something is demanded back.

    ``ADVANCE`` is what was advanced beyond the final amount (DL-2.1-c, A-15), ``RECALL`` an advance
    that no claim ever settled.
    """

    ADVANCE = "advance"
    RECALL = "recall"
    ERROR = "error"
    FRAUD = "fraud"


class Violation(StrEnum):
    """What the notice names (LN-3.3-c)."""

    FALSE_REPORT = "false_report"
    EXTRACTION = "extraction"
    PRIVATE_DIVISION = "private_division"
    DIVERSION = "diversion"


VIOLATIONS_ZH = {
    Violation.FALSE_REPORT: "虚报",
    Violation.EXTRACTION: "套取",
    Violation.PRIVATE_DIVISION: "私分",
    Violation.DIVERSION: "挪用",
}


def frees_entitlement(ground: Ground, law: Parameters) -> bool | None:
    """Tell whether cap and count are free again once the demand is met (A-34).

    An advance books nothing for persons, so its return frees nothing: None.
    """
    if ground is Ground.ERROR:
        return True
    return law.fraud_recovery_frees_cap if ground is Ground.FRAUD else None


def due_day(demanded_on: date, law: Parameters) -> date:
    """Return the last day on which a demand is met in time (A-34)."""
    return demanded_on + timedelta(days=law.recovery_due_days)


def recalled_after(ends_on: date, law: Parameters) -> date:
    """Return the day after which an advance is recalled: the last on which a claim is in time."""
    return last_claim_day(ends_on, law)


def kept_back(due: Decimal, demands: Iterable[Decimal]) -> list[Decimal]:
    """Return what is kept back of a payment for each demand: the oldest first, never more."""
    kept = []
    for demand in demands:
        kept.append(max(NOTHING, min(demand, due)))
        due -= kept[-1]
    return kept
