"""A row of a learning file that counts nothing, or less, says why; any other says nothing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

import pytest

from app.policy.facets import Suspension
from app.policy.facts import PlanFacts, Session
from app.policy.findings import Finding
from app.policy.learning import midnight
from app.policy.rows import row_findings
from tests.policy.cases import facts

PLAN = facts({"plan.courses": [{"hours": 18}, {"hours": 18}]}).plan


def at(text: str, minutes: int, stated: int | None = None, course: int = 1) -> Session:
    moment = datetime.fromisoformat(text)
    start = midnight(moment.date()) + moment.hour * 3600 + moment.minute * 60
    said = minutes if stated is None else stated
    return Session(course, start, start + minutes * 60, said * 60)


def names(sessions: Sequence[Session], plan: PlanFacts = PLAN) -> list[tuple[str, ...]]:
    return [tuple(each.rule for each in row) for row in row_findings(plan, sessions)]


def every_row_finding() -> list[Finding]:
    """One finding of each kind, for the tests of the texts."""
    sessions = [
        at("2020-03-09T08:00", 60),
        at("2020-03-09T08:30", 60, 90),
        at("2020-03-08T08:00", 60),
        at("2020-03-10T08:00", 60, course=0),
    ]
    late = replace(PLAN, approved_on=date(2020, 3, 9))
    rows = row_findings(PLAN, sessions) + row_findings(late, sessions[:1])
    rows += row_findings(replace(PLAN, approved_on=None), sessions[:1])
    rows += row_findings(PLAN, sessions[:1], on_roster=False)
    halted = replace(PLAN, suspensions=(Suspension(date(2020, 3, 9), "检查"),))
    rows += row_findings(halted, sessions[:1])
    return [finding for row in rows for finding in row]


@pytest.mark.parametrize(
    ("session", "found"),
    [
        (at("2020-03-09T00:00", 45), ()),
        (at("2020-03-08T23:59", 45), ("outside_plan_dates",)),
        (at("2020-03-27T23:15", 45), ()),
        (at("2020-03-27T23:15", 46), ("outside_plan_dates",)),
        (at("2020-03-10T08:00", 45, course=3), ("course_not_filed",)),
        (at("2020-03-10T08:00", 30, 30), ()),
        (at("2020-03-10T08:00", 30, 31), ("more_than_the_clock",)),
        (at("2020-03-10T08:00", 0, 1), ("more_than_the_clock",)),
        (at("2020-03-10T08:00", -10, 0), ()),
    ],
)
def test_a_row_alone_is_measured_by_plan_and_clock(
    session: Session, found: tuple[str, ...]
) -> None:
    assert names([session]) == [found]


def test_learning_counts_only_from_the_day_after_approval() -> None:
    sessions = [at("2020-03-09T23:00", 45), at("2020-03-10T00:00", 45)]
    on_the_day = replace(PLAN, approved_on=date(2020, 3, 9))
    assert names(sessions, on_the_day) == [("before_approval",), ()]
    never = replace(PLAN, approved_on=None)
    assert names(sessions, never) == [("before_approval",)] * 2


def test_the_later_of_two_overlapping_rows_says_so_wherever_it_stands() -> None:
    early, late = at("2020-03-09T08:00", 60), at("2020-03-09T08:30", 60, course=2)
    assert names([early, late]) == [(), ("overlaps_other_session",)]
    assert names([late, early]) == [("overlaps_other_session",), ()]
    (_, (finding,)) = row_findings(PLAN, [early, late])
    assert finding.data == {"lost": 30}


def test_rows_that_touch_or_that_count_nothing_overlap_with_nobody() -> None:
    touching = [at("2020-03-09T08:00", 60), at("2020-03-09T09:00", 60)]
    assert names(touching) == [(), ()]
    beside_unfiled = [at("2020-03-09T08:00", 60, course=0), at("2020-03-09T08:30", 60)]
    assert names(beside_unfiled) == [("course_not_filed",), ()]


def test_the_same_row_twice_counts_once() -> None:
    row = at("2020-03-09T08:00", 60)
    assert names([row, row]) == [(), ("overlaps_other_session",)]


def test_of_two_rows_alike_the_one_that_states_less_counts_wherever_it_stands() -> None:
    honest, more = at("2020-03-09T08:00", 60), at("2020-03-09T08:00", 60, 61)
    overlapping = ("more_than_the_clock", "overlaps_other_session")
    assert names([honest, more]) == [(), overlapping]
    assert names([more, honest]) == [overlapping, ()]


def test_seconds_beyond_the_clock_are_told_in_minutes_that_differ() -> None:
    row = at("2020-03-09T08:00", 49, 49)
    ((finding,),) = row_findings(PLAN, [row._replace(stated=row.stated + 1)])
    assert finding.data == {"stated": 50, "clock": 49}


def test_a_row_may_count_less_for_two_reasons() -> None:
    sessions = [at("2020-03-09T08:00", 60), at("2020-03-09T08:30", 60, 90)]
    assert names(sessions)[1] == ("more_than_the_clock", "overlaps_other_session")
