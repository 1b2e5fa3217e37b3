"""The law gives what its worked examples say, and every example cites what it shows."""

from collections import defaultdict
from decimal import Decimal

import pytest

from app.policy.advance import advance
from app.policy.assessment import assess
from app.policy.clauses import clause
from app.policy.examples import Example, _read, all_examples, base, of_clause, put
from app.policy.findings import Finding
from app.policy.measures import MEASURES
from app.policy.rows import row_findings
from app.policy.rulebook import BY_NAME, REMARKS
from tests.policy.cases import LAW, day_by_day, facts, outcomes

EXAMPLES = all_examples()
NAMES = [f"{each.measure}: {each.id}" for each in EXAMPLES]

# Every line that the law draws, and the sides of it that an example must stand on: the day before,
# of and after; one minute, one yuan or one time under, at and over.
LINES = {
    "advance": {"of", "after"},
    "apprentice_month": {"before", "of"},
    "approval": {"before", "of"},
    "cap": {"under", "at", "over"},
    "certificate": {"before", "of"},
    "claim": {"before", "of"},
    "class_hour": {"under", "at", "over"},
    "completion": {"under", "at", "over"},
    "cost": {"under", "at", "over"},
    "deadline": {"of", "after"},
    "evaluation": {"before", "of"},
    "hired": {"of", "after"},
    "last_filed_day": {"of", "after"},
    "left": {"before", "of"},
    "period_end": {"before", "of"},
    "policy_start": {"before", "of"},
    "province_end": {"of", "after"},
    "rate_from": {"of", "after"},
    "rate_to": {"before", "of"},
    "resumed": {"before", "of"},
    "share": {"at", "over"},
    "start": {"of", "after"},
    "suspension": {"of", "after"},
    "three_months": {"before", "of", "left_before"},
    "times": {"under", "at"},
    "two_hours": {"under", "at", "over"},
    "wage": {"before", "of"},
}
# Only another edition lets these speak; tests/policy/test_rules.py replaces the parameter.
OF_OTHER_EDITIONS = {"measure_in_force", "mode_allowed", "fewer_than_the_provincial_limit"}


def findings(example: Example) -> list[Finding]:
    case = facts(example.facts, example.absent, example.measure, example.persons)
    if "advance" in example.expect:
        return list(advance(case, LAW).findings)
    assessment = assess(case, LAW)
    return [*assessment.findings, *assessment.lines[0].findings]


def remarks(example: Example) -> list[Finding]:
    case = facts(example.facts, example.absent, example.measure, example.persons)
    rows = row_findings(case.plan, case.persons[0].sessions)
    if example.stranger:
        learned = day_by_day(case.plan.starts_on, [example.stranger])
        rows += row_findings(case.plan, learned, on_roster=False)
    return [finding for row in rows for finding in row]


@pytest.mark.parametrize("example", EXAMPLES, ids=NAMES)
def test_worked_example_comes_out_as_written(example: Example) -> None:
    case = facts(example.facts, example.absent, example.measure, example.persons)
    expect = example.expect
    if "advance" in expect:
        granted = advance(case, LAW)
        found = {x.rule: x.outcome.value for x in granted.findings if x.outcome != "passed"}
        assert (found, str(granted.amount)) == (expect.get("findings", {}), expect["advance"])
        return
    assessment = assess(case, LAW)
    assert outcomes(assessment) == expect.get("findings", {})
    assert assessment.amount == Decimal(expect["amount"])
    for line in assessment.lines:
        assert line.hours == expect["hours"]
        assert line.gross == Decimal(expect["gross"])
        assert line.payable == Decimal(expect["payable"])


@pytest.mark.parametrize("example", EXAMPLES, ids=NAMES)
def test_an_example_tells_what_comes_of_every_rule_and_of_its_rows(example: Example) -> None:
    reached = {each.rule: each.outcome.value for each in findings(example)}
    said = {each.rule: each.outcome.value for each in remarks(example)}
    assert sorted(said) == sorted(example.expect.get("rows", ()))
    assert example.outcomes == {**reached, **said}


def test_examples_have_names_of_their_own_and_cite_clauses_that_exist() -> None:
    assert len(set(NAMES)) == len(EXAMPLES)
    for example in EXAMPLES:
        assert example.clauses
        for cited in example.clauses:
            assert cited.startswith("A-") or clause(cited)


def test_every_measure_has_a_case_that_is_paid() -> None:
    paid = {each.measure for each in EXAMPLES if each.expect.get("amount", "0.00") != "0.00"}
    assert paid == set(MEASURES)


def test_every_rule_has_an_example_that_passes_it_and_one_that_does_not() -> None:
    reached = {pair for each in EXAMPLES for pair in each.outcomes.items()}
    passed = {rule for rule, outcome in reached if outcome == "passed"}
    missed = {rule for rule, outcome in reached if outcome != "passed"}
    assert set(BY_NAME) - passed == {each.name for each in REMARKS}
    assert set(BY_NAME) - missed == OF_OTHER_EDITIONS


def test_every_line_that_the_law_draws_has_an_example_on_each_side() -> None:
    drawn: dict[str, set[str]] = defaultdict(set)
    for example in EXAMPLES:
        if example.boundary:
            line, side = example.boundary.split("/")
            drawn[line].add(side)
    assert drawn == LINES


def test_examples_are_found_by_their_clause() -> None:
    assert {each.id for each in of_clause("DL-2.1-c")} >= {"X19 (50%)", "X19 (30%)"}
    assert all("DL-2.2-c" in each.clauses for each in of_clause("DL-2.2-c"))
    assert of_clause("DL-9") == ()


def test_an_example_reads_as_its_file_says() -> None:
    """Read anew, not from memory: every key of the file, and what is left out by its default."""
    by_id = {each.id: each for each in _read("work_for_training")}
    assert by_id["X18 Zhongshan"] == Example(
        measure="work_for_training",
        id="X18 Zhongshan",
        title="12 人，中山：12 × 1810 × 3",
        clauses=("DL-2.2-c", "DL-2.2-a"),
        facts={"district": "210202"},
        expect={"hours": 0, "gross": "5430.00", "payable": "5430.00", "amount": "65160.00"},
        absent=(),
        boundary="",
        persons=12,
        stranger="",
    )
    first = by_id["new wage"]
    assert (first.boundary, first.persons) == ("wage/of", 1)
    assert by_id["X18 Zhuanghe"].facts == {}
    (other,) = [each for each in _read("hourly_sme") if each.stranger]
    assert (other.id, other.stranger) == ("not on the roster", "36 x 45")
    unknown = by_id["before_the_right_authority no_data"]
    assert unknown.absent == ("enterprise.insurance",)


def test_a_clean_case_is_made_anew_each_time() -> None:
    case = base("work_for_training")
    assert case["measure"] == "work_for_training"
    assert case["enterprise"]["legal_form"] == "legal_person"
    put(case, "plan.materials", [])
    case["rates"].clear()
    case["person"]["placement"]["certificate"] = "x"
    again = base("work_for_training")
    assert again["plan"]["materials"] == ["licence"]
    assert len(again["rates"]) == 3
    assert again["person"]["placement"]["certificate"] == "困-1"
    assert "person.placement" not in base("hourly_sme")
