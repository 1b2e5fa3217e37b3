"""Cells are cleaned as people type them, and refused where a guess would be needed."""

import contextlib
import math
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.policy.facts import Employment
from app.sheets import cells, times
from app.sheets.report import Cell, Unreadable
from tests.sheets.build import TODAY

WITH_X = "21010219900101001X"
ID = "220104199503227868"


def code_of(read: Callable[[Cell], object], cell: Cell) -> str:
    with pytest.raises(Unreadable) as caught:
        read(cell)
    assert caught.value.reason
    assert caught.value.remedy
    return caught.value.code


@pytest.mark.parametrize(
    "cell",
    [
        ID,
        "'" + ID,
        "\t" + ID,
        " 220104 19950322 7868　",
        "２２０１０４１９９５０３２２７８６８",
        "220104-19950322-7868",
        "\ufeff" + ID,
    ],
)
def test_an_id_is_cleaned(cell: str) -> None:
    assert cells.resident_id_on(TODAY)(cell) == ID


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (2.10114198012140e17, "id_typed_as_number"),
        (True, "id_typed_as_number"),
        (date(2020, 1, 1), "not_text"),
        ("2.10114E+17", "identifier_scientific_notation"),
        ("130503670401001", "identifier_fifteen_digits"),
        (WITH_X, "identifier_check_character"),
    ],
)
def test_an_id_that_lost_digits_is_never_guessed(cell: Cell, code: str) -> None:
    assert code_of(cells.resident_id_on(TODAY), cell) == code


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("  高怡玉\u200b", "高怡玉"),
        ("高　怡", "高怡"),
        ("马䶮", "马䶮"),
        ("王𬱖", "王𬱖"),
        ("王\U000323b0", "王\U000323b0"),
        ("张\ue863", "张䶮"),
        ("买买提•吐尔逊", "买买提·吐尔逊"),
        ("John  A. O'Neil", "John A. O'Neil"),
        ("Иван Петров", "Иван Петров"),
        ("Jose\u0301", "José"),
    ],
)
def test_a_name_is_kept_as_the_id_card_has_it(cell: str, name: str) -> None:
    assert cells.name(cell) == name


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("高怡玉😀", "name_characters"),
        ("高\ue000玉", "name_characters"),
        ("张三2", "name_characters"),
        ("=1+1", "name_characters"),
        ("··", "name_characters"),
        ("高\0玉", "control_character"),
        ("高\x07玉", "control_character"),
        ("高" * 61, "text_too_long"),
        (5.0, "not_text"),
    ],
)
def test_what_is_no_name_is_refused(cell: Cell, code: str) -> None:
    assert code_of(cells.name, cell) == code


@pytest.mark.parametrize("cell", ["是", "√", "Y", "yes", True, 1.0, " 是 "])
def test_yes(cell: Cell) -> None:
    assert cells.yes_or_no(cell) is True


@pytest.mark.parametrize("cell", ["否", "×", "n", False, 0.0])
def test_no(cell: Cell) -> None:
    assert cells.yes_or_no(cell) is False


def test_neither_yes_nor_no() -> None:
    assert code_of(cells.yes_or_no, "可能") == "yes_or_no"


def test_employment_is_known_by_its_usual_words() -> None:
    assert cells.employment("劳动合同") is Employment.CONTRACT
    assert cells.employment("派遣 工") is Employment.DISPATCHED
    assert code_of(cells.employment, "实习") == "employment_unknown"


@pytest.mark.parametrize(
    ("cell", "phone"),
    [
        (13000001501.0, "13000001501"),
        ("+86 130-0000-1501", "13000001501"),
        ("（0411）84000000", "041184000000"),
    ],
)
def test_a_phone_is_its_digits(cell: Cell, phone: str) -> None:
    assert cells.phone(cell) == phone


def test_half_a_phone_is_refused() -> None:
    assert code_of(cells.phone, "1300000150") == "phone"


@pytest.mark.parametrize(
    "cell",
    [
        "2019.12.10", "2019/12/10", "2019-12-10", "2019年12月10日", "20191210", "43809",
        "２０１９－１２－１０", "2019-12-10 00:00:00", 43809.0, 20191210.0, date(2019, 12, 10),
        datetime(2019, 12, 10, 9, 30),  # noqa: DTZ001
    ],
)  # fmt: skip
def test_a_day_in_every_usual_writing(cell: Cell) -> None:
    assert times.day(cell) == date(2019, 12, 10)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("2020-02-30", "date_does_not_exist"),
        ("20201301", "date_does_not_exist"),
        ("2019.12", "date_out_of_range"),
        ("19-12-10", "date_unreadable"),
        ("去年", "date_unreadable"),
        ("0000-01-01", "date_out_of_range"),
        ("9999-12-31", "date_out_of_range"),
        (date(1900, 1, 1), "date_out_of_range"),
        (5.0, "date_out_of_range"),
        (math.inf, "date_unreadable"),
        (-3.0, "date_unreadable"),
        (True, "date_unreadable"),
        (time(1), "date_unreadable"),
    ],
)
def test_what_is_no_day_is_refused(cell: Cell, code: str) -> None:
    assert code_of(times.day, cell) == code


@pytest.mark.parametrize(
    "cell",
    [
        "2020/03/09 13:20:00", "2020-3-9 13:20", "2020-03-09T13:20:00", "2020年3月9日 13时20分",
        "2020-03-09 13:20:00.000", "2020/3/9 下午 1:20", "2020/3/9 1:20 PM", "20200309132000",
        "2020-03-09T05:20:00Z", "2020-03-09T13:20:00+08:00", 43899.5555555556,
        datetime(2020, 3, 9, 13, 19, 59, 712_000),  # noqa: DTZ001
    ],
)  # fmt: skip
def test_a_moment_in_every_usual_writing(cell: Cell) -> None:
    assert times.moment(cell) == datetime(2020, 3, 9, 13, 20)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("2020-03-09", "time_missing"),
        ("2020-03-09 25:00:00", "time_unreadable"),
        ("2020-03-09 08:60", "time_unreadable"),
        ("2020-03-09 08:00:00+99:99", "time_unreadable"),
        ("2020-02-30 08:00", "date_does_not_exist"),
        ("9999-12-31 24:00:00", "date_out_of_range"),
        (timedelta(1), "time_unreadable"),
    ],
)
def test_what_is_no_moment_is_refused(cell: Cell, code: str) -> None:
    assert code_of(times.moment, cell) == code


def test_noon_and_midnight_on_twelve_hours() -> None:
    assert times.moment("2020/3/9 上午 12:05").hour == 0
    assert times.moment("2020/3/9 12:05 PM").hour == 12
    assert times.moment("2020-03-09 24:00:00") == datetime(2020, 3, 10)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [
        (50.0, 3_000), (49.99999999, 3_000), ("50", 3_000), ("50分钟", 3_000), ("50 min", 3_000),
        ("00:50:00", 3_000), ("0:50:00", 3_000), ("1小时30分", 5_400), ("1.5小时", 5_400),
        ("50分30秒", 3_030), ("50'30\"", 3_030), ("3000秒", 3_000), (time(0, 50), 3_000),
        (timedelta(hours=1), 3_600), ("24:00:00", 86_400), (0.0, 0),
    ],
)  # fmt: skip
def test_a_duration_is_whole_seconds(cell: Cell, seconds: int) -> None:
    assert times.duration(60)(cell) == seconds


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("01:30", "duration_ambiguous"),
        ("1:75:00", "duration_unreadable"),
        ("-00:10:00", "duration_negative"),
        ("25:00:00", "duration_over_a_day"),
        (datetime(1900, 1, 2, 1, 55), "duration_over_a_day"),  # noqa: DTZ001
        (date(2020, 3, 9), "duration_unreadable"),
        (math.nan, "duration_unreadable"),
        ("9" * 400, "duration_unreadable"),
        (True, "duration_unreadable"),
        ("三刻钟", "duration_unreadable"),
    ],
)
def test_a_duration_is_never_guessed(cell: Cell, code: str) -> None:
    assert code_of(times.duration(60), cell) == code


CELLS = st.one_of(
    st.text(), st.floats(), st.booleans(), st.dates(), st.datetimes(), st.times(),
    st.timedeltas(), st.from_regex(r"[0-9年月日:/ .+TZ-]{0,20}", fullmatch=True),
)  # fmt: skip
READERS: list[Callable[[Cell], object]] = [
    cells.name, cells.phone, cells.credit_code, cells.yes_or_no, cells.employment,
    cells.text(10), cells.resident_id_on(TODAY), times.day, times.moment, times.duration(60),
]  # fmt: skip


@given(CELLS)
def test_any_cell_is_read_or_unreadable_and_nothing_else(cell: Cell) -> None:
    for read in READERS:
        with contextlib.suppress(Unreadable):
            read(cell)
