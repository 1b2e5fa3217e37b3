"""What other figures would have paid: carried from claim to claim, never above the cap."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.policy.assessment import assess
from app.policy.carrying import Past
from app.policy.facts import ClaimFacts
from app.policy.money import NOTHING
from app.policy.parameters import Parameters
from app.policy.whatif import Change, UnfitChange, WhatIf, read, varied
from tests.policy.cases import LAW, facts

START = date(2020, 3, 1)
COMPLETED = date(2020, 3, 27)
ONE = ("somebody",)
Claims = list[tuple[Past, ClaimFacts]]


def change(key: str, value: str | bool | int | list[str], starts_on: date = START) -> Change:
    return read(key, value, starts_on)


def cap(yuan: int, starts_on: date = START) -> Change:
    return change("cap_per_person_year", f"{yuan}.00", starts_on)


def project(name: str, hours: int, used: Decimal = NOTHING, counted: int = 0) -> ClaimFacts:
    """One person's completed project of so many class hours, with what he received before."""
    case = facts(
        {
            "plan.courses": [{"hours": hours}],
            "person.sessions": f"{hours} x 45",
            "person.used": {"2020": used},
            "person.counted": counted,
        }
    )
    return replace(case, plan=replace(case.plan, project_key=name))


def past(case: ClaimFacts, *, booked: bool = True, law: Parameters = LAW) -> Past:
    done = assess(case, law)
    payable = tuple(line.payable for line in done.lines)
    return Past(law, COMPLETED, case.measure, done.year, ONE, payable, booked)


def approved(hours: list[int], law: Parameters = LAW) -> Claims:
    """The person's projects in the order of their approval, each paid by the law."""
    found: Claims = []
    used, counted = NOTHING, 0
    for number, each in enumerate(hours):
        case = project(f"project {number}", each, used, counted)
        found.append((past(case, law=law), case))
        amount = sum(found[-1][0].payable, NOTHING)
        used, counted = used + amount, counted + (amount > 0)
    return found


def simulated(claims: Claims, *changes: Change) -> list[int]:
    """What each claim pays under the changes, in whole yuan."""
    what_if = WhatIf(changes)
    paid = [what_if.pays(each, lambda case=case: case)[0] for each, case in claims]  # type: ignore[misc]
    return [int(amount) for amount in paid]


def refuse() -> ClaimFacts:
    raise AssertionError("the facts were asked for")


def test_a_raised_cap_is_raised_once_for_all_claims_of_the_year() -> None:
    """1100 and 300 of class hours: 1000 and nothing were paid; 1200 is one person's year."""
    claims = approved([110, 30])
    assert [int(each.payable[0]) for each, _ in claims] == [1000, 0]
    assert simulated(claims, cap(1200)) == [1100, 100]
    assert simulated(claims, cap(1300)) == [1100, 200]


def test_a_lowered_cap_leaves_room_for_the_later_claim_only_if_it_does() -> None:
    assert simulated(approved([60, 40]), cap(700)) == [600, 100]
    assert simulated(approved([60, 40]), cap(500)) == [500, 0]


def test_what_was_paid_elsewhere_still_counts() -> None:
    """Another district's claim is not simulated; what it paid binds as it did."""
    case = project("here", 60, Decimal("800.00"), 1)
    assert simulated([(past(case), case)], cap(1200)) == [400]
    assert simulated([(past(case), case)], cap(700)) == [0]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(1, 120), min_size=1, max_size=4),
    st.integers(0, 20).map(lambda hundreds: hundreds * 100),
    st.integers(0, 3),
)
def test_no_cap_is_ever_passed_and_the_same_cap_changes_nothing(
    hours: list[int], yuan: int, decided: int
) -> None:
    """Whatever is approved already and whatever is under way: its balances hold the approved."""
    claims = approved(hours[:decided])
    used = sum((sum(each.payable) for each, _ in claims), NOTHING)
    for number, each in enumerate(hours[decided:]):
        case = project(f"later {number}", each, used, len(claims[:decided]))
        claims.append((past(case, booked=False), case))
    assert simulated(claims, cap(1000)) == [int(each.payable[0]) for each, _ in claims]
    found = simulated(claims, cap(yuan))
    if yuan != 1000:
        assert sum(found) <= yuan
        assert all(amount <= 10 * each for amount, each in zip(found, hours, strict=True))


def test_claims_under_way_share_the_cap_in_the_order_of_their_filing() -> None:
    """Neither balance contains the other; one is approved first."""
    cases = [project(name, 70) for name in ("first", "second")]
    assert simulated([(past(case, booked=False), case) for case in cases], cap(900)) == [700, 200]


def test_equal_parameters_ask_for_no_facts_at_all() -> None:
    what_if = WhatIf([cap(1000), change("claim_deadline_months", 3)])
    for each, _ in approved([110, 30]):
        assert what_if.pays(each, refuse) == each.payable
    assert what_if.gaining_and_losing() == (0, 0)


def test_a_claim_before_the_first_day_keeps_its_figures() -> None:
    after = date(2020, 3, 28)
    assert simulated(approved([60]), cap(300, COMPLETED)) == [300]
    assert simulated(approved([60]), cap(300, after)) == [600]


def test_a_line_that_would_not_have_been_paid_is_no_subsidy_of_the_three() -> None:
    """The first three count no longer where only the last passes; nor is their project taken."""
    claims = approved([10, 10, 10, 20])
    assert [int(each.payable[0]) for each, _ in claims] == [100, 100, 100, 0]
    assert simulated(claims, change("subsidies_per_person", 4)) == [100, 100, 100, 200]
    assert simulated(claims, change("subsidies_per_person", 2)) == [100, 100, 0, 0]


def test_a_project_is_paid_once_in_the_simulation_too() -> None:
    """The first claim failed for its hours, the second was paid; the other way round now."""
    short = replace(project("same", 36), persons=facts({"person.sessions": "30 x 45"}).persons)
    whole = project("same", 36)
    claims = [(past(short), short), (past(whole), whole)]
    assert [int(each.payable[0]) for each, _ in claims] == [0, 360]
    assert simulated(claims, change("completion_ratio", "0.80")) == [300, 0]


def test_winners_and_losers_are_persons_and_not_claims() -> None:
    what_if = WhatIf([cap(1200)])
    for each, case in approved([110, 30]):
        what_if.pays(each, lambda case=case: case)  # type: ignore[misc]
    other = replace(approved([20])[0][0], persons=("other",))
    what_if.pays(other, lambda: project("project", 20))
    assert what_if.gaining_and_losing() == (1, 0)


def test_an_uncapped_measure_fills_no_cap() -> None:
    """The same person's subsidy for a skill leaves his 1000 yuan of class hours alone."""
    skill = facts(measure="skill_upgrade")
    other = replace(past(skill), payable=(NOTHING,))
    hourly, case = approved([60])[0]
    what_if = WhatIf([cap(700)])
    assert what_if.pays(other, lambda: skill)[0] > 100
    assert what_if.pays(hourly, lambda: case) == (Decimal(600),)


def test_the_latest_begun_change_of_a_key_holds() -> None:
    changes = [cap(900, date(2020, 4, 1)), cap(1200), change("pay_partial_hours", value=True)]
    assert varied(LAW, changes, date(2020, 2, 29)) == LAW
    for day, yuan in ((1, "1200.00"), (31, "1200.00")):
        law = varied(LAW, changes, date(2020, 3, day))
        assert (law.cap_per_person_year, law.pay_partial_hours) == (Decimal(yuan), True)
    assert varied(LAW, changes, date(2020, 4, 1)).cap_per_person_year == 900


@pytest.mark.parametrize(
    ("key", "value", "meant"),
    [
        ("cap_per_person_year", "0", NOTHING),
        ("completion_ratio", "0.80", Decimal("0.80")),
        ("subsidies_per_person", 0, 0),
        ("class_hour_minutes", 1, 1),
        ("claim_deadline_months", 1_000_000, 1_000_000),
        ("valid_from", "2020-03-01", START),
        ("cap_measures", ["hourly_sme", "other_workers"], ("hourly_sme", "other_workers")),
        ("cap_year_basis", "claim", "claim"),
        ("wage_pro_rata", False, False),
    ],
)
def test_a_value_is_read_as_its_parameter_has_it(
    key: str, value: str | bool | int | list[str], meant: object
) -> None:
    assert read(key, value, START) == Change(key, meant, START)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("cap", "1200.00"),
        ("edition", "2020-03-01"),
        ("cap_per_person_year", 1200),
        ("cap_per_person_year", "a lot"),
        ("cap_per_person_year", "1e400"),
        ("cap_per_person_year", "NaN"),
        ("cap_per_person_year", "0.001"),
        ("cap_per_person_year", "-0.01"),
        ("cap_per_person_year", "1000000.01"),
        ("cap_per_person_year", True),
        ("subsidies_per_person", "3"),
        ("subsidies_per_person", True),
        ("subsidies_per_person", -1),
        ("class_hour_minutes", 0),
        ("wage_pro_rata", 1),
        ("valid_from", "soon"),
        ("valid_from", 20200301),
        ("cap_measures", "hourly_sme"),
        ("fund", ["one", "other"]),
        ("cap_year_basis", "lunar"),
    ],
)
def test_an_unknown_key_or_a_value_of_another_kind_is_refused_by_name(
    key: str, value: str | bool | int | list[str]
) -> None:
    with pytest.raises(UnfitChange, match=f"^{key}: ") as refused:
        read(key, value, START)
    assert refused.value.key == key


def test_a_change_cannot_be_made_unfit() -> None:
    with pytest.raises(UnfitChange):
        Change("cap_measures", (1,), START)  # type: ignore[arg-type]
