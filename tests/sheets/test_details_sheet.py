"""A sheet of details is read by its usual words; half a group or an unknown word is a fault."""

from datetime import date, datetime
from typing import Any

import pytest

from app.policy.kinds import Joined, Level, PersonCategory
from app.sheets import headers
from app.sheets.details import FILED, REACHED, DetailsRow, DetailsSheet, read_details
from app.sheets.refusals import HeaderNotFound
from app.sheets.report import Fault
from app.sheets.roster import read_roster
from tests.sheets.build import LIMITS, TODAY, example, xlsx

NAME, ID = "高怡玉", "220104199503227868"
OTHER = ("赵怡", "210283198304146867")
WHO = ("姓名", "身份证号")
START = ("入职类型", "入职日期")
APPRENTICE = ("培养等级", "培养协议编号", "培养起始日期", "培养结束日期")
PLACEMENT = ("人员类别", "证明编号", "出具单位", "上岗日期")
TEST = ("考核结果",)
CERTIFICATE = ("证书等级", "证书编号", "发证日期")
AGREED = ("中级", "协议-1", "2020-04-20", "2021-04-19")
PLACED = ("就业困难人员", "困-1", "中山区就业中心", "2020-03-09")
CERTIFIED = ("四级", "证-1", "2020-03-28")


def read(titles: tuple[Any, ...], *rows: tuple[Any, ...]) -> DetailsSheet:
    return read_details(xlsx([(*WHO, *titles), *rows]), "人员情况.xlsx", TODAY, LIMITS)


def one(titles: tuple[Any, ...], *cells: object) -> DetailsRow:
    sheet = read(titles, (NAME, ID, *cells))
    assert sheet.faults == ()
    (row,) = sheet.rows
    return row


def only_fault(titles: tuple[Any, ...], *cells: object) -> Fault:
    sheet = read(titles, (NAME, ID, *cells))
    assert sheet.rows == ()
    (fault,) = sheet.faults
    assert fault.reason
    assert fault.remedy
    return fault


def test_everything_is_told_by_its_usual_titles() -> None:
    titles = (*START, *APPRENTICE, *PLACEMENT, *TEST, *CERTIFICATE, "备注")
    sheet = read(
        titles,
        (NAME, ID, "新招用", date(2020, 2, 26), *AGREED, *PLACED, "合格", *CERTIFIED, "已核对"),
        (*OTHER, *[""] * 15),
        ("合计", "", *[""] * 15),
    )
    assert (sheet.faults, sheet.ignored_columns) == ((), ("备注",))
    full, empty = sheet.rows
    assert (full.row, full.name, full.resident_id) == (2, NAME, ID)
    assert full.told == {
        "start_kind": Joined.NEWLY_HIRED,
        "start_on": date(2020, 2, 26),
        "apprentice_level": Level.INTERMEDIATE,
        "apprentice_agreement": "协议-1",
        "apprentice_starts_on": date(2020, 4, 20),
        "apprentice_ends_on": date(2021, 4, 19),
        "placement_category": PersonCategory.HARD_TO_EMPLOY,
        "placement_certificate": "困-1",
        "placement_issued_by": "中山区就业中心",
        "placement_employed_from": date(2020, 3, 9),
        "test_passed": True,
        "certificate_level": Level.INTERMEDIATE,
        "certificate_number": "证-1",
        "certificate_issued_on": date(2020, 3, 28),
    }
    assert (empty.row, set(empty.told.values())) == (3, {None})
    assert empty.told.keys() == full.told.keys()


@pytest.mark.parametrize(
    ("field", "title"),
    [
        (name, title)
        for name, entry in headers._DATA["details"].items()
        for title in entry["titles"]
        if name not in {"name", "resident_id"}
    ],
)
def test_every_title_of_a_column_is_its_own(field: str, title: str) -> None:
    """A title stands for one field, marked, bracketed and spaced as people do; else it is moot."""
    fields = headers.fields_of("details")
    header = headers.find_header([(*WHO, f" *{title}（必填）：")], fields)
    assert header is not None
    assert set(header.places) == {"name", "resident_id", field}


@pytest.mark.parametrize("title", sorted(headers.VAGUE_TITLES))
def test_a_vague_title_is_one_of_the_titles(title: str) -> None:
    titles = {each for field in headers.fields_of("details") for each in field.titles}
    assert title in titles


def test_every_field_has_its_titles() -> None:
    read_fields = [field for group in (FILED | REACHED).values() for field in group]
    assert ["name", "resident_id", *read_fields] == [
        field.name for field in headers.fields_of("details")
    ]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (("新招用", "新入职", " 新 员工 ", "新录用"), Joined.NEWLY_HIRED),
        (("复工", "返岗", "复工返岗", "返岗\u200b复工"), Joined.RESUMED),
    ],
)
def test_how_somebody_began(words: tuple[str, ...], kind: Joined) -> None:
    for word in words:
        assert one(START, word, "2020-02-26").told["start_kind"] is kind


@pytest.mark.parametrize(
    ("word", "level"),
    [
        ("初级", Level.JUNIOR),
        ("五级/初级工", Level.JUNIOR),
        ("４级", Level.INTERMEDIATE),
        ("中级工（四级）", Level.INTERMEDIATE),
        ("国家职业资格四级", Level.INTERMEDIATE),
        ("职业技能等级三级", Level.SENIOR),
        ("高 级 工", Level.SENIOR),
        ("技师", Level.TECHNICIAN),
        ("一级", Level.SENIOR_TECHNICIAN),
    ],
)
def test_a_level_in_the_words_of_the_trade(word: str, level: Level) -> None:
    assert one(APPRENTICE, word, *AGREED[1:]).told["apprentice_level"] is level
    assert one(CERTIFICATE, word, *CERTIFIED[1:]).told["certificate_level"] is level


@pytest.mark.parametrize(
    ("words", "category"),
    [
        (("就业困难人员", "就业困难", "就业困难对象"), PersonCategory.HARD_TO_EMPLOY),
        (("零就业家庭成员", "零就业家庭"), PersonCategory.ZERO_EMPLOYMENT_FAMILY),
        (
            ("建档立卡贫困劳动力", "贫困劳动力", "建档立卡贫困人口", "建档立卡 贫困户"),
            PersonCategory.POOR_LABOURER,
        ),
    ],
)
def test_whom_work_for_training_is_for(words: tuple[str, ...], category: PersonCategory) -> None:
    for word in words:
        assert one(PLACEMENT, word, *PLACED[1:]).told["placement_category"] is category


@pytest.mark.parametrize("word", ["合格", "通过", "及格", "考核 合格", "是", "√"])
def test_a_test_that_was_passed(word: str) -> None:
    assert one(TEST, word).told == {"test_passed": True}


@pytest.mark.parametrize("word", ["不合格", "未通过", "不通过", "不及格", "否", "×"])
def test_a_test_that_was_failed(word: str) -> None:
    """A failed test is told, and is not the same as none."""
    assert one(TEST, word).told == {"test_passed": False}


@pytest.mark.parametrize("nothing", ["", " ", "无", "/", "——"])
def test_nothing_is_told_by_a_blank_or_a_dash(nothing: str) -> None:
    assert one(TEST, nothing).told == {"test_passed": None}
    assert set(one(CERTIFICATE, nothing, nothing, nothing).told.values()) == {None}


@pytest.mark.parametrize(
    ("titles", "full"),
    [
        (START, ("复工", "2020-02-26")),
        (APPRENTICE, AGREED),
        (PLACEMENT, PLACED),
        (CERTIFICATE, CERTIFIED),
    ],
)
def test_half_a_group_names_the_missing_cell(
    titles: tuple[str, ...], full: tuple[str, ...]
) -> None:
    for place, title in enumerate(titles):
        cells = [*full[:place], "", *full[place + 1 :]]
        fault = only_fault(titles, *cells)
        assert (fault.row, fault.column, fault.value) == (2, title, "")
        assert fault.code == "part_missing"
        assert titles[1 if place == 0 else 0] in fault.reason


def test_a_group_without_a_column_names_it_by_its_usual_title() -> None:
    fault = only_fault(("证书等级", "证书编号"), "四级", "证-1")
    assert (fault.column, fault.code) == ("发证日期", "part_missing")
    assert only_fault(("复工日期",), "2020-02-26").column == "入职类型"


def test_an_apprenticeship_may_end_on_its_first_day() -> None:
    assert one(APPRENTICE, *AGREED[:2], "2020-04-20", "2020-04-20").told


def test_a_faulty_cell_of_a_group_is_not_missing() -> None:
    assert only_fault(CERTIFICATE, "四级", "证-1", "2020-02-30").code == "date_does_not_exist"


def test_columns_that_an_enterprise_keeps_for_itself_make_no_group() -> None:
    """A roster with its days of entry may be sent with one more column."""
    sheet = read(("入职日期", "上岗日期", "技能等级", "考核结果"), (NAME, ID, "x", "", "", "合格"))
    assert sheet.faults == ()
    assert sheet.rows[0].told == {"test_passed": True}
    assert set(sheet.ignored_columns) == {"入职日期", "上岗日期", "技能等级"}
    assert "start_on" in one(START, "复工", "2020-02-26").told


def test_the_sample_roster_tells_nothing_beside_the_roster() -> None:
    sheet = read_details(example("roster.xlsx"), "roster.xlsx", TODAY, LIMITS)
    assert (len(sheet.rows), sheet.faults) == (24, ())
    assert {tuple(row.told) for row in sheet.rows} == {()}
    roster = read_roster(example("roster.xlsx"), "roster.xlsx", TODAY, LIMITS)
    assert [row.resident_id for row in sheet.rows] == [row.resident_id for row in roster.rows]


@pytest.mark.parametrize(
    ("titles", "cells", "field", "code"),
    [
        (START, ("实习", "2020-02-26"), "start_kind", "start_unknown"),
        (START, ("复工", "上个月"), "start_on", "date_unreadable"),
        (START, (True, "2020-02-26"), "start_kind", "start_unknown"),
        (APPRENTICE, ("四", *AGREED[1:]), "apprentice_level", "level_unknown"),
        (APPRENTICE, ("四级、三级", *AGREED[1:]), "apprentice_level", "level_unknown"),
        (APPRENTICE, (4.0, *AGREED[1:]), "apprentice_level", "level_unknown"),
        (
            APPRENTICE,
            (*AGREED[:2], "2021-04-19", "2021-04-18"),
            "apprentice_ends_on",
            "ends_before_start",
        ),
        (PLACEMENT, ("困难职工", *PLACED[1:]), "placement_category", "category_unknown"),
        (
            PLACEMENT,
            (*PLACED[:2], "就业中心😀", "2020-03-09"),
            "placement_issued_by",
            "text_characters",
        ),
        (PLACEMENT, (*PLACED[:2], 5.5, "2020-03-09"), "placement_issued_by", "not_text"),
        (TEST, ("85",), "test_passed", "test_unknown"),
        (TEST, ("缺考",), "test_passed", "test_unknown"),
        (CERTIFICATE, ("四级", "号" * 101, "2020-03-28"), "certificate_number", "text_too_long"),
        (CERTIFICATE, ("四级", "证\x07", "2020-03-28"), "certificate_number", "control_character"),
        (CERTIFICATE, ("四级", "证\ue000", "2020-03-28"), "certificate_number", "text_characters"),
        (CERTIFICATE, ("四级", date(2020, 3, 1), "2020-03-28"), "certificate_number", "not_text"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(
    titles: tuple[str, ...], cells: tuple[Any, ...], field: str, code: str
) -> None:
    if code == "control_character":  # no workbook can hold it, a csv can
        lines = [(*WHO, *titles), (NAME, ID, *cells)]
        csv = "\n".join(",".join(line) for line in lines).encode()
        (fault,) = read_details(csv, "x.csv", TODAY, LIMITS).faults
    else:
        fault = only_fault(titles, *cells)
    place = [each for group in (FILED | REACHED).values() for each in group].index(field)
    usual = [*START, *APPRENTICE, *PLACEMENT, *TEST, *CERTIFICATE]
    assert (fault.row, fault.column, fault.field) == (2, usual[place], field)
    assert fault.code == code


@pytest.mark.parametrize(
    "number", [1.906000000400123e15, 10**15, "1.906E+15", "1e+17", "'1.9060E+15"]
)
def test_a_number_that_lost_digits_is_never_guessed(number: object) -> None:
    """A certificate is known by its number: one that lost digits is another's."""
    assert only_fault(CERTIFICATE, "四级", number, "2020-03-28").code == "number_lost_digits"


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (190600000400123.0, "190600000400123"),
        (7, "7"),
        ("'0019", "0019"),
        ("\t 0019\u200b ", "0019"),
        ("大人社〔2020〕1号", "大人社〔2020〕1号"),
        ("1906000000400123456", "1906000000400123456"),
    ],
)
def test_a_number_is_kept_as_the_paper_has_it(cell: object, number: str) -> None:
    told = one(CERTIFICATE, "四级", cell, datetime(2020, 3, 28)).told  # noqa: DTZ001
    assert (told["certificate_number"], told["certificate_issued_on"]) == (
        number,
        date(2020, 3, 28),
    )


def test_the_same_person_twice_is_a_fault() -> None:
    sheet = read(TEST, (NAME, ID, "合格"), (NAME, ID, "不合格"))
    assert [(each.row, each.field, each.code) for each in sheet.faults] == [
        (3, "resident_id", "same_person_twice")
    ]


def test_all_faults_are_told_by_row_and_column_and_show_no_id() -> None:
    wrong = ID[:17] + "0"
    sheet = read((*START, *TEST), ("", wrong, "实习", "", wrong), (*OTHER, "复工", "", "合格"))
    assert [(each.row, each.field, each.code) for each in sheet.faults] == [
        (2, "name", "cell_missing"),
        (2, "resident_id", "identifier_check_character"),
        (2, "start_kind", "start_unknown"),
        (2, "start_on", "part_missing"),
        (2, "test_passed", "test_unknown"),
        (3, "start_on", "part_missing"),
    ]
    assert not any(wrong[6:16] in each.value for each in sheet.faults)
    assert sheet.rows == ()


def test_without_names_and_ids_there_is_no_header() -> None:
    with pytest.raises(HeaderNotFound) as caught:
        read_details(xlsx([("姓名", *TEST), (NAME, "合格")]), "x", TODAY, LIMITS)
    assert caught.value.members["missing"] == ["身份证号"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_csv_is_read_like_a_workbook(encoding: str) -> None:
    csv = f"人员情况表,,\n姓名,身份证号码,结业考核结果（合格/不合格）\n{NAME},\t{ID},合格\n"
    (row,) = read_details(csv.encode(encoding), "x.csv", TODAY, LIMITS).rows
    assert (row.row, row.resident_id, row.told) == (3, ID, {"test_passed": True})
