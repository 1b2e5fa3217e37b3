"""What must be known of a claim to see what does not fit? Plain facts, none of them a judgement."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from app.policy.facts import Session

Span = tuple[int, int, int]
"""From when to when a session counts at most, and its place among the person's sessions."""


class Attended(NamedTuple):
    """One person of the roster: his number, his sessions, and the row that each stands in."""

    number: int
    sessions: Sequence[Session]
    rows: Sequence[int]

    def rows_at(self, places: Iterable[int]) -> list[int]:
        """Return the rows of the sessions at these places."""
        return [self.rows[place] for place in places]


@dataclass(frozen=True, slots=True)
class SharedUse:
    """One device or network address, the persons whose records name it, and those rows."""

    persons: tuple[int, ...]
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SameFile:
    """A file of this claim that another claim holds, too: its kind, and whose that claim is."""

    kind: str
    filename: str
    own_enterprise: bool


@dataclass(frozen=True, slots=True)
class Twin:
    """Another enterprise's roster: how many persons stand on both, and how many on each."""

    shared: int
    here: int
    there: int


@dataclass(frozen=True, slots=True)
class Renamed:
    """A claimed project of another name: who takes part in both, and which courses are the same.

    ``filed`` and ``there`` are the numbers of courses here and there, ``days`` those from its end
    to the beginning of this one (negative if they lie side by side).
    """

    persons: tuple[int, ...]
    courses: int
    filed: int
    there: int
    days: int


@dataclass(frozen=True, slots=True)
class Age:
    """When a person becomes 16, or reaches the retirement age; None where it does not matter."""

    number: int
    turns_16_on: date | None
    retires_on: date | None


@dataclass(frozen=True)
class SignalFacts:
    """One claim with what its files, its people and others' claims say.

    ``class_hour`` is the length of a class hour in seconds, ``recorded`` the numbers of the
    courses that are learned alone from recordings, ``strays`` the rows of persons who are not on
    the roster. ``headcount`` is None where it is unknown or the people are not the applicant's
    own staff. ``left`` are those who left before the claim by the applicant's own word,
    ``hired_elsewhere`` those whom another enterprise says it hired later, ``at_once_elsewhere``
    the persons and rows that lie in a session of the same person in another project.
    """

    claimed_on: date
    starts_on: date
    ends_on: date
    approved_on: date | None
    class_hour: int
    trainees: int
    headcount: int | None = None
    recorded: frozenset[int] = frozenset()
    persons: tuple[Attended, ...] = ()
    strays: tuple[int, ...] = ()
    devices: tuple[SharedUse, ...] = ()
    addresses: tuple[SharedUse, ...] = ()
    ages: tuple[Age, ...] = ()
    left: tuple[int, ...] = ()
    hired_elsewhere: tuple[int, ...] = ()
    at_once_elsewhere: tuple[tuple[int, int], ...] = ()
    files: tuple[SameFile, ...] = ()
    twins: tuple[Twin, ...] = ()
    renamed: tuple[Renamed, ...] = ()

    @cached_property
    def spans(self) -> tuple[list[Span], ...]:
        """The spans of each person's sessions, in the order of their beginnings."""
        return tuple(map(_spans, self.persons))


def _spans(person: Attended) -> list[Span]:
    # Every session of every claim is read here at its filing: as plain tuples, which are quick.
    found = [
        (start, end if end - start < stated else start + stated, place)
        for place, (_, start, end, stated) in enumerate(person.sessions)
    ]
    found.sort()
    return found
