"""What does a finding say in words? Chinese title, reason and remedy, made when it is read."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

from app.policy.discretion import effect_of
from app.policy.findings import Finding, Value
from app.policy.rulebook import BY_NAME
from app.policy.rules import Effect

__all__ = ["TEXTS", "Explanation", "effect_of", "explain"]

TEXTS: Final[dict[str, Any]] = tomllib.loads(
    files("app.policy").joinpath("texts.toml").read_text("utf-8")
)


@dataclass(frozen=True, slots=True)
class Explanation:
    """A finding in words: Chinese title, reason and remedy, with its clauses and effect."""

    title: str
    clauses: tuple[str, ...]
    reason: str
    remedy: str
    effect: Effect


def explain(finding: Finding) -> Explanation:
    """Return the finding in words; a rule or outcome without words is a bug (KeyError)."""
    rule, texts = BY_NAME[finding.rule], TEXTS[finding.rule]
    words = texts[finding.outcome.value]
    # Findings stored for ever may lack a figure that a later text tells.
    figures = dict(words.get("unknown", {}))
    figures |= {key: _in_words(key, value) for key, value in finding.data.items()}
    return Explanation(
        title=texts["title"],
        clauses=rule.clauses,
        reason=words["reason"].format(**figures),
        remedy=words.get("remedy", "").format(**figures),
        effect=effect_of(finding),
    )


def _in_words(key: str, value: Value) -> Value:
    """Return a code, or codes parted by commas, in Chinese; any other value as it is."""
    words: Mapping[str, str] = TEXTS["words"].get(key, {})
    if not words:
        return value
    return "、".join(_word(code, words) for code in str(value).split(","))


def _word(code: str, words: Mapping[str, str]) -> str:
    """Return a code in Chinese; behind a colon stands why a file of that kind does not count."""
    name, _, scan = code.partition(":")
    word = words.get(name, name)
    return f"{word}（{TEXTS['words']['scan'][scan]}）" if scan else word
