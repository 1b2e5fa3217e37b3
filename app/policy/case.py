"""What does a rule read? The facts, and what learning and money they already come to."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from app.policy.facts import ClaimFacts, PersonFacts
from app.policy.learning import Learned


class ClaimCase(NamedTuple):
    """A claim as its rules read it.

    ``completed_on`` is the day of the last counted session of the class, ``due`` the yuan that its
    lines come to before a finding on the claim itself blocks them.
    """

    claim: ClaimFacts
    completed_on: date | None
    due: Decimal


class LineCase(NamedTuple):
    """One person's line as its rules read it.

    ``filed_hours`` are the class hours of the plan, ``year`` the calendar year whose cap applies,
    ``gross`` what the hours come to, ``remaining`` what the cap still leaves, in yuan.
    """

    person: PersonFacts
    claim: ClaimFacts
    learned: Learned
    filed_hours: int
    year: int
    gross: Decimal
    remaining: Decimal
