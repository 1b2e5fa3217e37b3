"""What around the records does not fit: files, rosters, ages, employment? One function per kind."""

from typing import Final

from app.policy.signals.facts import Renamed, SameFile, SignalFacts, Twin
from app.policy.signals.thresholds import Signal, Thresholds, raised

_FULL: Final = 100


def same_file(facts: SignalFacts, limits: Thresholds) -> Signal | None:
    """A file was handed in with another claim, too, and is none that two claims may share."""
    found = [each for each in facts.files if _must_be_single(each, limits)]
    if not found:
        return None
    return raised(
        "same_file",
        files=len(found),
        names="、".join(sorted({each.filename for each in found})),
        elsewhere=sum(not each.own_enterprise for each in found),
    )


def _must_be_single(file: SameFile, limits: Thresholds) -> bool:
    if file.own_enterprise:
        return file.kind in limits.class_papers
    return file.kind not in limits.shared_papers


def same_roster(facts: SignalFacts, limits: Thresholds) -> Signal | None:
    """The roster is that of another enterprise, or nearly so."""
    found = [each for each in facts.twins if _is_the_same(each, limits)]
    if not found:
        return None
    nearest = max(found, key=lambda each: (each.shared, -each.there))
    return raised("same_roster", shared=nearest.shared, here=nearest.here, there=nearest.there)


def _is_the_same(twin: Twin, limits: Thresholds) -> bool:
    greater = max(twin.here, twin.there)
    enough = twin.shared >= limits.roster_persons
    return enough and twin.shared * _FULL >= limits.roster_percent * greater


def above_headcount(facts: SignalFacts, limits: Thresholds) -> Signal | None:
    """More persons are trained than the enterprise has."""
    if facts.headcount is None:
        return None
    if facts.trainees * _FULL <= facts.headcount * limits.headcount_percent:
        return None
    return raised("above_headcount", trainees=facts.trainees, headcount=facts.headcount)


def under_age(facts: SignalFacts, limits: Thresholds) -> Signal | None:
    """Somebody is too young to be employed when training begins."""
    young = [
        each.number
        for each in facts.ages
        if each.turns_16_on is not None and each.turns_16_on > facts.starts_on
    ]
    return raised("under_age", persons=young, years=limits.youngest_years) if young else None


def past_retirement(facts: SignalFacts, _limits: Thresholds) -> Signal | None:
    """Somebody has reached the retirement age when training begins."""
    old = [
        each.number
        for each in facts.ages
        if each.retires_on is not None and each.retires_on <= facts.starts_on
    ]
    return raised("past_retirement", persons=old) if old else None


def left_before_claim(facts: SignalFacts, _limits: Thresholds) -> Signal | None:
    """By the enterprise's own word somebody left before the claim."""
    return raised("left_before_claim", persons=list(facts.left)) if facts.left else None


def hired_elsewhere(facts: SignalFacts, _limits: Thresholds) -> Signal | None:
    """Another enterprise says that it hired somebody since, who is said to be still employed."""
    moved = [number for number in facts.hired_elsewhere if number not in facts.left]
    return raised("hired_elsewhere", persons=moved) if moved else None


def renamed_project(facts: SignalFacts, limits: Thresholds) -> Signal | None:
    """The same people took the same courses in a project of another name."""
    found = [each for each in facts.renamed if _is_renamed(each, limits)]
    if not found:
        return None
    return raised(
        "renamed_project",
        persons=sorted({number for each in found for number in each.persons}),
        courses=max(each.courses for each in found),
    )


def _is_renamed(other: Renamed, limits: Thresholds) -> bool:
    smaller = min(other.filed, other.there)
    same = other.courses * _FULL >= limits.renamed_percent * smaller
    return same and other.days <= limits.renamed_days
