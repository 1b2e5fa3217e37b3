"""Which step is awaited, until when, and what does the clock do while a case lies elsewhere?"""

from datetime import date, timedelta
from typing import get_args

import pytest

from app.policy.awaiting import BY_NAME, STEPS, Clock, awaited, is_overdue, started, stopped
from app.policy.parameters import edition
from app.policy.procedure import ClaimState, Duty, PlanState
from app.schemas.worklist import StepName, WaitingState

LAW = edition(date(2020, 3, 2))
_FIRST = date(2020, 3, 1)
CALENDAR = {
    day: day.weekday() < 5 and day != date(2020, 4, 6)
    for day in (_FIRST + timedelta(days=number) for number in range(90))
}
REVIEW = BY_NAME["review"]


def test_the_states_that_await_an_officer_are_these_and_no_others() -> None:
    waiting = {state for state in ClaimState if awaited("claims", state)}
    assert waiting == {
        ClaimState.FILED, ClaimState.REVIEWED, ClaimState.APPROVED, ClaimState.PUBLISHED,
        ClaimState.PAYING,
    }  # fmt: skip
    assert {state for state in PlanState if awaited("plans", state)} == {PlanState.SUBMITTED}


def test_each_step_is_the_duty_that_its_move_asks_for() -> None:
    assert [(step.name, step.duty) for step in STEPS] == [
        ("approve_plan", Duty.REVIEW), ("review", Duty.REVIEW), ("approve", Duty.APPROVE),
        ("publish", Duty.APPROVE), ("pay", Duty.PAY), ("confirm_payment", Duty.PAY),
        ("decide_objection", Duty.APPROVE), ("redetermine", Duty.REVIEW),
    ]  # fmt: skip


def test_the_words_of_the_query_are_those_of_the_law() -> None:
    assert get_args(StepName) == tuple(BY_NAME)
    assert get_args(WaitingState) == tuple(str(step.state) for step in STEPS)


@pytest.mark.parametrize(
    ("began_on", "used", "due_on"),
    [
        (date(2020, 3, 30), 0, date(2020, 4, 7)),  # Qingming lies between
        (date(2020, 3, 28), 0, date(2020, 4, 3)),  # a Saturday
        (date(2020, 3, 30), 2, date(2020, 4, 2)),
        (date(2020, 3, 30), 5, date(2020, 3, 31)),  # something is always left
        (date(2020, 3, 30), 9, date(2020, 3, 31)),
    ],
)
def test_a_term_is_counted_in_working_days_from_the_day_after(
    began_on: date, used: int, due_on: date
) -> None:
    assert LAW.review_working_days == 5
    assert started(REVIEW, began_on, used, LAW, CALENDAR) == Clock(began_on, due_on, used)


def test_without_a_calendar_there_is_no_due_day_and_no_refusal() -> None:
    assert started(REVIEW, date(2020, 3, 30), 0, LAW, {}) == Clock(date(2020, 3, 30), None, 0)


def test_the_clock_stands_still_and_keeps_what_was_used() -> None:
    running = started(REVIEW, date(2020, 3, 30), 0, LAW, CALENDAR)
    still = stopped(running, date(2020, 4, 1), CALENDAR)
    assert still == Clock(None, None, 2)
    again = started(REVIEW, date(2020, 4, 20), still.used, LAW, CALENDAR)
    assert again.due_on == date(2020, 4, 23), "three of five days were left"
    assert stopped(again, date(2020, 4, 21), CALENDAR).used == 3


def test_a_weekend_uses_nothing_up() -> None:
    running = started(REVIEW, date(2020, 3, 27), 0, LAW, CALENDAR)
    assert stopped(running, date(2020, 3, 29), CALENDAR).used == 0


def test_on_its_last_day_a_step_is_not_overdue() -> None:
    assert not is_overdue(date(2020, 4, 7), date(2020, 4, 7))
    assert is_overdue(date(2020, 4, 7), date(2020, 4, 8))
    assert not is_overdue(None, date(2020, 4, 8))
