"""What is told keeps its words and figures until somebody changes them on purpose."""

import json
from pathlib import Path

from tests.policy.told import told


def test_every_worked_example_is_told_in_the_same_words_and_figures() -> None:
    kept = json.loads(Path(__file__).with_name("told.json").read_text("utf-8"))
    assert told() == kept
