"""What is left of a line on which an officer decided? Never more than the law gives."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal

from app.policy.facets import LineDecision
from app.policy.findings import Finding, Line, Outcome, Value
from app.policy.kinds import Ruling
from app.policy.money import NOTHING

Fewer = Callable[[int, int], Line]
"""Gives the line in that place as the law would have it with no more than so many class hours."""


def as_decided(
    lines: tuple[Line, ...], decisions: Iterable[LineDecision], fewer: Fewer
) -> tuple[Line, ...]:
    """Return the lines as officers decided on them; one nobody decided on is as the law gives it.

    Allowed class hours are a fact that the law reads: it may find the training not completed.
    """
    by_person = {each.person: each for each in decisions}
    return tuple(
        _decided(line, by_person[line.number], place, fewer) if line.number in by_person else line
        for place, line in enumerate(lines)
    )


def without_records(_place: int, _hours: int) -> Line:
    """Refuse to say what fewer class hours would bring where nothing was learned yet."""
    raise ValueError("an advance is reduced by an amount, not by class hours")


def _decided(line: Line, decision: LineDecision, place: int, fewer: Fewer) -> Line:
    told: dict[str, Value] = {
        "before": line.payable,
        "why": decision.reason,
        "reference": decision.reference,
    }
    if decision.kind is Ruling.EXCLUDE:
        excluded = Finding("line_excluded", Outcome.FAILED, told)
        return _with(line, NOTHING, excluded)
    if decision.hours is None:
        allowed, stands = decision.amount or NOTHING, line
    else:
        stands = fewer(place, decision.hours)
        allowed = stands.payable
    payable = min(line.payable, allowed)
    reduced = Finding("line_reduced", Outcome.WARNED, {**told, "after": payable})
    return _with(stands, payable, reduced)


def _with(line: Line, payable: Decimal, finding: Finding) -> Line:
    return replace(line, payable=payable, findings=(*line.findings, finding))
