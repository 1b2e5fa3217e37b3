"""What does a rule read? The facts, and what learning and money they already come to."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from app.policy.facets import Rate
from app.policy.facts import ClaimFacts, PersonFacts
from app.policy.learning import Learned
from app.policy.papers import Papers


class Wanted(NamedTuple):
    """Which reference rate a line is paid by: its key within the measure, and the day."""

    key: tuple[str, ...]
    on: date


class ClaimCase(NamedTuple):
    """A claim as its rules read it.

    ``completed_on`` is the day of the last counted session of the class, ``due`` the yuan that its
    lines come to before a finding on the claim itself blocks them. ``papers`` is what the measure
    demands, ``wanted`` the reference rates that its lines need, ``learned`` what each person did.
    """

    claim: ClaimFacts
    completed_on: date | None
    due: Decimal
    papers: Papers
    wanted: frozenset[Wanted] = frozenset()
    learned: tuple[Learned, ...] = ()


class LineCase(NamedTuple):
    """One person's line as its rules read it.

    ``filed_hours`` are the class hours of the plan, ``year`` the calendar year whose cap applies,
    ``gross`` what the line comes to, ``remaining`` what a cap still leaves (infinite where none
    applies), in yuan. ``rate`` is the reference rate of the line, if the measure has one in force.
    """

    person: PersonFacts
    claim: ClaimFacts
    learned: Learned
    filed_hours: int
    year: int
    gross: Decimal
    remaining: Decimal
    rate: Rate | None = None
