"""Promises: the reference data of a new database is whole, dated, sourced, and never guessed."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import chinese_calendar
import pytest

from app.policy.clauses import DOCUMENTS, clause
from app.policy.workdays import CalendarMissing
from app.reference import seeds

EXTENSION = Path(seeds.__file__).with_name("working_days.toml")


def wage(bureau: str, day: date) -> Decimal:
    (monthly,) = [
        seed.monthly
        for seed in seeds.minimum_wages()
        if seed.bureau_code == bureau
        and seed.valid_from <= day
        and (seed.valid_to is None or day <= seed.valid_to)
    ]
    return monthly


def extended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Let the extension file hold *text*."""
    (tmp_path / "working_days.toml").write_text(text, "utf-8")
    monkeypatch.setattr(seeds, "_HERE", tmp_path)


def a_year(days_off: str = "2027-01-01", make_up: str = "", document: str = "文号") -> str:
    return (
        f'[[years]]\nyear = 2027\ndocument = "{document}"\nsource = "通知"\n'
        f'certainty = "verified"\ndays_off = [{days_off}]\nmake_up_days = [{make_up}]\n'
    )


def test_bureaus() -> None:
    """Ten districts by national code, five uncertain pioneer zones, one provincial centre."""
    bureaus = seeds.bureaus()
    assert len({bureau.code for bureau in bureaus}) == len(bureaus) == 16
    kinds = [bureau.kind for bureau in bureaus]
    assert (kinds.count("district"), kinds.count("pioneer_zone"), kinds.count("centre")) == (
        10,
        5,
        1,
    )
    assert all((b.certainty == "uncertain") == (b.kind == "pioneer_zone") for b in bureaus)
    assert [b.name for b in bureaus if b.code == "LN-PROV"] == ["辽宁省就业和人才服务中心"]


def test_platforms_are_those_of_the_notice() -> None:
    """Six listed platforms, and every address of theirs is printed in DL-3.1-a."""
    platforms = seeds.platforms()
    printed = clause("DL-3.1-a").printed
    assert len(platforms) == 6
    assert {platform.kind for platform in platforms} == {"listed"}
    assert all(host in printed for platform in platforms for host in platform.hosts)
    names = printed.translate(str.maketrans("", "", "“”"))
    assert all(platform.name in names for platform in platforms)


def test_minimum_wages() -> None:
    """Every bureau of Dalian has exactly one wage on any day since 2018 (X18: 1710 and 1810)."""
    local = [bureau.code for bureau in seeds.bureaus() if bureau.kind != "centre"]
    for code in local:
        for day in (date(2018, 1, 1), date(2019, 10, 31), date(2019, 11, 1), date(2026, 1, 1)):
            assert wage(code, day) in {Decimal(n) for n in (1520, 1620, 1710, 1810)}
    assert 12 * 3 * wage("210283", date(2020, 3, 1)) == 61_560
    assert 12 * 3 * wage("210202", date(2020, 3, 1)) == 65_160
    assert wage("210214", date(2019, 10, 31)) == 1520
    assert str(wage("210202", date(2019, 10, 31))) == "1620.00"


def test_every_entry_has_its_source() -> None:
    """Each entry says since when, from where and how sure; documents are the notices' own."""
    for seed in (*seeds.bureaus(), *seeds.platforms(), *seeds.minimum_wages()):
        assert seed.source
        assert isinstance(seed.valid_from, date)
        assert isinstance(seed.certainty, seeds.Certainty)
        assert seed.document in {"", *DOCUMENTS.values()}
        assert seed.certainty != "uncertain" or seed.note


def test_working_days_of_known_years() -> None:
    """Whole years, with the make-up days and holidays of spring 2020 right."""
    days = seeds.working_days(2019, 2021)
    assert len(days) == 365 + 366 + 365
    assert days[date(2020, 4, 26)]
    assert days[date(2020, 5, 9)]
    assert not any(days[date(2020, 5, 1) + timedelta(days=n)] for n in range(5))


def test_an_unknown_year_is_a_clear_error() -> None:
    """A year that neither the library nor the file knows is refused, never guessed."""
    with pytest.raises(CalendarMissing, match=r"2099.*app/reference/working_days\.toml"):
        seeds.working_days(2099, 2099)


def test_the_example_in_the_file_is_the_year_2020(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An officer who follows the commented example gets a right year: it equals the library's."""
    lines = EXTENSION.read_text("utf-8").splitlines()
    start = lines.index("# [[years]]")
    extended(tmp_path, monkeypatch, "\n".join(line.removeprefix("# ") for line in lines[start:]))
    days = seeds.working_days(2020, 2020)
    assert len(days) == 366
    assert days == {day: chinese_calendar.is_workday(day) for day in days}


def test_an_entered_year_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A year beyond the library counts as entered: holidays free, make-up days at work."""
    extended(tmp_path, monkeypatch, a_year("2027-01-01", "2027-01-03"))
    days = seeds.working_days(2026, 2027)
    assert len(days) == 730
    assert not days[date(2027, 1, 1)]
    assert not days[date(2027, 1, 2)]
    assert days[date(2027, 1, 3)]
    assert days[date(2027, 1, 4)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (a_year("2026-01-01"), "其他年份"),
        (a_year(make_up="2027-01-04"), "周六或周日"),
        (a_year("2027-01-02", "2027-01-02"), "同时放假"),
        (a_year(document=""), "缺少文号"),
        (a_year(days_off=""), "放假日期"),
        (a_year() + a_year(), "两次"),
    ],
)
def test_a_contradictory_year_is_refused(
    text: str,
    why: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A slip in the file stops with its reason instead of moving the end of a notice."""
    extended(tmp_path, monkeypatch, text)
    with pytest.raises(seeds.WrongExtension, match=why):
        seeds.working_days(2027, 2027)


def test_the_last_known_year_is_the_librarys_until_an_entry_follows_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A year entered in working_days.toml is loaded without a change of code."""
    last = seeds.last_known_year()
    assert (last, last + 1) == (2026, 2027)
    monkeypatch.setattr(seeds, "_read", lambda _: {"years": [{"year": 2027}, {"year": 2029}]})
    assert seeds.last_known_year() == 2027
