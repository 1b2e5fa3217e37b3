"""Every rule of the rulebook is reached with every outcome it can give, and has words for each."""

import ast
import re
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date
from itertools import chain
from pathlib import Path

import pytest

from app.policy import rulebook
from app.policy.assessment import assess, cap_year, review_enrolment, review_filing
from app.policy.clauses import clause
from app.policy.examples import all_examples, base
from app.policy.explanation import TEXTS, explain
from app.policy.facts import Material, Mode
from app.policy.findings import Finding, Outcome
from app.policy.materials import missing_at_claim, missing_at_filing
from app.policy.measures import MEASURES
from app.policy.parameters import Parameters, in_force
from app.policy.rulebook import BY_NAME, Effect, LineRule, Scope
from app.policy.rules import ClaimRule
from tests.policy.cases import LAW, assessed, facts, findings_of, outcomes
from tests.policy.test_examples import findings
from tests.policy.test_rows import every_row_finding


def _findings_of_other_editions() -> Iterator[Finding]:
    """What the rules find where a later edition decides otherwise than 2020's."""
    suspended = replace(LAW, offline_enterprise_allowed=False)
    yield from findings_of(assessed({"plan.mode": "offline"}, law=suspended))
    in_part = replace(LAW, pay_partial_hours=True)
    yield from findings_of(assessed({"person.sessions": "20 x 45"}, law=in_part))
    yield from findings_of(assessed(law=replace(LAW, measures=())))
    lenient = replace(LAW, subsidies_limit_strict=False)
    yield from findings_of(assessed({"person.counted": 3}, law=lenient))


@pytest.fixture(scope="module", name="everything")
def every_finding() -> tuple[Finding, ...]:
    """Made once a run; a cache would outlive a mutant and let it live."""
    of_examples = (each for example in all_examples() for each in findings(example))
    return (*of_examples, *_findings_of_other_editions(), *every_row_finding())


def test_there_are_words_for_every_outcome_a_rule_gives_and_for_no_other(
    everything: tuple[Finding, ...],
) -> None:
    reached = {(each.rule, each.outcome.value) for each in everything}
    worded = {
        (rule, outcome)
        for rule, texts in TEXTS.items()
        for outcome in texts
        if rule != "words" and outcome != "title"
    }
    assert reached == worded
    assert set(TEXTS) - {"words"} == set(BY_NAME)


def test_every_finding_reads_as_chinese_with_no_code_left_in_it(
    everything: tuple[Finding, ...],
) -> None:
    for finding in everything:
        words = explain(finding)
        for text in (words.title, words.reason, words.remedy):
            assert not re.search(r"[a-z_{}]{3,}|[A-Z_]{4,}", text.replace("a.example", "")), text
        assert words.title
        assert words.reason.endswith("。")
        assert bool(words.remedy) == (finding.outcome is not Outcome.PASSED)
        assert (words.effect is Effect.NONE) == (finding.outcome is Outcome.PASSED)


def test_every_figure_of_a_text_is_in_the_finding_and_every_word_has_its_table(
    everything: tuple[Finding, ...],
) -> None:
    for finding in everything:
        words = TEXTS[finding.rule][finding.outcome.value]
        figures = {*finding.data, *words.get("unknown", ())}
        for text in (words["reason"], words.get("remedy", "")):
            assert set(re.findall(r"{(\w+)}", text)) <= figures, finding


def test_every_clause_cited_by_a_rule_a_parameter_or_a_demand_exists() -> None:
    rules = [rule.clauses for rule in BY_NAME.values()]
    numbers = [entry.clause for entry in in_force(date(2020, 3, 9))]
    papers = [
        demand.clauses
        for each in MEASURES.values()
        for demand in (*each.papers.at_filing, *each.papers.at_claim)
    ]
    measures = [each.clauses for each in MEASURES.values()]
    for cited in chain.from_iterable([*rules, *numbers, *papers, *measures]):
        assert clause(cited) if not cited.startswith("A-") else 1 <= int(cited[2:]) <= 34
    assert all([*rules, *numbers, *papers, *measures])


def test_a_rule_is_called_by_the_name_of_its_function_or_by_its_reason_code() -> None:
    for rule in BY_NAME.values():
        if isinstance(rule, ClaimRule | LineRule):
            assert rule.name in {rule.ask.__name__, rule.name.upper()}
    assert {rule.scope for rule in BY_NAME.values()} == set(Scope)


def test_no_parameter_of_the_rules_goes_unread_by_the_law() -> None:
    """Numbers that only services read are named here, so that a forgotten one is noticed."""
    room = Path(rulebook.__file__).parent
    read = "".join(path.read_text("utf-8") for path in room.rglob("*.py"))
    unread = {each.name for each in fields(Parameters) if f"law.{each.name}" not in read}
    assert unread == {
        "archive_years", "city_document", "correction_working_days", "fund",
        "objection_attachments", "objections_per_notice",
        "provincial_document", "publicity_counts_posting_day", "publicity_working_days",
    }  # fmt: skip


def test_no_number_of_the_policy_stands_in_the_code_of_the_rules() -> None:
    room = Path(rulebook.__file__).parent
    # whatif bounds what may be asked, not what is paid; of the signals, some count the digits of an
    # ID and the members of a session, and their thresholds are data; writing bounds what a text
    # may cost the machine
    data = {
        "clause_table", "examples", "identifiers", "masking", "sme", "whatif", "writing",
        "signals/ages", "signals/explanation", "signals/patterns",
    }  # fmt: skip
    for path in room.rglob("*.py"):
        if path.relative_to(room).with_suffix("").as_posix() in data:
            continue
        tree = ast.parse(path.read_text("utf-8"))
        numbers = {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, int | float)
        }
        # a day has 86,400 seconds, an hour 3,600, a minute 60, a year 12 months,
        # a share 100 per cent; caches 64
        assert numbers <= {0, 1, 12, 60, 64, 100, 1970, 3600, 86_400}, path


def test_missing_papers_are_named_by_mode() -> None:
    offline = facts({"plan.mode": "offline", "materials": [], "plan.materials": []})
    assert missing_at_filing(offline.plan) == (
        Material.LICENCE,
        Material.SME_PROOF,
        Material.TEACHING_PLAN,
        Material.SAFETY_DECLARATION,
    )
    assert missing_at_claim(offline) == (
        Material.APPLICATION_FORM,
        Material.TRAINING_VIDEO,
        Material.ATTENDANCE_SHEET,
        Material.ACCOUNT_PROOF,
    )
    online = replace(offline, plan=replace(offline.plan, mode=Mode.ONLINE, dispatched=2))
    assert missing_at_filing(online.plan)[-1] is Material.DISPATCH_AGREEMENT
    assert missing_at_claim(online) == (
        Material.APPLICATION_FORM,
        Material.TRAINING_RECORD,
        Material.SIGN_IN_REGISTRATION,
        Material.CUMULATIVE_HOURS,
        Material.ACCOUNT_PROOF,
    )


def test_a_paper_handed_in_at_either_time_is_on_record() -> None:
    claim_papers = {"application_form", "training_record", "sign_in_registration"}
    early = [*base("hourly_sme")["plan"]["materials"], "account_proof", "cumulative_hours"]
    assert outcomes(assessed({"materials": claim_papers, "plan.materials": early})) == {}
    late = [*base("hourly_sme")["materials"], "sme_proof", "teaching_plan"]
    assert outcomes(assessed({"materials": late, "plan.materials": ["licence"]})) == {}


def test_a_filing_is_asked_only_what_can_be_known_before_the_training() -> None:
    filed = facts(
        {"materials": [], "commitments": 0, "person.sessions": (), "claimed_on": date(1, 1, 1)}
    )
    assert {each.outcome for each in review_filing(filed, LAW)} == {Outcome.PASSED}
    enrolled = review_enrolment(filed.persons[0], filed, LAW)
    assert {each.outcome for each in enrolled} == {Outcome.PASSED}
    occupied = facts({"person.occupied": True})
    found = review_enrolment(occupied.persons[0], occupied, LAW)
    assert [each.rule for each in found if each.outcome is Outcome.FAILED] == ["no_overlap"]


def test_the_day_and_the_year_that_count_are_parameters() -> None:
    """A-02 and A-04: another edition may go by the day of completion or of the claim."""
    around_new_year = {
        "plan.starts_on": date(2020, 12, 30),
        "plan.ends_on": date(2021, 1, 10),
        "claimed_on": date(2022, 1, 5),
        "province_extended_to": date(2021, 1, 2),
    }
    case = facts(around_new_year)
    assert assess(case, LAW).year == 2021
    assert assess(case, replace(LAW, cap_year_basis="claim")).year == 2022
    assert cap_year(case, None, LAW) == 2021
    late = {"claimed_in_time": "warned"}
    beyond = {**late, "provincial_basis_in_force": "warned"}
    assert outcomes(assess(case, LAW)) == late
    assert outcomes(assess(case, replace(LAW, validity_date="completion"))) == late
    assert outcomes(assess(case, replace(LAW, validity_date="claim"))) == beyond
