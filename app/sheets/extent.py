"""How far does a sheet reach? Found in its XML before a parser reserves room for all of it.

A sheet with only the cells A1 and XFD1048576 is a few bytes of XML and 17 billion cells in memory:
the parser does not fail, it ends the whole process.
"""

import re
from typing import Final
from xml.parsers import expat  # nosec B407  document types are refused before a byte gets here

from app.sheets.refusals import FileNotASheet, TooManyColumns, TooManyRows

ROWS: Final = 199_999
COLUMNS: Final = 200
_CELLS: Final = 6_000_000

# Nearly every writer spells a cell <c r="A1" s="1" t="s">, and nearly every sheet of this office
# ends before column AA: such a sheet is seen harmless without an XML parser (at most 26 columns
# wide and ROWS long). A second attribute "r" is unusual too: the sheet's parser believes the last.
_UNUSUAL: Final = (
    re.compile(rb'<c(?! r="[A-Z]1?[0-9]{1,5}+"(?: (?:s|t|cm|vm|ph)="\w*+")*+ ?/?>|\w)'),
    re.compile(rb'<row(?! r="1?[0-9]{1,5}+"(?: (?!r[\s=])[\w:]++="[^"<>]*+")*+ ?/?>|\w)'),
    re.compile(rb":(?:c|row)[\s/>]"),
)
_DECLARATION: Final = re.compile(rb"<!(?:doctype|entity)", re.IGNORECASE)
_LONGEST_WITHOUT_TAG: Final = 4 << 20

_CELL: Final = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_ROW: Final = re.compile(r"[0-9]{1,7}")


class PlainExtent:
    """Takes the XML of one part piece by piece; ``unusual`` tells that it needs the exact look."""

    def __init__(self) -> None:
        self.unusual = False
        self._rest = b""

    def feed(self, piece: bytes) -> None:
        """Take the next *piece*; the last one is empty.

        Raises:
            FileNotASheet: it declares a document type, holds NUL, or no tag for megabytes.
        """
        text = self._rest + piece
        # Tags hold no "<": cut there, and none is ever seen in two halves.
        cut = max(text.rfind(b"<"), 0) if piece else len(text)
        self._rest = text[cut:]
        if len(self._rest) > _LONGEST_WITHOUT_TAG:
            raise FileNotASheet("工作簿内有异常长的内容。")
        if b"\0" in text or (b"!" in text and _DECLARATION.search(text)):
            raise FileNotASheet("工作簿的 XML 内含有文档类型声明或非法字符。")
        self.unusual = self.unusual or any(shape.search(text, 0, cut) for shape in _UNUSUAL)


class ExactExtent:
    """Bounds the rows and columns that any parser can find in the XML, and refuses too many.

    A parser may place a cell that bears no reference after the last one, or after the last row:
    those are counted on top of the farthest reference, so the bound holds for either reading.
    """

    def __init__(self) -> None:
        self._farthest_row = self._farthest_column = 0
        self._further_rows = self._further_columns = 0
        self._xml = expat.ParserCreate()
        self._xml.StartElementHandler = self._element
        # Parsers differ in where these end, and so in what stands inside them.
        self._xml.CommentHandler = self._ambiguous
        self._xml.StartCdataSectionHandler = self._ambiguous
        self._xml.ProcessingInstructionHandler = self._ambiguous

    def feed(self, piece: bytes) -> None:
        """Take the next *piece*; the last one is empty.

        Raises:
            FileNotASheet, TooManyRows, TooManyColumns: as named.
        """
        try:
            self._xml.Parse(piece, not piece)
        except (expat.ExpatError, ValueError):
            raise FileNotASheet("工作簿的 XML 已损坏。") from None

    @staticmethod
    def _ambiguous(*_: str) -> None:
        raise FileNotASheet("工作簿的 XML 写法异常。")

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        match name.rpartition(":")[2]:
            case "row":
                self._further_columns = 0
                self._see_row(reference)
            case "c":
                self._see_cell(reference)

    def _see_row(self, reference: str | None) -> None:
        if reference is None:
            self._further_rows += 1
        elif _ROW.fullmatch(reference):
            self._farthest_row = max(self._farthest_row, int(reference))
        else:
            raise FileNotASheet("工作表内有不成立的行号。")
        self._check()

    def _see_cell(self, reference: str | None) -> None:
        if reference is None:
            self._further_columns += 1
        elif place := _CELL.fullmatch(reference):
            self._farthest_column = max(self._farthest_column, _column(place[1].upper()))
            self._farthest_row = max(self._farthest_row, int(place[2]))
        else:
            raise FileNotASheet("工作表内有不成立的单元格位置。")
        self._check()

    def _check(self) -> None:
        rows = self._farthest_row + self._further_rows
        columns = self._farthest_column + self._further_columns
        if rows <= ROWS and columns <= COLUMNS and rows * columns <= _CELLS:
            return
        reach = f"工作表用到第 {rows} 行、第 {columns} 列。"
        if columns > COLUMNS:
            raise TooManyColumns(reach, limit=COLUMNS)
        raise TooManyRows(reach, limit=min(ROWS, _CELLS // max(columns, 1)))


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
