"""Each measure is a module of its own; a new one needs no change in the others or in the spine."""

import ast
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from app.policy import amount, measures, papers, rulebook
from app.policy.assessment import assess, review_enrolment, review_filing
from app.policy.facets import Rate
from app.policy.findings import Outcome
from app.policy.kinds import Certainty, Level, Material, Payee
from app.policy.materials import missing_at_claim, missing_at_filing
from app.policy.measures import (
    MEASURES,
    UnknownMeasure,
    asks_for_requirements,
    hourly_sme,
    is_a_class,
    measure,
    registry,
    rests_on_rates,
    shared,
)
from app.policy.measures.kind import Measure, by_level_of_plan
from app.policy.rulebook import by_name
from app.policy.rules import Effect
from tests.policy.cases import LAW, assessed, facts, outcomes

TOY = Measure(
    code="toy",
    title="试点补贴",
    clauses=("DL-2.3-a",),
    rules=(*shared.RATED, *shared.PERSON, *shared.CAPPED),
    papers=papers.Papers((papers.LICENCE,), (papers.ACCOUNT,)),
    payees=frozenset({Payee.ENTERPRISE}),
    gross=amount.flat,
    wanted=by_level_of_plan,
)
TOY_RATE = Rate(
    "toy", ("junior",), Decimal("1200.00"), "文号", "", Certainty.VERIFIED, date(2020, 1, 1)
)


def test_a_sixth_measure_is_registered_and_nothing_else_changes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Rules, papers, rates, and even the cap by a parameter: the spine knows it at once."""
    before = assess(facts(), LAW)
    monkeypatch.setattr(measures, "MEASURES", registry(*MEASURES.values(), TOY))
    case = facts({"measure": "toy", "plan.level": "junior"})
    unrated = assess(case, LAW)
    assert outcomes(unrated) == {"rate_in_force": "no_data"}
    case = replace(case, rates=(TOY_RATE,))
    assert assess(case, LAW).amount == Decimal("1200.00")
    capped = replace(LAW, cap_measures=(*LAW.cap_measures, "toy"))
    assert assess(case, capped).amount == Decimal("1000.00")
    assert {each.outcome for each in review_filing(case, LAW)} == {Outcome.PASSED}
    assert len(review_enrolment(case.persons[0], case, LAW)) == 2
    assert missing_at_filing(replace(case.plan, materials=frozenset()), code="toy") == (
        Material.LICENCE,
    )
    assert missing_at_claim(case) == ()
    assert by_name(measures.MEASURES) == rulebook.BY_NAME
    assert assess(facts(), LAW) == before


def test_an_unknown_measure_is_refused_and_not_guessed() -> None:
    with pytest.raises(UnknownMeasure, match="toy"):
        measure("toy")
    with pytest.raises(UnknownMeasure, match="toy"):
        assess(facts({"measure": "toy"}), LAW)


def test_two_rules_of_one_name_are_an_error() -> None:
    (rule, *_) = TOY.rules
    twin = replace(TOY, rules=(replace(rule, clauses=("DL-1-a",)),))
    with pytest.raises(ValueError, match="two rules are called rate_in_force"):
        by_name({**MEASURES, "toy": twin})


def test_nowhere_does_the_law_compare_a_measure_with_a_name() -> None:
    """No ``if measure ==``: what differs stands in the measure's own module."""
    room = Path(rulebook.__file__).parent
    for path in room.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Compare) and path.name != "rates.py":
                assert "measure ==" not in ast.unparse(node), path
                assert "measure !=" not in ast.unparse(node), path


def test_each_measure_says_what_it_is() -> None:
    for code, each in MEASURES.items():
        assert code == each.code
        assert each.title
        assert each.payees
        assert len({rule.name for rule in each.rules}) == len(each.rules)
        assert {*each.claim_rules, *each.line_rules} == set(each.rules)
    assert set(MEASURES) == set(LAW.measures)
    assert hourly_sme.MEASURE.payees == {Payee.ENTERPRISE}


def test_parameters_say_where_cap_count_and_calendar_apply() -> None:
    assert [code for code in MEASURES if measures.is_capped(code, LAW)] == ["hourly_sme"]
    assert [code for code in MEASURES if measures.is_counted(code, LAW)] == ["hourly_sme"]
    assert [code for code in MEASURES if measures.occupies_calendar(code, LAW)] == [
        "hourly_sme",
        "other_workers",
        "order_training",
    ]
    full = {"person.counted": 3, "person.used": {"2020": "1000.00"}, "person.occupied": True}
    assert assessed(full, measure="skill_upgrade").amount == Decimal("2000.00")
    counted = replace(
        LAW, counted_measures=("skill_upgrade",), sequence_measures=("skill_upgrade",)
    )
    assert outcomes(assessed(full, law=counted, measure="skill_upgrade")) == {
        "fewer_than_the_limit": "failed",
        "no_overlap": "failed",
    }


def test_a_flat_rate_is_never_paid_in_part() -> None:
    in_part = replace(LAW, pay_partial_hours=True)
    short = assessed({"person.sessions": "35 x 45"}, law=in_part, measure="order_training")
    assert short.amount == Decimal("0.00")
    assert outcomes(short)["completed"] == "failed"


def test_work_for_training_pays_no_leaver_where_months_are_not_parted() -> None:
    left = {"person.left_on": date(2020, 5, 30), "claimed_on": date(2020, 6, 10)}
    assert assessed(left, measure="work_for_training").amount == Decimal("3420.00")
    whole = assessed(left, law=replace(LAW, wage_pro_rata=False), measure="work_for_training")
    assert whole.amount == Decimal("0.00")


def test_institutions_may_train_offline_once_an_edition_allows_it() -> None:
    offline = {"plan.mode": "offline", "plan.courses": [{"hours": 36, "mode": "offline"}]}
    allowed = replace(LAW, offline_institution_allowed=True)
    found = outcomes(assessed(offline, law=allowed, measure="other_workers"))
    assert "online_while_suspended" not in found
    assert "online_while_suspended" in outcomes(assessed(offline, measure="other_workers"))


def test_the_level_in_hand_goes_before_the_level_aimed_at() -> None:
    for code, key in (("skill_upgrade", "certificate"), ("apprenticeship", "apprentice")):
        case = facts(measure=code)
        plan = replace(case.plan, level=Level.SENIOR)
        day = case.plan.ends_on
        wanted = MEASURES[code].wanted
        known = wanted(case.persons[0], replace(case, plan=plan), day)
        aimed = wanted(replace(case.persons[0], **{key: None}), replace(case, plan=plan), day)
        assert (known and known.key, aimed and aimed.key) == (("intermediate",), ("senior",))
        bare = replace(case, plan=replace(plan, level=None))
        assert wanted(replace(case.persons[0], **{key: None}), bare, day) is None
    other = facts(measure="other_workers")
    unknown = replace(other, plan=replace(other.plan, level=None))
    assert by_level_of_plan(other.persons[0], unknown, other.plan.ends_on) is None
    assert outcomes(assess(unknown, LAW)) == {"level_stated": "no_data"}


def test_only_rules_in_principle_ask_for_a_decision() -> None:
    asking = {name for name, rule in rulebook.BY_NAME.items() if rule.in_principle}
    assert asking == {
        "claimed_in_time",
        "fewer_than_the_provincial_limit",
        "online_share_of_converted",
    }
    assert {rulebook.BY_NAME[name].effect for name in asking} == {Effect.NEEDS_DECISION}


def test_some_measures_train_in_classes_and_some_pay_by_figures_of_other_documents() -> None:
    classes = {code for code in MEASURES if is_a_class(code)}
    assert set(MEASURES) - classes == {"work_for_training"}
    assert {code for code in MEASURES if not rests_on_rates(code)} == {"hourly_sme"}


def test_only_orders_ask_for_requirements_and_only_wages_differ_by_district() -> None:
    assert {code for code in MEASURES if asks_for_requirements(code)} == {"order_training"}
    assert {code for code in MEASURES if measure(code).by_district} == {"work_for_training"}
