"""Every signal of files, rosters, ages and employment: what raises it, and what does not."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.policy.signals import (
    THRESHOLDS,
    Age,
    Renamed,
    SameFile,
    Signal,
    Twin,
    concerning,
    explain,
    raise_all,
)
from tests.policy.test_signals import CLASS

TODAY, UNTIL = date(2020, 3, 2), date(2021, 3, 27)


def raised(**changes: Any) -> dict[str, Signal]:  # noqa: ANN401
    return {signal.kind: signal for signal in raise_all(replace(CLASS, **changes))}


def words(signal: Signal) -> str:
    return explain(signal.kind, signal.data).text


@pytest.mark.parametrize(
    ("kind", "own_enterprise", "is_raised"),
    [
        ("training_record", True, True),
        ("training_record", False, True),
        ("licence", True, False),  # of every claim of the same enterprise
        ("licence", False, True),
        ("teaching_plan", True, False),
        ("teaching_plan", False, False),  # of one training institution
    ],
)
def test_the_same_file_in_two_claims(kind: str, own_enterprise: bool, is_raised: bool) -> None:
    found = raised(files=(SameFile(kind, "甲.pdf", own_enterprise),))
    assert found.keys() == ({"same_file"} if is_raised else set())
    if is_raised:
        elsewhere = int(not own_enterprise)
        assert found["same_file"].data == {"files": 1, "names": "甲.pdf", "elsewhere": elsewhere}
        assert "甲.pdf" in words(found["same_file"])


@pytest.mark.parametrize(
    ("shared", "here", "there", "is_raised"),
    [(8, 10, 10, True), (7, 10, 10, False), (8, 10, 11, False), (8, 11, 10, False), (3, 3, 3, True),
     (2, 2, 2, False)],
)  # fmt: skip
def test_identical_rosters_at_two_enterprises(
    shared: int, here: int, there: int, is_raised: bool
) -> None:
    """Four fifths of the greater roster, and three persons: below that, people change places."""
    found = raised(twins=(Twin(shared, here, there),))
    assert found.keys() == ({"same_roster"} if is_raised else set())


def test_the_nearest_of_several_rosters_is_told() -> None:
    several = (Twin(8, 10, 10), Twin(10, 10, 12), Twin(10, 10, 10), Twin(1, 10, 1))
    assert raised(twins=several)["same_roster"].data == {"shared": 10, "here": 10, "there": 10}


@pytest.mark.parametrize(
    ("trainees", "headcount", "is_raised"),
    [(23, 24, False), (24, 24, False), (25, 24, True), (25, None, False), (1, 0, True)],
)
def test_more_trainees_than_the_headcount(
    trainees: int, headcount: int | None, is_raised: bool
) -> None:
    found = raised(trainees=trainees, headcount=headcount)
    assert found.keys() == ({"above_headcount"} if is_raised else set())


def test_under_16_when_training_begins() -> None:
    on_the_day = Age(1, CLASS.starts_on, None)
    assert raised(ages=(on_the_day, Age(2, None, None))) == {}
    found = raised(ages=(on_the_day, Age(3, date(2020, 3, 10), None)))["under_age"]
    assert found.data == {"persons": [3], "years": 16}


def test_at_the_retirement_age_when_training_begins() -> None:
    later = Age(1, None, date(2020, 3, 10))
    assert raised(ages=(later, Age(2, None, None))) == {}
    found = raised(ages=(later, Age(3, None, CLASS.starts_on)))["past_retirement"]
    assert found.data == {"persons": [3]}


def test_who_left_before_the_claim() -> None:
    assert raised(left=(4, 7))["left_before_claim"].data == {"persons": [4, 7]}


def test_who_was_hired_elsewhere_since_and_is_said_to_be_here() -> None:
    found = raised(left=(4,), hired_elsewhere=(4, 5))
    assert found["hired_elsewhere"].data == {"persons": [5]}
    assert raised(left=(4,), hired_elsewhere=(4,)).keys() == {"left_before_claim"}


@pytest.mark.parametrize(
    ("courses", "filed", "there", "days", "is_raised"),
    [
        (4, 5, 5, 10, True),
        (3, 4, 5, 10, False),
        (4, 4, 9, 10, True),  # all of these courses are part of the other
        (4, 5, 5, 365, True),
        (4, 5, 5, 366, False),  # next year's instruction is ordinary
        (4, 5, 5, -5, True),
    ],
)
def test_a_renamed_project_with_the_same_courses(
    courses: int, filed: int, there: int, days: int, is_raised: bool
) -> None:
    found = raised(renamed=(Renamed((2, 1), courses, filed, there, days),))
    assert found.keys() == ({"renamed_project"} if is_raised else set())
    if is_raised:
        assert found["renamed_project"].data == {"persons": [1, 2], "courses": courses}


def born(day: str, sex: str) -> str:
    """An ID of somebody born on that day; its check character is of no account here."""
    return f"210202{day}00{'1' if sex == 'm' else '2'}X"


@pytest.mark.parametrize(
    ("day", "sex", "frontline", "kept"),
    [
        ("19900101", "m", True, (None, None)),
        ("20040302", "m", True, (None, None)),  # 16 today
        ("20040303", "m", True, (date(2020, 3, 3), None)),
        ("20100101", "f", True, (UNTIL, None)),
        ("19610327", "m", True, (None, UNTIL)),
        ("19610328", "m", True, (None, None)),
        ("19600310", "m", None, (None, date(2020, 3, 10))),
        ("19400101", "m", True, (None, TODAY)),
        ("19660310", "f", None, (None, date(2021, 3, 10))),
        ("19660310", "f", False, (None, date(2021, 3, 10))),
        ("19660310", "f", True, (None, TODAY)),
        ("19710310", "f", True, (None, date(2021, 3, 10))),
        ("19710310", "f", False, (None, None)),
        ("20040229", "m", True, (None, None)),
        ("19600229", "m", True, (None, TODAY)),
    ],
)
def test_of_an_age_only_what_decides_something_is_kept(
    day: str, sex: str, frontline: bool | None, kept: tuple[date | None, date | None]
) -> None:
    """Nothing of nearly everybody; of the old and the very young no day of birth either."""
    number = born(day, sex)
    found = concerning(number, frontline=frontline, today=TODAY, until=UNTIL, limits=THRESHOLDS)
    assert found == kept


def test_who_is_born_on_29_february_has_his_birthday_on_1_march() -> None:
    limits = replace(THRESHOLDS, retirement_years_men=61)
    number = born("19600229", "m")
    found = concerning(number, frontline=True, today=TODAY, until=UNTIL, limits=limits)
    assert found.retires_on == date(2021, 3, 1)
