"""What does a signal say in words? Chinese title, explanation and advice, made when it is read."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from app.policy.signals.thresholds import TEXTS, Figure

_LISTED: Final = 10


class Explanation(NamedTuple):
    """A signal in words: what was seen, why it is looked at, and what to do about it."""

    title: str
    text: str
    advice: str


def explain(kind: str, data: Mapping[str, Figure]) -> Explanation:
    """Return a signal in words; a kind without words is a bug (KeyError)."""
    words = TEXTS[kind]
    figures = {key: _in_words(value) for key, value in data.items()}
    return Explanation(words["title"], words["text"].format(**figures), words["advice"])


def _in_words(value: Figure) -> Figure:
    """Return a list of persons by their numbers on the roster, shortened; any other as it is."""
    if not isinstance(value, list):
        return value
    listed = "、".join(str(number) for number in value[:_LISTED])
    more = f"等 {len(value)} 人" if len(value) > _LISTED else "人员"
    return f"花名册第 {listed} 号{more}"
