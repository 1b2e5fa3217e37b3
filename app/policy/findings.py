"""How does a rule answer? With a finding: passed, failed, warned or no data; it never raises."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final


class Outcome(StrEnum):
    """What a rule found."""

    PASSED = "passed"
    FAILED = "failed"
    WARNED = "warned"
    NO_DATA = "no_data"


Value = str | int | Decimal


@dataclass(frozen=True, slots=True)
class Answer:
    """What a rule function returns: its outcome and the figures its texts are made from."""

    outcome: Outcome
    data: Mapping[str, Value] = field(default_factory=dict)


PASSED: Final = Answer(Outcome.PASSED)
"""The one answer of every rule that is content."""


def failed(**data: Value) -> Answer:
    """Answer that the facts fail the rule."""
    return Answer(Outcome.FAILED, data)


def warned(**data: Value) -> Answer:
    """Answer that an officer must look at this and may let it stand."""
    return Answer(Outcome.WARNED, data)


def no_data(**data: Value) -> Answer:
    """Answer that the rule cannot be judged because a fact is absent."""
    return Answer(Outcome.NO_DATA, data)


@dataclass(frozen=True, slots=True)
class Finding:
    """An answer under the name of its rule; clause, reason and remedy are read by that name."""

    rule: str
    outcome: Outcome
    data: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """What one person brings: class hours, gross and payable yuan, and every finding.

    ``minutes`` are the verified minutes, ``first_day`` and ``last_day`` those of the first and last
    counted session. ``payable`` is 0.00 for an excluded line.
    """

    number: int
    minutes: int
    hours: int
    gross: Decimal
    payable: Decimal
    findings: tuple[Finding, ...]
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the law says of a claim.

    ``year`` is the calendar year whose caps it uses, ``completed_on`` (ISO date or empty) the day
    of the last counted session. ``amount`` is the sum of the lines, and 0.00 where a finding on
    the claim itself blocks.
    """

    edition: str
    year: int
    completed_on: str
    amount: Decimal
    findings: tuple[Finding, ...]
    lines: tuple[Line, ...]
