"""The level of the trade is understood as offices write it, and never guessed (LN-1.2-a)."""

import pytest

from app.policy.kinds import Level
from app.policy.levels import named


@pytest.mark.parametrize(
    ("words", "level"),
    [
        ("五级", Level.JUNIOR),
        ("四级/中级工", Level.INTERMEDIATE),
        ("中级（四级）", Level.INTERMEDIATE),
        ("三级 高级工", Level.SENIOR),
        ("技师", Level.TECHNICIAN),
        ("高级技师", Level.SENIOR_TECHNICIAN),
        ("四级/高级工", None),
        ("专项能力", None),
        ("", None),
    ],
)
def test_a_level_is_named_by_its_usual_words(words: str, level: Level | None) -> None:
    assert named(words) is level
