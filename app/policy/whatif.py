"""What would other figures have paid? Values of the law replaced, carried from claim to claim."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from app.policy.carrying import Carrying, Past
from app.policy.determination import determine
from app.policy.facts import ClaimFacts
from app.policy.money import yuan
from app.policy.parameters import CHOICES, KINDS, Parameters, Setting

_MOST: Final = 1_000_000
_LEAST: Final = {"class_hour_minutes": 1}  # what is divided by it


class UnfitChange(ValueError):  # noqa: N818  a refusal is the office's word; errors are bugs
    """No parameter has that name, or the value is none that it can take."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(f"{key}: {reason}")
        self.key = key


@dataclass(frozen=True, slots=True)
class Change:
    """Another value of one parameter, for training completed on ``starts_on`` or later."""

    key: str
    value: Setting
    starts_on: date

    def __post_init__(self) -> None:
        kind = KINDS.get(self.key)
        if kind is None:
            raise UnfitChange(self.key, "is no parameter")
        if not _is_of(kind, self.value) or self.value not in CHOICES.get(self.key, (self.value,)):
            raise UnfitChange(self.key, f"takes no value such as {self.value!r}")
        if isinstance(self.value, bool) or not isinstance(self.value, int | Decimal):
            return
        if not _LEAST.get(self.key, 0) <= self.value <= _MOST:
            raise UnfitChange(self.key, f"{self.value} is out of reason")


def _is_of(kind: object, value: Setting) -> bool:
    if isinstance(value, tuple):
        return kind == tuple[str, ...] and all(isinstance(word, str) for word in value)
    return type(value) is kind


def read(key: str, value: str | bool | int | list[str], starts_on: date) -> Change:
    """Return a change as it is told in JSON: amounts, shares and days are strings.

    Raises:
        UnfitChange: no parameter has that name, or the value is none that it can take.
    """
    kind = KINDS.get(key)
    meant: Setting = tuple(value) if isinstance(value, list) else value
    try:
        if kind is Decimal and isinstance(meant, str):
            meant = yuan(meant)
        elif kind is date and isinstance(meant, str):
            meant = date.fromisoformat(meant)
    except (ArithmeticError, ValueError):
        raise UnfitChange(key, f"takes no value such as {value!r}") from None
    return Change(key, meant, starts_on)


def varied(law: Parameters, changes: Iterable[Change], day: date) -> Parameters:
    """Return *law* with the changes for training completed on *day*; the latest of a key holds."""
    due = sorted((each for each in changes if each.starts_on <= day), key=lambda c: c.starts_on)
    values: dict[str, Any] = {each.key: each.value for each in due}
    return replace(law, **values) if values else law


class WhatIf:
    """The claims paid once more under the changes, in the order in which they were approved.

    What an earlier claim pays more or less is carried to the person's later ones: the cap and the
    number of times bind in the simulation as they do in fact.
    """

    def __init__(self, changes: Iterable[Change]) -> None:
        self._changes = tuple(changes)
        self._carrying = Carrying()

    def pays(self, past: Past, facts: Callable[[], ClaimFacts]) -> tuple[Decimal, ...]:
        """Return what each person of the next claim would have been paid.

        *facts* gives the claim's facts with the balances on record when it was approved (or now,
        if it is not); it is asked only where something may differ. By the same law, for persons to
        whom nothing happened, the stored figures stand.
        """
        law = varied(past.law, self._changes, past.day)
        carrying = self._carrying
        paid = tuple(past.payable)
        if law != past.law or any(map(carrying.touches, past.persons)):
            case = facts()
            people = zip(case.persons, past.persons, strict=True)
            persons = tuple([carrying.into(one, person, case, law) for one, person in people])
            found = determine(replace(case, persons=persons), law)
            paid = tuple([line.payable for line in found.lines])
            carrying.differ(past, case.plan.project_key, law, found.year, paid)
        carrying.promise(past)
        return paid

    def gaining_and_losing(self) -> tuple[int, int]:
        """Return how many persons receive more in all, and how many less."""
        return self._carrying.gaining_and_losing()
