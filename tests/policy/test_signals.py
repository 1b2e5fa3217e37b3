"""Every signal of the records: what raises it, what does not, and the step between them."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.policy.facts import Session
from app.policy.learning import DAY
from app.policy.signals import THRESHOLDS, Attended, SharedUse, Signal, SignalFacts, raise_all
from app.policy.signals import sessions as of_the_clock
from app.policy.signals.checks import CHECKS
from app.policy.signals.explanation import explain
from app.policy.signals.thresholds import TEXTS, Severity

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  the wall clock of Shanghai
CLASS = SignalFacts(
    claimed_on=date(2020, 3, 30),
    starts_on=date(2020, 3, 9),
    ends_on=date(2020, 3, 27),
    approved_on=date(2020, 3, 3),
    class_hour=45 * 60,
    trainees=24,
    headcount=186,
    recorded=frozenset({1, 2}),
)


def at(day: int, clock: str, minutes: int, stated: int | None = None, course: int = 1) -> Session:
    """A session on that day of March; ``stated`` are seconds, the whole of it by default."""
    hour, minute, second = (int(part) for part in f"{clock}:00".split(":")[:3])
    start = int((datetime(2020, 3, day, hour, minute, second) - EPOCH).total_seconds())  # noqa: DTZ001  as above
    return Session(course, start, start + minutes * 60, minutes * 60 if stated is None else stated)


def attended(*records: list[Session]) -> tuple[Attended, ...]:
    """Persons 1, 2 and so on; the rows of person 1 are 100, 101 and so on."""
    return tuple(
        Attended(number, tuple(each), range(number * 100, number * 100 + len(each)))
        for number, each in enumerate(records, start=1)
    )


def raised(*records: list[Session], **changes: Any) -> dict[str, Signal]:  # noqa: ANN401
    facts = replace(CLASS, persons=attended(*records), **changes)
    return {signal.kind: signal for signal in raise_all(facts)}


ORDINARY = [
    at(9, "08:00", 90), at(9, "09:31", 90), at(9, "13:02", 90), at(9, "15:00", 90),  # 8 class hours
    at(10, "22:01", 59), at(11, "05:00", 45), at(27, "23:00", 30),
]  # fmt: skip


def test_ordinary_training_raises_nothing() -> None:
    """Eight class hours on a day, an evening, an early morning and the last minutes of the plan."""
    assert raised(ORDINARY) == {}
    assert raised() == {}


def test_one_person_in_two_sessions_at_once() -> None:
    one = at(9, "08:00", 60)
    touching, over = at(9, "08:59", 60, course=2), at(9, "08:58:59", 60, course=2)
    assert raised([one, touching]) == {}, "a minute of overlap is no second session"
    found = raised([over, one], ORDINARY)["two_at_once"]
    assert (found.rows, found.data) == ((100, 101), {"persons": [1], "sessions": 2})
    assert raised([one], [over]) == {}, "two persons may learn at once"


def test_a_session_lasts_no_longer_than_it_states() -> None:
    """Logged in all morning for half an hour of learning: the next session is not at once."""
    assert raised([at(9, "08:00", 240, stated=1800), at(9, "09:00", 60)]) == {}


def test_the_same_row_imported_twice_is_no_second_session() -> None:
    one = at(9, "08:00", 60)
    assert raised([one, one]) == {}
    short = at(9, "08:10", 10, course=2)
    assert raised([one, one, short])["two_at_once"].rows == (101, 102)


def test_a_long_session_covers_all_that_begins_in_it() -> None:
    found = raised([at(9, "08:00", 180), at(9, "08:30", 10), at(9, "10:00", 30)])["two_at_once"]
    assert found.rows == (100, 101, 102)


def test_one_person_at_once_in_another_project() -> None:
    found = raised(ORDINARY, at_once_elsewhere=((1, 103), (1, 101), (1, 101)))
    signal = found["two_at_once_elsewhere"]
    assert (signal.rows, signal.severity) == ((101, 103), Severity.SERIOUS)
    assert signal.data == {"persons": [1], "sessions": 2}


@pytest.mark.parametrize(("seconds", "is_raised"), [(5399, False), (5400, False), (5401, True)])
def test_more_than_eight_class_hours_a_day(seconds: int, is_raised: bool) -> None:
    day = [*ORDINARY[:3], at(9, "15:00", 95, stated=seconds)]
    found = raised(day, [at(10, "08:00", 90)])
    assert ("long_day" in found) is is_raised
    if is_raised:
        assert found["long_day"].rows == (100, 101, 102, 103)
        assert found["long_day"].data == {"persons": [1], "days": 1, "limit": 8, "most": 360}


def test_a_second_of_a_day_counts_once() -> None:
    """Seven hours are stated, five of them are learned: that is two at once, and no long day."""
    found = raised([at(9, "08:00", 300), at(9, "09:00", 120, course=2)])
    assert found.keys() == {"two_at_once"}
    more = raised([at(9, "08:00", 300), at(9, "12:00", 180, course=2)])
    assert more["long_day"].data["most"] == 420


@pytest.mark.parametrize(
    ("clock", "minutes", "stated", "is_raised"),
    [
        ("22:00", 90, None, False),  # half an hour of the night
        ("22:00", 91, None, True),
        ("22:00", 240, 3600, False),  # logged in until 2, learned until 23
        ("04:30", 60, None, False),
        ("04:29", 60, None, True),
        ("00:00", 30, None, False),
        ("00:00", 31, None, True),
        ("05:00", 300, None, False),
    ],
)
def test_sessions_at_night(clock: str, minutes: int, stated: int | None, is_raised: bool) -> None:
    found = raised([at(11, "10:00", 45), at(12, clock, minutes, stated)])
    assert found.keys() == ({"at_night"} if is_raised else set())
    if is_raised:
        assert found["at_night"].rows == (101,)


def test_minutes_above_the_clock() -> None:
    assert raised([at(9, "08:00", 30, stated=1859)]) == {}
    assert raised([at(9, "08:00", 30, stated=1860)]) == {}
    found = raised([at(9, "08:00", 30, stated=1861), at(10, "08:00", 30, stated=18000)])
    assert found["above_the_clock"].rows == (100, 101)
    assert found["above_the_clock"].data == {"persons": [1], "sessions": 2, "most": 270}


def robot(sessions: int = 5) -> list[Session]:
    return [at(9 + number, f"08:{number * 7:02}", 45 + number) for number in range(sessions)]


def own(person: int, sessions: int) -> list[Session]:
    return [
        at(20 + number, f"{9 + person}:{number * 9:02}", 40 + number) for number in range(sessions)
    ]


@pytest.mark.parametrize(
    ("persons", "sessions", "others", "is_raised"),
    [(5, 5, 5, True), (4, 5, 5, False), (5, 4, 0, False), (5, 5, 6, False), (6, 6, 0, True)],
)
def test_several_persons_with_the_same_times(
    persons: int, sessions: int, others: int, is_raised: bool
) -> None:
    """Five persons, five sessions, and half of all they learned: below one of these, chance."""
    found = raised(*(robot(sessions) + own(person, others) for person in range(persons)))
    assert found.keys() == ({"lockstep"} if is_raised else set())
    if is_raised:
        assert found["lockstep"].data["persons"] == list(range(1, persons + 1))
        assert (
            found["lockstep"].data["sessions"] == persons * sessions == len(found["lockstep"].rows)
        )


def test_who_learns_in_a_class_has_the_times_of_the_class() -> None:
    """Live and offline courses begin and end for all at once."""
    assert raised(*(robot() for _ in range(20)), recorded=frozenset({2})) == {}


def test_a_person_is_not_several_because_his_file_was_imported_often() -> None:
    assert raised(robot() * 5) == {}


@pytest.mark.parametrize(("times", "is_raised"), [(9, False), (10, True), (11, True)])
def test_somebody_who_begins_at_the_same_second_again_and_again(
    times: int, is_raised: bool
) -> None:
    beats = [at(9 + number, "08:00:13", 45) for number in range(times)]
    live_before = at(8, "08:00:13", 45, course=3)
    found = raised([*beats, at(9, "10:00", 20), live_before], starts_on=date(2020, 3, 8))
    assert found.keys() == ({"clockwork"} if is_raised else set())
    if is_raised:
        assert found["clockwork"].rows == tuple(range(100, 100 + times))
    live = raised([*beats, at(9, "10:00", 20)], recorded=frozenset({2}))
    assert live == {}


def test_ten_repetitions_of_many_beats_are_ordinary() -> None:
    several = [at(9 + number, clock, 45) for number in range(9) for clock in ("08:00", "10:00")]
    assert raised(several) == {}


def test_one_device_for_many() -> None:
    three, four = SharedUse((1, 2, 3), (1, 2, 3)), SharedUse((1, 2, 3, 4), (5, 6, 7, 8, 9))
    assert raised(devices=(three,)) == {}
    found = raised(devices=(three, four, SharedUse((4, 5, 6, 7), (9, 10))))["shared_device"]
    assert found.rows == (5, 6, 7, 8, 9, 10)
    assert found.data == {
        "persons": [1, 2, 3, 4, 5, 6, 7], "devices": 2, "sessions": 6, "limit": 3,
    }  # fmt: skip


def test_one_address_for_many() -> None:
    class_of_50 = SharedUse(tuple(range(1, 51)), (1,))
    assert raised(addresses=(class_of_50,)) == {}
    found = raised(addresses=(class_of_50, SharedUse(tuple(range(1, 52)), (2, 3))))
    assert found["shared_address"].rows == (2, 3)
    assert found["shared_address"].data == {
        "count": 51, "addresses": 1, "sessions": 2, "limit": 50,
    }  # fmt: skip


def test_records_before_the_approval_or_after_the_end() -> None:
    inside = [at(9, "00:00", 10), at(27, "23:30", 30)]
    assert raised(inside) == {}
    outside = raised([at(8, "23:59", 2), *inside, at(27, "23:31", 30)])["outside_the_dates"]
    assert outside.rows == (100, 103)
    assert outside.data == {"persons": [1], "before": 1, "after": 1}


def test_what_was_learned_on_the_day_of_the_approval_came_before_it() -> None:
    approved = {"starts_on": date(2020, 3, 1), "approved_on": date(2020, 3, 9)}
    assert raised([at(10, "00:00", 10)], **approved) == {}
    assert raised([at(9, "23:50", 10)], **approved)["outside_the_dates"].data["before"] == 1
    assert raised([at(9, "23:50", 10)], **{**approved, "approved_on": None}) == {}


def test_persons_who_are_not_on_the_roster() -> None:
    found = raised(strays=(7, 5))["not_on_roster"]
    assert (found.rows, found.data) == ((5, 7), {"sessions": 2})


def test_every_kind_has_its_check_its_words_and_its_severity() -> None:
    names = [check.__name__ for check in CHECKS]
    assert set(names) == TEXTS.keys() - {"thresholds"}
    assert {TEXTS[name]["severity"] for name in names} == set(Severity)


def test_a_signal_names_at_most_ten_persons() -> None:
    for number, told in ((10, "10 号人员有 3 条"), (11, "10 号等 11 人有 3 条")):
        data = {"persons": list(range(1, number + 1)), "sessions": 3}
        text = explain("two_at_once", data).text
        assert text.startswith("花名册第 1、2、3、")
        assert told in text


def test_what_many_records_share_is_judged_by_the_thresholds_alone() -> None:
    stricter = replace(THRESHOLDS, class_hours_a_day=1)
    facts = replace(CLASS, persons=attended(ORDINARY))
    assert [signal.kind for signal in raise_all(facts, stricter)] == ["long_day"]


@given(
    spans=st.lists(
        st.tuples(st.integers(0, 5 * DAY), st.integers(-60, DAY)).map(
            lambda told: (told[0], sum(told), 0)
        ),
        max_size=12,
    ).map(sorted),
    allowed=st.integers(0, DAY),
)
def test_one_pass_finds_the_days_and_overlaps_that_adding_up_finds(
    spans: list[tuple[int, int, int]], allowed: int
) -> None:
    seconds: Counter[int] = Counter()
    for start, stop, _ in spans:
        seconds[start // DAY] += stop - start
    above = [day for day in sorted(seconds) if seconds[day] > allowed]
    assert of_the_clock._days_above(spans, allowed) == above
    lasting = any(one[1] - after[0] > allowed for one, after in pairwise(spans))
    assert of_the_clock._is_interrupted(spans, allowed) is lasting
