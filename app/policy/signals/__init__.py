"""What does not fit in a claim, and must be looked at before anybody approves it?

A signal is never a verdict: it changes no figure. The reviewer looks at the rows it rests on and
clears it with a remark.
"""

from app.policy.signals.ages import Concerning, concerning
from app.policy.signals.checks import raise_all
from app.policy.signals.explanation import Explanation, explain
from app.policy.signals.facts import (
    Age,
    Attended,
    Renamed,
    SameFile,
    SharedUse,
    SignalFacts,
    Twin,
)
from app.policy.signals.thresholds import THRESHOLDS, Severity, Signal, Thresholds

__all__ = [
    "THRESHOLDS", "Age", "Attended", "Concerning", "Explanation", "Renamed", "SameFile",
    "Severity", "SharedUse", "Signal", "SignalFacts", "Thresholds", "Twin", "concerning", "explain",
    "raise_all",
]  # fmt: skip
