"""What does a csv say? Its characters, its delimiter, its cells."""

import csv
import io
import re
from itertools import islice
from typing import Final

from app.sheets.extent import COLUMNS
from app.sheets.refusals import FileNotASheet, TooManyColumns, TooManyRows

_DELIMITERS: Final = ",;\t"
_SAMPLED: Final = 4_096
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f]")
_CONTROLS_IN_A_TEXT: Final = 20
# Exports write ="0123" so that a spreadsheet program keeps the digits as text.
_QUOTED_FORMULA: Final = re.compile(r'^="([^"]*)"$')


def read_text(content: bytes, rows: int) -> list[list[str]]:
    """Return the cells of a csv, one list of the same length for each line of the sheet.

    Raises:
        FileNotASheet, TooManyRows, TooManyColumns: as named.
    """
    text = _decoded(content)
    if len(_CONTROLS.findall(text)) > _CONTROLS_IN_A_TEXT:
        raise FileNotASheet("文件内容是二进制数据，不是表格。")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        grid = list(islice(reader, rows + 1))
    except csv.Error:
        raise FileNotASheet("文本中有没有配对的引号或异常长的内容。") from None
    if len(grid) > rows:
        raise TooManyRows("文件行数超过限制。", limit=rows)
    width = max(map(len, grid), default=0)
    if width > COLUMNS:
        raise TooManyColumns("文件列数超过限制。", limit=COLUMNS)
    if '="' in text:
        grid = [[_QUOTED_FORMULA.sub(r"\1", cell) for cell in row] for row in grid]
    return [row + [""] * (width - len(row)) for row in grid]


def _decoded(content: bytes) -> str:
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileNotASheet("文本编码不是 UTF-8、UTF-16 或 GB18030。")


def _delimiter(text: str) -> str:
    """Return the delimiter that cuts the beginning into the most cells."""
    return max(_DELIMITERS, key=text[:_SAMPLED].count)
