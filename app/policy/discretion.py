"""May an officer decide otherwise? On a rule "in principle" (原则上), with reason, for one case."""

from collections.abc import Iterable

from app.policy.facets import Override
from app.policy.findings import Assessment, Finding, Outcome
from app.policy.rulebook import BY_NAME
from app.policy.rules import Effect, Scope


class NotInPrinciple(ValueError):  # noqa: N818  a refusal is the office's word; errors are bugs
    """The rule binds; nobody may set it aside."""


class Unreasoned(ValueError):  # noqa: N818  as above
    """The decision lacks its officer, its reason or its reference."""


def in_principle(rule: str) -> bool:
    """Tell whether the rule of that name may be set aside; an unknown one may not."""
    return rule in BY_NAME and BY_NAME[rule].in_principle


def permitted(override: Override) -> Override:
    """Return the override as it is.

    Raises:
        NotInPrinciple: the rule binds.
        Unreasoned: officer, reason or reference is missing.
    """
    if not in_principle(override.rule):
        raise NotInPrinciple(override.rule)
    if not all(word.strip() for word in (override.officer, override.reason, override.reference)):
        raise Unreasoned(override.rule)
    return override


def effect_of(finding: Finding) -> Effect:
    """Return what follows: a warning only warns, unless its rule asks an officer to decide.

    A breach of a rule "in principle" needs a decision until one was made for the case.
    """
    rule = BY_NAME[finding.rule]
    if finding.outcome is Outcome.PASSED:
        return Effect.NONE
    if rule.in_principle:
        return Effect.WARNS if "decision" in finding.data else Effect.NEEDS_DECISION
    if finding.outcome is Outcome.WARNED and rule.scope is not Scope.ROW:
        return Effect.WARNS
    return rule.effect


def obstacles(assessment: Assessment) -> tuple[Finding, ...]:
    """Return the findings for which nobody may approve the claim as it stands.

    They are those that block it, and every breach "in principle", of the claim or of a line, on
    which no officer has decided. Excluded lines are no obstacle: they bring nothing.
    """
    stopping = {Effect.BLOCKS, Effect.NEEDS_DECISION}
    return tuple(each for each in _findings(assessment) if effect_of(each) in stopping)


def undecided(assessment: Assessment) -> tuple[Finding, ...]:
    """Return the breaches "in principle" that wait for an officer's decision."""
    return tuple(each for each in _findings(assessment) if effect_of(each) is Effect.NEEDS_DECISION)


def _findings(assessment: Assessment) -> Iterable[Finding]:
    yield from assessment.findings
    for line in assessment.lines:
        yield from line.findings
