"""Advances are 30 or 50 per cent of what was approved, and what was too much comes back."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.policy.advance import Settlement, advance, settle, share_of
from app.policy.assessment import assess
from app.policy.determination import determine
from app.policy.facets import Override
from app.policy.facts import Purpose
from app.policy.money import NOTHING, rounded_down
from app.policy.months import months_later, whole_months
from tests.policy.cases import LAW, facts

MONEY = st.integers(0, 10_000_000).map(lambda fen: Decimal(fen) / 100)
FEW = settings(max_examples=40, deadline=None)
SHARE = Decimal("0.50")


@pytest.mark.parametrize(
    ("day", "included", "share"),
    [
        (date(2020, 4, 29), True, "0.50"),
        (date(2020, 4, 30), True, "0.50"),
        (date(2020, 5, 1), True, "0.30"),
        (date(2020, 4, 29), False, "0.50"),
        (date(2020, 4, 30), False, "0.30"),
    ],
)
def test_the_raised_share_ends_on_its_day(day: date, included: bool, share: str) -> None:
    """A-15: the day of the start decides; whether the last day is included is a parameter."""
    case = facts({"plan.starts_on": day}, measure="apprenticeship")
    law = replace(LAW, advance_sme_until_included=included)
    assert share_of(case, law) == Decimal(share)


def test_only_proven_small_enterprises_get_the_raised_share() -> None:
    large = {"enterprise.headcount": 1000, "enterprise.revenue_wan": "40000.00"}
    assert share_of(facts(large, measure="apprenticeship"), LAW) == Decimal("0.30")
    open_size = {"enterprise.industry": "CONSTRUCTION", "enterprise.revenue_wan": "90000"}
    unknown = facts(open_size, ["enterprise.assets_wan"], "apprenticeship")
    assert share_of(unknown, LAW) == Decimal("0.30")


def test_the_base_is_what_the_approved_persons_come_to_on_the_first_day() -> None:
    case = facts(measure="skill_upgrade", persons=3)
    granted = advance(case, LAW)
    assert (granted.base, granted.share) == (Decimal("6000.00"), SHARE)
    assert granted.amount == Decimal("3000.00")
    assert {each.outcome.value for each in granted.findings} == {"passed"}
    later = replace(case, rates=(replace(case.rates[0], valid_from=date(2020, 3, 10)),))
    assert advance(later, LAW).amount == NOTHING
    assert advance(later, LAW).base == NOTHING


def test_a_share_is_cut_to_the_fen() -> None:
    case = facts(measure="skill_upgrade")
    odd = replace(case, rates=(replace(case.rates[0], amount=Decimal("2000.01")),))
    assert advance(odd, LAW).amount == Decimal("1000.00")
    assert rounded_down(Decimal("1.999")) == Decimal("1.99")


def test_persons_without_a_known_level_bring_no_advance() -> None:
    case = facts(measure="skill_upgrade", absent=["plan.level", "person.certificate"])
    assert advance(case, LAW).base == NOTHING


def test_what_was_advanced_is_settled_or_recovered() -> None:
    """X19: of 25,000.00 advanced, a final 20,000.00 brings 5,000.00 back."""
    advanced = Decimal("25000.00")
    assert settle(Decimal("50000.00"), advanced).to_pay == advanced
    short = settle(Decimal("20000.00"), advanced)
    assert (short.to_pay, short.to_recover) == (NOTHING, Decimal("5000.00"))
    assert settle(advanced, advanced) == Settlement(advanced, advanced, NOTHING, NOTHING)


@FEW
@given(MONEY, MONEY)
def test_no_fen_is_lost_in_a_settlement(final: Decimal, advanced: Decimal) -> None:
    done = settle(final, advanced)
    assert advanced + done.to_pay - done.to_recover == final
    assert min(done.to_pay, done.to_recover) == NOTHING


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2020, 3, 1), date(2020, 5, 31), 3),
        (date(2020, 3, 1), date(2020, 5, 30), 2),
        (date(2020, 3, 15), date(2020, 6, 14), 3),
        (date(2020, 3, 15), date(2020, 6, 13), 2),
        (date(2019, 11, 30), date(2020, 2, 28), 3),
        (date(2019, 11, 30), date(2020, 2, 27), 2),
        (date(2020, 1, 31), date(2020, 4, 29), 3),
        (date(2019, 12, 1), date(2020, 11, 30), 12),
        (date(2020, 3, 1), date(2020, 2, 1), 0),
        (date(2020, 3, 1), date(2020, 3, 1), 0),
    ],
)
def test_months_are_whole_or_do_not_count(first: date, last: date, months: int) -> None:
    assert whole_months(first, last) == months


@FEW
@given(st.dates(date(2018, 1, 1), date(2024, 1, 1)), st.integers(0, 40))
def test_so_many_months_later_so_many_months_lie_between(day: date, months: int) -> None:
    """Up to the last day of a month that is too short, where the month is whole a day early."""
    between = whole_months(day, months_later(day, months))
    assert between in {months, months + 1} if day.day > 27 else between == months


def test_an_advance_is_the_sum_of_its_lines_and_leaves_out_who_may_not_be_enrolled() -> None:
    """DL-2.1-c: the base is the approved headcount; a person with a wrong ID is not approved."""
    case = facts(measure="skill_upgrade", persons=3)
    persons = (*case.persons[:2], replace(case.persons[2], id_valid=False))
    found = determine(replace(case, persons=persons, purpose=Purpose.ADVANCE), LAW)
    assert [line.payable for line in found.lines] == [Decimal(1000), Decimal(1000), NOTHING]
    assert found.amount == Decimal("2000.00")
    assert {each.outcome.value for each in found.lines[2].findings} == {"passed", "failed"}


def test_a_claim_is_determined_as_a_claim() -> None:
    case = facts(measure="skill_upgrade")
    assert determine(case, LAW) == assess(case, LAW)
    assert determine(case, LAW) != determine(replace(case, purpose=Purpose.ADVANCE), LAW)


def test_an_advance_is_told_line_by_line_like_every_assessment() -> None:
    case = facts(measure="skill_upgrade", persons=2)
    found = determine(replace(case, purpose=Purpose.ADVANCE), LAW)
    assert (found.edition, found.year, found.completed_on) == (LAW.edition, 2020, "")
    assert [each.rule for each in found.findings] == [
        "advance_foreseen", "filing_approved", "rate_in_force", "rate_verified",
    ]  # fmt: skip
    told = [(each.number, each.minutes, each.hours, each.gross) for each in found.lines]
    assert told == [(1, 0, 0, Decimal("2000.00")), (2, 0, 0, Decimal("2000.00"))]


def test_a_decision_on_a_person_holds_for_his_advance_too() -> None:
    """LN-1.3-e: the three times are "in principle"; the decision follows the breach."""
    law = replace(LAW, counted_measures=("skill_upgrade",), subsidies_limit_strict=False)
    decision = Override("fewer_than_the_provincial_limit", "王", "原因", "纪要1号", 1)
    case = facts({"person.counted": 3}, measure="skill_upgrade")
    found = determine(replace(case, purpose=Purpose.ADVANCE, overrides=(decision,)), law)
    rules = [each.rule for each in found.lines[0].findings if each.outcome.value == "warned"]
    assert rules == ["fewer_than_the_provincial_limit", "overridden"]
