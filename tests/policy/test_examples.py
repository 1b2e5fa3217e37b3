"""The law gives what its worked examples say, and every example cites what it shows."""

from decimal import Decimal
from typing import Any

import pytest

from app.policy.clauses import clause
from tests.policy.cases import WORKED, assessed, outcomes

EXAMPLES: list[dict[str, Any]] = WORKED["examples"]


@pytest.mark.parametrize("example", EXAMPLES, ids=[each["id"] for each in EXAMPLES])
def test_worked_example_comes_out_as_written(example: dict[str, Any]) -> None:
    assessment = assessed(example.get("facts"), example.get("absent", ()))
    (line,) = assessment.lines
    expect = example["expect"]
    assert outcomes(assessment) == expect.get("findings", {})
    assert line.hours == expect["hours"]
    assert line.gross == Decimal(expect["gross"])
    assert line.payable == Decimal(expect["payable"])
    assert assessment.amount == Decimal(expect["amount"])


def test_examples_have_names_of_their_own_and_cite_clauses_that_exist() -> None:
    assert len({each["id"] for each in EXAMPLES}) == len(EXAMPLES)
    for example in EXAMPLES:
        assert example["clauses"]
        for cited in example["clauses"]:
            assert cited.startswith("A-") or clause(cited)
