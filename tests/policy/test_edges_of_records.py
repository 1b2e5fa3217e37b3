"""Edges of rows, refusals and shares: one second, one missing figure, every word of a refusal."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.policy.advance import advance, share_of
from app.policy.assessment import assess
from app.policy.case import ClaimCase, Wanted
from app.policy.explanation import explain
from app.policy.facets import Suspension
from app.policy.facts import Session
from app.policy.findings import Finding, Outcome
from app.policy.learning import midnight
from app.policy.measures import MEASURES
from app.policy.money import NOTHING
from app.policy.rates import rate_in_force
from app.policy.rows import row_findings
from tests.policy.cases import LAW, assessed, facts, outcomes

PLAN = facts().plan
NOON = midnight(date(2020, 3, 10)) + 12 * 3600


def found(*sessions: Session) -> list[tuple[str, ...]]:
    return [tuple(each.rule for each in row) for row in row_findings(PLAN, sessions)]


def test_a_second_beyond_the_clock_is_told() -> None:
    assert found(Session(1, NOON, NOON, 1)) == [("more_than_the_clock",)]
    assert found(Session(1, NOON, NOON, 0)) == [()]


@pytest.mark.parametrize(("lost", "minutes"), [(1, 1), (60, 1), (61, 2), (120, 2), (121, 3)])
def test_lost_seconds_are_told_in_begun_minutes(lost: int, minutes: int) -> None:
    first = Session(1, NOON, NOON + 600, 600)
    second = Session(1, NOON + 600 - lost, NOON + 1800, 1200 + lost)
    (_, (finding,)) = row_findings(PLAN, [first, second])
    assert finding == Finding("overlaps_other_session", Outcome.WARNED, {"lost": minutes})
    assert isinstance(finding.data["lost"], int)


def test_a_row_before_the_approval_names_the_day_of_approval() -> None:
    row = [Session(1, NOON, NOON + 60, 60)]
    on_the_day = replace(PLAN, approved_on=date(2020, 3, 10))
    ((finding,),) = row_findings(on_the_day, row)
    assert finding.data == {"day": "2020-03-10", "approved_on": "2020-03-10"}
    ((finding,),) = row_findings(replace(PLAN, approved_on=None), row)
    assert finding.data == {"day": "2020-03-10", "approved_on": "—"}


def test_an_open_suspension_lasts_to_the_last_filed_second() -> None:
    halted = replace(PLAN, suspensions=(Suspension(PLAN.ends_on, "检查"),))
    last = midnight(PLAN.ends_on) + 12 * 3600
    row = [Session(1, last, last + 60, 60)]
    assert [each.rule for each in row_findings(halted, row)[0]] == ["during_suspension"]


def test_several_codes_are_told_with_the_chinese_comma() -> None:
    finding = Finding("plan_complete", Outcome.FAILED, {"missing": "cost,dates"})
    assert explain(finding).reason == "培训方案缺少：培训成本、起止日期。"


@pytest.mark.parametrize(
    ("changes", "share"),
    [
        ({"headcount": 999, "revenue_wan": "50000"}, "0.50"),
        ({"headcount": 2000, "revenue_wan": "39999"}, "0.50"),
        ({"industry": "CONSTRUCTION", "revenue_wan": "90000", "assets_wan": "79999"}, "0.50"),
        ({"headcount": 1000, "revenue_wan": "40000"}, "0.30"),
    ],
)
def test_any_one_figure_below_its_line_raises_the_share(
    changes: dict[str, object], share: str
) -> None:
    stated = {f"enterprise.{key}": value for key, value in changes.items()}
    assert share_of(facts(stated, measure="apprenticeship"), LAW) == Decimal(share)


def test_nobody_enrolled_brings_no_advance_in_yuan() -> None:
    empty = replace(facts(measure="apprenticeship"), persons=())
    granted = advance(empty, LAW)
    assert (str(granted.base), str(granted.amount)) == ("0.00", "0.00")
    assert granted.base == NOTHING


def test_an_apprenticeship_may_last_one_day_and_then_brings_nothing() -> None:
    case = facts(measure="apprenticeship")
    agreed = case.persons[0].apprentice
    assert agreed
    day = replace(agreed, ends_on=agreed.starts_on)
    one = replace(case, persons=(replace(case.persons[0], apprentice=day),))
    assert outcomes(assess(one, LAW)) == {"apprenticed_for_a_month": "failed"}


def test_who_leaves_on_the_day_of_the_claim_has_not_left() -> None:
    changes = {"claimed_on": date(2020, 5, 30), "person.left_on": date(2020, 5, 30)}
    found_ = outcomes(assessed(changes, measure="work_for_training"))
    assert found_ == {"employed_for_three_months": "failed"}


def test_several_other_courses_are_named_with_the_chinese_comma() -> None:
    other = {"hours": 18, "category": "other"}
    assessment = assessed({"plan.courses": [other, other], "person.sessions": ["18 x 45"] * 2})
    named = {each.rule: each.data.get("courses") for each in assessment.findings}
    assert named["content_listed"] == named["other_content_explained"] == "课程1、课程2"


def test_a_certificate_may_be_issued_on_the_day_of_the_claim() -> None:
    case = facts(measure="skill_upgrade")
    certificate = case.persons[0].certificate
    assert certificate
    today = replace(certificate, issued_on=case.claimed_on)
    claimed = replace(case, persons=(replace(case.persons[0], certificate=today),))
    assert outcomes(assess(claimed, LAW)) == {}


@pytest.mark.parametrize(("assets", "found_"), [("79999", "failed"), ("80000", None)])
def test_assets_decide_where_the_industry_is_measured_by_them(
    assets: str, found_: str | None
) -> None:
    stated = {
        "enterprise.entity": "enterprise",
        "enterprise.industry": "CONSTRUCTION",
        "enterprise.revenue_wan": "90000",
        "enterprise.assets_wan": assets,
        "payee": "enterprise",
    }
    assert outcomes(assessed(stated, measure="other_workers")).get("institution_or_large") == found_


def test_lacking_rates_are_named_key_by_key() -> None:
    wanted = frozenset(Wanted(key, date(2020, 3, 9)) for key in (("b", "c"), ("a",)))
    case = ClaimCase(facts(), None, NOTHING, MEASURES["hourly_sme"].papers, wanted)
    assert rate_in_force(case, LAW).data == {"rate_key": "a,b/c", "day": "2020-03-09"}


def test_deviations_are_told_with_their_figures() -> None:
    """LN-1.2-b: courses, dates, people and hours, each with what the reviewer must look at."""
    three = [{"hours": 10}, {"hours": 10}, {"hours": 16}]
    case = facts({"plan.courses": three, "person.sessions": "10 x 45"}, persons=3)
    one, other, absent = case.persons
    opens, closes = midnight(PLAN.starts_on), midnight(PLAN.ends_on) + 86_400
    stray = (
        Session(0, opens, opens + 60, 60),
        Session(1, closes - 60, closes, 60),
        Session(1, closes - 60, closes + 1, 61),
        Session(2, opens - 1, opens + 60, 61),
    )
    persons = (one, replace(other, sessions=stray), replace(absent, sessions=()))
    told = {each.rule: each.data for each in assess(replace(case, persons=persons), LAW).findings}
    assert told["courses_as_planned"] == {"untaught": "课程2、课程3", "unfiled": 1}
    assert told["dates_as_planned"] == {"rows": 2, "day": "2020-03-08"}
    assert told["people_as_planned"] == {"absent": 1, "enrolled": 3}
    assert told["hours_as_planned"] == {"short": 2, "filed": 36}
    only_unfiled = replace(case, persons=(replace(one, sessions=(*one.sessions, stray[0])),))
    told = {each.rule: each.data for each in assess(only_unfiled, LAW).findings}
    assert told["dates_as_planned"] == {}
    full = facts({"person.sessions": ["36 x 45", "1 x 45"]})
    told = {each.rule: each.data for each in assess(full, LAW).findings}
    assert told["courses_as_planned"] == {"untaught": "—", "unfiled": 1}


def test_construction_is_small_by_its_assets() -> None:
    stated = {
        "enterprise.industry": "CONSTRUCTION",
        "enterprise.revenue_wan": "90000",
        "enterprise.assets_wan": "79999",
    }
    assert outcomes(assessed(stated)) == {}


@pytest.mark.parametrize(
    ("changes", "data"),
    [
        ({"person.hired_on": date(2020, 3, 10)}, ("employed_at_every_session", "left_on", "—")),
        ({"person.still_employed": False}, ("still_employed_at_claim", "left_on", "—")),
        (
            {"person.left_on": date(2020, 3, 20)},
            ("still_employed_at_claim", "left_on", "2020-03-20"),
        ),
    ],
)
def test_an_unknown_leaving_day_is_a_dash(
    changes: dict[str, object], data: tuple[str, str, str]
) -> None:
    rule, key, value = data
    (line,) = assessed(changes).lines
    told = {each.rule: each.data for each in line.findings}
    assert told[rule][key] == value
