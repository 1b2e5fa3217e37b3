"""A rule "in principle" asks an officer to decide for one case; no other rule can be set aside."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.policy.assessment import assess, review_filing
from app.policy.discretion import (
    NotInPrinciple,
    Unreasoned,
    effect_of,
    in_principle,
    obstacles,
    permitted,
    undecided,
)
from app.policy.explanation import explain
from app.policy.facets import Override
from app.policy.findings import Finding, Outcome
from app.policy.rulebook import BY_NAME
from app.policy.rules import Effect
from tests.policy.cases import LAW, facts, findings_of

LATE = facts({"claimed_on": date(2020, 6, 13)})
DECIDED = Override("claimed_in_time", "王经办", "平台故障", "大人社函〔2020〕8号")
LENIENT = replace(LAW, subsidies_limit_strict=False)
FOURTH = facts({"person.counted": 3})


def test_a_breach_takes_no_money_but_nobody_may_approve_it() -> None:
    assessment = assess(LATE, LAW)
    (breach,) = findings_of(assessment)
    assert (breach.rule, breach.outcome) == ("claimed_in_time", Outcome.WARNED)
    assert effect_of(breach) is Effect.NEEDS_DECISION
    assert assessment.amount == Decimal("360.00")
    assert obstacles(assessment) == undecided(assessment) == (breach,)


def test_a_decision_lifts_the_breach_and_is_a_finding_of_its_own() -> None:
    assessment = assess(replace(LATE, overrides=(DECIDED,)), LAW)
    breach, decision = findings_of(assessment)
    assert breach.data["decision"] == "大人社函〔2020〕8号"
    assert effect_of(breach) is Effect.WARNS
    assert decision.rule == "overridden"
    assert decision.data == {
        "overridden_rule": "claimed_in_time",
        "officer": "王经办",
        "why": "平台故障",
        "reference": "大人社函〔2020〕8号",
    }
    assert effect_of(decision) is Effect.WARNS
    assert "王经办 决定不适用“申领期限”，理由：平台故障" in explain(decision).reason
    assert obstacles(assessment) == ()
    assert assessment.amount == Decimal("360.00")


def test_a_decision_for_one_person_lifts_nobody_elses_breach() -> None:
    two = replace(FOURTH, persons=(FOURTH.persons[0], replace(FOURTH.persons[0], number=2)))
    mine = replace(DECIDED, rule="fewer_than_the_provincial_limit", person=2)
    assessment = assess(replace(two, overrides=(mine,)), LENIENT)
    assert [len(each.findings) for each in assessment.lines] == [
        len(assessment.lines[0].findings),
        len(assessment.lines[0].findings) + 1,
    ]
    (waiting,) = undecided(assessment)
    assert waiting.data == {"counted": 3, "limit": 3}
    assert assessment.amount == Decimal("720.00")
    everybody = replace(mine, person=None)
    assert undecided(assess(replace(two, overrides=(everybody,)), LENIENT)) == ()
    both = assess(replace(two, overrides=(everybody, replace(mine, reference="文号9"))), LENIENT)
    assert [each.data["reference"] for each in findings_of(both) if each.rule == "overridden"] == [
        "大人社函〔2020〕8号",
        "文号9",
    ]


def test_a_decision_on_a_person_lifts_no_breach_of_the_claim() -> None:
    personal = replace(DECIDED, person=1)
    assert undecided(assess(replace(LATE, overrides=(personal,)), LAW))


def test_the_city_binds_at_three_and_the_province_only_in_principle() -> None:
    """A-05: strict by default; otherwise the province's sentence asks for a decision."""
    strict = assess(FOURTH, LAW)
    assert [each.rule for each in findings_of(strict)] == ["fewer_than_the_limit"]
    assert (strict.amount, obstacles(strict)) == (Decimal("0.00"), ())
    lenient = assess(FOURTH, LENIENT)
    assert [each.rule for each in undecided(lenient)] == ["fewer_than_the_provincial_limit"]
    assert lenient.amount == Decimal("360.00")
    third = facts({"person.counted": 2})
    assert findings_of(assess(third, LENIENT)) == []


def test_a_filing_beyond_the_share_can_be_decided_too() -> None:
    filed = facts({"plan.converted_from_offline": True})
    rule = "online_share_of_converted"
    (breach,) = (each for each in review_filing(filed, LAW) if each.outcome != "passed")
    assert effect_of(breach) is Effect.NEEDS_DECISION
    decided = replace(filed, overrides=(replace(DECIDED, rule=rule),))
    found = [each for each in review_filing(decided, LAW) if each.outcome != "passed"]
    assert [each.rule for each in found] == [rule, "overridden"]
    assert {effect_of(each) for each in found} == {Effect.WARNS}


def test_nothing_to_judge_is_not_decided_away() -> None:
    nothing = facts({"person.sessions": ()})
    found = findings_of(assess(replace(nothing, overrides=(DECIDED,)), LAW))
    assert "overridden" not in {each.rule for each in found}
    (unknown,) = (each for each in found if each.rule == "claimed_in_time")
    assert effect_of(unknown) is Effect.NEEDS_DECISION


@pytest.mark.parametrize("rule", [name for name in BY_NAME if not BY_NAME[name].in_principle])
def test_no_rule_that_binds_can_be_set_aside(rule: str) -> None:
    assert not in_principle(rule)
    with pytest.raises(NotInPrinciple, match=rule):
        permitted(replace(DECIDED, rule=rule))
    blocked = facts({"enterprise.blacklisted": True, "person.frontline": False})
    forced = replace(blocked, overrides=(replace(DECIDED, rule=rule),))
    assert assess(forced, LAW) == assess(blocked, LAW)


def test_an_unknown_rule_cannot_be_set_aside() -> None:
    with pytest.raises(NotInPrinciple, match="no_such_rule"):
        permitted(replace(DECIDED, rule="no_such_rule"))


@pytest.mark.parametrize("missing", ["officer", "reason", "reference"])
def test_a_decision_names_officer_reason_and_reference(missing: str) -> None:
    assert permitted(DECIDED) is DECIDED
    with pytest.raises(Unreasoned, match="claimed_in_time"):
        permitted(replace(DECIDED, **{missing: " "}))


def test_what_blocks_or_waits_is_an_obstacle_and_what_excludes_is_none() -> None:
    case = facts({"enterprise.blacklisted": True, "person.frontline": False, "plan.cost": "1.00"})
    assert [each.rule for each in obstacles(assess(case, LAW))] == ["not_blacklisted"]


def test_effects_by_outcome() -> None:
    def effect(rule: str, outcome: Outcome) -> Effect:
        return effect_of(Finding(rule, outcome))

    assert effect("completed", Outcome.WARNED) is Effect.WARNS
    assert effect("completed", Outcome.FAILED) is Effect.EXCLUDES
    assert effect("small_or_medium", Outcome.NO_DATA) is Effect.BLOCKS
    assert effect("claimed_in_time", Outcome.PASSED) is Effect.NONE
    assert effect("more_than_the_clock", Outcome.WARNED) is Effect.COUNTS_LESS
    assert effect("during_suspension", Outcome.WARNED) is Effect.COUNTS_NOTHING
