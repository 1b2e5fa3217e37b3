"""Which level of a trade does a filing name, in whatever words (LN-1.2-a)?"""

import re
import tomllib
from pathlib import Path
from typing import Final

from app.policy.kinds import Level

_PARTED: Final = re.compile(r"[/／、（）()\s]+")
_NAMED: Final = {
    name: Level(level)
    for level, names in tomllib.loads(
        Path(__file__).with_name("levels.toml").read_text("utf-8")
    ).items()
    for name in names
}


def named(words: str) -> Level | None:
    """Return the level that *words* name; ``None`` for other words, or for two levels at once."""
    found = {_NAMED[part] for part in _PARTED.split(words) if part in _NAMED}
    return found.pop() if len(found) == 1 else None
