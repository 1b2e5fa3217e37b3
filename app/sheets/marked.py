"""Which cells of a sheet are at fault? The sender's own rows as a workbook, with marks in them."""

import io
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from app.sheets.cells import is_blank
from app.sheets.grid import Grid
from app.sheets.report import Cell

_UNWRITABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST: Final = 16_000
"""Half of what a cell holds, since it counts characters beyond the first plane twice."""
_COMMENTS: Final = 5_000
"""A spreadsheet program takes minutes over more; the remark column says it of every row."""
_COMMENT: Final = {"x_scale": 2, "author": ""}
_FIRST_YEAR: Final = 1900
_WIDTH, _REMARK_WIDTH, _WIDEST = 20, 60, 16_383
_REMARKS: Final = "核对意见"


@dataclass(frozen=True, slots=True)
class Mark:
    """What is said of a cell: under which code, why, and how it is mended.

    ``faulty`` tells that the cell cannot be read; else the row is read, and does not fit.
    ``title`` says it of all marks of the code.
    """

    row: int
    field: str
    code: str
    title: str
    reason: str
    remedy: str
    faulty: bool


class _Looks:
    """The formats of a workbook: a colour for each kind of mark, and one for dates."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.bold = book.add_format({"bold": True})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self._styles: dict[tuple[bool | None, str], Format] = {}
        self._book = book

    def of(self, faulty: bool | None, form: str = "") -> Format | None:
        """Return the format of a cell: *faulty*, not fitting (False), or neither."""
        if faulty is None and not form:
            return None
        style: dict[str, Any] = {"num_format": form} if form else {}
        if faulty is not None:
            style["bg_color"] = "#FFC7CE" if faulty else "#FFEB9C"
        key = faulty, form
        if key not in self._styles:
            self._styles[key] = self._book.add_format(style)
        return self._styles[key]


def marked(grid: Grid, marks: Sequence[Mark], about: Mapping[str, object]) -> bytes:
    """Return a workbook of the whole sheet as it came, each mark in its cell.

    The first sheet counts the marks by code below what is told *about* the file. Every text is
    written as a text, never as a formula. Takes seconds for a large sheet: call it in a thread.
    """
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"constant_memory": True}) as book:
        looks = _Looks(book)
        _summarise(book.add_worksheet("汇总"), looks, marks, about)
        _copy(book.add_worksheet("逐行核对"), looks, grid, marks)
    return content.getvalue()


def _summarise(
    sheet: Worksheet, looks: _Looks, marks: Sequence[Mark], about: Mapping[str, object]
) -> None:
    for place, width in enumerate((16, 26, 40, 10, 60)):
        sheet.set_column(place, place, width)
    lines = [(name, str(told)) for name, told in about.items()]
    for row, line in enumerate(lines):
        _write_texts(sheet, row, line, None)
    row = len(lines) + 1
    _write_texts(sheet, row, ("类别", "代码", "情况", "处数", "如何处理"), looks.bold)
    counts = Counter((not one.faulty, one.code) for one in marks)
    examples = {one.code: one for one in reversed(marks)}
    for (fits, code), count in sorted(counts.items(), key=lambda each: (each[0][0], -each[1])):
        row += 1
        example = examples[code]
        kind = "不计或少计学时" if fits else "无法读取"
        sheet.write_string(row, 0, kind, looks.of(not fits))
        _write_texts(sheet, row, (code, example.title), None, start=1)
        sheet.write_number(row, 3, count)
        sheet.write_string(row, 4, _writable(example.remedy))


def _copy(sheet: Worksheet, looks: _Looks, grid: Grid, marks: Iterable[Mark]) -> None:
    places, header = grid.header.places, grid.header.row
    of_row: dict[int, list[Mark]] = defaultdict(list)
    for one in marks:
        of_row[one.row].append(one)
    width = min(max(map(len, grid.whole), default=0), _WIDEST)
    sheet.set_column(0, width, _WIDTH)
    sheet.set_column(width, width, _REMARK_WIDTH)
    sheet.freeze_panes(header, 0)
    sheet.autofilter(header - 1, 0, max(len(grid.whole), header) - 1, width)
    left = _COMMENTS
    for number, cells in enumerate(grid.whole, 1):
        here = of_row.get(number, ())
        at: dict[int, list[Mark]] = defaultdict(list)
        for one in here:
            if one.field in places:
                at[places[one.field]].append(one)
        for place, cell in enumerate(cells[:width]):
            several = at.get(place)
            faulty = any(one.faulty for one in several) if several else None
            _write(sheet, number - 1, place, cell, looks, faulty)
        for place in sorted(at) if left > 0 else ():
            text = "\n".join(f"{one.reason}。{one.remedy}" for one in at[place])
            sheet.write_comment(number - 1, place, _writable(text), _COMMENT)
            left -= 1
        if here:
            _remark(sheet, number - 1, width, here, grid, looks)
        elif number == header:
            sheet.write_string(number - 1, width, _REMARKS, looks.bold)


def _remark(
    sheet: Worksheet, row: int, place: int, marks: Sequence[Mark], grid: Grid, looks: _Looks
) -> None:
    titles = grid.header.titles
    said = [f"{titles.get(one.field, '')}：{one.reason}。{one.remedy}" for one in marks]
    faulty = any(one.faulty for one in marks)
    sheet.write_string(row, place, _writable("\n".join(said)), looks.of(faulty))


def _write(
    sheet: Worksheet, row: int, place: int, cell: Cell, looks: _Looks, faulty: bool | None
) -> None:
    """Write a cell as what it is; a text stays a text whatever it begins with."""
    if isinstance(cell, str):
        if cell and not is_blank(cell):
            sheet.write_string(row, place, _writable(cell), looks.of(faulty))
        elif faulty is not None:
            sheet.write_blank(row, place, None, looks.of(faulty))
    elif isinstance(cell, bool):
        sheet.write_boolean(row, place, cell, looks.of(faulty))
    elif isinstance(cell, int | float) and math.isfinite(cell):
        sheet.write_number(row, place, cell, looks.of(faulty))
    elif isinstance(cell, timedelta) and cell >= timedelta():
        sheet.write_datetime(row, place, cell, looks.of(faulty, "[h]:mm:ss"))
    elif isinstance(cell, time) or (isinstance(cell, date) and cell.year > _FIRST_YEAR):
        sheet.write_datetime(row, place, cell, looks.of(faulty, _form(cell)))
    else:
        sheet.write_string(row, place, str(cell), looks.of(faulty))


def _form(cell: date | time) -> str:
    if isinstance(cell, time):
        return "hh:mm:ss"
    return "yyyy-mm-dd hh:mm:ss" if isinstance(cell, datetime) else "yyyy-mm-dd"


def _write_texts(
    sheet: Worksheet, row: int, texts: Sequence[str], look: Format | None, start: int = 0
) -> None:
    for place, text in enumerate(texts, start):
        sheet.write_string(row, place, _writable(text), look)


def _writable(text: str) -> str:
    """Return a text that a cell can hold."""
    if len(text) > _LONGEST:
        text = f"{text[:_LONGEST]}……（过长，已截断）"
    # The library would take a text between these for its own markup, and write it as such.
    if text.startswith("<r>"):
        text = f" {text}"
    return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)
