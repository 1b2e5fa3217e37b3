"""What does the law say of a claim: every finding, every line, and the amount?"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from app.policy import rates
from app.policy.amount import UNLIMITED, remaining
from app.policy.case import ClaimCase, LineCase, Wanted
from app.policy.decided import as_decided
from app.policy.facets import Override, Rate
from app.policy.facts import ClaimFacts, PersonFacts, PlanFacts
from app.policy.findings import Assessment, Finding, Line
from app.policy.learning import (
    NOTHING_LEARNED,
    Learned,
    completion_day,
    filed_hours,
    last_counted_day,
    learn,
    syllabus,
)
from app.policy.measures import is_capped, measure
from app.policy.measures.kind import Measure
from app.policy.money import NOTHING
from app.policy.parameters import NotInForceError, Parameters, edition
from app.policy.questions import Question, asked, questions


def law_of(facts: ClaimFacts) -> Parameters:
    """Return the edition of the day the training was completed, or is filed to end (A-02).

    Raises:
        NotInForceError: that day lies before the first edition.
    """
    throughout = _throughout(facts.plan)
    if throughout is not None:
        return throughout
    records = (person.sessions for person in facts.persons)
    return edition(last_counted_day(facts.plan, records) or facts.plan.ends_on)


def _throughout(plan: PlanFacts) -> Parameters | None:
    """Return the edition of every day on which a session can count, if there is one for all."""
    try:
        law = edition(plan.ends_on)
    except NotInForceError:
        return None
    return law if law.edition <= plan.starts_on.isoformat() else None


def assess(facts: ClaimFacts, law: Parameters) -> Assessment:
    """Return what *law* says of the claim; the same facts give the same answer for ever.

    Another edition, or one with some values replaced, tells what it would have said.

    Raises:
        UnknownMeasure: the facts name no measure.
    """
    applied = measure(facts.measure)
    plan = syllabus(facts.plan, law)
    learned = tuple([learn(person.sessions, plan) for person in facts.persons])
    completed_on = completion_day(learned)
    year = cap_year(facts, completed_on, law)
    cases = line_cases(applied, facts, law, learned, completed_on)
    of_line = questions(applied).of_line
    lines = tuple([_line(case, law, of_line) for case in cases])
    if facts.decisions:
        fewer = partial(_fewer, applied, cases, law)
        lines = as_decided(lines, facts.decisions, fewer)
    due = sum((line.payable for line in lines), NOTHING)
    case = ClaimCase(
        facts, completed_on, due, applied.papers, wanted_of(applied, facts, completed_on), learned
    )
    findings, stands = asked(questions(applied).of_claim, case, law, of_case(facts))
    return Assessment(
        edition=law.edition,
        year=year,
        completed_on=completed_on.isoformat() if completed_on else "",
        amount=due if stands else NOTHING,
        findings=findings,
        lines=lines if stands else tuple(replace(line, payable=NOTHING) for line in lines),
    )


def review_filing(facts: ClaimFacts, law: Parameters) -> tuple[Finding, ...]:
    """Return what the law says of a filing; ``approved_on`` is the day it would be approved.

    Raises:
        UnknownMeasure: the facts name no measure.
    """
    applied = measure(facts.measure)
    case = ClaimCase(facts, None, NOTHING, applied.papers, wanted_of(applied, facts, None))
    return asked(questions(applied).of_filing, case, law, of_case(facts))[0]


def review_enrolment(
    person: PersonFacts, facts: ClaimFacts, law: Parameters
) -> tuple[Finding, ...]:
    """Return what the law says of one person's enrolment, before anything is learned.

    Raises:
        UnknownMeasure: the facts name no measure.
    """
    applied = measure(facts.measure)
    (case,) = line_cases(applied, replace(facts, persons=(person,)), law, (NOTHING_LEARNED,), None)
    return asked(questions(applied).of_enrolment, case, law, of_person(case))[0]


def cap_year(facts: ClaimFacts, completed_on: date | None, law: Parameters) -> int:
    """Return the calendar year whose cap applies; the filed end stands in for completion (A-04)."""
    if law.cap_year_basis == "claim":
        return facts.claimed_on.year
    return (completed_on or facts.plan.ends_on).year


def wanted_of(applied: Measure, facts: ClaimFacts, completed_on: date | None) -> frozenset[Wanted]:
    """Return the reference rates that the lines of the claim need."""
    day = completed_on or facts.plan.ends_on
    found = (applied.wanted(person, facts, day) for person in facts.persons)
    return frozenset(each for each in found if each)


def line_cases(
    applied: Measure,
    facts: ClaimFacts,
    law: Parameters,
    learned: Sequence[Learned],
    completed_on: date | None,
) -> list[LineCase]:
    """Return each person's line with what it comes to before any rule is asked."""
    year, filed = cap_year(facts, completed_on, law), filed_hours(facts.plan)
    capped = is_capped(applied.code, law)
    cases = []
    for person, done in zip(facts.persons, learned, strict=True):
        rate = _rate(applied, person, facts, completed_on)
        due = applied.gross(person, facts, done, rate, law)
        left = remaining(person, year, law) if capped else UNLIMITED
        cases.append(LineCase(person, facts, done, filed, year, due, left, rate))
    return cases


def _rate(
    applied: Measure, person: PersonFacts, facts: ClaimFacts, completed_on: date | None
) -> Rate | None:
    wanted = applied.wanted(person, facts, completed_on or facts.plan.ends_on)
    return rates.in_force(facts.rates, applied.code, wanted) if wanted else None


def _line(case: LineCase, law: Parameters, of_line: tuple[Question[LineCase], ...]) -> Line:
    findings, stands = asked(of_line, case, law, of_person(case))
    return Line(
        number=case.person.number,
        minutes=case.learned.minutes,
        hours=case.learned.hours,
        gross=case.gross,
        payable=min(case.gross, case.remaining) if stands else NOTHING,
        findings=findings,
        first_day=case.learned.first_day,
        last_day=case.learned.last_day,
    )


def _fewer(
    applied: Measure, cases: Sequence[LineCase], law: Parameters, place: int, hours: int
) -> Line:
    """Return the line as it is with no more than so many class hours."""
    case = cases[place]
    done = case.learned._replace(hours=min(case.learned.hours, hours))
    due = applied.gross(case.person, case.claim, done, case.rate, law)
    return _line(case._replace(learned=done, gross=due), law, questions(applied).of_line)


def of_case(facts: ClaimFacts) -> tuple[Override, ...]:
    """Return the decisions on everybody of the case."""
    return tuple(each for each in facts.overrides if each.person is None)


def of_person(case: LineCase) -> tuple[Override, ...]:
    """Return the decisions on the person, then those on everybody of the case."""
    overrides = case.claim.overrides
    if not overrides:
        return ()
    mine = tuple(each for each in overrides if each.person == case.person.number)
    return mine + of_case(case.claim)
