"""Which number or date does the law set on a given day, and by which clause?

``parameters.toml`` holds them; a value that changes is one more entry there and no Python.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from app.policy.kinds import Certainty
from app.policy.money import yuan

Setting = str | int | bool | Decimal | date | tuple[str, ...]


class UnknownParameterError(LookupError):
    """``parameters.toml`` names a key that the law does not read, or a value it cannot read."""


class NotInForceError(LookupError):
    """No value of a parameter is in force on the day asked for."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """What the law sets on one day; the names are the keys of ``parameters.toml``.

    ``edition`` is the day (ISO) since which exactly these values have been in force.
    """

    edition: str
    measure: str
    measures: tuple[str, ...]
    policy_period: str
    city_document: str
    provincial_document: str
    valid_from: date
    provincial_valid_to: date
    validity_date: str
    rate_per_class_hour: Decimal
    class_hour_minutes: int
    online_rounding: str
    offline_rounding: str
    completion_ratio: Decimal
    pay_partial_hours: bool
    cap_per_person_year: Decimal
    cap_year_basis: str
    cap_measures: tuple[str, ...]
    subsidies_per_person: int
    counted_measures: tuple[str, ...]
    sequence_measures: tuple[str, ...]
    subsidies_limit_strict: bool
    provincial_subsidies_per_person: int
    fraud_recovery_frees_cap: bool
    recovery_due_days: int
    converted_online_share: Decimal
    offline_enterprise_allowed: bool
    offline_institution_allowed: bool
    advance_measures: tuple[str, ...]
    advance_share: Decimal
    advance_share_sme: Decimal
    advance_sme_until: date
    advance_sme_until_included: bool
    wage_months: int
    wage_pro_rata: bool
    statement_categories: tuple[str, ...]
    non_frontline_words: tuple[str, ...]
    sme_standard: str
    sme_figures_on: date
    provincial_centre: str
    commitments: int
    commitments_with_offline: int
    claim_deadline_months: int
    publicity_working_days: int
    publicity_counts_posting_day: bool
    objection_working_days: int
    plan_working_days: int
    review_working_days: int
    approval_working_days: int
    publication_working_days: int
    payment_working_days: int
    result_working_days: int
    redetermination_working_days: int
    objections_per_notice: int
    objection_attachments: int
    fund: str
    archive_years: int
    third_signature_above: Decimal
    correction_working_days: int
    administrative_review_days: int
    litigation_months: int


CHOICES: Final = {
    "validity_date": ("training_start", "completion", "claim"),
    "online_rounding": ("cumulative", "per_session"),
    "offline_rounding": ("cumulative", "per_session"),
    "cap_year_basis": ("completion", "claim"),
}

KINDS: Final = {each.name: each.type for each in fields(Parameters) if each.name != "edition"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of one key, its first and (if it ends) last day, its clauses and Chinese name.

    What the notices do not say themselves tells how certain it is, and its ``source``.
    """

    key: str
    value: Setting
    starts_on: date
    ends_on: date | None
    clause: tuple[str, ...]
    name: str
    certainty: Certainty = Certainty.VERIFIED
    source: str = ""

    def covers(self, on: date) -> bool:
        """Tell whether the entry is in force on that day."""
        return self.starts_on <= on and (self.ends_on is None or on <= self.ends_on)


def read(text: str) -> tuple[Entry, ...]:
    """Return the entries of a parameters file.

    Raises:
        UnknownParameterError: a key nobody reads, or a value of the wrong kind.
        KeyError: an entry lacks its first day, clause or name.
    """
    tables = tomllib.loads(text, parse_float=Decimal)
    return tuple(
        Entry(
            key,
            _setting(key, table["value"]),
            table["from"],
            table.get("to"),
            tuple(table["clause"]),
            table["name"],
            Certainty(table.get("certainty", Certainty.VERIFIED)),
            table.get("source", ""),
        )
        for key, dated in tables.items()
        for table in dated
    )


def _setting(key: str, value: Any) -> Setting:  # noqa: ANN401  whatever the file says
    """Return *value* as the kind its key has in Parameters."""
    kind = KINDS.get(key)
    if kind is Decimal and isinstance(value, str):
        return yuan(value)
    if kind == tuple[str, ...] and isinstance(value, list):
        return tuple(str(word) for word in value)
    if kind is None or type(value) is not kind or value not in CHOICES.get(key, (value,)):
        message = f"{key} = {value!r} is none the law reads"
        raise UnknownParameterError(message)
    setting: Setting = value
    return setting


def all_entries() -> tuple[Entry, ...]:
    """Return every entry of ``parameters.toml``, past and to come."""
    return _ENTRIES


def in_force(on: date, entries: Iterable[Entry] | None = None) -> list[Entry]:
    """Return the one entry of every key that is in force on that day, in the file's order."""
    chosen: dict[str, Entry] = {}
    for entry in _ENTRIES if entries is None else entries:
        if entry.covers(on):
            rival = chosen.get(entry.key)
            if rival is None or rival.starts_on < entry.starts_on:
                chosen[entry.key] = entry
            elif rival.starts_on == entry.starts_on:
                message = f"{entry.key} has two values from {entry.starts_on}"
                raise UnknownParameterError(message)
    return list(chosen.values())


def edition_of(entries: Iterable[Entry], on: date) -> Parameters:
    """Return the values of *entries* in force on that day.

    Raises:
        NotInForceError: a key has no value on that day.
    """
    entries = tuple(entries)
    values: dict[str, Any] = {entry.key: entry.value for entry in in_force(on, entries)}
    missing = [key for key in KINDS if key not in values]
    if missing:
        message = f"on {on} no value is in force of {', '.join(missing)}"
        raise NotInForceError(message)
    turns = {entry.starts_on for entry in entries}
    turns |= {entry.ends_on + timedelta(days=1) for entry in entries if entry.ends_on}
    since = max(turn for turn in turns if turn <= on)
    return Parameters(edition=since.isoformat(), **values)


@lru_cache(maxsize=64)
def edition(on: date) -> Parameters:
    """Return the law's values on that day.

    Raises:
        NotInForceError: the day lies before the first edition.
    """
    return edition_of(_ENTRIES, on)


_ENTRIES: Final = read(files("app.policy").joinpath("parameters.toml").read_text("utf-8"))
