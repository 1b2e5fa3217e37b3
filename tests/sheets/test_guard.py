"""Bad input gets one refusal with a stable code, and never reaches the parser."""

import contextlib
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import Refusal
from app.sheets import refusals
from app.sheets.guard import Kind, Limits, checked_xlsx, kind_of
from app.sheets.learning import read_learning
from app.sheets.roster import read_roster
from tests.sheets.build import (
    DATA,
    EXAMPLES,
    LIMITS,
    PERSON,
    ROSTER_TITLES,
    TODAY,
    example,
    repacked,
    saved,
    with_rows,
    with_sheet,
    xlsx,
)

CELL = "<v>1</v></c>"


def refusal_of(content: bytes, name: str = "花名册.xlsx", limits: Limits = LIMITS) -> Refusal:
    with pytest.raises(Refusal) as caught:
        read_roster(content, name, TODAY, limits)
    return caught.value


@pytest.mark.parametrize("content", [b"", b"  \r\n", b"\xef\xbb\xbf", b"\0\0"])
def test_an_empty_file_is_refused(content: bytes) -> None:
    assert refusal_of(content).code == "file_empty"


@pytest.mark.parametrize("name", ["licence.jpg", "application_form.pdf", "platform_screenshot.png"])
def test_a_picture_or_paper_named_xlsx_is_no_sheet(name: str) -> None:
    refusal = refusal_of((EXAMPLES / name).read_bytes())
    assert (refusal.code, refusal.status) == ("file_not_a_sheet", 415)


@pytest.mark.parametrize(
    "content",
    [
        b"<html><table><tr><td>1</td></tr></table></html>",
        b"\xef\xbb\xbf<?xml version='1.0'?><Workbook/>",
        b"PK\x05\x06" + bytes(18),
        b"PK\x03\x04 and no more",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        bytes(range(1, 9)) * 40,
        "姓名\x01".encode() * 40,
        b"\xff\xfe\x00\xd8\x00\xd8",
    ],
)
def test_other_contents_are_no_sheet_whatever_the_name(content: bytes) -> None:
    assert refusal_of(content).code == "file_not_a_sheet"


def test_a_zip_that_is_no_workbook_is_no_sheet() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr("word/document.xml", "<x/>")
    assert refusal_of(packed.getvalue()).code == "file_not_a_sheet"


def test_a_workbook_with_macros_is_refused() -> None:
    content = repacked(xlsx([ROSTER_TITLES, PERSON]), {"xl/vbaProject.bin": b"x"})
    assert refusal_of(content).code == "file_has_macros"


def test_an_encrypted_workbook_is_refused() -> None:
    ole2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    assert refusal_of(ole2 + "EncryptedPackage".encode("utf-16-le")).code == "file_encrypted"


def test_an_old_workbook_with_macros_is_refused() -> None:
    ole2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    assert refusal_of(ole2 + "_VBA_PROJECT_CUR".encode("utf-16-le")).code == "file_has_macros"


def test_a_zip_with_a_password_is_refused() -> None:
    content = bytearray(xlsx([ROSTER_TITLES, PERSON]))
    directory = content.index(b"PK\x01\x02")
    content[directory + 8] |= 1
    assert refusal_of(bytes(content)).code == "file_encrypted"


def test_a_zip_bomb_that_admits_its_size_is_refused() -> None:
    content = repacked(xlsx([["x"]]), {"xl/worksheets/sheet1.xml": b" " * (220 << 20)})
    assert len(content) < 1 << 20
    refusal = refusal_of(content)
    assert (refusal.code, refusal.status) == ("file_too_large_unpacked", 413)


def test_a_zip_bomb_that_lies_about_its_size_is_refused() -> None:
    honest = repacked(xlsx([["x"]]), {"xl/worksheets/sheet1.xml": b" " * (30 << 20)})
    size = (30 << 20).to_bytes(4, "little")
    lying = honest.replace(size, (1_000).to_bytes(4, "little"))
    assert lying != honest
    assert refusal_of(lying).code in {"file_too_large_unpacked", "file_not_a_sheet"}


def test_a_part_that_shrinks_two_hundredfold_is_a_bomb() -> None:
    content = repacked(xlsx([["x"]]), {"xl/worksheets/sheet1.xml": b"<x/>" * (5 << 20)})
    assert refusal_of(content).code == "file_too_large_unpacked"


def test_the_limit_on_unpacked_bytes_is_the_callers() -> None:
    refusal = refusal_of(example("roster.xlsx"), limits=Limits(rows=100, unpacked=10_000))
    assert refusal.code == "file_too_large_unpacked"


def test_too_many_entries_are_a_bomb() -> None:
    many = {f"xl/media/{number}": b"" for number in range(1_001)}
    assert refusal_of(repacked(xlsx([["x"]]), many)).code == "file_too_large_unpacked"


def test_compressions_that_cannot_be_stopped_half_way_are_refused() -> None:
    content = repacked(xlsx([["x"]]), {}, compression=zipfile.ZIP_BZIP2)
    assert refusal_of(content).code == "file_not_a_sheet"


@pytest.mark.parametrize("place", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_a_document_type_with_entities_is_refused(place: str) -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'
    assert refusal_of(repacked(xlsx([["x"]]), {place: bomb})).code == "file_not_a_sheet"


@pytest.mark.parametrize(
    "body",
    [
        f'<row r="1"><c r="A1">{CELL}</row><row r="1048576"><c r="XFD1048576">{CELL}</row>',
        f'<row r="1"><c r="A1">{CELL}</row><row r="2"><c r="A1048576">{CELL}</row>',
        f"<row r='1'><c\n r = 'XFD1'>{CELL}</row>",
        f'<row r="1"><c s="1" r="XFD1">{CELL}</row>',
        f'<row r="1"><c r="A1" r="XFD1">{CELL}</row>',
        f'<row r="1"><c r="A1"r="XFD1">{CELL}</row>',
        f'<row r="1" r="1048576"><c>{CELL}</row>',
        f'<row r="1048576"><c>{CELL}</row>',
        f'<row r="1"><c r="A4294967297">{CELL}</row>',
        f'<row r="1"><c r="1">{CELL}</row>',
        f'<row r="x"><c>{CELL}</row>',
        f'<row r="1"><!--><c r="XFD1048576">{CELL}--></row>',
        f'<row r="1"><?x ><c r="XFD1048576">{CELL}?></row>',
        f'<row r="1"><c r="A1">{CELL}</row><row r="190000"><c r="GA190000">{CELL}</row>',
        '<row r="1">' + f"<c>{CELL}" * 201 + "</row>",
        f"<row><c>{CELL}</row>" * 1_000 + f'<row r="199500"><c>{CELL}</row>',
        f'<x:row xmlns:x="x" r="1"><x:c r="XFD1048576">{CELL.replace("/c", "/x:c")}</x:row>',
        '<row r="1"><c r="A1"/></row><!-- ' + "x" * (5 << 20) + " -->",
    ],
)
def test_a_sheet_that_reaches_too_far_never_meets_the_parser(body: str) -> None:
    """The cells A1 and XFD1048576 alone would end the whole process, however they are written."""
    with pytest.raises(
        (refusals.TooManyRows, refusals.TooManyColumns, refusals.FileNotASheet)
    ) as caught:
        checked_xlsx(with_rows(body), LIMITS)
    assert caught.value.status in {413, 415}


def test_too_wide_and_too_tall_are_told_apart() -> None:
    wide = f'<row r="1"><c r="A1">{CELL}</row><row r="2"><c r="XFD2">{CELL}</row>'
    assert refusal_of(with_rows(wide)).code == "too_many_columns"
    tall = f'<row r="1"><c r="A1">{CELL}</row><row r="1048576"><c r="A1048576">{CELL}</row>'
    assert refusal_of(with_rows(tall)).code == "too_many_rows"


def test_cells_without_references_are_read_where_they_stand() -> None:
    def row(values: tuple[str, ...]) -> str:
        cells = (f'<c t="inlineStr"><is><t>{value}</t></is></c>' for value in values)
        return f"<row>{''.join(cells)}</row>"

    sheet = read_roster(with_rows(row(ROSTER_TITLES) + row(PERSON)), "x", TODAY, LIMITS)
    assert [(one.row, one.name) for one in sheet.rows] == [(2, "高怡玉")]


def test_a_wide_sheet_within_the_limits_is_read() -> None:
    titles = [*(f"其他{number}" for number in range(150)), *ROSTER_TITLES]
    sheet = read_roster(xlsx([titles, [""] * 150 + list(PERSON)]), "x", TODAY, LIMITS)
    assert (len(sheet.rows), len(sheet.ignored_columns)) == (1, 150)


def test_two_parts_of_one_name_are_refused_because_readers_disagree() -> None:
    packed = io.BytesIO(xlsx([ROSTER_TITLES, PERSON]))
    with zipfile.ZipFile(packed, "a") as package, pytest.warns(UserWarning, match="Duplicate"):
        package.writestr("xl/workbook.xml", "<x/>")
    assert refusal_of(packed.getvalue()).code == "file_not_a_sheet"


def test_only_checked_parts_reach_the_parser() -> None:
    content = repacked(xlsx([["x"]]), {"xl/media/a.png": b"x", "other.xml": b"<x/>"})
    with zipfile.ZipFile(checked_xlsx(content, LIMITS)) as package:
        names = package.namelist()
    assert "xl/worksheets/sheet1.xml" in names
    assert not {"xl/media/a.png", "other.xml", "xl/theme/theme1.xml"} & set(names)


def test_a_broken_sheet_in_a_sound_zip_is_no_sheet() -> None:
    assert refusal_of(with_sheet("<worksheet><sheetData><row><c>")).code == "file_not_a_sheet"
    missing = with_rows('<row r="1"><c r="A1" t="s"><v>99</v></c></row>')
    assert refusal_of(missing).code == "file_not_a_sheet"


def test_a_roster_of_20000_rows_is_refused_by_a_limit_of_5000() -> None:
    refusal = refusal_of(xlsx([ROSTER_TITLES, *[PERSON] * 20_000]))
    assert (refusal.code, refusal.status) == ("too_many_rows", 413)
    assert refusal.members == {"limit": 5_000, "rows": 20_000}


def test_formatted_blank_rows_do_not_count_against_the_limit() -> None:
    content = xlsx([ROSTER_TITLES, PERSON, *[[" "] * 6] * 200])
    assert len(read_roster(content, "x", TODAY, Limits(rows=1)).rows) == 1


def test_a_csv_of_too_many_columns_is_refused() -> None:
    assert refusal_of(b"," * 300 + b"\n1").code == "too_many_columns"


def test_a_csv_with_an_open_quote_is_refused() -> None:
    assert refusal_of(b'a,"' + b"x" * 200_000).code == "file_not_a_sheet"


@pytest.mark.parametrize("name", ["far_corner.xls", "wide_and_long.xls"])
def test_an_old_workbook_that_reaches_too_far_costs_a_child_only(name: str) -> None:
    """A cell in row 65536, column 65536 ends the parser's process: it must not be ours."""
    refusal = refusal_of((DATA / name).read_bytes())
    assert refusal.code in {"file_not_a_sheet", "too_many_rows"}


def test_an_oversized_old_workbook_is_refused_unparsed() -> None:
    ole2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    assert refusal_of(ole2 + b"x" * (17 << 20)).code == "file_too_large_unpacked"


def test_content_and_not_the_name_decides() -> None:
    assert kind_of(example("roster.xlsx")) is Kind.XLSX
    assert kind_of((DATA / "roster.xls").read_bytes()) is Kind.XLS
    assert kind_of(example("learning_own_site_gbk.csv")) is Kind.TEXT
    assert len(read_roster(example("roster.xlsx"), "a.csv", TODAY, LIMITS).rows) == 24


def test_hidden_sheets_are_passed_over_and_the_first_with_a_header_is_read() -> None:
    book = openpyxl.Workbook()
    book.active.append(["说明"])  # type: ignore[union-attr]  # a new workbook has a sheet
    hidden = book.create_sheet("字典")
    hidden.append(ROSTER_TITLES)
    hidden.sheet_state = "hidden"
    shown = book.create_sheet("花名册")
    shown.append(ROSTER_TITLES)
    shown.append(PERSON)
    assert len(read_roster(saved(book), "x", TODAY, LIMITS).rows) == 1


def test_every_refusal_has_its_own_code_and_chinese_texts() -> None:
    classes = [value for value in vars(refusals).values() if isinstance(value, type)]
    own = [one for one in classes if issubclass(one, Refusal) and one is not Refusal]
    assert len({one.code for one in own}) == len(own) >= 8
    assert all(one.title[0] > "\u3400" and one.remedy[0] > "\u3400" for one in own)


GOOD = [example(name) for name in ("roster_dirty.xlsx", "learning_own_site_gbk.csv")]


@given(content=st.binary(max_size=2_000), magic=st.sampled_from([b"", b"PK\x03\x04", b"\xff\xfe"]))
@settings(max_examples=150, deadline=None)
def test_random_bytes_never_raise_anything_but_a_refusal(content: bytes, magic: bytes) -> None:
    for read in (read_roster, read_learning):
        with pytest.raises(Refusal):
            read(magic + content, "x", TODAY, LIMITS)


@given(
    good=st.sampled_from(GOOD),
    cut=st.integers(0, 60_000),
    flips=st.lists(st.tuples(st.integers(0, 60_000), st.integers(0, 255)), max_size=4),
)
@settings(max_examples=150, deadline=None)
def test_damaged_sheets_never_raise_anything_but_a_refusal(
    good: bytes, cut: int, flips: list[tuple[int, int]]
) -> None:
    damaged = bytearray(good)
    for place, value in flips:
        damaged[place % len(damaged)] = value
    content = bytes(damaged[: cut if cut < len(good) and not flips else None])
    for read in (read_roster, read_learning):
        with contextlib.suppress(Refusal):
            read(content, "x", TODAY, LIMITS)


def test_the_child_reads_by_path_and_needs_no_package(tmp_path: Path) -> None:
    """Old workbooks are read wherever the service is started."""
    (tmp_path / "python_calamine.py").write_text("raise SystemExit(9)")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        sheet = read_roster((DATA / "roster.xls").read_bytes(), "x.xls", TODAY, LIMITS)
    assert [one.name for one in sheet.rows] == ["高怡玉", "何明"]
