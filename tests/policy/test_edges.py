"""The last second, the last fen, the last word: edges that no worked example reaches."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.policy.assessment import assess, review_enrolment, review_filing
from app.policy.clause_table import _row
from app.policy.clauses import UnknownClause, clause
from app.policy.facets import Override, Suspension
from app.policy.facts import Session
from app.policy.findings import Finding, Outcome
from app.policy.learning import DAY, last_counted_day, learn, midnight, syllabus
from app.policy.measures import hourly_sme
from app.policy.money import yuan
from app.policy.parameters import NotInForceError, edition_of, in_force
from app.policy.questions import Question, _of_line, of_claim
from app.policy.sme import classify
from app.policy.workdays import CalendarMissing, last_day
from tests.policy.cases import LAW, facts

PLAN = facts().plan
LAST_MIDNIGHT = midnight(PLAN.ends_on) + DAY


def counted(*sessions: Session) -> date | None:
    return last_counted_day(PLAN, [sessions])


def test_the_last_second_of_the_filed_dates_counts_and_the_next_does_not() -> None:
    last = Session(1, LAST_MIDNIGHT - 1, LAST_MIDNIGHT, 1)
    assert counted(last) == PLAN.ends_on
    assert counted(last._replace(end=LAST_MIDNIGHT + 1)) is None


def test_one_second_is_learning_and_none_is_not() -> None:
    midnight_of_tenth = midnight(date(2020, 3, 10))
    second = Session(1, midnight_of_tenth, midnight_of_tenth + 1, 1)
    assert counted(second) == date(2020, 3, 10)
    assert counted(second._replace(end=midnight_of_tenth)) is None
    assert counted(second._replace(stated=0)) is None


def test_a_session_into_a_suspended_day_completes_nothing() -> None:
    halted = replace(PLAN, suspensions=(Suspension(date(2020, 3, 10), "检查"),))
    late = midnight(date(2020, 3, 10)) - 60
    assert last_counted_day(halted, [[Session(1, late, late + 120, 120)]]) is None
    assert last_counted_day(halted, [[Session(1, late, late + 120, 60)]]) == date(2020, 3, 9)


def test_a_filing_without_a_rate_says_so_before_anybody_learns() -> None:
    case = facts(measure="skill_upgrade")
    found = {each.rule: each.outcome for each in review_filing(replace(case, rates=()), LAW)}
    assert found["rate_in_force"] is Outcome.NO_DATA
    assert {each.outcome for each in review_filing(case, LAW)} == {Outcome.PASSED}


def test_an_enrolment_is_reviewed_alone_and_with_the_decisions_on_it() -> None:
    two = facts({"person.counted": 3}, persons=2)
    lenient = replace(LAW, subsidies_limit_strict=False)
    decision = Override("fewer_than_the_provincial_limit", "王", "理由", "文号", person=2)
    decided = replace(two, overrides=(decision,))
    one, other = (review_enrolment(person, decided, lenient) for person in two.persons)
    assert "overridden" not in {each.rule for each in one}
    assert "overridden" in {each.rule for each in other}


def test_a_bar_in_a_quote_does_not_break_the_table() -> None:
    row = _row(replace(clause("DL-1-a"), quote="甲|乙"), ("rule:x",))
    assert "| 甲\\|乙 |" in row


def test_all_missing_parameters_are_named() -> None:
    known = [each for each in in_force(date(2020, 3, 9)) if each.key not in {"fund", "measure"}]
    with pytest.raises(
        NotInForceError, match=r"^on 2020-03-09 no value is in force of measure, fund$"
    ):
        edition_of(known, date(2020, 3, 9))


def test_refusals_say_their_reason_and_carry_what_they_are_about() -> None:
    with pytest.raises(ValueError, match=r"^an amount of yuan is a finite number$"):
        yuan("NaN")
    with pytest.raises(ValueError, match=r"^an amount of yuan has at most two places$"):
        yuan("0.001")
    with pytest.raises(ValueError, match=r"^a notice is open for at least one working day$"):
        last_day(date(2020, 3, 9), 0, counts_posting_day=False, is_working_day={})
    assert UnknownClause("DL-9").args == ("DL-9",)
    assert CalendarMissing(date(2020, 3, 9)).args == (date(2020, 3, 9),)
    assert yuan(Decimal("1.10")) == Decimal("1.10")


def test_a_rule_is_asked_under_its_name_and_decides_if_it_blocks_or_excludes() -> None:
    claim_rules = {rule.name: rule for rule in hourly_sme.MEASURE.claim_rules}
    line_rules = {rule.name: rule for rule in hourly_sme.MEASURE.line_rules}
    for name, decides, in_principle in (
        ("small_or_medium", True, False),
        ("content_listed", False, False),
        ("claimed_in_time", False, True),
    ):
        rule = claim_rules[name]
        passed = Finding(name, Outcome.PASSED)
        assert of_claim(rule) == Question(rule.ask, name, decides, in_principle, passed)
    for name, decides, in_principle in (
        ("completed", True, False),
        ("CAP_ANNUAL", False, False),
        ("fewer_than_the_provincial_limit", False, True),
    ):
        line_rule = line_rules[name]
        passed = Finding(name, Outcome.PASSED)
        asked = Question(line_rule.ask, name, decides, in_principle, passed)
        assert _of_line(line_rule) == asked


def test_the_year_of_completion_goes_before_the_year_of_the_filed_end() -> None:
    """A-04: filed into January, completed in December: the cap of the old year is used."""
    changes = {
        "plan.starts_on": date(2020, 12, 20),
        "plan.ends_on": date(2021, 1, 10),
        "province_extended_to": date(2021, 12, 31),
        "claimed_on": date(2021, 1, 15),
        "person.used": {"2020": "900.00", "2021": "0.00"},
    }
    assessment = assess(facts(changes), LAW)
    assert (assessment.year, assessment.amount) == (2020, Decimal("100.00"))


def test_nobody_comes_to_no_yuan() -> None:
    assessment = assess(replace(facts(), persons=()), LAW)
    assert (str(assessment.amount), assessment.completed_on) == ("0.00", "")
    told = {each.rule: each.data for each in assessment.findings}
    assert "cost_covers_subsidy" in told


def test_the_last_suspended_day_is_suspended_to_midnight() -> None:
    halted = replace(PLAN, suspensions=(Suspension(date(2020, 3, 9), "检查", date(2020, 3, 9)),))
    noon = midnight(date(2020, 3, 9)) + 12 * 3600
    record = [Session(1, noon, noon + 3600, 3600)]
    assert learn(record, syllabus(halted, LAW)).minutes == 0
    assert learn(record, syllabus(PLAN, LAW)).minutes == 60


def test_a_second_after_midnight_lies_in_the_new_day() -> None:
    first = midnight(date(2020, 3, 10))
    done = learn([Session(1, first, first + 1, 1)], syllabus(PLAN, LAW))
    assert (done.first_day, done.last_day) == (date(2020, 3, 10), date(2020, 3, 10))


def test_the_latest_suspension_is_told_with_its_days_and_reason() -> None:
    early = Suspension(date(2020, 3, 20), "停电", date(2020, 3, 21))
    late = Suspension(date(2020, 3, 23), "检查")
    for order, ended in (((early, late), "—"), ((late, early), "—"), ((early,), "2020-03-21")):
        case = replace(facts(), plan=replace(PLAN, suspensions=order))
        told = {each.rule: each.data for each in review_filing(case, LAW)}
        last = late if late in order else early
        assert told["class_not_suspended"] == {
            "from_day": last.from_day.isoformat(),
            "to_day": ended,
            "why": last.reason,
        }


def test_a_plan_of_one_day_is_complete_and_one_without_class_hours_is_not() -> None:
    one_day = replace(PLAN, ends_on=PLAN.starts_on)
    hourless = replace(PLAN, courses=(replace(PLAN.courses[0], class_hours=0),))
    for plan, missing in ((one_day, {}), (hourless, {"missing": "class_hours"})):
        told = {each.rule: each.data for each in review_filing(replace(facts(), plan=plan), LAW)}
        assert told["plan_complete"] == missing


def test_several_missing_figures_are_named_with_the_chinese_comma() -> None:
    assert "请补充从业人员、营业收入。" in classify("INDUSTRY", None, None, None).explanation_zh


def test_hours_of_several_offline_courses_add_up() -> None:
    two = facts({"plan.courses": [{"hours": 2, "mode": "offline"}] * 2}).plan
    noon = midnight(date(2020, 3, 9)) + 12 * 3600
    starts = {1: noon, 2: noon + 6000}
    record = [Session(course, start, start + 5400, 5400) for course, start in starts.items()]
    assert learn(record, syllabus(two, LAW)).hours == 4


def told(changes: dict[str, object], rule: str) -> dict[str, object]:
    """The figures of one rule's finding on a filing with those facts."""
    return {each.rule: dict(each.data) for each in review_filing(facts(changes), LAW)}[rule]


def test_what_a_filing_lacks_is_told_by_code_and_figure() -> None:
    mixed = {"hours": 36, "mode": "mixed"}
    turned = {"plan.courses": [mixed], "plan.ends_on": date(2020, 3, 8)}
    assert told(turned, "plan_complete") == {"missing": "course_mode,dates"}
    nameless = {"plan.commission": {"institution": ""}}
    assert told(nameless, "commission_documented") == {
        "missing": "commission_institution,organisation"
    }
    assert told({"plan.converted_from_offline": True}, "online_share_of_converted") == {
        "online": 36,
        "total": 36,
        "percent": 50,
    }
