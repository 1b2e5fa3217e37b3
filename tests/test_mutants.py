"""The mutation run is judged by what its tool prints: nothing unchecked counts, nothing hides."""

import re
from pathlib import Path

from tests.mutants import faults, read, rule_modules

ROOT = Path(__file__).parents[1]
PRINTED = """
    app.policy.months.x_add__mutmut_1: killed
    app.policy.months.x_add__mutmut_2: survived
    app.policy.filing.x_ask__mutmut_1: timeout
    app.policy.rates.x_ask__mutmut_1: not checked
"""


def test_only_what_was_checked_is_read() -> None:
    assert read(PRINTED.splitlines()) == {
        "app.policy.months": {"x_add__mutmut_1": "killed", "x_add__mutmut_2": "survived"},
        "app.policy.filing": {"x_ask__mutmut_1": "timeout"},
    }


def test_five_of_a_hundred_may_live_and_no_more() -> None:
    mutants = {str(number): "killed" for number in range(95)}
    mutants |= {str(number): "no tests" for number in range(95, 100)}
    assert faults({"m": mutants}, []) == []
    assert faults({"m": {**mutants, "0": "survived"}}, []) == ["fewer than 95 % are killed"]
    assert faults({}, []) == ["fewer than 95 % are killed"]


def test_every_module_with_a_rule_must_have_mutants() -> None:
    assert {"app.policy.filing", "app.policy.measures.other_workers"} <= rule_modules()
    assert faults({"m": {"1": "killed"}}, ["m", "n"]) == ["n has a rule and no mutant"]


def test_the_run_leaves_out_only_tests_that_there_are() -> None:
    """A test renamed would come back unnoticed and fail on every mutant, or hide that it was."""
    settings = (ROOT / "requirements" / "mutants.cfg").read_text("utf-8")
    named = re.findall(r"--(?:deselect|ignore)=([\w/.]+)(?:::(\w+))?", settings)
    assert len(named) == 6
    for path, test in named:
        source = (ROOT / path).read_text("utf-8")
        assert f"def {test}(" in source or not test
