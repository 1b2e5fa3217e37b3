"""How may somebody object to a decision: in which way, where, and until when?"""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from typing import Any, Final

from app.policy.kinds import Certainty
from app.policy.months import months_later
from app.policy.parameters import Parameters

_WAYS: Final[list[dict[str, Any]]] = tomllib.loads(
    files("app.policy").joinpath("remedies.toml").read_text("utf-8")
)["ways"]


@dataclass(frozen=True, slots=True)
class Remedy:
    """One way to object; ``last_day`` is ``None`` where no period runs."""

    code: str
    title: str
    where: str
    text: str
    last_day: date | None
    certainty: Certainty
    source: str


def remedies(decided_on: date, office: str, law: Parameters) -> tuple[Remedy, ...]:
    """Return the ways to object to what *office* decided and told on that day.

    The day itself is not counted, as everywhere in procedure; who learns of the decision later has
    as much longer.
    """
    return tuple(
        _remedy(way, decided_on, office, law)
        for way in _WAYS
        if way["from"] <= decided_on <= way.get("to", date.max)
    )


def while_examined(day: date, office: str, law: Parameters) -> tuple[Remedy, ...]:
    """Return the ways that are open before the decision: no period runs yet."""
    return tuple(each for each in remedies(day, office, law) if each.last_day is None)


def _remedy(way: dict[str, Any], decided_on: date, office: str, law: Parameters) -> Remedy:
    periods = {
        "administrative_review_days": (
            law.administrative_review_days,
            decided_on + timedelta(days=law.administrative_review_days),
        ),
        "litigation_months": (
            law.litigation_months,
            months_later(decided_on, law.litigation_months),
        ),
    }
    period, last_day = periods.get(way.get("period", ""), (0, None))
    figures = {"office": office, "period": period, "last_day": last_day}
    return Remedy(
        code=way["code"],
        title=way["title"],
        where=way["where"].format(**figures),
        text=way["text"].format(**figures),
        last_day=last_day,
        certainty=Certainty(way["certainty"]),
        source=way["source"],
    )
