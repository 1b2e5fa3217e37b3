"""Which step does a case await of an officer, whose duty is it, and by which day is it to be done?

The terms are targets of the office (A-21), counted as the days of a notice are: from the working
day after the step began. While a case lies with the enterprise for correction the clock stands
still: what was used of a term before is not given again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from app.policy import workdays
from app.policy.parameters import Parameters
from app.policy.procedure import (
    CLAIM_MOVES,
    PLAN_MOVES,
    STATES_ZH,
    ClaimState,
    Duty,
    PlanState,
    move_named,
)

_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Awaited:
    """A step that a case awaits in one state, and how the law sets its term."""

    name: str
    title_zh: str
    state: str
    state_zh: str
    duty: Duty
    term: Callable[[Parameters], int]

    def working_days(self, law: Parameters) -> int:
        """Return the term in working days."""
        return self.term(law)


def _of_plan() -> Awaited:
    move = move_named(PLAN_MOVES, "approve")
    return Awaited(
        "approve_plan", "备案审核", PlanState.SUBMITTED, STATES_ZH[PlanState.SUBMITTED],
        move.duty or Duty.REVIEW, lambda law: law.plan_working_days,
    )  # fmt: skip


def _of_claim(
    name: str, title: str, state: ClaimState, term: Callable[[Parameters], int]
) -> Awaited:
    move = move_named(CLAIM_MOVES, name)
    if move.duty is None or state not in move.sources:
        raise ValueError(f"{name} is no officer's step in {state}")
    return Awaited(name, title, state, STATES_ZH[state], move.duty, term)


PLAN_STEP: Final = _of_plan()
CLAIM_STEPS: Final = (
    _of_claim("review", "审核", ClaimState.FILED, lambda law: law.review_working_days),
    _of_claim("approve", "审批", ClaimState.REVIEWED, lambda law: law.approval_working_days),
    _of_claim("publish", "公示", ClaimState.APPROVED, lambda law: law.publication_working_days),
    _of_claim("pay", "列入拨付批次", ClaimState.PUBLISHED, lambda law: law.payment_working_days),
    _of_claim(
        "confirm_payment", "登记拨付结果", ClaimState.PAYING, lambda law: law.result_working_days
    ),
)
DECIDE_OBJECTION: Final = Awaited(
    "decide_objection", "处理异议", "open", "异议待处理", Duty.APPROVE,
    lambda law: law.objection_working_days,
)  # fmt: skip
REDETERMINE: Final = Awaited(
    "redetermine", "重新核定", "upheld", "异议成立", Duty.REVIEW,
    lambda law: law.redetermination_working_days,
)  # fmt: skip
"""Owed until the decision objected to is made anew, or holds no more."""
STEPS: Final = (PLAN_STEP, *CLAIM_STEPS, DECIDE_OBJECTION, REDETERMINE)
BY_NAME: Final[Mapping[str, Awaited]] = {step.name: step for step in STEPS}
_BY_STATE: Final = {
    "plans": {PLAN_STEP.state: PLAN_STEP},
    "claims": {step.state: step for step in CLAIM_STEPS},
}


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock of a case: when its step began, when it is due, and what was used of the term.

    Nothing is due while nobody awaits it, or where the working days are not known.
    """

    began_on: date | None
    due_on: date | None
    used: int


def awaited(table: str, state: str) -> Awaited | None:
    """Return the officer's step that a plan or a claim (``table``) awaits in *state*, if any."""
    return _BY_STATE[table].get(state)


def started(
    step: Awaited, began_on: date, used: int, law: Parameters, is_working_day: Mapping[date, bool]
) -> Clock:
    """Return the clock of a step that begins; at least one working day of its term is left."""
    left = max(step.working_days(law) - used, 1)
    try:
        due_on = workdays.last_day(began_on, left, counts_posting_day=False,
                                   is_working_day=is_working_day)  # fmt: skip
    except workdays.CalendarMissing:
        return Clock(began_on, None, used)
    return Clock(began_on, due_on, used)


def stopped(clock: Clock, today: date, is_working_day: Mapping[date, bool]) -> Clock:
    """Return the clock that stands still from *today* on, with the working days used till then."""
    used = clock.used
    day = today if clock.began_on is None else clock.began_on
    while day < today:
        day += _ONE_DAY
        used += is_working_day.get(day, False)
    return Clock(None, None, used)


NO_CLOCK: Final = Clock(None, None, 0)
"""Nobody awaits anything."""


def is_overdue(due_on: date | None, today: date) -> bool:
    """Tell whether the term has passed: on its last day it has not."""
    return due_on is not None and workdays.is_closed(due_on, today)
