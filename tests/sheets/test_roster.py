"""A roster is answered row by row: what was read, and what is wrong where and how to mend it."""

from datetime import date
from typing import Any

import pytest

from app.errors import Refusal
from app.policy.facts import Employment
from app.sheets.refusals import HeaderNotFound, RowsUnreadable
from app.sheets.report import Fault, refuse_faults
from app.sheets.roster import RosterSheet, read_roster
from tests.sheets.build import DATA, LIMITS, PERSON, ROSTER_TITLES, TODAY, example, xlsx

NAME, ID, POST, EMPLOYMENT = PERSON[:4]
OTHER_ID = "210283198304146867"
COMPANY, USCC = "大连示例劳务派遣有限公司", "91210231MA0ABCD1XR"


def read(*rows: tuple[Any, ...], titles: tuple[Any, ...] = ROSTER_TITLES) -> RosterSheet:
    return read_roster(xlsx([titles, *rows]), "花名册.xlsx", TODAY, LIMITS)


def only_fault(*rows: tuple[Any, ...], titles: tuple[Any, ...] = ROSTER_TITLES) -> Fault:
    (fault,) = read(*rows, titles=titles).faults
    return fault


def test_the_sample_roster_is_24_persons() -> None:
    sheet = read_roster(example("roster.xlsx"), "roster.xlsx", TODAY, LIMITS)
    assert (len(sheet.rows), sheet.faults, sheet.ignored_columns) == (24, (), ("序号",))
    second = sheet.rows[1]
    assert (second.row, second.name, second.resident_id) == (4, "赵怡", OTHER_ID)
    assert (second.employment, second.dispatch_company) == (Employment.DISPATCHED, COMPANY)
    assert (second.dispatch_uscc, second.frontline) == (USCC, True)
    assert (second.hired_on, second.phone) == (date(2019, 12, 10), "13000002649")


def test_the_dirty_sample_is_wrong_in_rows_15_18_20_and_30_only() -> None:
    """Blank rows 8 and 17 and the total in row 31 are skipped without a word."""
    sheet = read_roster(example("roster_dirty.xlsx"), "roster_dirty.xlsx", TODAY, LIMITS)
    assert [(fault.row, fault.field, fault.column, fault.code) for fault in sheet.faults] == [
        (15, "resident_id", "身份证号", "id_typed_as_number"),
        (18, "resident_id", "身份证号", "identifier_check_character"),
        (20, "resident_id", "身份证号", "identifier_fifteen_digits"),
        (30, "resident_id", "身份证号", "same_person_twice"),
    ]
    assert "第4行" in sheet.faults[3].reason
    assert all(fault.reason and fault.remedy for fault in sheet.faults)


def test_the_dirty_sample_is_cleaned_to_the_good_one_elsewhere() -> None:
    good = read_roster(example("roster.xlsx"), "a", TODAY, LIMITS).rows
    dirty = read_roster(example("roster_dirty.xlsx"), "b", TODAY, LIMITS).rows
    expected = {one.resident_id: (one.name, one.hired_on, one.phone) for one in good}
    assert len(dirty) == 21
    for one in dirty:
        assert expected[one.resident_id] == (one.name, one.hired_on, one.phone)


def test_an_old_xls_is_read_like_a_new_one() -> None:
    sheet = read_roster((DATA / "roster.xls").read_bytes(), "roster.xls", TODAY, LIMITS)
    assert [(one.row, one.resident_id) for one in sheet.rows] == [
        (3, ID),
        (4, "210211199201208642"),
    ]
    assert (sheet.rows[0].hired_on, sheet.rows[0].phone) == (date(2019, 11, 13), "13000001501")


def test_a_faulty_sheet_is_refused_row_by_row() -> None:
    sheet = read_roster(example("roster_dirty.xlsx"), "x", TODAY, LIMITS)
    with pytest.raises(RowsUnreadable) as caught:
        refuse_faults(sheet.faults)
    members = caught.value.members
    assert [row["row"] for row in members["rows"]] == [15, 18, 20, 30]
    assert members["total"] == 4
    assert set(members["rows"][0]) == {
        "row", "column", "field", "value", "code", "reason", "remedy",
    }  # fmt: skip
    refuse_faults(())


def test_no_fault_ever_shows_a_full_id() -> None:
    wrong_check = ID[:17] + "0"
    sheet = read(
        (NAME, wrong_check, POST, EMPLOYMENT, "", ""),
        (f"{NAME} {wrong_check}", OTHER_ID, POST, EMPLOYMENT, "", ""),
        (" ".join(wrong_check), "", POST, wrong_check, "", ""),
        (NAME, "130503670401001", POST, EMPLOYMENT, "", ""),
    )
    shown = [fault.value.replace(" ", "") for fault in sheet.faults]
    assert len(shown) == 6
    assert not any(wrong_check[6:16] in value or "130503670401001" in value for value in shown)
    assert shown[0] == "220104**********60"


def test_a_shown_value_is_short_and_printable() -> None:
    fault = only_fault(("甲" * 70 + "\t", ID, POST, EMPLOYMENT, "", ""))
    assert fault.code == "text_too_long"
    assert len(fault.value) == 40
    csv = "姓名,身份证号,岗位,用工形式\n王\0一," + f"{ID},电工,劳动合同\n"
    (with_nul,) = read_roster(csv.encode(), "x", TODAY, LIMITS).faults
    assert (with_nul.code, with_nul.value) == ("control_character", "王\ufffd一")


def test_all_faults_of_a_row_are_told_at_once() -> None:
    sheet = read(("", "123", "", "临时工", "", ""))
    assert [fault.code for fault in sheet.faults] == [
        "cell_missing", "identifier_length", "cell_missing", "employment_unknown",
    ]  # fmt: skip
    assert sheet.rows == ()


def test_a_dispatched_person_names_company_and_credit_code() -> None:
    sheet = read(
        (NAME, ID, POST, "劳务派遣", "", ""),
        ("赵怡", OTHER_ID, POST, "派遣工", COMPANY, "91210231MA0ABCD1X0"),
    )
    assert [(fault.row, fault.field, fault.code) for fault in sheet.faults] == [
        (2, "dispatch_company", "cell_missing"),
        (2, "dispatch_uscc", "cell_missing"),
        (3, "dispatch_uscc", "identifier_check_character"),
    ]


def test_a_dispatched_person_without_the_columns_is_told_their_usual_titles() -> None:
    sheet = read((NAME, ID, POST, "劳务派遣"), titles=ROSTER_TITLES[:4])
    assert [fault.column for fault in sheet.faults] == ["派遣单位", "派遣单位统一社会信用代码"]


def test_a_contract_and_a_dispatch_company_contradict_each_other() -> None:
    assert only_fault((NAME, ID, POST, "劳动合同", COMPANY, "")).code == "dispatch_contradiction"


@pytest.mark.parametrize("nothing", ["无", "/", "—", " "])
def test_a_dash_for_nothing_is_nothing(nothing: str) -> None:
    (row,) = read((NAME, ID, POST, "正式工", nothing, nothing)).rows
    assert (row.dispatch_company, row.dispatch_uscc) == ("", "")


@pytest.mark.parametrize(
    "below",
    [
        ("合计", "", "", "", "", ""),
        ("", "", "总　计：1人", "", "", ""),
        ("小计", "", 1.0, "", "", ""),
        ("填表人：张三", "", "审核人：李四", "", "", ""),
        ("", "", "", "", "", ""),
    ],
)
def test_totals_signatures_and_blanks_are_skipped_without_a_word(below: tuple[Any, ...]) -> None:
    sheet = read(below, PERSON, below)
    assert ([row.row for row in sheet.rows], sheet.faults) == ([3], ())


def test_a_person_without_an_id_is_not_skipped() -> None:
    assert only_fault((NAME, "", POST, EMPLOYMENT, "", "")).code == "cell_missing"


def test_a_numbered_but_empty_row_is_blank() -> None:
    sheet = read((1, *PERSON), (2, *[""] * 6), titles=("序号", *ROSTER_TITLES))
    assert (len(sheet.rows), sheet.faults) == (1, ())


def test_titles_are_known_by_their_usual_names_and_units() -> None:
    titles = ("职工 姓名*", "居民身份证号码（必填）", "岗位/工种：", "用工方式", "住址")
    sheet = read((NAME, ID, POST, EMPLOYMENT, "某地"), titles=titles)
    assert sheet.ignored_columns == ("住址",)
    assert sheet.rows[0].post == POST
    assert only_fault((NAME, 1.0, POST, EMPLOYMENT), titles=titles).column == titles[1]


def test_a_missing_column_is_named() -> None:
    with pytest.raises(HeaderNotFound) as caught:
        read((NAME, ID, EMPLOYMENT), titles=("姓名", "身份证号", "用工形式"))
    assert caught.value.members["missing"] == ["岗位"]
    assert caught.value.members["found"] == ["姓名", "身份证号", "用工形式"]
    assert "岗位" in caught.value.detail


def test_a_header_below_row_20_is_not_found() -> None:
    with pytest.raises(HeaderNotFound):
        read_roster(xlsx([*[["x"]] * 20, ROSTER_TITLES, PERSON]), "x", TODAY, LIMITS)


def test_an_impossible_date_is_one_fault() -> None:
    fault = only_fault((*PERSON, "2020-02-30"), titles=(*ROSTER_TITLES, "入职日期"))
    assert (fault.code, fault.value, fault.column) == (
        "date_does_not_exist", "2020-02-30", "入职日期",
    )  # fmt: skip


def test_a_formula_written_as_text_stays_text() -> None:
    (row,) = read((NAME, ID, "'=1+1", EMPLOYMENT, "", "")).rows
    assert row.post == "'=1+1"
    csv = f'姓名,身份证号,岗位,用工形式\n{NAME},="{ID}",=HYPERLINK(1),劳动合同\n'
    (row,) = read_roster(csv.encode(), "x", TODAY, LIMITS).rows
    assert (row.resident_id, row.post) == (ID, "=HYPERLINK(1)")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_csv_is_read_in_every_usual_encoding_and_delimiter(encoding: str, mark: str) -> None:
    lines = [ROSTER_TITLES[:4], ("马䶮·𬱖", ID, "电工", "劳动合同"), ()]
    csv = "\r\n".join(mark.join(line) for line in lines)
    (row,) = read_roster(csv.encode(encoding), "x.csv", TODAY, LIMITS).rows
    assert (row.row, row.name) == (2, "马䶮·𬱖")


def test_a_refusal_is_the_only_exception_for_a_missing_header() -> None:
    with pytest.raises(Refusal):
        read_roster(example("learning_px_class.xlsx"), "x", TODAY, LIMITS)
