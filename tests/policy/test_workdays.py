"""Promises: a notice closes on the day the State Council's calendar says, or nobody guesses."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.policy.workdays import CalendarMissing, is_closed, last_day
from app.reference import seeds

CALENDAR = seeds.working_days(2020, 2020)
VECTORS = json.loads(
    (Path(__file__).parent / "vectors" / "publicity_windows.json").read_text("utf-8"),
)["vectors"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["posted"])
def test_vectors(vector: dict[str, Any]) -> None:
    """Every published window ends on its day, whether the posting day counts or not."""
    posted = date.fromisoformat(vector["posted"])
    assert CALENDAR[posted] is vector["posted_is_workday"]
    counted = last_day(posted, 5, counts_posting_day=True, is_working_day=CALENDAR)
    not_counted = last_day(posted, 5, counts_posting_day=False, is_working_day=CALENDAR)
    assert counted.isoformat() == vector["last_day_if_posting_day_counts"]
    assert not_counted.isoformat() == vector["last_day_if_posting_day_not_counted"]


@pytest.mark.parametrize(
    ("posted", "expected"),
    [(date(2020, 4, 28), date(2020, 5, 8)), (date(2020, 4, 1), date(2020, 4, 9))],
    ids=["X16", "X21"],
)
def test_worked_examples(posted: date, expected: date) -> None:
    """X16 crosses the May holiday with its make-up day, X21 crosses Qingming."""
    assert last_day(posted, 5, counts_posting_day=False, is_working_day=CALENDAR) == expected


def test_payment_waits_for_the_day_after() -> None:
    """X21: closed at 24:00 of the last day, so not on the 9th but on the 10th."""
    assert not is_closed(date(2020, 4, 9), date(2020, 4, 8))
    assert not is_closed(date(2020, 4, 9), date(2020, 4, 9))
    assert is_closed(date(2020, 4, 9), date(2020, 4, 10))


def test_a_notice_posted_on_a_free_day_counts_from_the_next_working_day() -> None:
    """A free posting day is never a working day, counted or not."""
    saturday = date(2020, 4, 11)
    for counts in (True, False):
        end = last_day(saturday, 5, counts_posting_day=counts, is_working_day=CALENDAR)
        assert end == date(2020, 4, 17)


def test_a_missing_day_is_named_and_never_guessed() -> None:
    """The error names the day and the file in which it can be entered."""
    with pytest.raises(CalendarMissing) as missing:
        last_day(date(2020, 12, 29), 5, counts_posting_day=False, is_working_day=CALENDAR)
    assert missing.value.day == date(2021, 1, 1)
    assert "2021-01-01" in str(missing.value)
    assert "app/reference/working_days.toml" in str(missing.value)


@pytest.mark.parametrize("working_days", [0, -1])
def test_a_window_has_at_least_one_day(working_days: int) -> None:
    """A period of no days is a mistake, not an endless or empty window."""
    with pytest.raises(ValueError, match="at least one"):
        last_day(date(2020, 4, 1), working_days, counts_posting_day=True, is_working_day=CALENDAR)


@given(st.dates(date(2020, 1, 1), date(2020, 11, 30)), st.integers(1, 15), st.booleans())
def test_window_holds_exactly_its_working_days(posted: date, days: int, counts: bool) -> None:
    """The window ends on a working day and holds exactly as many as were asked for."""
    end = last_day(posted, days, counts_posting_day=counts, is_working_day=CALENDAR)
    first = posted if counts else posted + timedelta(days=1)
    window = [first + timedelta(days=n) for n in range((end - first).days + 1)]
    assert CALENDAR[end]
    assert sum(CALENDAR[day] for day in window) == days
