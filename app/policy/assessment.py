"""What does the law say of a claim: every finding, every line, and the amount?"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Final, TypeVar

from app.policy.amount import gross, remaining
from app.policy.case import ClaimCase, LineCase
from app.policy.facts import ClaimFacts, PersonFacts
from app.policy.findings import PASSED, Answer, Assessment, Finding, Line, Outcome
from app.policy.learning import (
    NOTHING_LEARNED,
    completion_day,
    filed_hours,
    last_counted_day,
    learn,
    syllabus,
)
from app.policy.money import NOTHING
from app.policy.parameters import Parameters, edition
from app.policy.rulebook import CLAIM_RULES, LINE_RULES, ClaimRule, Effect, LineRule

_Case = TypeVar("_Case")
_Question = tuple[Callable[[_Case, Parameters], Answer], str, bool, Finding]


def _claim_question(rule: ClaimRule) -> _Question[ClaimCase]:
    return rule.ask, rule.name, rule.effect is Effect.BLOCKS, Finding(rule.name, Outcome.PASSED)


def _line_question(rule: LineRule) -> _Question[LineCase]:
    return rule.ask, rule.name, rule.effect is Effect.EXCLUDES, Finding(rule.name, Outcome.PASSED)


# The finding "passed" of each rule is made once: a claim of 10,000 lines has 150,000 of them.
_OF_CLAIM: Final = tuple(_claim_question(rule) for rule in CLAIM_RULES)
_OF_LINE: Final = tuple(_line_question(rule) for rule in LINE_RULES)
_OF_FILING: Final = tuple(_claim_question(rule) for rule in CLAIM_RULES if rule.at_filing)
_OF_ENROLMENT: Final = tuple(_line_question(rule) for rule in LINE_RULES if rule.at_filing)


def law_of(facts: ClaimFacts) -> Parameters:
    """Return the edition of the day the training was completed, or is filed to end (A-02).

    Raises:
        NotInForceError: that day lies before the first edition.
    """
    records = (person.sessions for person in facts.persons)
    return edition(last_counted_day(facts.plan, records) or facts.plan.ends_on)


def assess(facts: ClaimFacts, law: Parameters) -> Assessment:
    """Return what *law* says of the claim; the same facts give the same answer for ever."""
    plan = syllabus(facts.plan, law)
    learned = [learn(person.sessions, plan) for person in facts.persons]
    completed_on = completion_day(learned)
    year, filed = cap_year(facts, completed_on, law), filed_hours(facts.plan)
    lines = tuple(
        _line(
            LineCase(
                person,
                facts,
                done,
                filed,
                year,
                gross(done.hours, law),
                remaining(person, year, law),
            ),
            law,
        )
        for person, done in zip(facts.persons, learned, strict=True)
    )
    due = sum((line.payable for line in lines), NOTHING)
    findings, stands = _ask(_OF_CLAIM, ClaimCase(facts, completed_on, due), law)
    return Assessment(
        edition=law.edition,
        year=year,
        completed_on=completed_on.isoformat() if completed_on else "",
        amount=due if stands else NOTHING,
        findings=findings,
        lines=lines if stands else tuple(replace(line, payable=NOTHING) for line in lines),
    )


def review_filing(facts: ClaimFacts, law: Parameters) -> tuple[Finding, ...]:
    """Return what the law says of a filing; ``approved_on`` is the day it would be approved."""
    return _ask(_OF_FILING, ClaimCase(facts, None, NOTHING), law)[0]


def review_enrolment(
    person: PersonFacts, facts: ClaimFacts, law: Parameters
) -> tuple[Finding, ...]:
    """Return what the law says of one person's enrolment, before anything is learned."""
    year = cap_year(facts, None, law)
    left = remaining(person, year, law)
    case = LineCase(person, facts, NOTHING_LEARNED, 0, year, NOTHING, left)
    return _ask(_OF_ENROLMENT, case, law)[0]


def cap_year(facts: ClaimFacts, completed_on: date | None, law: Parameters) -> int:
    """Return the calendar year whose cap applies; the filed end stands in for completion (A-04)."""
    if law.cap_year_basis == "claim":
        return facts.claimed_on.year
    return (completed_on or facts.plan.ends_on).year


def _line(case: LineCase, law: Parameters) -> Line:
    findings, stands = _ask(_OF_LINE, case, law)
    return Line(
        number=case.person.number,
        minutes=case.learned.minutes,
        hours=case.learned.hours,
        gross=case.gross,
        payable=min(case.gross, case.remaining) if stands else NOTHING,
        findings=findings,
    )


def _ask(
    questions: Iterable[_Question[_Case]], case: _Case, law: Parameters
) -> tuple[tuple[Finding, ...], bool]:
    """Return every finding, and whether the case stands: no rule that decides was missed."""
    findings, stands = [], True
    for ask, name, decides, passed in questions:
        answer = ask(case, law)
        if answer is PASSED:
            findings.append(passed)
            continue
        findings.append(Finding(name, answer.outcome, answer.data))
        if decides and answer.outcome is not Outcome.WARNED:
            stands = False
    return tuple(findings), stands
