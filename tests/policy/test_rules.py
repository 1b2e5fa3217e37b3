"""Every rule of the rulebook is reached with every outcome it can give, and has words for each."""

import ast
import re
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from app.policy import findings, rulebook
from app.policy.assessment import assess, cap_year, review_enrolment, review_filing
from app.policy.clauses import clause
from app.policy.explanation import TEXTS, effect_of, explain
from app.policy.facts import Material, Mode
from app.policy.findings import Finding, Outcome
from app.policy.materials import (
    AT_CLAIM,
    AT_FILING,
    WITH_DISPATCHED,
    missing_at_claim,
    missing_at_filing,
)
from app.policy.parameters import Parameters, in_force
from app.policy.rulebook import BY_NAME, ROW_REASONS, RULES, Effect, Scope
from tests.policy.cases import LAW, WORKED, assessed, facts, findings_of, outcomes
from tests.policy.test_rows import every_row_finding

OTHER_PLATFORM = {"kind": "other", "name": "某平台", "address": "a.example", "blocked": False}
NO_LINK = {"kind": "own", "name": "自有网站", "address": " ", "blocked": False}

# What must be found when these facts differ from the clean base: the facts, the unknown ones, and
# every finding other than passed.
DIFFERENCES: list[tuple[dict[str, Any], tuple[str, ...], dict[str, str]]] = [
    ({"measure": "apprenticeship"}, (), {"of_the_hourly_programme": "failed"}),
    ({"period_ended_on": date(2020, 3, 8)}, (), {"policy_has_not_ended": "failed"}),
    ({"period_ended_on": date(2020, 3, 9)}, (), {}),
    ({}, ("enterprise.dispatch_company",), {"not_a_dispatch_company": "no_data"}),
    (
        {"enterprise.industry": "CONSTRUCTION", "enterprise.revenue_wan": "90000"},
        ("enterprise.assets_wan",),
        {"small_or_medium": "no_data"},
    ),
    ({"enterprise.legal_form": "branch"}, (), {"legal_person": "failed"}),
    ({}, ("enterprise.legal_form",), {"legal_person": "no_data"}),
    ({"enterprise.registered_in_liaoning": False}, (), {"registered_in_liaoning": "failed"}),
    ({}, ("enterprise.registered_in_liaoning",), {"registered_in_liaoning": "no_data"}),
    ({"enterprise.verified": False}, (), {"enterprise_verified": "failed"}),
    ({"enterprise.blacklisted": True}, (), {"not_blacklisted": "failed"}),
    ({}, ("enterprise.insurance",), {"before_the_right_authority": "no_data"}),
    ({"handled_by_centre": True}, (), {"before_the_right_authority": "failed"}),
    ({"enterprise.insurance": "none"}, (), {}),
    ({"plan.trainees": 0}, (), {"plan_complete": "failed"}),
    (
        {"plan.courses": []},
        (),
        {
            "plan_complete": "failed",
            "claimed_after_completion": "no_data",
            "claimed_in_time": "no_data",
            "completed": "failed",
        },
    ),
    ({"plan.main_business": " "}, (), {"main_business_stated": "failed"}),
    (
        {
            "plan.main_business": "",
            "plan.courses": [{"hours": 36, "category": "general_quality"}],
        },
        (),
        {},
    ),
    ({"plan.courses": [{"hours": 36, "category": "other"}]}, (), {"content_listed": "warned"}),
    ({}, ("plan.platform",), {"platform_named": "failed"}),
    ({"plan.platform": {**NO_LINK, "name": ""}}, (), {"platform_named": "failed"}),
    ({"plan.platform": NO_LINK}, (), {"platform_named": "failed"}),
    (
        {
            "plan.platform": NO_LINK,
            "plan.materials": ["licence", "sme_proof", "teaching_plan", "platform_screenshot"],
        },
        (),
        {},
    ),
    ({"plan.platform": {**NO_LINK, "blocked": True, "address": "a"}}, (),
     {"platform_not_blocked": "failed"}),
    ({"plan.platform": OTHER_PLATFORM}, (), {"platform_qualified": "no_data"}),
    ({"plan.platform": {**OTHER_PLATFORM, "conditions_met": False}}, (),
     {"platform_qualified": "failed"}),
    ({"plan.platform": {**OTHER_PLATFORM, "conditions_met": True}}, (), {}),
    ({"plan.converted_from_offline": True}, (), {"online_share_of_converted": "failed"}),
    ({"plan.converted_from_offline": True, "waived": ["online_share_of_converted"]}, (),
     {"online_share_of_converted": "warned"}),
    ({"plan.materials": ["licence"]}, (), {"filing_materials_complete": "failed"}),
    ({"plan.dispatched": 1}, (), {"filing_materials_complete": "failed"}),
    ({"commitments": 6}, (), {"commitments_accepted": "failed"}),
    ({"materials": ["application_form", "courseware", "account_proof"]}, (),
     {"claim_materials_complete": "failed"}),
    ({"claimed_on": date(2020, 3, 11)}, (), {"claimed_after_completion": "failed"}),
    ({"claimed_on": date(2020, 3, 12)}, (), {}),
    ({"person.sessions": ()}, (),
     {"claimed_after_completion": "no_data", "claimed_in_time": "no_data", "completed": "failed"}),
    ({}, ("plan.approved_on",),
     {"approved_before_start": "no_data", "claimed_after_completion": "no_data",
      "claimed_in_time": "no_data", "completed": "failed"}),
    ({}, ("plan.cost",), {"plan_complete": "failed", "cost_covers_subsidy": "no_data"}),
    ({"person.id_valid": False}, (), {"id_valid": "failed"}),
    ({"person.twice_on_roster": True}, (), {"once_on_roster": "failed"}),
    ({}, ("person.hired_on",), {"employed_at_every_session": "no_data"}),
    ({"person.left_on": date(2020, 3, 11)}, (),
     {"employed_at_every_session": "failed", "still_employed_at_claim": "failed"}),
    ({"person.left_on": date(2020, 3, 12), "person.still_employed": False}, (),
     {"still_employed_at_claim": "failed"}),
    ({"person.still_employed": False}, (), {"still_employed_at_claim": "failed"}),
    ({"person.post": " "}, (), {"post_named": "failed"}),
    ({"person.frontline": False}, (), {"frontline": "failed"}),
    ({}, ("person.frontline",), {"frontline": "no_data"}),
    ({"person.employment": "dispatched"}, (), {"dispatch_documented": "no_data"}),
    (
        {
            "person.employment": "dispatched",
            "person.dispatch_company": "大连示例劳务派遣有限公司",
            "person.dispatch_uscc": "91210231MA0ABCD1XR",
            "plan.dispatched": 1,
            "plan.materials": ["licence", "sme_proof", "teaching_plan", "dispatch_agreement"],
        },
        (),
        {},
    ),
    ({"person.already_subsidised": True}, (), {"not_yet_subsidised": "failed"}),
    ({"person.used": {"2020": "1200.00"}}, (), {"CAP_EXHAUSTED": "failed"}),
]  # fmt: skip


@pytest.mark.parametrize("difference", DIFFERENCES, ids=[str(each[0]) for each in DIFFERENCES])
def test_a_fact_that_differs_is_found_by_its_rule_and_by_no_other(
    difference: tuple[dict[str, Any], tuple[str, ...], dict[str, str]],
) -> None:
    changes, absent, expected = difference
    assessment = assessed(changes, absent)
    assert outcomes(assessment) == expected
    blocks = any(effect_of(each) is Effect.BLOCKS for each in assessment.findings)
    excludes = any(effect_of(each) is Effect.EXCLUDES for each in assessment.lines[0].findings)
    assert (assessment.amount == Decimal("0.00")) == (blocks or excludes)


def _findings_of_other_editions() -> Iterator[Finding]:
    """What the rules find where a later edition decides otherwise than 2020's."""
    suspended = replace(LAW, offline_enterprise_allowed=False)
    yield from findings_of(assessed({"plan.mode": "offline"}, law=suspended))
    in_part = replace(LAW, pay_partial_hours=True)
    yield from findings_of(assessed({"person.sessions": "20 x 45"}, law=in_part))


def _every_finding() -> Iterator[Finding]:
    clean = assessed()
    yield from (*clean.findings, *clean.lines[0].findings)
    for changes, absent, _ in DIFFERENCES:
        yield from findings_of(assessed(changes, absent))
    for example in WORKED["examples"]:
        yield from findings_of(assessed(example.get("facts"), example.get("absent", ())))
    yield from _findings_of_other_editions()
    yield from every_row_finding()


def test_there_are_words_for_every_outcome_a_rule_gives_and_for_no_other() -> None:
    reached = {(each.rule, each.outcome.value) for each in _every_finding()}
    worded = {
        (rule, outcome)
        for rule, texts in TEXTS.items()
        for outcome in texts
        if rule != "words" and outcome != "title"
    }
    assert reached == worded
    assert set(TEXTS) - {"words"} == set(BY_NAME)


def test_every_finding_reads_as_chinese_with_no_code_left_in_it() -> None:
    for finding in _every_finding():
        words = explain(finding)
        for text in (words.title, words.reason, words.remedy):
            assert not re.search(r"[a-z_{}]{3,}", text.replace("a.example", "")), text
        assert words.title
        assert words.reason.endswith("。")
        assert bool(words.remedy) == (finding.outcome is not Outcome.PASSED)
        assert (words.effect is Effect.NONE) == (finding.outcome is Outcome.PASSED)


def test_every_figure_of_a_text_is_in_the_finding_and_every_word_has_its_table() -> None:
    for finding in _every_finding():
        for text in TEXTS[finding.rule][finding.outcome.value].values():
            assert set(re.findall(r"{(\w+)}", text)) <= set(finding.data), finding


def test_every_clause_cited_by_a_rule_a_parameter_or_a_demand_exists() -> None:
    rules = [rule.clauses for rule in BY_NAME.values()]
    numbers = [entry.clause for entry in in_force(date(2020, 3, 9))]
    papers = [demand.clauses for demand in (*AT_FILING, WITH_DISPATCHED, *AT_CLAIM)]
    for cited in chain.from_iterable([*rules, *numbers, *papers]):
        assert clause(cited) if not cited.startswith("A-") else 1 <= int(cited[2:]) <= 34
    assert all([*rules, *numbers, *papers])


def test_a_rule_is_called_by_the_name_of_its_function_or_by_its_reason_code() -> None:
    for rule in RULES:
        assert rule.name in {rule.ask.__name__, rule.name.upper()}
    assert len(BY_NAME) == len(RULES) + len(ROW_REASONS)
    assert {rule.scope for rule in BY_NAME.values()} == set(Scope)


def test_no_parameter_of_the_rules_goes_unread_by_the_law() -> None:
    """Numbers that only services read are named here, so that a forgotten one is noticed."""
    room = Path(rulebook.__file__).parent
    read = "".join(path.read_text("utf-8") for path in room.glob("*.py"))
    unread = {each.name for each in fields(Parameters) if f"law.{each.name}" not in read}
    assert unread == {
        "archive_years", "cap_measures", "city_document", "counted_measures",
        "fraud_recovery_frees_cap", "fund", "objection_working_days", "policy_period",
        "provincial_document", "publicity_counts_posting_day", "publicity_working_days",
    }  # fmt: skip


def test_no_number_of_the_policy_stands_in_the_code_of_the_rules() -> None:
    room = Path(rulebook.__file__).parent
    for name in ("amount", "deadline", "enterprise", "filing", "learning", "materials", "persons"):
        tree = ast.parse((room / f"{name}.py").read_text("utf-8"))
        numbers = {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, int | float)
        }
        # a day has 86,400 seconds, a minute 60, a year 12 months, a share 100 per cent
        assert numbers <= {0, 1, 12, 60, 100, 1970, 86_400}, name


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
    early = [*WORKED["base"]["plan"]["materials"], "account_proof", "cumulative_hours"]
    assert outcomes(assessed({"materials": claim_papers, "plan.materials": early})) == {}
    late = [*WORKED["base"]["materials"], "sme_proof", "teaching_plan"]
    assert outcomes(assessed({"materials": late, "plan.materials": ["licence"]})) == {}


def test_a_filing_is_asked_only_what_can_be_known_before_the_training() -> None:
    filed = facts({"materials": [], "commitments": 0, "person.sessions": ()}, ["claimed_on"])
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


def test_a_warning_never_costs_money_even_under_a_rule_that_blocks() -> None:
    waived = {"plan.converted_from_offline": True, "waived": ["online_share_of_converted"]}
    assert assessed(waived).amount == Decimal("360.00")
    assert findings.warned().outcome is Outcome.WARNED
