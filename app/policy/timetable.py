"""What of a filed plan decides whether a session fits it?"""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from app.policy.facets import Suspension
from app.policy.facts import Course


class Timetable(Protocol):
    """Its courses and dates: all that the rows of a learning file are held against."""

    @property
    def courses(self) -> Sequence[Course]:
        """The filed courses."""

    @property
    def starts_on(self) -> date:
        """The first filed day."""

    @property
    def ends_on(self) -> date:
        """The last filed day."""

    @property
    def approved_on(self) -> date | None:
        """The day of approval."""

    @property
    def suspensions(self) -> Sequence[Suspension]:
        """The days on which an officer suspended the class."""
