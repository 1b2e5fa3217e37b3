"""What does a person's next claim inherit, when earlier ones had paid him more or less?"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Generic, TypeVar

from app.policy.facts import ClaimFacts, PersonFacts
from app.policy.measures import is_capped, is_counted
from app.policy.money import NOTHING
from app.policy.parameters import Parameters

Person = Hashable
Slot = tuple[str, int] | str
Number = TypeVar("Number", int, Decimal)


@dataclass(frozen=True, slots=True)
class Past:
    """One stored claim: by which law of which day it pays whom how much, out of which year's cap.

    ``booked`` tells that it is approved, so that the balances of later claims contain it.
    """

    law: Parameters
    day: date
    measure: str
    year: int
    persons: Sequence[Person]
    payable: Sequence[Decimal]
    booked: bool


class Kept(Generic[Number]):
    """A number for each person and slot (a year, a period); what comes to nothing is forgotten."""

    def __init__(self) -> None:
        self._slots: dict[Slot, dict[Person, Number]] = {}

    def add(self, slot: Slot, person: Person, number: Number) -> None:
        """Add a number, which may be negative."""
        kept = self._slots.setdefault(slot, {})
        total = kept.pop(person, 0) + number
        if total:
            kept[person] = total

    def of(self, slot: Slot, person: Person) -> Number | int:
        """Return the number; 0 where there is none."""
        return self._slots.get(slot, {}).get(person, 0)

    def slot(self, slot: Slot) -> dict[Person, Number]:
        """Return the numbers of a slot by their persons."""
        return self._slots.get(slot, {})

    def knows(self, person: Person) -> bool:
        """Tell whether the person has a number anywhere."""
        return any(person in kept for kept in self._slots.values())


class Carrying:
    """By how much the simulated balances of each person differ from those on record.

    Remembered are the persons for whom something differs, and those of claims that are not
    approved yet: no balance on record contains these.
    """

    def __init__(self) -> None:
        self._money: Kept[Decimal] = Kept()
        self._times: Kept[int] = Kept()
        self._promised_money: Kept[Decimal] = Kept()
        self._promised_times: Kept[int] = Kept()
        self._net: Kept[Decimal] = Kept()
        self._projects: dict[tuple[Person, str], bool] = {}
        self._years: set[int] = set()

    def touches(self, person: Person) -> bool:
        """Tell whether an earlier claim had paid the person more or less."""
        return any(kept.knows(person) for kept in (self._money, self._times, self._net))

    def into(
        self, facts: PersonFacts, person: Person, case: ClaimFacts, law: Parameters
    ) -> PersonFacts:
        """Return the person's facts with the balances as they would have been."""
        used = dict(facts.used)
        for year in self._years:
            slot = case.measure, year
            more = self._money.of(slot, person) + self._promised_money.of(slot, person)
            used[year] = max(NOTHING, used.get(year, NOTHING) + more)
        period = law.policy_period
        times = self._times.of(period, person) + self._promised_times.of(period, person)
        before = facts.already_subsidised
        return replace(
            facts,
            used=used,
            counted=max(0, facts.counted + times),
            already_subsidised=self._projects.get((person, case.plan.project_key), before),
        )

    def promise(self, past: Past) -> None:
        """Let later claims know of one that is not approved yet, as if it were."""
        if not past.booked:
            money, times = self._promised_money, self._promised_times
            for person, was in zip(past.persons, past.payable, strict=True):
                self._book(money, times, past.law, past.measure, past.year, person, was, 1)

    def differ(
        self, past: Past, project: str, law: Parameters, year: int, paid: Sequence[Decimal]
    ) -> None:
        """Remember what a claim would have paid, by *law* out of the cap of *year*."""
        money, times = self._money, self._times
        for person, was, now in zip(past.persons, past.payable, paid, strict=True):
            self._book(money, times, past.law, past.measure, past.year, person, was, -1)
            self._book(money, times, law, past.measure, year, person, now, 1)
            self._net.add("", person, now - was)
            if now and (not was or (person, project) in self._projects):
                self._projects[person, project] = True
            elif was and not now:
                self._projects.setdefault((person, project), False)

    def gaining_and_losing(self) -> tuple[int, int]:
        """Return how many persons receive more in all, and how many less."""
        gaining = [net > 0 for net in self._net.slot("").values()]
        return gaining.count(True), gaining.count(False)

    def _book(
        self, money: Kept[Decimal], times: Kept[int], law: Parameters, measure: str, year: int,
        person: Person, amount: Decimal, sign: int,
    ) -> None:  # fmt: skip
        if is_capped(measure, law):
            self._years.add(year)
            money.add((measure, year), person, sign * amount)
        if amount and is_counted(measure, law):
            times.add(law.policy_period, person, sign)
