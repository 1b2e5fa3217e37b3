"""On which day does a person become 16, or reach the retirement age, if it matters here at all?"""

from datetime import date
from typing import Final, NamedTuple

from app.policy.identifiers import birth_date
from app.policy.signals.thresholds import Thresholds

_SEX: Final = 16
"""The place of the digit that is odd for a man."""


class Concerning(NamedTuple):
    """What is kept of a person's age; both None for nearly everybody."""

    turns_16_on: date | None
    retires_on: date | None


def concerning(
    resident_id: str, *, frontline: bool | None, today: date, until: date, limits: Thresholds
) -> Concerning:
    """Return what must be kept of the age in a valid resident ID, and no more.

    A day is kept only where it decides something between *today* and *until*; what lies outside
    is moved to that end, so that the birth date of the old and the very young is not kept either.
    """
    born = birth_date(resident_id)
    grown = _birthday(born, limits.youngest_years)
    old = _birthday(born, _retirement_years(resident_id, frontline, limits))
    return Concerning(
        min(grown, until) if grown > today else None,
        max(old, today) if old <= until else None,
    )


def _retirement_years(resident_id: str, frontline: bool | None, limits: Thresholds) -> int:
    if int(resident_id[_SEX]) % 2:
        return limits.retirement_years_men
    return limits.retirement_years_women_frontline if frontline else limits.retirement_years_women


def _birthday(born: date, years: int) -> date:
    """Return the birthday; who was born on 29 February has it on 1 March of other years."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)
