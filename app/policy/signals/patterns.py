"""Do the records fit each other, the roster and the filed dates? One function per kind."""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable
from itertools import chain
from typing import Final

from app.policy.learning import DAY, midnight
from app.policy.signals.facts import Attended, SharedUse, SignalFacts
from app.policy.signals.thresholds import Signal, Thresholds, of_persons, raised

_FULL: Final = 100
_TIME: Final = 3
"""The first members of a session: course, beginning and end."""


def lockstep(facts: SignalFacts, limits: Thresholds) -> Signal | None:
    """Several persons have the same beginnings and ends in courses that each learns alone."""
    alone = [_alone(person, facts.recorded) for person in facts.persons]
    times = Counter(chain.from_iterable(alone))
    if max(times.values(), default=0) < limits.lockstep_persons:
        return None
    # One person's row that was imported twice is no second person.
    times = Counter(time for several in alone for time in set(several))
    found: dict[int, list[int]] = {}
    for person, several in zip(facts.persons, alone, strict=True):
        same = {time for time in several if times[time] >= limits.lockstep_persons}
        places = [at for at, session in enumerate(person.sessions) if session[:_TIME] in same]
        share = len(places) * _FULL >= limits.lockstep_percent * len(several)
        if len(places) >= limits.lockstep_sessions and share:
            found[person.number] = person.rows_at(places)
    return of_persons("lockstep", found, others=limits.lockstep_persons - 1)


def _alone(person: Attended, recorded: Container[int]) -> list[tuple[int, ...]]:
    """Return course, beginning and end of what a person learned alone, from recordings."""
    return [session[:_TIME] for session in person.sessions if session[0] in recorded]


def clockwork(facts: SignalFacts, limits: Thresholds) -> Signal | None:
    """Somebody begins at the same second of the day, and learns equally long, again and again."""
    found: dict[int, list[int]] = {}
    for person in facts.persons:
        beats = [
            (start % DAY, end - start)
            for course, start, end, _ in person.sessions
            if course in facts.recorded
        ]
        # So few repetitions leave no beat that is repeated often enough.
        if len(beats) - len(set(beats)) < limits.clockwork_sessions - 1:
            continue
        if places := _beaten(person, facts.recorded, limits.clockwork_sessions):
            found[person.number] = person.rows_at(places)
    return of_persons("clockwork", found)


def _beaten(person: Attended, recorded: Container[int], often: int) -> list[int]:
    """Return the places of the sessions that repeat one beat on so many days."""
    days: dict[tuple[int, int], dict[int, int]] = defaultdict(dict)
    for place, (course, start, end, _) in enumerate(person.sessions):
        if course in recorded:
            days[start % DAY, end - start][start // DAY] = place
    return [place for beat in days.values() if len(beat) >= often for place in beat.values()]


def shared_device(facts: SignalFacts, limits: Thresholds) -> Signal | None:
    """One device was used by more persons than share one."""
    shared = [each for each in facts.devices if len(each.persons) > limits.persons_per_device]
    if not shared:
        return None
    persons, rows = _all_of(shared)
    return raised(
        "shared_device", rows, persons=persons, devices=len(shared), sessions=len(rows),
        limit=limits.persons_per_device,
    )  # fmt: skip


def shared_address(facts: SignalFacts, limits: Thresholds) -> Signal | None:
    """One network address was used by more persons than a class has."""
    shared = [each for each in facts.addresses if len(each.persons) > limits.persons_per_address]
    if not shared:
        return None
    persons, rows = _all_of(shared)
    return raised(
        "shared_address", rows, count=len(persons), addresses=len(shared), sessions=len(rows),
        limit=limits.persons_per_address,
    )  # fmt: skip


def _all_of(uses: Iterable[SharedUse]) -> tuple[list[int], list[int]]:
    """Return all persons and all rows of several uses, each once."""
    uses = list(uses)
    persons = sorted({number for use in uses for number in use.persons})
    return persons, sorted({row for use in uses for row in use.rows})


def outside_the_dates(facts: SignalFacts, _limits: Thresholds) -> Signal | None:
    """There are records from before the approval and the filed beginning, or from after the end."""
    first = midnight(facts.starts_on)
    if facts.approved_on is not None:
        first = max(first, midnight(facts.approved_on) + DAY)
    end = midnight(facts.ends_on) + DAY
    outside = [
        (person.number, person.rows[place], start < first)
        for person in facts.persons
        for place, (_, start, stop, _) in enumerate(person.sessions)
        if start < first or stop > end
    ]
    if not outside:
        return None
    before = sum(is_before for _, _, is_before in outside)
    return raised(
        "outside_the_dates",
        (row for _, row, _ in outside),
        persons=sorted({number for number, _, _ in outside}),
        before=before,
        after=len(outside) - before,
    )


def not_on_roster(facts: SignalFacts, _limits: Thresholds) -> Signal | None:
    """There are records of persons who do not stand on the roster."""
    if not facts.strays:
        return None
    return raised("not_on_roster", facts.strays, sessions=len(facts.strays))
