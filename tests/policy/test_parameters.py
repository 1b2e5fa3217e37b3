"""Numbers and dates of the law are dated data: a changed one is an entry, never code."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from importlib.resources import files

import pytest

from app.policy.assessment import assess
from app.policy.parameters import (
    NotInForceError,
    UnknownParameterError,
    edition,
    edition_of,
    in_force,
    read,
)
from tests.policy.cases import facts

TEXT = files("app.policy").joinpath("parameters.toml").read_text("utf-8")
RAISED = """
[[cap_per_person_year]]
value = "1500.00"
from = 2021-01-01
{to}
clause = ["DL-2.3-f"]
name = "每人每年补贴上限（元）"
"""
RAISED_FOR_GOOD = TEXT + RAISED.format(to="")


def test_the_2020_edition_says_what_the_notices_say() -> None:
    law = edition(date(2020, 3, 9))
    assert law.edition == "2020-02-24"
    assert law.rate_per_class_hour == Decimal("10.00")
    assert law.class_hour_minutes == 45
    assert law.cap_per_person_year == Decimal("1000.00")
    assert law.subsidies_per_person == 3
    assert law.converted_online_share == Decimal("0.5")
    assert law.claim_deadline_months == 3
    assert law.publicity_working_days == 5
    assert law.publicity_counts_posting_day is False
    assert law.policy_period == "2020-epidemic"
    assert law.provincial_valid_to == date(2020, 6, 30)
    assert law.sme_figures_on == date(2019, 12, 31)
    assert "总经理" in law.non_frontline_words


def test_a_raised_cap_is_one_entry_and_pays_from_its_day_on() -> None:
    entries = read(RAISED_FOR_GOOD)
    claim = facts({"plan.courses": [{"hours": 101}], "person.sessions": "101 x 45"})
    before, after = (edition_of(entries, on) for on in (date(2020, 12, 31), date(2021, 1, 1)))
    assert (before.edition, after.edition) == ("2020-02-24", "2021-01-01")
    assert before == edition(date(2020, 12, 31))
    assert replace(after, cap_per_person_year=Decimal("1000.00"), edition=before.edition) == before
    assert assess(claim, before).amount == Decimal("1000.00")
    assert assess(claim, after).amount == Decimal("1010.00")


def test_a_value_with_a_last_day_gives_way_and_the_edition_changes_with_it() -> None:
    entries = read(TEXT + RAISED.format(to="to = 2021-06-30"))
    days = (date(2021, 1, 1), date(2021, 6, 30), date(2021, 7, 1))
    editions = [edition_of(entries, day) for day in days]
    assert [law.edition for law in editions] == ["2021-01-01", "2021-01-01", "2021-07-01"]
    assert [str(law.cap_per_person_year) for law in editions] == ["1500.00", "1500.00", "1000.00"]


def test_the_list_in_force_names_every_key_once_with_clause_and_chinese_name() -> None:
    entries = in_force(date(2021, 1, 1), read(RAISED_FOR_GOOD))
    assert [entry.key for entry in entries] == [each.key for each in in_force(date(2020, 3, 9))]
    (cap,) = [entry for entry in entries if entry.key == "cap_per_person_year"]
    assert (cap.value, cap.starts_on, cap.ends_on) == (Decimal("1500.00"), date(2021, 1, 1), None)
    assert (cap.clause, cap.name) == (("DL-2.3-f",), "每人每年补贴上限（元）")
    assert in_force(date(2020, 2, 23)) == []


def test_a_day_without_a_value_is_an_error_and_not_a_guess() -> None:
    with pytest.raises(NotInForceError, match="2020-02-23"):
        edition(date(2020, 2, 23))


@pytest.mark.parametrize(
    "entry",
    [
        '[[cap_per_month]]\nvalue = "1.00"',
        "[[subsidies_per_person]]\nvalue = true",
        "[[cap_per_person_year]]\nvalue = 1500",
        "[[cap_measures]]\nvalue = 'hourly_sme'",
        '[[cap_year_basis]]\nvalue = "payment"',
        '[[edition]]\nvalue = "2020"',
    ],
)
def test_an_entry_that_nobody_can_read_is_an_error(entry: str) -> None:
    with pytest.raises(UnknownParameterError, match=entry[2:8]):
        read(f'{entry}\nfrom = 2020-02-24\nclause = ["A-01"]\nname = "错"')


def test_money_finer_than_a_fen_is_an_error() -> None:
    with pytest.raises(ValueError, match="two places"):
        read(RAISED.format(to="").replace("1500.00", "1500.001"))


def test_two_values_from_the_same_day_are_an_error() -> None:
    with pytest.raises(UnknownParameterError, match="two values"):
        edition_of(read(RAISED_FOR_GOOD + RAISED.format(to="")), date(2021, 1, 1))


def test_an_earlier_entry_written_later_changes_nothing() -> None:
    entries = read(RAISED_FOR_GOOD)
    assert edition_of(reversed(entries), date(2021, 3, 1)) == edition_of(entries, date(2021, 3, 1))
