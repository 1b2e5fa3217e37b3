"""Which signals does a claim raise? Every kind, in the order in which a reviewer reads them."""

from collections.abc import Callable
from typing import Final

from app.policy.signals import patterns, sessions, surroundings
from app.policy.signals.facts import SignalFacts
from app.policy.signals.thresholds import THRESHOLDS, Signal, Thresholds

Check = Callable[[SignalFacts, Thresholds], Signal | None]

CHECKS: Final[tuple[Check, ...]] = (
    sessions.two_at_once,
    sessions.two_at_once_elsewhere,
    sessions.long_day,
    sessions.at_night,
    sessions.above_the_clock,
    patterns.lockstep,
    patterns.clockwork,
    patterns.shared_device,
    patterns.shared_address,
    patterns.outside_the_dates,
    patterns.not_on_roster,
    surroundings.same_file,
    surroundings.same_roster,
    surroundings.above_headcount,
    surroundings.under_age,
    surroundings.past_retirement,
    surroundings.left_before_claim,
    surroundings.hired_elsewhere,
    surroundings.renamed_project,
)


def raise_all(facts: SignalFacts, limits: Thresholds = THRESHOLDS) -> tuple[Signal, ...]:
    """Return every signal of a claim, at most one of a kind."""
    asked = (check(facts, limits) for check in CHECKS)
    return tuple(signal for signal in asked if signal is not None)
