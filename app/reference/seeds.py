"""Which bureaus, platforms, wages and working days does a new database start with?"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import chinese_calendar

from app.policy.workdays import CalendarMissing

_HERE: Final = Path(__file__).parent
_ONE_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5


class WrongExtension(ValueError):  # noqa: N818  an officer's entry is refused; errors are bugs
    """A year in working_days.toml contradicts itself."""

    def __init__(self, year: int, why: str) -> None:
        super().__init__(f"working_days.toml 中{year}年的数据有误：{why}，请改正后重新启动。")


class Certainty(StrEnum):
    """How well an entry is known; what is not verified is for an officer to check."""

    VERIFIED = "verified"
    FROM_MEMORY = "from_memory"
    UNCERTAIN = "uncertain"


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
