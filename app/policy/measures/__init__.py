"""Which measures are there? One module each; a new one is its module and a line here."""

from collections.abc import Mapping
from types import MappingProxyType

from app.policy.measures import (
    apprenticeship,
    hourly_sme,
    order_training,
    other_workers,
    shared,
    skill_upgrade,
    work_for_training,
)
from app.policy.measures.kind import Measure
from app.policy.parameters import Parameters


class UnknownMeasure(KeyError):  # noqa: N818  a refusal is the office's word; errors are bugs
    """No measure has this code."""


def registry(*measures: Measure) -> Mapping[str, Measure]:
    """Return the measures by their codes."""
    return MappingProxyType({each.code: each for each in measures})


MEASURES: Mapping[str, Measure] = registry(
    hourly_sme.MEASURE,
    skill_upgrade.MEASURE,
    apprenticeship.MEASURE,
    work_for_training.MEASURE,
    other_workers.MEASURE,
    order_training.MEASURE,
)


def measure(code: str) -> Measure:
    """Return the measure of that code.

    Raises:
        UnknownMeasure: there is none.
    """
    try:
        return MEASURES[code]
    except KeyError:
        raise UnknownMeasure(code) from None


def is_capped(code: str, law: Parameters) -> bool:
    """Tell whether the yearly cap applies to the measure (A-29)."""
    return code in law.cap_measures


def is_counted(code: str, law: Parameters) -> bool:
    """Tell whether a subsidy of the measure counts as one of the three times (A-07)."""
    return code in law.counted_measures


def occupies_calendar(code: str, law: Parameters) -> bool:
    """Tell whether projects of the measure may not overlap for a person (A-17)."""
    return code in law.sequence_measures


def is_a_class(code: str) -> bool:
    """Tell whether people are trained in a class with filed courses (DL-4.2-c)."""
    return bool(set(shared.CLASS) & set(measure(code).rules))


def rests_on_rates(code: str) -> bool:
    """Tell whether the measure pays by figures that the notices leave to others (规定标准)."""
    return bool(set(shared.RATED) & set(measure(code).rules))


def asks_for_requirements(code: str) -> bool:
    """Tell whether an officer must find the requirements of the measure met (DL-2.4-c)."""
    return any(rule.name == "requirements_met" for rule in measure(code).rules)
