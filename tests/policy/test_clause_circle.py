"""Every one of the 120 clauses acts somewhere that exists, or says why it does not."""

import importlib
import json
import runpy
from dataclasses import fields
from pathlib import Path

import pytest

from app.models import Base
from app.policy import facts
from app.policy.clause_table import markdown, uses
from app.policy.clauses import Clause, all_clauses
from app.policy.procedure import ClaimState, PlanState

ROOT = Path(__file__).parents[2]
PATHS = set(json.loads((ROOT / "openapi" / "v1.json").read_text("utf-8"))["paths"])
STATES = {
    *(f"plan/{each.value}" for each in PlanState),
    *(f"claim/{each.value}" for each in ClaimState),
}
EXCUSED_OTHERWISE = {"LN-3.3-d", "LN-0-b", "LN-4-a"}
every_clause = pytest.mark.parametrize("each", all_clauses(), ids=lambda each: each.id)


def exists(place: str) -> bool:
    kind, _, name = place.partition(":")
    if kind == "table":
        return name in Base.metadata.tables
    if kind == "page":
        return name in PATHS
    if kind == "state":
        return name in STATES
    owner, _, last = name.partition(".")
    if kind == "field":
        return last in {each.name for each in fields(getattr(facts, owner))}
    return kind == "code" and hasattr(importlib.import_module(f"app.policy.{owner}"), last)


@pytest.fixture(scope="module")
def everywhere() -> dict[str, tuple[str, ...]]:
    return uses()


@every_clause
def test_a_clause_is_used_or_excused_and_never_both(
    each: Clause, everywhere: dict[str, tuple[str, ...]]
) -> None:
    places = everywhere.get(each.id, ())
    assert bool(places) != bool(each.not_code)
    if each.not_code:
        assert each.kind in {"DUTY", "PROMO"} or each.id in EXCUSED_OTHERWISE
        assert each.acts.startswith("系统外")
        assert len(each.not_code) > 15
    else:
        assert not each.acts.startswith("系统外")


@every_clause
def test_every_place_that_a_clause_names_exists(each: Clause) -> None:
    assert [place for place in each.used_by if not exists(place)] == []


def test_the_places_that_do_not_exist_are_told_apart() -> None:
    for place in (
        "table:x",
        "page:/x",
        "state:claim/x",
        "field:PlanFacts.x",
        "code:sme.x",
        "x:y.z",
    ):
        assert not exists(place)


def test_every_clause_cited_exists_and_few_are_excused() -> None:
    known = {each.id for each in all_clauses()}
    assert set(uses()) <= known
    assert sum(bool(each.not_code) for each in all_clauses()) == 13
    assert len(known) == 120


def test_the_committed_table_is_that_of_the_law() -> None:
    """`python -m app.policy.clause_table > docs/clauses.md` writes it anew."""
    assert (ROOT / "docs" / "clauses.md").read_text("utf-8") == markdown()


def test_the_table_shows_uses_examples_and_excuses() -> None:
    lines = {line.split(" | ")[0].lstrip("| "): line for line in markdown().splitlines()}
    assert "`rule:claimed_in_time`" in lines["DL-4.3-a"]
    assert "`parameter:claim_deadline_months`" in lines["DL-4.3-a"]
    assert "12 人，庄河" in lines["DL-2.2-c"]
    assert "不入代码" in lines["LN-3.2-b"]
    assert "`table:bureaus`<br>`page:/api/v1/bureaus`" in lines["DL-0-a"]


def test_the_command_writes_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(ROOT / "app" / "policy" / "clause_table.py"), run_name="__main__")
    assert capsys.readouterr().out == markdown()
