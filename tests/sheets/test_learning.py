"""A platform's export becomes sessions on the wall clock, whatever its columns are called."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest

from app.sheets.guard import Limits
from app.sheets.learning import LearningRow, LearningSheet, read_learning
from app.sheets.refusals import HeaderNotFound
from tests.sheets.build import LEARNING_TITLES, LIMITS, TODAY, example, xlsx

NAME, ID, COURSE = "高怡玉", "220104199503227868", "数控机床安全操作规程"
START = datetime(2020, 3, 9, 8)  # noqa: DTZ001  the wall clock of Shanghai
END = START + timedelta(minutes=50)


def read(*rows: tuple[Any, ...], titles: tuple[str, ...] = LEARNING_TITLES) -> LearningSheet:
    return read_learning(xlsx([titles, *rows]), "x.xlsx", TODAY, LIMITS)


def session(*times: object, titles: tuple[str, ...] = LEARNING_TITLES) -> LearningRow:
    sheet = read((NAME, ID, COURSE, *times), titles=titles)
    assert sheet.faults == ()
    return sheet.rows[0]


def fault_code(*times: object, titles: tuple[str, ...] = LEARNING_TITLES) -> str:
    sheet = read((NAME, ID, COURSE, *times), titles=titles)
    assert sheet.rows == ()
    (fault,) = sheet.faults
    return fault.code


@pytest.mark.parametrize("name", ["learning_px_class.xlsx", "learning_own_site_gbk.csv"])
def test_the_samples_state_1620_minutes_for_each_of_24_persons(name: str) -> None:
    """There is no slack: one minute lost is a course not completed."""
    sheet = read_learning(example(name), name, TODAY, LIMITS)
    minutes: dict[str, int] = {}
    for row in sheet.rows:
        assert (row.ended_at - row.started_at).total_seconds() == row.stated_seconds
        minutes[row.resident_id] = minutes.get(row.resident_id, 0) + row.stated_seconds
    assert (len(sheet.rows), sheet.faults, sheet.ignored_columns) == (617, (), ())
    assert set(minutes.values()) == {1_620 * 60}
    assert len(minutes) == 24


def test_rows_that_do_not_fit_the_plan_are_no_faults_of_the_file() -> None:
    sheet = read_learning(example("learning_dirty.xlsx"), "x", TODAY, LIMITS)
    assert (len(sheet.rows), sheet.faults) == (627, ())
    last = sheet.rows[-1]
    assert (last.row, last.stated_seconds) == (628, 300 * 60)
    assert (last.device, last.address) == ("手机", "10.0.3.26")


def test_without_durations_the_clock_is_taken() -> None:
    assert session(START, END, titles=LEARNING_TITLES[:5]).stated_seconds == 3_000


def test_without_an_end_the_duration_is_taken() -> None:
    titles = (*LEARNING_TITLES[:4], "学习时长")
    assert session(START, 50, titles=titles).ended_at == END
    assert session(START, "", "50分钟").ended_at == END


def test_without_end_and_duration_columns_there_is_no_header() -> None:
    with pytest.raises(HeaderNotFound) as caught:
        read((NAME, ID, COURSE, START), titles=LEARNING_TITLES[:4])
    assert caught.value.members["missing"] == ["结束学习时间", "有效学习时长"]


@pytest.mark.parametrize(
    ("title", "cell", "seconds"),
    [
        ("有效学习时长(分钟)", 50, 3_000),
        ("学习时长（秒）", 3000, 3_000),
        ("学习时长【小时】", 0.5, 1_800),
        ("在线时长(时:分:秒)", "00:50:00", 3_000),
        ("时长", time(0, 50), 3_000),
    ],
)
def test_the_title_tells_the_unit_of_a_bare_number(title: str, cell: object, seconds: int) -> None:
    titles = (*LEARNING_TITLES[:5], title)
    assert session(START, END, cell, titles=titles).stated_seconds == seconds


def test_a_duration_in_class_hours_is_not_taken_for_minutes() -> None:
    titles = (*LEARNING_TITLES[:5], "学习时长(课时)")
    sheet = read((NAME, ID, COURSE, START, END, 2), titles=titles)
    assert (sheet.rows[0].stated_seconds, sheet.ignored_columns) == (3_000, ("学习时长(课时)",))


@pytest.mark.parametrize(
    ("end", "stated", "code"),
    [
        (START - timedelta(minutes=1), 50, "end_before_start"),
        (START + timedelta(days=1, seconds=1), 50, "duration_over_a_day"),
        (END, -1, "duration_negative"),
        (END, 24 * 60 + 1, "duration_over_a_day"),
        (END, "", "cell_missing"),
        (END, "五十", "duration_unreadable"),
        (END, "50:00", "duration_ambiguous"),
        ("2020/3/9", 50, "time_missing"),
    ],
)
def test_impossible_times_are_faults(end: object, stated: object, code: str) -> None:
    assert fault_code(START, end, stated) == code


def test_an_unknown_end_is_a_fault() -> None:
    assert fault_code(START, "", titles=LEARNING_TITLES[:5]) == "end_unknown"


def test_days_without_times_are_no_sessions() -> None:
    assert fault_code(START.date(), START.date(), 50) == "time_missing"


def test_midnight_is_a_time() -> None:
    """The parser gives 2020-03-10 00:00:00 as a bare date."""
    midnight = datetime(2020, 3, 10)  # noqa: DTZ001  the wall clock of Shanghai
    assert session(midnight - timedelta(minutes=50), midnight, 50).ended_at == midnight


def test_an_export_of_100000_rows_is_within_a_limit_of_100000() -> None:
    lines = [",".join(LEARNING_TITLES)]
    lines += [f"{NAME},{ID},{COURSE},2020/03/09 08:00:00,2020/03/09 08:50:00,00:50:00"] * 100_000
    sheet = read_learning("\n".join(lines).encode(), "x", TODAY, Limits(rows=100_000))
    assert (len(sheet.rows), sheet.faults) == (100_000, ())
