"""Does a person's record fit the clock and the day? One function per kind of signal."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from app.policy.learning import DAY
from app.policy.signals.facts import Attended, SignalFacts, Span
from app.policy.signals.thresholds import Signal, Thresholds, of_persons, raised

_HOUR: Final = 3600


def two_at_once(facts: SignalFacts, limits: Thresholds) -> Signal | None:
    """One person is in two sessions at once; the same row twice is a repeated import, no more."""
    allowed = limits.overlap_seconds
    found = {
        person.number: rows
        for person, spans in zip(facts.persons, facts.spans, strict=True)
        if _is_interrupted(spans, allowed) and (rows := _overlapping(person, spans, allowed))
    }
    return of_persons("two_at_once", found)


def _is_interrupted(spans: Sequence[Span], allowed: int) -> bool:
    """Tell whether a span lasts beyond the beginning of the next one: few do."""
    until = spans[0][0] if spans else 0
    for start, stop, _ in spans:
        if until - start > allowed:
            return True
        until = stop
    return False


def _overlapping(person: Attended, spans: Iterable[Span], allowed: int) -> list[int]:
    """Return the rows that begin while another lasts, and the rows that last then."""
    rows: list[int] = []
    covered = last = 0
    for start, stop, place in spans:
        another = person.sessions[place] != person.sessions[last]
        if min(stop, covered) - start > allowed and another:
            rows += person.rows_at((last, place))
        if stop >= covered:
            covered, last = stop, place
    return rows


def two_at_once_elsewhere(facts: SignalFacts, _limits: Thresholds) -> Signal | None:
    """One person is in a session of another project, maybe another enterprise's, at once."""
    found: dict[int, list[int]] = defaultdict(list)
    for number, row in facts.at_once_elsewhere:
        found[number].append(row)
    return of_persons("two_at_once_elsewhere", found)


def long_day(facts: SignalFacts, limits: Thresholds) -> Signal | None:
    """Somebody learned more class hours on one day than a person can; a second counts once.

    A session belongs to the day on which it begins.
    """
    allowed = limits.class_hours_a_day * facts.class_hour
    persons, rows, longest = [], [], []
    for person, spans in zip(facts.persons, facts.spans, strict=True):
        for day in _days_above(spans, allowed):
            of_day = [span for span in spans if span[0] // DAY == day]
            if (learned := _covered(of_day)) > allowed:
                persons.append(person.number)
                longest.append(learned)
                rows += person.rows_at(place for _, _, place in of_day)
    if not persons:
        return None
    return raised(
        "long_day", rows, persons=sorted(set(persons)), days=len(longest),
        limit=limits.class_hours_a_day, most=max(longest) // 60,
    )  # fmt: skip


def _days_above(spans: Iterable[Span], allowed: int) -> list[int]:
    """Return the days whose sessions add up to more, overlaps counted twice.

    The spans come in the order of their beginnings, and so day by day.
    """
    days = []
    day = seconds = 0
    for start, stop, _ in spans:
        if start // DAY != day:
            if seconds > allowed:
                days.append(day)
            day, seconds = start // DAY, 0
        seconds += stop - start
    return [*days, day] if seconds > allowed else days


def _covered(spans: Iterable[Span]) -> int:
    """Return the seconds that the spans cover, each once."""
    total = covered = 0
    for start, stop, _ in spans:
        total += max(stop - max(start, covered), 0)
        covered = max(covered, stop)
    return total


def at_night(facts: SignalFacts, limits: Thresholds) -> Signal | None:
    """Somebody learned in the middle of the night for long."""
    opens, closes = limits.night_from_hour * _HOUR, limits.night_to_hour * _HOUR
    by_day = opens - closes
    found: dict[int, list[int]] = {}
    for person, spans in zip(facts.persons, facts.spans, strict=True):
        late = [
            place
            for start, stop, place in spans
            if (start - closes) % DAY + stop - start > by_day
            and _in_the_night(start, stop, opens, closes) > limits.night_seconds
        ]
        if late:
            found[person.number] = person.rows_at(late)
    hours = {"from_hour": limits.night_from_hour, "to_hour": limits.night_to_hour}
    return of_persons("at_night", found, **hours)


def _in_the_night(start: int, stop: int, opens: int, closes: int) -> int:
    """Return the seconds of a session between *opens* and the *closes* of the next morning."""
    return sum(
        max(min(stop, (day + 1) * DAY + closes) - max(start, day * DAY + opens), 0)
        for day in range(start // DAY - 1, stop // DAY + 1)
    )


def above_the_clock(facts: SignalFacts, limits: Thresholds) -> Signal | None:
    """A record states more than lies between its beginning and its end."""
    found: dict[int, list[int]] = {}
    most = 0
    for person in facts.persons:
        above = [
            (stated - end + start, place)
            for place, (_, start, end, stated) in enumerate(person.sessions)
            if stated - end + start > limits.clock_seconds
        ]
        if above:
            found[person.number] = person.rows_at(place for _, place in above)
            most = max(most, *(seconds for seconds, _ in above))
    return of_persons("above_the_clock", found, most=most // 60)
