"""What does a demand free, by when is it due, and what is kept back of a payment?"""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.policy.parameters import all_entries, edition_of
from app.policy.recovery import Ground, due_day, frees_entitlement, kept_back, recalled_after
from tests.policy.cases import LAW

FEN = st.integers(0, 10**9).map(lambda fen: Decimal(fen) / 100)


def test_an_error_frees_cap_and_count_and_a_fraud_only_if_the_law_says_so() -> None:
    """A-34: a parameter, no code."""
    generous = replace(LAW, fraud_recovery_frees_cap=True)
    assert frees_entitlement(Ground.ERROR, LAW) is True
    assert frees_entitlement(Ground.FRAUD, LAW) is False
    assert frees_entitlement(Ground.FRAUD, generous) is True
    assert frees_entitlement(Ground.ADVANCE, LAW) is None
    assert frees_entitlement(Ground.RECALL, LAW) is None


def test_a_demand_is_due_by_the_parameter_and_an_advance_recalled_after_the_last_day() -> None:
    assert due_day(date(2020, 4, 10), LAW) == date(2020, 5, 10)
    assert due_day(date(2020, 4, 10), replace(LAW, recovery_due_days=1)) == date(2020, 4, 11)
    assert recalled_after(date(2020, 3, 27), LAW) == date(2020, 6, 27)


def test_a_cap_raised_or_lowered_by_a_later_edition_applies_from_its_date() -> None:
    entries = all_entries()
    (cap,) = [each for each in entries if each.key == "cap_per_person_year"]
    later = replace(cap, value=Decimal("1500.00"), starts_on=date(2020, 7, 1))
    lower = replace(cap, value=Decimal("800.00"), starts_on=date(2020, 10, 1))
    told = [
        edition_of((*entries, later, lower), day).cap_per_person_year
        for day in (date(2020, 6, 30), date(2020, 7, 1), date(2020, 9, 30), date(2020, 10, 1))
    ]
    assert told == [Decimal(1000), Decimal(1500), Decimal(1500), Decimal(800)]


@given(FEN, st.lists(FEN, max_size=6))
def test_what_is_kept_back_is_never_more_than_due_or_demanded(
    due: Decimal, demands: list[Decimal]
) -> None:
    kept = kept_back(due, demands)
    assert len(kept) == len(demands)
    assert all(0 <= part <= demand for part, demand in zip(kept, demands, strict=True))
    assert sum(kept) == min(due, sum(demands))
    assert not any(
        later and part < demand
        for number, (part, demand) in enumerate(zip(kept, demands, strict=True))
        for later in kept[number + 1 :]
    ), "the oldest first"
