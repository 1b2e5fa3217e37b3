"""The amount is the sum of lines that are each within the cap, whatever the claim looks like."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.policy.assessment import assess, law_of
from app.policy.deadline import last_claim_day
from app.policy.explanation import effect_of, explain
from app.policy.facets import Evaluation, Override, Rate, Teacher
from app.policy.facts import ClaimFacts, PersonFacts, Session
from app.policy.findings import Assessment, Line
from app.policy.kinds import Certainty, Honour
from app.policy.measures import hourly_sme
from app.policy.money import NOTHING
from app.policy.parameters import NotInForceError, Parameters
from app.policy.rulebook import Effect
from tests.policy.cases import LAW, assessed, day_by_day, facts, findings_of, outcomes

CAP = Decimal("1000.00")
BASE = facts()
FEW = settings(max_examples=25, deadline=None)
SESSIONS = {
    (count, minutes): day_by_day(date(2020, 3, 9), [f"{count} x {minutes}"])
    for count in range(30, 41, 2)
    for minutes in (0, 44, 45, 46, 60)
}
MONEY = st.integers(0, 120_000).map(lambda fen: Decimal(fen) / 100)


@st.composite
def person(draw: st.DrawFn) -> PersonFacts:
    return replace(
        BASE.persons[0],
        used={2020: draw(MONEY)},
        counted=draw(st.integers(0, 4)),
        still_employed=draw(st.sampled_from([True, True, True, False, None])),
        occupied=draw(st.sampled_from([False, False, False, True])),
        post=draw(st.sampled_from(["电工", "电工", "总经理", ""])),
        sessions=SESSIONS[draw(st.sampled_from(sorted(SESSIONS)))],
    )


@st.composite
def claim(draw: st.DrawFn) -> ClaimFacts:
    persons = draw(st.lists(person(), max_size=3))
    numbered = tuple(replace(each, number=place) for place, each in enumerate(persons, 1))
    blacklisted = draw(st.sampled_from([False, False, False, True]))
    enterprise = replace(BASE.enterprise, blacklisted=blacklisted)
    return replace(BASE, persons=numbered, enterprise=enterprise)


def _with_sessions(case: ClaimFacts, record: tuple[Session, ...]) -> ClaimFacts:
    return replace(case, persons=(replace(case.persons[0], sessions=record),))


def _with_teacher(case: ClaimFacts) -> ClaimFacts:
    return replace(case, plan=replace(case.plan, teachers=(TEACHER,)))


PROJECTS = {
    mode: facts({"plan.courses": [{"hours": 36, "mode": mode}]}) for mode in ("online", "offline")
}
TEACHER = Teacher("师傅", Honour.LIAONING_CRAFTSMAN)
EVALUATION = Evaluation(date(2020, 3, 20), "培训科", "良好")
LATE = Override("claimed_in_time", "王经办", "平台故障", "文号1")
RATE = Rate("skill_upgrade", ("junior",), CAP, "", "", Certainty.SAMPLE, date(2020, 1, 1))
MORE_FACTS: dict[str, Callable[[ClaimFacts], ClaimFacts]] = {
    "persons": lambda case: replace(case, persons=(*case.persons, BASE.persons[0])),
    "evaluation": lambda case: replace(case, evaluation=EVALUATION, evaluation_due=True),
    "rates": lambda case: replace(case, rates=(RATE,)),
    "overrides": lambda case: replace(case, overrides=(LATE,)),
    "teachers": _with_teacher,
}


@FEW
@given(claim())
def test_nobody_is_paid_above_the_cap_and_the_total_is_the_sum_of_lines(case: ClaimFacts) -> None:
    assessment = assess(case, LAW)
    for line, each in zip(assessment.lines, case.persons, strict=True):
        assert NOTHING <= line.payable <= line.gross == 10 * line.hours
        assert line.payable + min(each.used[2020], CAP) <= CAP
    assert assessment.amount == sum((line.payable for line in assessment.lines), NOTHING)
    assert assessment.amount.as_tuple().exponent == -2


@FEW
@given(claim())
def test_every_rule_answers_and_one_that_decides_costs_exactly_its_line_or_claim(
    case: ClaimFacts,
) -> None:
    assessment = assess(case, LAW)
    assert [each.rule for each in assessment.findings] == [
        rule.name for rule in hourly_sme.MEASURE.claim_rules
    ]
    blocked = any(effect_of(each) is Effect.BLOCKS for each in assessment.findings)
    for line in assessment.lines:
        assert [each.rule for each in line.findings] == [
            rule.name for rule in hourly_sme.MEASURE.line_rules
        ]
        excluded = any(effect_of(each) is Effect.EXCLUDES for each in line.findings)
        assert (line.payable == NOTHING) == (blocked or excluded or line.gross == NOTHING)


@FEW
@given(claim(), st.randoms())
def test_the_order_of_persons_and_sessions_changes_only_the_order_of_lines(
    case: ClaimFacts, random: Random
) -> None:
    mixed = [
        replace(each, sessions=tuple(random.sample(each.sessions, len(each.sessions))))
        for each in case.persons
    ]
    random.shuffle(mixed)
    before, after = assess(case, LAW), assess(replace(case, persons=tuple(mixed)), LAW)

    def by_number(line: Line) -> int:
        return line.number

    assert sorted(before.lines, key=by_number) == sorted(after.lines, key=by_number)
    assert replace(before, lines=()) == replace(after, lines=())


@FEW
@given(claim())
def test_the_same_facts_give_the_same_answer(case: ClaimFacts) -> None:
    assert assess(case, LAW) == assess(case, LAW)


@FEW
@given(st.integers(0, 2000), st.integers(0, 2000), st.sampled_from(["online", "offline"]))
def test_more_verified_minutes_never_pay_less(one: int, other: int, mode: str) -> None:
    """In a project wholly online, or wholly offline, and with partly paid hours as well."""
    case = PROJECTS[mode]
    in_part = replace(LAW, pay_partial_hours=True)

    def paid(minutes: int, law: Parameters) -> Decimal:
        record = day_by_day(date(2020, 3, 9), [f"{minutes // 50} x 50"])
        return assess(_with_sessions(case, record), law).lines[0].payable

    fewer, more = sorted((one, other))
    for law in (LAW, in_part):
        assert paid(fewer, law) <= paid(more, law)


@FEW
@given(st.lists(st.tuples(st.integers(30, 60), st.booleans()), min_size=1, max_size=6))
def test_claim_after_claim_nobody_passes_the_cap_or_the_count(
    claims: list[tuple[int, bool]],
) -> None:
    """Whatever the order: what one claim brought is used up before the next one."""
    used, counted = NOTHING, 0
    for hours, completed in claims:
        done = hours if completed else hours - 1
        plan = replace(BASE.plan, courses=(replace(BASE.plan.courses[0], class_hours=hours),))
        record = day_by_day(date(2020, 3, 9), [f"{done} x 45"])
        person = replace(BASE.persons[0], used={2020: used}, counted=counted, sessions=record)
        payable = assess(replace(BASE, plan=plan, persons=(person,)), LAW).lines[0].payable
        used, counted = used + payable, counted + (payable > NOTHING)
    assert used <= CAP
    assert counted <= LAW.subsidies_per_person
    assert used == min(CAP, sum(sorted_payments(claims), NOTHING))


def sorted_payments(claims: list[tuple[int, bool]]) -> list[Decimal]:
    """What the first three completed claims come to, said once more without the law."""
    return [Decimal(10 * hours) for hours, completed in claims if completed][:3]


@FEW
@given(claim(), st.sampled_from(["persons", "evaluation", "rates", "overrides", "teachers"]))
def test_more_facts_never_change_a_decided_line(case: ClaimFacts, added: str) -> None:
    """More people, records of the office or decisions on other rules leave a line as it was."""
    before = assess(case, LAW)
    after = assess(MORE_FACTS[added](case), LAW)
    assert after.lines[: len(before.lines)] == before.lines


def test_a_clean_claim_has_no_finding_that_is_not_passed() -> None:
    assessment = assessed()
    assert findings_of(assessment) == []
    assert assessment.edition == "2020-02-24"
    assert (assessment.year, assessment.completed_on) == (2020, "2020-03-12")


def test_all_reasons_are_given_at_once() -> None:
    everything: Assessment = assessed(
        {"enterprise.blacklisted": True, "commitments": 0, "person.counted": 3, "person.post": ""}
    )
    assert set(outcomes(everything)) == {
        "not_blacklisted", "commitments_accepted", "fewer_than_the_limit", "post_named",
    }  # fmt: skip


def test_passed_findings_are_made_once() -> None:
    one, other = assessed(), assessed()
    assert all(a is b for a, b in zip(one.findings, other.findings, strict=True))
    assert all(a is b for a, b in zip(one.lines[0].findings, other.lines[0].findings, strict=True))


def test_a_trimmed_line_shows_its_figures() -> None:
    (finding,) = findings_of(assessed({"person.used": {"2020": "800.00"}}))
    assert finding.rule == "CAP_ANNUAL"
    assert finding.data == {
        "year": 2020,
        "cap": CAP,
        "gross": Decimal("360.00"),
        "remaining": Decimal("200.00"),
        "reduction": Decimal("160.00"),
    }
    words = explain(finding)
    assert "尚余 200.00 元，核减 160.00 元" in words.reason
    assert words.effect is Effect.WARNS
    assert words.clauses == ("DL-2.3-f", "A-03", "A-04")


def test_a_claim_without_completed_training_goes_by_the_filed_end() -> None:
    nothing = assessed({"person.sessions": ()})
    assert (nothing.completed_on, nothing.year, nothing.amount) == ("", 2020, NOTHING)


def test_the_law_is_that_of_the_day_of_completion() -> None:
    """A-02: the rate and the cap go by completion, not by the claim nor by the filed end."""
    assert law_of(facts()) == LAW
    before = {"plan.starts_on": date(2020, 2, 1), "plan.approved_on": date(2020, 1, 31)}
    with pytest.raises(NotInForceError, match="2020-02-04"):
        law_of(facts(before))
    assert law_of(facts({**before, "person.sessions": ()})) == LAW


def test_three_months_end_on_the_same_day_or_on_the_last_of_a_shorter_month() -> None:
    assert last_claim_day(date(2020, 3, 27), LAW) == date(2020, 6, 27)
    assert last_claim_day(date(2020, 11, 30), LAW) == date(2021, 2, 28)
    assert last_claim_day(date(2019, 11, 30), LAW) == date(2020, 2, 29)
    assert last_claim_day(date(2020, 12, 31), LAW) == date(2021, 3, 31)
    assert last_claim_day(date(2020, 9, 30), LAW) == date(2020, 12, 30)


def test_a_line_knows_the_first_and_the_last_day_that_counted() -> None:
    """A-17: they are what the person's calendar keeps."""
    (line,) = assess(facts(), LAW).lines
    days = sorted({session.start // 86_400 for session in facts().persons[0].sessions})
    epoch = date(1970, 1, 1).toordinal()
    assert line.first_day == date.fromordinal(epoch + days[0])
    assert line.last_day == date.fromordinal(epoch + days[-1])
