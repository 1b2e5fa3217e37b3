"""Builds claims from the base case of the worked examples, with some facts changed."""

import copy
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from importlib.resources import files
from typing import Any

from app.policy.assessment import assess
from app.policy.facts import (
    Category,
    ClaimFacts,
    Course,
    Employment,
    EnterpriseFacts,
    InsuranceLevel,
    LegalForm,
    Material,
    Mode,
    PersonFacts,
    PlanFacts,
    Platform,
    PlatformKind,
    Session,
)
from app.policy.findings import Assessment, Finding, Outcome
from app.policy.learning import DAY, midnight
from app.policy.parameters import Parameters, edition

WORKED: dict[str, Any] = tomllib.loads(
    files("app.policy").joinpath("examples.toml").read_text("utf-8")
)
LAW: Parameters = edition(date(2020, 3, 9))
SESSIONS_A_DAY = 10
Changes = Mapping[str, Any]


def facts(changes: Changes | None = None, absent: Iterable[str] = ()) -> ClaimFacts:
    """The base case with some facts changed by their dotted names, and some unknown."""
    case = copy.deepcopy(WORKED["base"])
    for name, value in {**(changes or {}), **dict.fromkeys(absent)}.items():
        *path, last = name.split(".")
        where = case
        for step in path:
            where = where[step]
        where[last] = value
    return _claim(case)


def assessed(
    changes: Changes | None = None, absent: Iterable[str] = (), law: Parameters = LAW
) -> Assessment:
    return assess(facts(changes, absent), law)


def findings_of(assessment: Assessment) -> list[Finding]:
    """Every finding other than passed, of the claim and of its lines."""
    lines = [finding for line in assessment.lines for finding in line.findings]
    return [each for each in (*assessment.findings, *lines) if each.outcome is not Outcome.PASSED]


def outcomes(assessment: Assessment) -> dict[str, str]:
    return {finding.rule: finding.outcome.value for finding in findings_of(assessment)}


def day_by_day(starts_on: date, spans: Iterable[str]) -> tuple[Session, ...]:
    """Lay "count x minutes" out from 08:00, ten sessions a day, one span per course."""
    sessions: list[Session] = []
    for course, span in enumerate(spans, start=1):
        count, minutes = (int(part) for part in span.split(" x "))
        for _ in range(count):
            day, place = divmod(len(sessions), SESSIONS_A_DAY)
            start = midnight(starts_on) + day * DAY + 8 * 3600 + place * 4500
            sessions.append(Session(course, start, start + minutes * 60, minutes * 60))
    return tuple(sessions)


def _spans(text: str | list[str]) -> list[str]:
    return [text] if isinstance(text, str) else text


def _claim(case: Mapping[str, Any]) -> ClaimFacts:
    rest = {key: case[key] for key in ("measure", "claimed_on", "handled_by_centre", "commitments")}
    optional = {
        key: case[key] for key in ("period_ended_on", "province_extended_to") if key in case
    }
    plan = _plan(case["plan"])
    return ClaimFacts(
        **rest,
        **optional,
        waived=frozenset(case.get("waived", ())),
        enterprise=_enterprise(case["enterprise"]),
        plan=plan,
        materials=frozenset(map(Material, case["materials"])),
        persons=(_person(case["person"], plan.starts_on),),
    )


def _money(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _enterprise(stated: Mapping[str, Any]) -> EnterpriseFacts:
    converted = {
        "legal_form": stated["legal_form"] and LegalForm(stated["legal_form"]),
        "insurance": stated["insurance"] and InsuranceLevel(stated["insurance"]),
        "revenue_wan": _money(stated["revenue_wan"]),
        "assets_wan": _money(stated["assets_wan"]),
    }
    return EnterpriseFacts(**{**stated, **converted})


def _plan(stated: Mapping[str, Any]) -> PlanFacts:
    platform = stated["platform"]
    converted = {
        "project_key": "数控加工岗位技能提升线上培训",
        "mode": Mode(stated["mode"]),
        "cost": _money(stated["cost"]),
        "courses": tuple(_course(number, each) for number, each in enumerate(stated["courses"], 1)),
        "platform": platform and Platform(**{**platform, "kind": PlatformKind(platform["kind"])}),
        "materials": frozenset(map(Material, stated["materials"])),
    }
    return PlanFacts(**{**stated, **converted})


def _course(number: int, stated: Mapping[str, Any]) -> Course:
    category = Category(stated.get("category", "job_skill"))
    mode = Mode(stated.get("mode", "online"))
    return Course(number, f"课程{number}", category, mode, stated["hours"])


def _person(stated: Mapping[str, Any], starts_on: date) -> PersonFacts:
    used = {int(year): Decimal(amount) for year, amount in stated.get("used", {}).items()}
    sessions = stated["sessions"]
    if not isinstance(sessions, tuple):
        sessions = day_by_day(starts_on, _spans(sessions))
    converted = {
        "number": 1,
        "employment": Employment(stated["employment"]),
        "left_on": stated.get("left_on"),
        "used": used,
        "sessions": sessions,
    }
    return PersonFacts(**{**stated, **converted})
