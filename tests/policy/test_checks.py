"""Which checks are an officer's own? By measure, mode, platform, and what the law warns of."""

from dataclasses import replace
from typing import get_args

import pytest

from app.policy import checks
from app.policy.assessment import assess
from app.policy.clauses import clause
from app.policy.facts import Platform, PlatformKind
from app.policy.findings import Finding, Outcome
from app.policy.kinds import Mode, Purpose
from app.policy.parameters import edition
from app.schemas.tasks import CheckCode
from tests.policy.cases import facts

BASE = facts({})
RESULT = replace(assess(BASE, edition(BASE.claimed_on)), findings=(), lines=())


def asked(**plan: object) -> list[str]:
    return checks.asked(replace(BASE, plan=replace(BASE.plan, **plan)), RESULT)


def test_the_hourly_programme_online_on_a_listed_platform_asks_for_two() -> None:
    assert asked() == ["main_business", "evidence_seen"]


@pytest.mark.parametrize(
    ("kind", "mode", "is_asked"),
    [
        (PlatformKind.OTHER, Mode.ONLINE, True),
        (PlatformKind.OTHER, Mode.MIXED, True),
        (PlatformKind.OTHER, Mode.OFFLINE, False),
        (PlatformKind.OWN, Mode.ONLINE, False),
        (PlatformKind.LISTED, Mode.ONLINE, False),
    ],
)
def test_a_self_chosen_platform_is_looked_at(
    kind: PlatformKind, mode: Mode, is_asked: bool
) -> None:
    platform = Platform(kind=kind, name="平台", address="a", conditions_met=True, blocked=False)
    assert ("platform_conditions" in asked(platform=platform, mode=mode)) is is_asked


@pytest.mark.parametrize(("mode", "is_asked"), [(Mode.ONLINE, False), (Mode.MIXED, True)])
def test_training_at_a_place_is_looked_at(mode: Mode, is_asked: bool) -> None:
    assert ("place_of_training" in asked(mode=mode)) is is_asked


def test_of_an_advance_no_training_is_looked_at() -> None:
    plan = replace(BASE.plan, mode=Mode.OFFLINE)
    ahead = replace(BASE, measure="skill_upgrade", purpose=Purpose.ADVANCE, plan=plan)
    assert checks.asked(ahead, RESULT) == ["evidence_seen"]


def test_another_measure_does_not_ask_for_the_main_business() -> None:
    other = replace(BASE, measure="other_workers")
    assert checks.asked(other, RESULT) == ["evidence_seen"]


@pytest.mark.parametrize(
    ("finding", "is_asked"),
    [
        (Finding("content_listed", Outcome.WARNED, {"courses": "甲"}), True),
        (Finding("claimed_in_time", Outcome.WARNED), False),  # it needs a decision of its own
        (Finding("content_listed", Outcome.PASSED), False),
    ],
)
def test_what_the_law_only_warns_of_is_weighed_by_an_officer(
    finding: Finding, is_asked: bool
) -> None:
    found = checks.asked(BASE, replace(RESULT, findings=(finding,)))
    assert ("warnings_weighed" in found) is is_asked


def test_every_check_has_its_clauses_and_its_word_in_the_contract() -> None:
    assert get_args(CheckCode) == tuple(checks.BY_CODE)
    for each in checks.CHECKS:
        assert all(clause(cited) for cited in each.clauses if not cited.startswith("A-"))
