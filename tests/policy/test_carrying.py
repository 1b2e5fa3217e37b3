"""What a simulated claim leaves to the person's next one: money, times, projects; nothing else."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.policy.carrying import Carrying, Kept, Past
from app.policy.facts import PersonFacts
from tests.policy.cases import LAW, facts

DAY = date(2020, 3, 27)
WHO, OTHER = "person", "another"
CASE = facts()
PROJECT = CASE.plan.project_key


def past(*payable: str, booked: bool = True, measure: str = "hourly_sme") -> Past:
    """Return a claim of 2020 that paid the first persons these amounts."""
    persons = (WHO, OTHER)[: len(payable)]
    return Past(LAW, DAY, measure, 2020, persons, [Decimal(each) for each in payable], booked)


def inherited(carrying: Carrying, person: str = WHO, **known: object) -> PersonFacts:
    """Return the facts of a person for his next claim."""
    return carrying.into(replace(CASE.persons[0], **known), person, CASE, LAW)


def test_what_would_have_been_paid_replaces_what_was() -> None:
    carrying = Carrying()
    carrying.differ(past("360.00"), PROJECT, LAW, 2020, [Decimal("200.00")])
    known = inherited(carrying, used={2020: Decimal("500.00")}, counted=1)
    assert (known.used, known.counted) == ({2020: Decimal("340.00")}, 1)
    assert inherited(carrying, used={}).used == {2020: Decimal(0)}
    assert inherited(carrying, OTHER, used={}).used == {2020: Decimal(0)}
    assert carrying.touches(WHO)
    assert not carrying.touches(OTHER)


def test_a_line_that_would_pay_nothing_is_no_time_and_frees_its_project() -> None:
    carrying = Carrying()
    carrying.differ(past("360.00"), PROJECT, LAW, 2020, [Decimal(0)])
    known = inherited(carrying, counted=2, already_subsidised=True)
    assert (known.counted, known.already_subsidised) == (1, False)
    assert inherited(carrying, counted=0).counted == 0
    assert inherited(carrying, OTHER, counted=2, already_subsidised=True).already_subsidised


def test_a_line_that_would_pay_is_a_time_and_takes_its_project() -> None:
    carrying = Carrying()
    carrying.differ(past("0.00"), PROJECT, LAW, 2020, [Decimal("360.00")])
    known = inherited(carrying, counted=1, already_subsidised=False)
    assert (known.counted, known.already_subsidised) == (2, True)
    carrying.differ(past("0.00"), "elsewhere", LAW, 2020, [Decimal(0)])
    assert not inherited(Carrying(), already_subsidised=False).already_subsidised


def test_what_was_paid_and_stays_paid_leaves_the_project_as_it_is_on_record() -> None:
    carrying = Carrying()
    carrying.differ(past("360.00"), PROJECT, LAW, 2020, [Decimal("300.00")])
    assert not inherited(carrying, already_subsidised=False).already_subsidised
    assert inherited(carrying, already_subsidised=True).already_subsidised


def test_a_project_freed_before_is_taken_by_the_next_claim_that_pays() -> None:
    carrying = Carrying()
    carrying.differ(past("360.00"), PROJECT, LAW, 2020, [Decimal(0)])
    carrying.differ(past("360.00"), PROJECT, LAW, 2020, [Decimal("360.00")])
    assert inherited(carrying).already_subsidised
    carrying.differ(past("360.00"), PROJECT, LAW, 2020, [Decimal(0)])
    assert inherited(carrying).already_subsidised


def test_a_claim_under_way_is_promised_to_later_ones_and_an_approved_one_is_on_record() -> None:
    carrying = Carrying()
    carrying.promise(past("360.00", booked=False))
    known = inherited(carrying, used={}, counted=0)
    assert (known.used, known.counted) == ({2020: Decimal("360.00")}, 1)
    carrying.promise(past("360.00", booked=True))
    assert inherited(carrying, counted=0).counted == 1
    assert inherited(carrying, OTHER, counted=0).counted == 0
    assert not carrying.touches(WHO)
    carrying.differ(past("360.00", booked=False), PROJECT, LAW, 2020, [Decimal(0)])
    assert inherited(carrying, counted=1).counted == 1


def test_times_belong_to_their_period_and_to_counted_measures() -> None:
    carrying = Carrying()
    carrying.differ(past("0.00"), PROJECT, LAW, 2020, [Decimal("10.00")])
    later = replace(LAW, policy_period="another")
    person = replace(CASE.persons[0], counted=1)
    assert carrying.into(person, WHO, CASE, later).counted == 1
    beside = Carrying()
    beside.differ(past("0.00", measure="work_for_training"), PROJECT, LAW, 2020, [Decimal("10.00")])
    known = inherited(beside, used={}, counted=1)
    assert (known.used, known.counted) == ({}, 1)


def test_winners_and_losers_are_told_to_the_fen() -> None:
    carrying = Carrying()
    one_fen = [Decimal("360.01"), Decimal("359.99")]
    carrying.differ(past("360.00", "360.00"), PROJECT, LAW, 2020, one_fen)
    assert carrying.gaining_and_losing() == (1, 1)
    carrying.differ(past("360.01", "359.99"), PROJECT, LAW, 2020, [Decimal(360), Decimal(360)])
    assert carrying.gaining_and_losing() == (0, 0)


def test_a_claim_has_as_many_amounts_as_persons() -> None:
    carrying, crooked = Carrying(), replace(past("360.00"), persons=(WHO, OTHER), booked=False)
    with pytest.raises(ValueError, match="shorter"):
        carrying.promise(crooked)
    with pytest.raises(ValueError, match=r"longer|shorter"):
        carrying.differ(past("360.00"), PROJECT, LAW, 2020, [])


def test_what_comes_to_nothing_is_forgotten() -> None:
    kept: Kept[int] = Kept()
    kept.add("slot", WHO, 2)
    assert (kept.of("slot", WHO), kept.of("slot", OTHER), kept.of("none", WHO)) == (2, 0, 0)
    assert kept.knows(WHO)
    assert not kept.knows(OTHER)
    kept.add("slot", WHO, -2)
    assert not kept.knows(WHO)
    assert kept.slot("slot") == {}
