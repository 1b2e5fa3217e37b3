"""Which commitments does an applicant accept? The seven of the annex, as printed."""

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from app.policy.facts import Mode


@dataclass(frozen=True, slots=True)
class Commitment:
    """One commitment; one that is ``online_only`` is not asked of offline training (A-01)."""

    number: int
    text: str
    clauses: tuple[str, ...]
    online_only: bool


_DATA: Final = tomllib.loads(files("app.policy").joinpath("commitments.toml").read_text("utf-8"))

VERSION: Final[str] = _DATA["version"]
TITLE: Final[str] = _DATA["title"]
PREAMBLE: Final[str] = _DATA["preamble"]
CLOSING: Final[str] = _DATA["closing"]
COMMITMENTS: Final = tuple(
    Commitment(
        number=item["number"],
        text=item["text"],
        clauses=tuple(item["clauses"]),
        online_only=item.get("online_only", False),
    )
    for item in _DATA["items"]
)


def asked_of(mode: Mode) -> frozenset[int]:
    """Return the numbers of the commitments that training of that mode demands."""
    return frozenset(
        each.number for each in COMMITMENTS if mode is Mode.ONLINE or not each.online_only
    )
