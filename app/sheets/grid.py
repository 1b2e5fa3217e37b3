"""What stands in the sheet? Its header and the rows under it, read from any format."""

import json
import subprocess  # nosec B404  one fixed command, see _read_xls
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from app.sheets.cells import is_blank
from app.sheets.extent import ROWS
from app.sheets.guard import Kind, Limits, checked_xlsx, kind_of
from app.sheets.headers import Field, Header, find_header, header_not_found
from app.sheets.refusals import FileEncrypted, FileNotASheet, TooManyRows
from app.sheets.report import Cell
from app.sheets.text import read_text
from app.sheets.xls_child import REACHES_TOO_FAR, untagged

_XLS_CHILD: Final = Path(__file__).with_name("xls_child.py")
_XLS_SECONDS: Final = 30

Row = Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows under the header, all of one length, and their numbers in the sheet.

    ``whole`` is the sheet as it came, from its first row.

    Two lists and not one of pairs: 100,000 pairs are 100,000 more objects to collect.
    """

    header: Header
    numbers: list[int]
    rows: list[Row]
    whole: Sequence[Row]


def read_grid(content: bytes, filename: str, limits: Limits, fields: Sequence[Field]) -> Grid:
    """Return the first visible sheet of *content* that has a header with the required *fields*.

    *filename* is used in texts only: content decides the format. Blank rows are left out. Runs for
    up to seconds: call it in a thread.

    Raises:
        Refusal: the file as a whole cannot be taken, see `app.sheets.refusals`.
    """
    first: list[Row] = []
    for rows in _sheets(content, limits):
        header = find_header(rows, fields)
        if header:
            return _grid(rows, header, limits)
        first = first or rows
    raise header_not_found(first, fields, filename)


def _grid(rows: Sequence[Row], header: Header, limits: Limits) -> Grid:
    # A row with nothing but a serial number, or a remark that nobody reads, is a blank row.
    first, *others = header.places.values()
    numbers = [
        number
        for number, row in enumerate(rows[header.row :], header.row + 1)
        if not is_blank(row[first]) or not all(is_blank(row[place]) for place in others)
    ]
    if len(numbers) > limits.rows:
        detail = f"表头之下有 {len(numbers)} 行，一次最多接收 {limits.rows} 行。"
        raise TooManyRows(detail, limit=limits.rows, rows=len(numbers))
    return Grid(header, numbers, [rows[number - 1] for number in numbers], rows)


def _sheets(content: bytes, limits: Limits) -> Iterator[list[Row]]:
    match kind_of(content):
        case Kind.XLSX:
            yield from _read_xlsx(checked_xlsx(content, limits))
        case Kind.XLS:
            yield from _read_xls(content, limits)
        case Kind.TEXT:
            yield list(read_text(content, ROWS))


def _read_xlsx(checked: IO[bytes]) -> Iterator[list[Row]]:
    try:
        workbook = CalamineWorkbook.from_object(checked)
        for sheet in workbook.sheets_metadata:
            if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet:
                yield list(
                    workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False),
                )
    except PasswordError:
        raise FileEncrypted from None
    except GeneratorExit:
        raise
    except BaseException as trouble:
        # The parser is a Rust extension: its panic is no Exception.
        if isinstance(trouble, Exception) or type(trouble).__name__ == "PanicException":
            raise FileNotASheet("工作簿内部已损坏。") from None
        raise


def _read_xls(content: bytes, limits: Limits) -> Iterator[list[Row]]:
    try:
        answer = subprocess.run(  # noqa: S603  # nosec B603  our own file, no argument from outside
            [sys.executable, "-I", str(_XLS_CHILD)],
            input=content, capture_output=True, timeout=_XLS_SECONDS, check=True, env={},
        )  # fmt: skip
        sheets = json.loads(answer.stdout)
    except subprocess.CalledProcessError as failed:
        if failed.returncode == REACHES_TOO_FAR:
            raise TooManyRows("工作表用到的范围过大。", limit=limits.rows) from None
        if b"PasswordError" in failed.stderr:
            raise FileEncrypted from None
        raise FileNotASheet("旧版 .xls 工作簿已损坏或范围异常。") from None
    except (subprocess.TimeoutExpired, ValueError):
        raise FileNotASheet("旧版 .xls 工作簿已损坏或范围异常。") from None
    for rows in sheets:
        yield [[untagged(cell) for cell in row] for row in rows]
