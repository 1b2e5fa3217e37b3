"""Verified learning is the union of what fits the plan; the order of the record changes nothing."""

from dataclasses import replace
from datetime import date
from itertools import pairwise
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from app.policy.facets import Suspension
from app.policy.facts import Session
from app.policy.learning import (
    DAY,
    NOTHING_LEARNED,
    Learned,
    completion_day,
    day_of,
    filed_hours,
    last_counted_day,
    learn,
    midnight,
    syllabus,
)
from app.policy.rows import row_findings
from tests.policy.cases import LAW, facts
from tests.policy.test_rows import at

TWO = facts({"plan.courses": [{"hours": 4}, {"hours": 2, "mode": "offline"}]}).plan
MONDAY = midnight(date(2020, 3, 9))


def learned(*sessions: Session) -> Learned:
    return learn(sessions, syllabus(TWO, LAW))


@st.composite
def session(draw: st.DrawFn) -> Session:
    start = MONDAY + draw(st.integers(-DAY, 2 * DAY))
    length = draw(st.integers(-60, 7200))
    stated = draw(st.integers(0, 9000))
    return Session(draw(st.integers(0, 3)), start, start + length, stated)


FEW = settings(max_examples=25, deadline=None)
sessions = st.lists(session(), max_size=8)


def brute_force(record: list[Session]) -> dict[int, set[int]]:
    """Every second that counts, by course: the definition, said once more and slowly."""
    owner: dict[int, int] = {}
    opens, closes = MONDAY, midnight(TWO.ends_on) + DAY
    fitting = [each for each in record if each.course in {1, 2} and each.start >= opens]
    fitting = [each for each in fitting if each.end <= closes]
    order = sorted(
        (each.start, min(each.end, each.start + each.stated), each.course) for each in fitting
    )
    for start, stop, course in order:
        for second in range(start, stop):
            owner.setdefault(second, course)
    return {
        course: {second for second, mine in owner.items() if mine == course} for course in (1, 2)
    }


@FEW
@given(sessions)
def test_a_second_counts_once_and_at_most_the_filed_minutes_of_its_course(
    record: list[Session],
) -> None:
    counted = brute_force(record)
    expected = min(len(counted[1]), 4 * 45 * 60) + min(len(counted[2]), 2 * 45 * 60)
    assert learned(*record).minutes == expected // 60


@FEW
@given(sessions, st.randoms())
def test_the_order_of_the_record_changes_nothing(record: list[Session], random: Random) -> None:
    shuffled = random.sample(record, len(record))
    assert learned(*record) == learned(*shuffled)
    findings = zip(record, row_findings(TWO, record), strict=True)
    again = zip(shuffled, row_findings(TWO, shuffled), strict=True)
    assert sorted(map(repr, findings)) == sorted(map(repr, again))


@FEW
@given(sessions)
def test_hours_never_exceed_what_was_filed_or_learned(record: list[Session]) -> None:
    result = learned(*record)
    assert 0 <= result.hours <= filed_hours(TWO)
    assert result.hours * 45 <= result.minutes <= filed_hours(TWO) * 45


@FEW
@given(sessions)
def test_a_row_without_finding_counts_every_second_it_states(record: list[Session]) -> None:
    """What the import tells of a row, and what the law counts, never part ways."""
    roomy = facts({"plan.courses": [{"hours": 999}, {"hours": 999, "mode": "offline"}]}).plan
    silent = [
        each
        for each, found in zip(record, row_findings(roomy, record), strict=True)
        if not found and each.end > each.start
    ]
    total = sum(each.stated for each in silent)
    assert learn(record, syllabus(roomy, LAW)).minutes >= total // 60


@FEW
@given(sessions)
def test_a_row_that_does_not_fit_changes_nothing(record: list[Session]) -> None:
    misfits = {"course_not_filed", "outside_plan_dates", "before_approval", "during_suspension"}
    fitting = [
        each
        for each, found in zip(record, row_findings(TWO, record), strict=True)
        if misfits.isdisjoint(finding.rule for finding in found)
    ]
    assert learned(*fitting) == learned(*record)._replace(misfits=0)
    assert learned(*record).misfits == len(record) - len(fitting)


@FEW
@given(sessions, sessions)
def test_the_completion_day_is_known_before_hours_are_counted(
    one: list[Session], other: list[Session]
) -> None:
    by_learning = completion_day([learned(*one), learned(*other)])
    assert last_counted_day(TWO, [one, other]) == by_learning


def test_hours_grow_with_minutes_in_a_project_of_one_mode() -> None:
    for mode in ("online", "offline"):
        plan = facts({"plan.courses": [{"hours": 3, "mode": mode}]}).plan
        hours = [
            learn([at("2020-03-09T08:00", minutes)], syllabus(plan, LAW)).hours
            for minutes in range(0, 200, 5)
        ]
        assert all(before <= after for before, after in pairwise(hours))
        assert hours[-1] == 3


def test_a_session_lasts_no_longer_than_its_clock_nor_than_it_states() -> None:
    assert learned(at("2020-03-09T08:00", 30, 300)).minutes == 30
    assert learned(at("2020-03-09T08:00", 60, 40)).minutes == 40
    assert learned(at("2020-03-09T08:00", -60, 40)) == NOTHING_LEARNED


def test_a_session_may_last_to_midnight_of_the_last_filed_day() -> None:
    assert learned(at("2020-03-27T23:00", 60)).minutes == 60
    assert learned(at("2020-03-27T23:00", 61)) == NOTHING_LEARNED._replace(misfits=1)


def test_one_course_cannot_stand_in_for_another() -> None:
    assert learned(at("2020-03-09T08:00", 400)).minutes == 4 * 45


def test_offline_hours_are_cut_session_by_session_and_online_hours_in_sum() -> None:
    offline = [at("2020-03-09T08:00", 60, course=2), at("2020-03-09T10:00", 44, course=2)]
    online = [at("2020-03-10T08:00", 60), at("2020-03-10T10:00", 44)]
    assert learned(*offline).hours == 1
    assert learned(*online).hours == 2
    assert learned(*offline, *online).hours == 3
    in_sum = syllabus(TWO, replace(LAW, offline_rounding="cumulative"))
    assert learn(offline, in_sum).hours == 2


def test_the_class_completes_on_the_day_of_its_last_counted_session() -> None:
    first = learned(at("2020-03-10T08:00", 60), at("2020-03-30T08:00", 60))
    midnight_over = learned(at("2020-03-11T23:30", 30))
    assert (first.first_day, first.last_day) == (date(2020, 3, 10), date(2020, 3, 10))
    assert midnight_over.last_day == date(2020, 3, 11)
    assert completion_day([first, midnight_over, NOTHING_LEARNED]) == date(2020, 3, 11)
    assert completion_day([]) is None


def test_a_filing_without_approval_lets_nothing_count() -> None:
    draft = replace(TWO, approved_on=None)
    record = [at("2020-03-10T08:00", 60)]
    assert learn(record, syllabus(draft, LAW)) == NOTHING_LEARNED._replace(misfits=1)
    assert last_counted_day(draft, [record]) is None


def test_days_and_seconds_agree() -> None:
    assert midnight(date(1970, 1, 2)) == DAY
    assert day_of(DAY - 1) == date(1970, 1, 1)
    assert day_of(DAY) == date(1970, 1, 2)


SUSPENDED = replace(
    TWO,
    suspensions=(
        Suspension(date(2020, 3, 10), "检查"),
        Suspension(date(2020, 3, 8), "停", date(2020, 3, 8)),
    ),
)


def test_learning_on_suspended_days_counts_nothing() -> None:
    """DL-1-c: a session that touches a suspended day is out; the days beside it count."""
    before = at("2020-03-09T23:00", 60)
    touching, on_it = at("2020-03-09T23:01", 60), at("2020-03-10T08:00", 60)
    plan = syllabus(SUSPENDED, LAW)
    assert learn([before], plan).minutes == 60
    assert learn([touching], plan) == NOTHING_LEARNED._replace(misfits=1)
    assert learn([on_it], plan) == NOTHING_LEARNED._replace(misfits=1)
    rows = row_findings(SUSPENDED, [before, touching, on_it])
    assert [tuple(each.rule for each in row) for row in rows] == [
        (), ("during_suspension",), ("during_suspension",)
    ]  # fmt: skip
    assert last_counted_day(SUSPENDED, [[before, on_it]]) == date(2020, 3, 9)
    ended = replace(TWO, suspensions=(Suspension(date(2020, 3, 9), "停", date(2020, 3, 9)),))
    assert learn([at("2020-03-10T00:00", 60)], syllabus(ended, LAW)).minutes == 60


@FEW
@given(sessions)
def test_a_suspension_never_brings_more(record: list[Session]) -> None:
    less, more = learn(record, syllabus(SUSPENDED, LAW)), learned(*record)
    assert less.minutes <= more.minutes
    assert last_counted_day(SUSPENDED, [record]) == less.last_day
