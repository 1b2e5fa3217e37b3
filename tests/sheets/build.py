"""Makes the sheets that tests read: good ones with openpyxl, bad ones by hand."""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import openpyxl

from app.sheets.guard import Limits

ROOT: Final = Path(__file__).parents[2]
EXAMPLES: Final = ROOT / "examples"
DATA: Final = Path(__file__).parent / "data"
LIMITS: Final = Limits(rows=5_000)
TODAY: Final = date(2020, 3, 2)

ROSTER_TITLES: Final = ("姓名", "身份证号", "岗位", "用工形式", "派遣单位", "派遣单位信用代码")
PERSON: Final = ("高怡玉", "220104199503227868", "电工", "劳动合同", "", "")
LEARNING_TITLES: Final = ("姓名", "身份证号", "课程名称", "开始时间", "结束时间", "学习时长")

_NAMESPACE: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def example(name: str) -> bytes:
    """Return a case file as it arrives."""
    return (EXAMPLES / name).read_bytes()


def xlsx(rows: Iterable[Sequence[Any]]) -> bytes:
    """Return a workbook of one sheet."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Sheet")
    for row in rows:
        sheet.append(row)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    """Return the bytes of a workbook."""
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def repacked(content: bytes, changes: Mapping[str, bytes], **options: Any) -> bytes:  # noqa: ANN401
    """Return a zip with some of its parts replaced or added."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    changed = io.BytesIO()
    with zipfile.ZipFile(changed, "w", **{"compression": zipfile.ZIP_DEFLATED, **options}) as new:
        for name, part in (parts | dict(changes)).items():
            new.writestr(name, part)
    return changed.getvalue()


def with_sheet(xml: str) -> bytes:
    """Return a workbook whose only sheet is *xml*."""
    return repacked(xlsx([["x"]]), {"xl/worksheets/sheet1.xml": xml.encode()})


def with_rows(body: str) -> bytes:
    """Return a workbook whose only sheet holds the row elements *body*."""
    sheet = f'<worksheet xmlns="{_NAMESPACE}"><sheetData>{body}</sheetData></worksheet>'
    return with_sheet(sheet)
