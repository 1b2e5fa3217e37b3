"""Which bureaus, platforms, wages and working days does a new database start with?"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import chinese_calendar

from app.policy.facets import Rate
from app.policy.kinds import Certainty
from app.policy.money import yuan
from app.policy.workdays import CalendarMissing

__all__ = [
    "BureauSeed",
    "Certainty",
    "MinimumWageSeed",
    "PlatformSeed",
    "Provenance",
    "RateSeed",
    "WrongExtension",
    "bureaus",
    "minimum_wages",
    "platforms",
    "rates",
    "wage_rate",
    "working_days",
]

_HERE: Final = Path(__file__).parent
_ONE_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5


class WrongExtension(ValueError):  # noqa: N818  an officer's entry is refused; errors are bugs
    """A year in working_days.toml contradicts itself."""

    def __init__(self, year: int, why: str) -> None:
        super().__init__(f"working_days.toml 中{year}年的数据有误：{why}，请改正后重新启动。")


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Since when an entry holds, by which document, and where it was seen."""

    valid_from: date
    valid_to: date | None = None
    document: str
    source: str
    certainty: Certainty
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BureauSeed(Provenance):
    """A handling bureau; ``kind`` is district, pioneer_zone or centre."""

    code: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformSeed(Provenance):
    """A platform; ``kind`` is listed. ``hosts`` lack "www."; empty where none was printed."""

    name: str
    kind: str
    hosts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MinimumWageSeed(Provenance):
    """The monthly minimum wage in yuan in one bureau's district."""

    bureau_code: str
    monthly: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class RateSeed(Provenance):
    """A figure in yuan that the notices leave to others; ``key`` tells for what it is paid."""

    measure: str
    key: tuple[str, ...]
    amount: Decimal

    @property
    def rate(self) -> Rate:
        """The figure as the law reads it."""
        return Rate(
            self.measure,
            self.key,
            self.amount,
            self.document,
            self.source,
            self.certainty,
            self.valid_from,
            self.valid_to,
        )


def bureaus() -> tuple[BureauSeed, ...]:
    """Return the ten districts, the pioneer zones and the provincial centre."""
    return tuple(BureauSeed(**_typed(entry)) for entry in _read("bureaus")["bureaus"])


def platforms() -> tuple[PlatformSeed, ...]:
    """Return the six platforms of DL-3.1-a."""
    return tuple(PlatformSeed(**_typed(entry)) for entry in _read("platforms")["platforms"])


def minimum_wages() -> tuple[MinimumWageSeed, ...]:
    """Return the minimum wages, one entry for each bureau and period."""
    return tuple(
        MinimumWageSeed(bureau_code=code, **_typed(wage))
        for entry in _read("minimum_wages")["minimum_wages"]
        for wage in [{key: value for key, value in entry.items() if key != "bureaus"}]
        for code in entry["bureaus"]
    )


def rates() -> tuple[RateSeed, ...]:
    """Return the reference rates, one entry for each level; all of them samples."""
    return tuple(
        RateSeed(key=(level,), amount=yuan(amount), **_typed(rest))
        for entry in _read("rates")["rates"]
        for rest in [{key: value for key, value in entry.items() if key != "amounts"}]
        for level, amount in entry["amounts"].items()
    )


def wage_rate(wage: MinimumWageSeed) -> Rate:
    """Return a minimum wage as the law reads it: the rate of a month of work-for-training."""
    return Rate(
        "work_for_training",
        (wage.bureau_code,),
        yuan(wage.monthly),
        wage.document,
        wage.source,
        wage.certainty,
        wage.valid_from,
        wage.valid_to,
    )


def working_days(first: int, last: int) -> dict[date, bool]:
    """Return every day of the years *first* to *last*, and whether bureaus work on it.

    Raises:
        CalendarMissing: neither the extension file nor the library knows a year.
        WrongExtension: a year in the extension file contradicts itself.
    """
    extension: dict[int, Mapping[str, Any]] = {}
    for entry in _read("working_days").get("years", []):
        if extension.setdefault(entry["year"], entry) is not entry:
            raise WrongExtension(entry["year"], "同一年份出现两次")
    return {
        day: works
        for year in range(first, last + 1)
        for day, works in _year(year, extension.get(year)).items()
    }


def last_known_year() -> int:
    """Return the last year in an unbroken row of which working days are known."""
    entered = {entry["year"] for entry in _read("working_days").get("years", [])}
    year: int = max(day.year for day in chinese_calendar.holidays)
    while year + 1 in entered:
        year += 1
    return year


def _year(year: int, entered: Mapping[str, Any] | None) -> dict[date, bool]:
    if entered is not None:
        return _entered_year(year, entered)
    try:
        return {day: chinese_calendar.is_workday(day) for day in _days(year)}
    except NotImplementedError as unknown_year:
        raise CalendarMissing(date(year, 1, 1)) from unknown_year


def _entered_year(year: int, entered: Mapping[str, Any]) -> dict[date, bool]:
    days_off, make_up_days = set(entered["days_off"]), set(entered["make_up_days"])
    if not (entered["document"] and days_off):
        raise WrongExtension(year, "缺少文号或放假日期")
    if any(day.year != year for day in days_off | make_up_days):
        raise WrongExtension(year, "列入了其他年份的日期")
    if any(day.weekday() < _SATURDAY or day in days_off for day in make_up_days):
        raise WrongExtension(year, "调休上班日应为周六或周日，且不得同时放假")
    return {
        day: day in make_up_days or (day.weekday() < _SATURDAY and day not in days_off)
        for day in _days(year)
    }


def _days(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + number * _ONE_DAY for number in range((date(year, 12, 31) - first).days + 1)]


def _typed(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()
    } | {"certainty": Certainty(entry["certainty"])}


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_HERE / f"{name}.toml").read_text("utf-8"), parse_float=Decimal)
