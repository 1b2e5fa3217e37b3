"""Whoever is refused something is told where to object, and until when, by the law of that day."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.policy.kinds import Certainty
from app.policy.parameters import all_entries
from app.policy.remedies import remedies, while_examined
from app.policy.signing import is_third_needed
from tests.policy.cases import LAW

OFFICE = "大连市中山区人社局"


def test_review_runs_sixty_days_and_litigation_six_months_from_the_day_of_the_decision() -> None:
    ways = {each.code: each for each in remedies(date(2020, 3, 31), OFFICE, LAW)}
    assert ways["administrative_review"].last_day == date(2020, 5, 30)
    assert ways["litigation"].last_day == date(2020, 9, 30)
    assert ways["statement"].last_day is None
    assert "2020-05-30" in ways["administrative_review"].text
    assert "60 日" in ways["administrative_review"].text
    assert OFFICE in ways["statement"].where


def test_the_periods_are_parameters() -> None:
    law = replace(LAW, administrative_review_days=90, litigation_months=3)
    ways = {each.code: each.last_day for each in remedies(date(2020, 3, 31), OFFICE, law)}
    assert ways["administrative_review"] == date(2020, 6, 29)
    assert ways["litigation"] == date(2020, 6, 30)


@pytest.mark.parametrize(
    ("day", "source"),
    [(date(2023, 12, 31), "2017年修正"), (date(2024, 1, 1), "2023年修订")],
)
def test_where_to_object_follows_the_law_of_the_day(day: date, source: str) -> None:
    (way,) = [each for each in remedies(day, OFFICE, LAW) if each.code == "administrative_review"]
    assert source in way.source
    assert ("上一级" in way.where) == (day.year == 2023)


def test_before_a_decision_one_may_only_state_ones_case() -> None:
    assert [each.code for each in while_examined(date(2020, 3, 31), OFFICE, LAW)] == ["statement"]


def test_what_the_notices_do_not_say_is_marked_with_its_source() -> None:
    marked = {each.key: each for each in all_entries() if each.certainty != Certainty.VERIFIED}
    assert {"third_signature_above", "correction_working_days"} <= set(marked)
    assert all(each.source for each in marked.values())
    assert "本地规则" in marked["third_signature_above"].source


def test_a_third_signature_is_needed_above_the_amount_and_not_at_it() -> None:
    limit = LAW.third_signature_above
    assert not is_third_needed(limit, LAW)
    assert is_third_needed(limit + Decimal("0.01"), LAW)
