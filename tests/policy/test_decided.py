"""An officer takes from a line, with reason, and never adds to it; the others stay as they are."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.policy.advance import assess_advance
from app.policy.assessment import assess
from app.policy.discretion import effect_of
from app.policy.explanation import explain
from app.policy.facets import LineDecision
from app.policy.facts import Purpose
from app.policy.kinds import Ruling
from app.policy.rules import Effect
from tests.policy.cases import LAW, facts

WHY = {"reason": "由他人代学", "reference": "核查记录1号"}
THREE = facts(persons=3)
PARTLY = replace(LAW, pay_partial_hours=True)


def decided(*decisions: LineDecision) -> Any:  # noqa: ANN401  facts
    return replace(THREE, decisions=decisions)


def reduced(person: int = 2, **allowed: Any) -> LineDecision:  # noqa: ANN401  hours or amount
    return LineDecision(person, Ruling.REDUCE, **WHY, **allowed)


def test_only_the_decided_line_changes_and_the_amount_with_it() -> None:
    before = assess(THREE, LAW)
    after = assess(decided(LineDecision(2, Ruling.EXCLUDE, **WHY)), LAW)
    assert (before.amount, after.amount) == (Decimal("1080.00"), Decimal("720.00"))
    assert [after.lines[0], after.lines[2]] == [before.lines[0], before.lines[2]]
    finding = after.lines[1].findings[-1]
    assert effect_of(finding) is Effect.EXCLUDES
    assert finding.data == {
        "before": Decimal("360.00"),
        "why": "由他人代学",
        "reference": "核查记录1号",
    }
    assert "360.00" in explain(finding).reason


def test_a_reduction_tells_both_figures_and_lets_the_line_stand() -> None:
    line = assess(decided(reduced(amount=Decimal("100.50"))), LAW).lines[1]
    finding = line.findings[-1]
    assert (line.payable, line.gross) == (Decimal("100.50"), Decimal("360.00"))
    assert (finding.data["before"], finding.data["after"]) == (Decimal("360.00"), Decimal("100.50"))
    assert effect_of(finding) is Effect.WARNS


def test_allowed_class_hours_are_a_fact_that_the_law_reads() -> None:
    """A-13: training of which fewer hours stand is not completed, unless parts are paid."""
    fewer = decided(reduced(hours=30))
    assert assess(fewer, LAW).lines[1].payable == Decimal("0.00")
    partly = assess(fewer, PARTLY).lines[1]
    assert (partly.hours, partly.gross, partly.payable) == (
        30,
        Decimal("300.00"),
        Decimal("300.00"),
    )
    assert partly.minutes == assess(THREE, PARTLY).lines[1].minutes


@given(
    amount=st.none() | st.decimals(0, 2000, places=2),
    hours=st.integers(0, 100),
    used=st.sampled_from(["0.00", "700.00", "1000.00"]),
    partial=st.booleans(),
)
def test_no_decision_ever_raises_a_line(
    amount: Decimal | None, hours: int, used: str, partial: bool
) -> None:
    law = PARTLY if partial else LAW
    case = facts({"person.used": {2020: used}, "person.sessions": "30 x 45"})
    allowed = {"hours": hours} if amount is None else {"amount": amount}
    taken = replace(case, decisions=(reduced(1, **allowed),))
    before, after = assess(case, law).lines[0], assess(taken, law).lines[0]
    assert after.payable <= before.payable
    assert after.payable <= after.gross
    if amount is not None:
        assert after.payable <= amount


def test_an_excluded_line_that_the_law_excludes_too_keeps_the_laws_reason() -> None:
    case = facts({"person.frontline": False})
    line = assess(replace(case, decisions=(LineDecision(1, Ruling.EXCLUDE, **WHY),)), LAW).lines[0]
    assert "frontline" in {each.rule for each in line.findings if each.outcome == "failed"}
    assert line.findings[-1].data["before"] == Decimal("0.00")


def test_an_advance_is_reduced_by_an_amount_and_not_by_hours() -> None:
    case = replace(facts(measure="skill_upgrade"), purpose=Purpose.ADVANCE)
    granted = assess_advance(case, LAW).lines[0].payable
    half = replace(case, decisions=(reduced(1, amount=Decimal("1.00")),))
    assert granted > Decimal("1.00") == assess_advance(half, LAW).amount
    with pytest.raises(ValueError, match="class hours"):
        assess_advance(replace(case, decisions=(reduced(1, hours=1),)), LAW)


def test_a_decision_on_nobody_of_the_roster_changes_nothing() -> None:
    assert assess(decided(reduced(9, amount=Decimal("1.00"))), LAW) == assess(THREE, LAW)
