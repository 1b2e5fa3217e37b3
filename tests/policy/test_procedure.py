"""Steps are data: each leads from a state to a state, by the right hand, under the right duty."""

import pytest

from app.policy.commitments import COMMITMENTS, asked_of
from app.policy.facts import Mode
from app.policy.money import yuan
from app.policy.procedure import (
    CLAIM_MOVES,
    CLOSED_CLAIMS,
    HOLDS_ENTITLEMENT,
    PLAN_MOVES,
    STATES_ZH,
    ClaimState,
    Duty,
    Hand,
    Move,
    PlanState,
    move_named,
    possible_moves,
)
from app.policy.project import project_key

EVERY = (*PLAN_MOVES, *CLAIM_MOVES)


def steps(moves: tuple[Move, ...]) -> dict[str, tuple[set[str], str]]:
    return {each.name: (set(each.sources), each.target) for each in moves}


def test_a_claim_goes_from_filing_to_payment_and_back_for_correction() -> None:
    assert steps(CLAIM_MOVES) == {
        "review": ({"filed"}, "reviewed"),
        "reassess": ({"reviewed"}, "filed"),
        "approve": ({"reviewed"}, "approved"),
        "countersign": ({"approved"}, "approved"),
        "return": ({"filed", "reviewed"}, "returned"),
        "resubmit": ({"returned"}, "filed"),
        "reject": ({"filed", "reviewed", "returned", "approved", "published"}, "rejected"),
        "withdraw": ({"filed", "reviewed", "returned", "approved", "published"}, "withdrawn"),
        "publish": ({"approved"}, "published"),
        "pay": ({"published"}, "paying"),
        "settle": ({"published"}, "paid"),
        "confirm_payment": ({"paying"}, "paid"),
        "confirm_part": ({"paying"}, "published"),
        "payment_failed": ({"paying"}, "published"),
        "supersede": ({"published", "paid"}, "superseded"),
    }
    assert {"approved", "published"} == HOLDS_ENTITLEMENT
    assert {"rejected", "withdrawn"} == CLOSED_CLAIMS


def test_a_plan_is_approved_before_it_starts_or_sent_back() -> None:
    assert steps(PLAN_MOVES) == {
        "submit": ({"draft", "returned"}, "submitted"),
        "approve": ({"submitted"}, "approved"),
        "return": ({"submitted"}, "returned"),
        "withdraw": ({"draft", "submitted", "returned", "approved"}, "withdrawn"),
    }


def test_duties_and_signatures_part_the_hands() -> None:
    """LN-3.3-a: who reviews does not approve, who approves does not pay."""
    duties = {each.name: each.duty for each in CLAIM_MOVES}
    assert {name for name, duty in duties.items() if duty is Duty.REVIEW} == {
        "review", "reassess", "return",
    }  # fmt: skip
    assert {name for name, duty in duties.items() if duty is Duty.APPROVE} == {
        "approve", "countersign", "reject", "publish",
    }  # fmt: skip
    assert {name for name, duty in duties.items() if duty is Duty.PAY} == {
        "pay", "settle", "confirm_payment", "confirm_part", "payment_failed",
    }  # fmt: skip
    assert {each.name: each.duty for each in PLAN_MOVES if each.duty} == {
        "approve": Duty.REVIEW,
        "return": Duty.REVIEW,
    }
    assert {each.name: each.signature for each in CLAIM_MOVES if each.signature} == {
        "review": "review", "approve": "approve", "countersign": "countersign", "pay": "pay",
        "settle": "pay",
    }  # fmt: skip
    assert move_named(PLAN_MOVES, "approve").signature == "approve_plan"


def test_applicants_submit_mend_and_withdraw_and_nothing_else() -> None:
    mine = {each.name for each in EVERY if Hand.APPLICANT in each.hands}
    assert mine == {"submit", "withdraw", "resubmit"}
    assert [each.name for each in EVERY if Hand.OFFICER not in each.hands] == ["supersede"]
    assert move_named(CLAIM_MOVES, "supersede").hands == ()


def test_what_takes_something_away_is_justified_and_what_begins_anew_is_signed_anew() -> None:
    assert {each.name for each in EVERY if each.reason} == {
        "return", "withdraw", "reject", "payment_failed",
    }  # fmt: skip
    assert {each.name for each in EVERY if each.new_round} == {"submit", "reassess", "resubmit"}


def test_every_step_and_state_has_a_chinese_name() -> None:
    assert set(STATES_ZH) == {*PlanState, *ClaimState}
    for text in (*STATES_ZH.values(), *(each.title_zh for each in EVERY)):
        assert all("\u4e00" <= mark <= "\u9fff" for mark in text)
        assert text


def test_steps_are_found_by_name_and_by_state() -> None:
    assert move_named(CLAIM_MOVES, "pay").target == "paying"
    assert [each.name for each in possible_moves(CLAIM_MOVES, "paying")] == [
        "confirm_payment",
        "confirm_part",
        "payment_failed",
    ]
    assert possible_moves(CLAIM_MOVES, "paid") == ()
    with pytest.raises(KeyError, match="dance"):
        move_named(CLAIM_MOVES, "dance")


def test_who_trained_offline_is_not_asked_the_fourth_commitment() -> None:
    assert [each.number for each in COMMITMENTS] == [1, 2, 3, 4, 5, 6, 7]
    assert asked_of(Mode.ONLINE) == {1, 2, 3, 4, 5, 6, 7}
    assert asked_of(Mode.OFFLINE) == asked_of(Mode.MIXED) == {1, 2, 3, 5, 6, 7}


def test_a_project_is_known_again_however_its_name_is_written() -> None:
    assert project_key("E1", "数控 加工（一）") == project_key("E1", "数控加工(一)")
    assert project_key("E1", "ABC－1") == "E1:abc1"
    assert project_key("E1", "数控") != project_key("E2", "数控")


@pytest.mark.parametrize("value", ["NaN", "Infinity", "0.001", "-0.009"])
def test_an_amount_is_finite_and_exact_to_the_fen(value: str) -> None:
    with pytest.raises(ValueError, match="an amount of yuan"):
        yuan(value)
    assert str(yuan(7)) == "7.00"
    assert str(yuan("7.5")) == "7.50"
