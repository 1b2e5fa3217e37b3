"""A new circular is text: what docs/new-circular.md shows is entered here as it stands there."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pytest

from app.policy import assessment, parameters
from app.policy.assessment import assess, law_of
from app.policy.examples import all_examples
from app.policy.facts import ClaimFacts
from app.policy.parameters import edition_of, read
from tests.policy.cases import LAW, facts

GUIDE = Path(__file__).parents[2] / "docs" / "new-circular.md"
TODAY = files("app.policy").joinpath("parameters.toml").read_text("utf-8")
(ENTRY,) = re.findall(r"```toml\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
ROWS = re.findall(r"^\| (\d{4}-\d\d-\d\d) \| (.*) \|$", GUIDE.read_text("utf-8"), re.MULTILINE)
ENTRIES = read(TODAY + ENTRY)
RAISED = edition_of(ENTRIES, date(2020, 7, 1))


def completed_on(day: date) -> ClaimFacts:
    """125 class hours in 13 days, the last of them on that day."""
    starts_on = date.fromordinal(day.toordinal() - 12)
    return facts(
        {
            "plan.starts_on": starts_on,
            "plan.ends_on": day,
            "plan.approved_on": date(2020, 6, 1),
            "plan.courses": [{"hours": 125}],
            "plan.cost": "2000.00",
            "person.sessions": "125 x 45",
            "claimed_on": date(2020, 8, 1),
        }
    )


@pytest.mark.parametrize(("day", "cells"), ROWS, ids=[day for day, _ in ROWS])
def test_the_raised_cap_pays_what_the_guide_says(day: str, cells: str) -> None:
    case = completed_on(date.fromisoformat(day))
    law = edition_of(ENTRIES, date.fromisoformat(day))
    done = assess(case, law)
    (line,) = done.lines
    shown = (
        law.edition,
        line.gross,
        law.cap_per_person_year,
        done.amount,
        line.gross - done.amount,
    )
    assert done.completed_on == day
    assert " | ".join(map(str, shown)) == cells
    assert len(ROWS) == 2


def test_old_facts_replay_unchanged_to_the_fen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every worked example goes by its own day, before and after the circular is entered."""
    cases = [
        facts(each.facts, each.absent, each.measure, each.persons)
        for each in all_examples()
        if "advance" not in each.expect
    ]
    old = [case for case in cases if (case.plan.ends_on < date(2020, 7, 1)) and _known(case)]
    before = [assess(case, law_of(case)) for case in old]
    monkeypatch.setattr(assessment, "edition", lambda day: edition_of(ENTRIES, day))
    assert [assess(case, law_of(case)) for case in old] == before
    assert len(old) > 150


def _known(case: ClaimFacts) -> bool:
    try:
        law_of(case)
    except parameters.NotInForceError:
        return False
    return True


def test_what_was_used_before_counts_against_the_raised_cap() -> None:
    case = completed_on(date(2020, 7, 1))
    (person,) = case.persons
    used = replace(case, persons=(replace(person, used={2020: Decimal("1000.00")}, counted=1),))
    assert assess(used, RAISED).amount == Decimal("200.00")
    assert assess(used, LAW).amount == Decimal("0.00")


def test_a_what_if_changes_the_answer_and_nothing_else() -> None:
    case = completed_on(date(2020, 6, 30))
    law = law_of(case)
    found = assess(case, law)
    supposed = assess(case, replace(law, cap_per_person_year=Decimal("1200.00")))
    assert (found.amount, supposed.amount) == (Decimal("1000.00"), Decimal("1200.00"))
    assert assess(case, law) == found
