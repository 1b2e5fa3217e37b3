"""How are the rules of a measure asked, and what do their answers come to?"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Generic, TypeVar

from app.policy.case import ClaimCase, LineCase
from app.policy.facets import Override
from app.policy.findings import PASSED, Answer, Finding, Outcome
from app.policy.measures.kind import Measure
from app.policy.parameters import Parameters
from app.policy.rules import ClaimRule, Effect, LineRule

CaseT = TypeVar("CaseT", ClaimCase, LineCase)
_DECIDING = frozenset({Effect.BLOCKS, Effect.EXCLUDES})


@dataclass(frozen=True, slots=True)
class Question(Generic[CaseT]):
    """A rule as it is asked; ``passed`` is the one finding it makes of every content answer."""

    ask: Callable[[CaseT, Parameters], Answer]
    name: str
    decides: bool
    in_principle: bool
    passed: Finding


@dataclass(frozen=True, slots=True)
class Questions:
    """The questions of one measure, made once: a claim of 10,000 lines asks 200,000 of them."""

    of_claim: tuple[Question[ClaimCase], ...]
    of_line: tuple[Question[LineCase], ...]
    of_filing: tuple[Question[ClaimCase], ...]
    of_enrolment: tuple[Question[LineCase], ...]


@lru_cache(maxsize=64)
def questions(measure: Measure) -> Questions:
    """Return the questions of a measure."""
    return Questions(
        of_claim=tuple(of_claim(rule) for rule in measure.claim_rules),
        of_line=tuple(_of_line(rule) for rule in measure.line_rules),
        of_filing=tuple(of_claim(rule) for rule in measure.claim_rules if rule.at_filing),
        of_enrolment=tuple(_of_line(rule) for rule in measure.line_rules if rule.at_filing),
    )


def of_claim(rule: ClaimRule) -> Question[ClaimCase]:
    """Return a rule about the claim as it is asked."""
    passed = Finding(rule.name, Outcome.PASSED)
    return Question(rule.ask, rule.name, rule.effect in _DECIDING, rule.in_principle, passed)


def _of_line(rule: LineRule) -> Question[LineCase]:
    passed = Finding(rule.name, Outcome.PASSED)
    return Question(rule.ask, rule.name, rule.effect in _DECIDING, rule.in_principle, passed)


def asked(
    about: Iterable[Question[CaseT]],
    case: CaseT,
    law: Parameters,
    overrides: Iterable[Override] = (),
) -> tuple[tuple[Finding, ...], bool]:
    """Return every finding, and whether the case stands: no rule that decides was missed.

    A breach "in principle" on which an officer has decided is followed by a finding that says so.
    """
    findings, stands = [], True
    for question in about:
        answer = question.ask(case, law)
        if answer is PASSED:
            findings.append(question.passed)
            continue
        found = Finding(question.name, answer.outcome, answer.data)
        if question.in_principle:
            findings += _decided(found, overrides)
            continue
        findings.append(found)
        if question.decides and answer.outcome is not Outcome.WARNED:
            stands = False
    return tuple(findings), stands


def _decided(found: Finding, overrides: Iterable[Override]) -> tuple[Finding, ...]:
    """Return the breach, and the decision on it if an officer made one."""
    for each in overrides:
        if each.rule == found.rule and found.outcome is Outcome.WARNED:
            told = {
                "overridden_rule": each.rule,
                "officer": each.officer,
                "why": each.reason,
                "reference": each.reference,
            }
            breach = replace(found, data={**found.data, "decision": each.reference})
            return breach, Finding("overridden", Outcome.WARNED, told)
    return (found,)
