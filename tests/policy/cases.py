"""Builds claims from the clean cases of the worked examples, with some facts changed."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from pydantic import TypeAdapter

from app.policy.assessment import assess
from app.policy.examples import base, put
from app.policy.facts import ClaimFacts, Session
from app.policy.findings import Assessment, Finding, Outcome
from app.policy.learning import DAY, midnight
from app.policy.parameters import Parameters, edition

LAW: Parameters = edition(date(2020, 3, 9))
SESSIONS_A_DAY = 10
Changes = Mapping[str, Any]
_CLAIM = TypeAdapter(ClaimFacts)


def facts(
    changes: Changes | None = None,
    absent: Iterable[str] = (),
    measure: str = "hourly_sme",
    persons: int = 1,
) -> ClaimFacts:
    """A measure's clean case with some facts changed by their dotted names, and some unknown."""
    case = base(measure)
    for name, value in {**(changes or {}), **dict.fromkeys(absent)}.items():
        put(case, name, value)
    return _claim(case, persons)


def assessed(
    changes: Changes | None = None,
    absent: Iterable[str] = (),
    law: Parameters = LAW,
    measure: str = "hourly_sme",
) -> Assessment:
    return assess(facts(changes, absent, measure), law)


def findings_of(assessment: Assessment) -> list[Finding]:
    """Every finding other than passed, of the claim and of its lines."""
    lines = [finding for line in assessment.lines for finding in line.findings]
    return [each for each in (*assessment.findings, *lines) if each.outcome is not Outcome.PASSED]


def outcomes(assessment: Assessment) -> dict[str, str]:
    return {finding.rule: finding.outcome.value for finding in findings_of(assessment)}


def day_by_day(starts_on: date, spans: Iterable[str]) -> tuple[Session, ...]:
    """Lay "count x minutes" out from 08:00, ten sessions a day, one span per course.

    "count x minutes/stated" states other minutes than lie between start and end.
    """
    sessions: list[Session] = []
    for course, span in enumerate(spans, start=1):
        count, minutes, *stated = (int(part) for part in re.split(" x |/", span))
        for _ in range(count):
            day, place = divmod(len(sessions), SESSIONS_A_DAY)
            start = midnight(starts_on) + day * DAY + 8 * 3600 + place * 4500
            said = (stated or [minutes])[0]
            sessions.append(Session(course, start, start + minutes * 60, said * 60))
    return tuple(sessions)


def _spans(text: str | list[str]) -> list[str]:
    return [text] if isinstance(text, str) else text


def _claim(case: dict[str, Any], persons: int) -> ClaimFacts:
    plan, person = case["plan"], case.pop("person")
    plan["project_key"] = "数控加工岗位技能提升线上培训"
    plan["courses"] = [_course(number, each) for number, each in enumerate(plan["courses"], 1)]
    if not isinstance(person["sessions"], tuple):
        person["sessions"] = day_by_day(plan["starts_on"], _spans(person["sessions"]))
    case["persons"] = [
        {"left_on": None, **person, "number": number} for number in range(1, persons + 1)
    ]
    return _CLAIM.validate_python(case)


def _course(number: int, stated: Mapping[str, Any]) -> dict[str, Any]:
    named = {"number": number, "name": f"课程{number}", "class_hours": stated["hours"]}
    kinds = {"category": "job_skill", "mode": "online", **stated}
    return {**{key: value for key, value in kinds.items() if key != "hours"}, **named}
