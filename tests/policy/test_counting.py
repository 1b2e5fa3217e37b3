"""What is told row by row adds up to what the law counts."""

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from app.policy.counting import count
from app.policy.facets import Suspension
from app.policy.facts import Session
from app.policy.learning import learn, syllabus
from tests.policy.cases import LAW
from tests.policy.test_learning import MONDAY, TWO, session

HALTED = replace(
    TWO,
    suspensions=(Suspension(from_day=date(2020, 3, 10), to_day=date(2020, 3, 10), reason="理由"),),
)
PER_SESSION = replace(LAW, offline_rounding="per_session")
CUMULATIVE = replace(LAW, offline_rounding="cumulative", online_rounding="cumulative")
HOUR = LAW.class_hour_minutes * 60


@settings(max_examples=200, deadline=None)
@given(
    st.lists(session(), max_size=10),
    st.sampled_from([TWO, HALTED]),
    st.sampled_from([PER_SESSION, CUMULATIVE]),
)
def test_what_each_session_brings_adds_up_to_what_is_learned(
    record: list[Session], plan: object, law: object
) -> None:
    asked = syllabus(plan, law)  # type: ignore[arg-type]
    told, learned = count(record, asked), learn(record, asked)
    assert (told.seconds // 60, told.hours) == (learned.minutes, learned.hours)
    assert sum(each.seconds for each in told.sessions) == told.seconds
    assert sum(each.seconds for each in told.courses) == told.seconds
    assert sum(each.own for each in told.courses) == sum(each.own for each in told.sessions)
    assert all(0 <= each.seconds <= each.own for each in told.sessions)


def test_a_second_belongs_to_the_session_that_began_first() -> None:
    first = Session(1, MONDAY + 3600, MONDAY + 5400, 1800)
    later = Session(1, MONDAY + 4500, MONDAY + 6300, 1800)
    told = count([later, first, later], syllabus(TWO, LAW))
    assert [each.own for each in told.sessions] == [900, 1800, 0]


def test_what_lies_beyond_the_filed_hours_counts_nothing() -> None:
    """Four class hours are filed for the first course: the fifth is told, and counts nothing."""
    rows = [
        Session(1, MONDAY + hour * 3600, MONDAY + hour * 3600 + HOUR, HOUR) for hour in range(5)
    ]
    told = count(rows, syllabus(TWO, LAW))
    assert [each.seconds for each in told.sessions] == [HOUR] * 4 + [0]
    assert [each.own for each in told.sessions] == [HOUR] * 5
    assert (told.courses[0].own, told.courses[0].seconds) == (5 * HOUR, 4 * HOUR)
