"""From where on is something raised, and how grave is it? What ``signals.toml`` sets."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from typing import Any, Final

Figure = int | str | list[int]

TEXTS: Final[dict[str, Any]] = tomllib.loads(
    files("app.policy.signals").joinpath("signals.toml").read_text("utf-8")
)


class Severity(StrEnum):
    """How gravely the reviewer should take it."""

    NOTICE = "notice"
    WARNING = "warning"
    SERIOUS = "serious"


@dataclass(frozen=True, slots=True)
class Signal:
    """Something that does not fit: the figures its text is made from, and the rows it rests on."""

    kind: str
    severity: Severity
    data: Mapping[str, Figure]
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """The parameters of the signals; ``signals.toml`` says what each means."""

    overlap_seconds: int
    clock_seconds: int
    class_hours_a_day: int
    night_from_hour: int
    night_to_hour: int
    night_seconds: int
    lockstep_persons: int
    lockstep_sessions: int
    lockstep_percent: int
    clockwork_sessions: int
    persons_per_device: int
    persons_per_address: int
    device_pattern: str
    roster_persons: int
    roster_percent: int
    headcount_percent: int
    youngest_years: int
    retirement_years_men: int
    retirement_years_women: int
    retirement_years_women_frontline: int
    renamed_percent: int
    renamed_days: int
    class_papers: tuple[str, ...]
    shared_papers: tuple[str, ...]


def _read(told: dict[str, Any]) -> Thresholds:
    papers = {name: tuple(told[name]) for name in ("class_papers", "shared_papers")}
    return Thresholds(**{**told, **papers})


THRESHOLDS: Final = _read(TEXTS["thresholds"])


def raised(kind: str, rows: Iterable[int] = (), **data: Figure) -> Signal:
    """Return the signal of that kind, as grave as ``signals.toml`` says; each row once."""
    return Signal(kind, Severity(TEXTS[kind]["severity"]), data, tuple(sorted(set(rows))))


def of_persons(kind: str, found: Mapping[int, Iterable[int]], **data: int) -> Signal | None:
    """Return the signal with the rows of these persons, if there are any."""
    if not found:
        return None
    rows = {row for several in found.values() for row in several}
    return raised(kind, rows, persons=sorted(found), sessions=len(rows), **data)
