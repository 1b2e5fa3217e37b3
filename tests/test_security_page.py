"""The page on security promises no test that is not there, and leaves out no requirement."""

import ast
import re
from collections import Counter
from pathlib import Path
from typing import Final

TESTS: Final = Path(__file__).parent
PAGE: Final = (TESTS.parent / "docs" / "security.md").read_text("utf-8")
# OWASP ASVS 5.0.0, chapters 2, 4, 5, 8, 9 and 16: its requirements of the levels 1 and 2.
LEVEL_1: Final = (
    "2.1.1 2.2.1 2.2.2 2.3.1 4.1.1 4.4.1 5.2.1 5.2.2 5.3.1 5.3.2 8.1.1 8.2.1 8.2.2 8.3.1"
    " 9.1.1 9.1.2 9.1.3 9.2.1"
)
LEVEL_2: Final = (
    "2.1.2 2.1.3 2.2.3 2.3.2 2.3.3 2.3.4 2.4.1 4.1.2 4.1.3 4.2.1 4.3.1 4.3.2 4.4.2 4.4.3 4.4.4"
    " 5.1.1 5.2.3 5.4.1 5.4.2 5.4.3 8.1.2 8.2.3 8.4.1 9.2.2 9.2.3 9.2.4 16.1.1 16.2.1 16.2.2"
    " 16.2.3 16.2.4 16.2.5 16.3.1 16.3.2 16.3.3 16.3.4 16.4.1 16.4.2 16.4.3 16.5.1 16.5.2"
    " 16.5.3"
)
NAMED: Final = re.compile(r"`([\w/]+\.py)::(\w+)`")
ROW: Final = re.compile(r"^\| (\d+\.\d+\.\d+) \| (\d) \| (.+?) \| (yes|in part|no|n/a) \| (.+) \|$")
ROWS: Final = [found for line in PAGE.splitlines() if (found := ROW.match(line))]


def test_every_test_that_the_page_names_exists() -> None:
    named = set(NAMED.findall(PAGE))
    assert len(named) > 60
    functions = {
        file: {
            node.name
            for node in ast.parse((TESTS / file).read_text("utf-8")).body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        for file in {file for file, _ in named}
        if (TESTS / file).is_file()
    }
    assert not [f"{file}::{name}" for file, name in named if name not in functions.get(file, ())]


def test_every_requirement_of_the_levels_one_and_two_stands_once_with_its_level() -> None:
    told = Counter((row[1], int(row[2])) for row in ROWS)
    asked = dict.fromkeys(LEVEL_1.split(), 1) | dict.fromkeys(LEVEL_2.split(), 2)
    assert told == Counter(asked.items())
    assert len(asked) == 60


def test_what_is_met_names_a_test_and_what_is_not_says_why() -> None:
    for row in ROWS:
        number, met, why = row[1], row[4], row[5]
        tests = NAMED.findall(why)
        assert tests if met == "yes" else len(NAMED.sub("", why)) > 10, number


def test_each_of_the_ten_risks_names_its_tests() -> None:
    for number in range(1, 11):
        (line,) = (line for line in PAGE.splitlines() if line.startswith(f"| API{number} "))
        assert NAMED.search(line), line
