"""Which worked examples show what the law says? One file of them for each measure."""

import tomllib
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from app.policy import advance
from app.policy.measures import MEASURES
from app.policy.measures.shared import RATED

_FIRST: Final = "hourly_sme"


@dataclass(frozen=True, slots=True)
class Example:
    """One worked example: what differs from the measure's clean case, and what must come out.

    ``facts`` maps dotted names of facts to their values, ``absent`` names the unknown ones.
    ``expect`` has ``findings`` (every finding other than "passed" by rule), ``hours``, ``gross``
    and ``payable`` of each person and the ``amount``; or the ``advance``; and ``rows``, the remarks
    on rows of learning. ``boundary`` names the line that the example lies on, and the side;
    ``stranger`` is learning of somebody who is not on the roster.
    """

    measure: str
    id: str
    title: str
    clauses: tuple[str, ...]
    facts: Mapping[str, Any]
    expect: Mapping[str, Any]
    absent: tuple[str, ...] = ()
    boundary: str = ""
    persons: int = 1
    stranger: str = ""

    @property
    def outcomes(self) -> dict[str, str]:
        """What comes out by rule: of every rule that is asked, and of every remark made."""
        asked = MEASURES[self.measure].rules
        if "advance" in self.expect:
            asked = (*advance.RULES, *RATED)
        return {
            **dict.fromkeys((rule.name for rule in asked), "passed"),
            **self.expect.get("findings", {}),
            **dict.fromkeys(self.expect.get("rows", ()), "warned"),
        }


def base(measure: str) -> dict[str, Any]:
    """Return the clean case of a measure: the hourly programme's, with what the measure changes."""
    case: dict[str, Any] = deepcopy(_file(_FIRST)["base"])
    for name, value in _file(measure).get("changes", {}).items():
        put(case, name, deepcopy(value))
    return case


def put(case: dict[str, Any], name: str, value: object) -> None:
    """Set the fact with that dotted name in a case."""
    *path, last = name.split(".")
    where = case
    for step in path:
        where = where[step]
    where[last] = value


@lru_cache(maxsize=1)
def all_examples() -> tuple[Example, ...]:
    """Return every example, measure by measure."""
    return tuple(example for code in MEASURES for example in _read(code))


def of_clause(clause_id: str) -> tuple[Example, ...]:
    """Return the examples that show the clause at work, those that are about it first."""
    cited = [each for each in all_examples() if clause_id in each.clauses]
    return tuple(sorted(cited, key=lambda each: each.clauses.index(clause_id)))


def _read(measure: str) -> tuple[Example, ...]:
    return tuple(
        Example(
            measure=measure,
            id=each["id"],
            title=each["title"],
            clauses=tuple(each["clauses"]),
            facts=each.get("facts", {}),
            expect=each["expect"],
            absent=tuple(each.get("absent", ())),
            boundary=each.get("boundary", ""),
            persons=each.get("persons", 1),
            stranger=each.get("stranger", ""),
        )
        for each in _file(measure)["examples"]
    )


@lru_cache(maxsize=64)
def _file(measure: str) -> dict[str, Any]:
    path = files("app.policy").joinpath(f"worked/{measure}.toml")
    return tomllib.loads(path.read_text("utf-8"))
